"""A bus whose listeners are also WebSocket clients: of the engine process, for the desktop and anybody else.

A client says what it wants, then gets JSON frames `{"seq", "kind", "flow", "at_ms", "data"}`:

| kind | data |
|---|---|
| hello | `instance` (another one: the engine was restarted), `flows` there are; everything known before is void |
| snapshot | how a flow stands: `state`, `revision`, `since_ms` (when its counters were zero), `processors`, `connections` |
| stats | what changed since: `processors`, `connections`; at most four a second and flow |
| state | a flow's `state` changed |
| log, bulletin | a line of a log: `step`, `level`, `text`; a bulletin is a warning or an error |
| gap | `missed`: so many events are not to be had any more |

`seq` numbers states and lines; a client that comes back names the last it saw, and gets those it missed. For a slow client
statistics are merged (the newest of each wins), and the oldest lines are left out: what waits for it is bounded. Who asks to
have states and lines in a `bundle` gets them ten times a second, many of them as a list in one message: a flow that logs
thousands of lines a second costs it no more than one that logs a few.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
import uuid
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Collection, Iterable
from types import TracebackType
from typing import Any, Self

import msgspec
from msgspec import Struct

from engine.bus.base import Event
from engine.bus.memory import MemoryBus
from engine.errors import UsageError

KINDS = frozenset({"stats", "state", "log", "bulletin"})
UNWELCOME = 4401
"""The close code for a wrong token."""
_REMEMBERED = 2000
_WAITING = 1000
_EVERY_S = 0.25
_BUNDLE, _BUNDLE_S = 200, 0.1
"""Most frames in a bundle, and how long they are gathered."""
_STALL_S = 30.0
"""A client that takes nothing for so long is let go."""
_FIRST_S = 0.05
_LATER_S = 2.0
"""How long a client waits before it comes back: at first, and at most."""
_GRAVE = ("warning", "error")
_NOBODY = "nobody"
"""Stands for the engine that was there before the first: none."""


class Subscription(Struct, frozen=True):
    """What a client wants: flows by name (None: all) and kinds; after `since` of `instance` if it was there before.

    `bundle`: a message may be a list of frames.
    """

    flows: list[str] | None = None
    kinds: list[str] = msgspec.field(default_factory=lambda: sorted(KINDS))
    since: int = 0
    instance: str = ""
    token: str = ""
    bundle: bool = False

    def wants(self, flow: str, kind: str) -> bool:
        """Whether an event is for this client."""
        return kind in self.kinds and (self.flows is None or flow in self.flows)


class _Frame(Struct):
    seq: int
    kind: str
    flow: str
    at_ms: int
    data: dict[str, Any]


_MESSAGE: Any = list[_Frame] | _Frame
Send = Callable[[str], Awaitable[None]]
Snapshot = Callable[[str], dict[str, Any]]


class WebSocketBus(MemoryBus):
    """`flows` tells which flows there are, `snapshot` how one of them stands. Used from one event loop."""

    def __init__(self, flows: Callable[[], Iterable[str]] = tuple, snapshot: Snapshot | None = None) -> None:
        super().__init__()
        self.instance = uuid.uuid4().hex
        self.flows = flows
        self.snapshot: Snapshot = snapshot or (lambda flow: {})
        self._seq = 0
        self._recent: deque[tuple[int, Event]] = deque(maxlen=_REMEMBERED)
        self._clients: set[_Client] = set()

    def publish(self, event: Event) -> None:
        """Tell listeners at once, and clients as fast as they take it. Only states and lines are numbered and remembered."""
        super().publish(event)
        if event.kind == "stats":
            for client in self._clients:
                client.offer_stats(event)
            return
        if event.kind == "snapshot":
            for client in self._clients:
                client.offer_snapshot(event, self._seq)
            return
        self._seq += 1
        self._recent.append((self._seq, event))
        for client in self._clients:
            client.offer(self._seq, event)

    def is_watched(self, flow: str) -> bool:
        """Whether any client wants the statistics of a flow."""
        return any(client.subscription.wants(flow, "stats") for client in self._clients)

    @property
    def clients(self) -> int:
        """How many clients there are."""
        return len(self._clients)

    def greet_anew(self) -> None:
        """What there is was learned anew, by whoever fills this bus: what clients know of figures is void."""
        for client in self._clients:
            client.clear_figures()
            self._greet(client)

    def tell_missed(self, missed: int) -> None:
        """So many lines never came here."""
        for client in self._clients:
            client.miss(missed)

    async def serve(self, send: Send, receive: Callable[[], Awaitable[Subscription]], first: Subscription) -> None:
        """Serve one client until it leaves (`receive` raises) or takes nothing any more. It may change its mind at any time."""
        client = _Client(send, first)
        self._welcome(client, first)
        self._clients.add(client)
        work = {asyncio.ensure_future(client.run()), asyncio.ensure_future(self._listen(client, receive))}
        try:
            await asyncio.wait(work, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._clients.discard(client)
            for each in work:
                each.cancel()
            await asyncio.gather(*work, return_exceptions=True)

    async def _listen(self, client: _Client, receive: Callable[[], Awaitable[Subscription]]) -> None:
        while True:
            client.subscription = await receive()
            self._welcome(client, client.subscription)

    def _greet(self, client: _Client) -> None:
        wanted, now_ms = client.subscription, _now_ms()
        flows = [flow for flow in self.flows() if wanted.flows is None or flow in wanted.flows]
        client.put(_Frame(self._seq, "hello", "", now_ms, {"instance": self.instance, "flows": flows}))
        if "stats" in wanted.kinds:
            for flow in flows:
                client.offer_snapshot(Event("snapshot", flow, now_ms, self.snapshot(flow)), self._seq)

    def _welcome(self, client: _Client, subscription: Subscription) -> None:
        """Everything as it stands now, then what was missed; no event can come in between."""
        client.clear()
        self._greet(client)
        if not subscription.since and not subscription.instance:
            return
        since = subscription.since if subscription.instance == self.instance else 0
        oldest = self._recent[0][0] if self._recent else self._seq + 1
        if oldest > since + 1 and self._seq > since:
            client.put(_Frame(since, "gap", "", _now_ms(), {"missed": min(oldest, self._seq + 1) - since - 1}))
        for seq, event in self._recent:
            if seq > since:
                client.offer(seq, event)


def _now_ms() -> int:
    return int(time.time() * 1000)


class _Client:
    """What waits for one client, and the task that sends it."""

    def __init__(self, send: Send, subscription: Subscription) -> None:
        self._send = send
        self.subscription = subscription
        self._first: deque[_Frame] = deque()
        self._events: deque[_Frame] = deque()
        self._left_out = 0
        self._stats: dict[str, _Frame] = {}
        self._snapshots: dict[str, _Frame] = {}
        self._seq = 0
        self._more = asyncio.Event()
        self._stats_from_s = 0.0
        self._events_from_s = 0.0

    def clear(self) -> None:
        """Forget what waits: everything is about to be said anew."""
        self.clear_figures()
        self._events.clear()
        self._left_out = 0

    def clear_figures(self) -> None:
        """The same, but for lines and states."""
        for waiting in (self._first, self._stats, self._snapshots):
            waiting.clear()

    def miss(self, count: int) -> None:
        """So many lines are not to be had."""
        self._left_out += count
        self._more.set()

    def put(self, frame: _Frame) -> None:
        """Before everything else."""
        self._first.append(frame)
        self._more.set()

    def offer(self, seq: int, event: Event) -> None:
        self._seq = seq
        kind = self._kind(event)
        if kind is None:
            return
        if len(self._events) >= _WAITING:
            self._events.popleft()
            self._left_out += 1
        self._events.append(_Frame(seq, kind, event.flow, event.at_ms, event.data))
        self._more.set()

    def _kind(self, event: Event) -> str | None:
        """What an event is called for this client; None when it does not want it."""
        wants = self.subscription.wants
        if event.kind == "log" and event.data.get("level") in _GRAVE and wants(event.flow, "bulletin"):
            return "bulletin"
        return event.kind if wants(event.flow, event.kind) else None

    def offer_stats(self, event: Event) -> None:
        if not self.subscription.wants(event.flow, "stats"):
            return
        frame = self._stats.get(event.flow)
        if frame is None:
            frame = self._stats[event.flow] = _Frame(0, "stats", event.flow, event.at_ms, {})
        frame.at_ms = event.at_ms
        for part, values in event.data.items():
            frame.data.setdefault(part, {}).update(values)
        self._more.set()

    def offer_snapshot(self, event: Event, seq: int) -> None:
        if self.subscription.wants(event.flow, "stats"):
            self._seq = seq
            self._stats.pop(event.flow, None)
            self._snapshots[event.flow] = _Frame(seq, "snapshot", event.flow, event.at_ms, event.data)
            self._more.set()

    async def run(self) -> None:
        """Send what waits as fast as the client takes it, numbers and bundles not more often than they may."""
        loop = asyncio.get_running_loop()
        while True:
            now_s = loop.time()
            frames = self._next(now_s)
            if not frames:
                await self._wait(now_s)
                continue
            if frames[-1].kind == "stats" and not self._stats:
                self._stats_from_s = now_s + _EVERY_S
            async with asyncio.timeout(_STALL_S):
                await self._send(msgspec.json.encode(frames if len(frames) > 1 else frames[0]).decode())

    async def _wait(self, now_s: float) -> None:
        """Until there is more to send, or what waits may be sent."""
        if self._events:  # a bundle is being gathered: what else comes goes with it or after it
            await asyncio.sleep(self._events_from_s - now_s)
            return
        self._more.clear()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._stats_from_s - now_s if self._stats else None):
                await self._more.wait()

    def _next(self, now_s: float) -> list[_Frame]:
        """What goes into the next message; nothing when all that waits is for later."""
        if self._first:
            return [self._first.popleft()]
        if self._snapshots:
            return [self._snapshots.pop(next(iter(self._snapshots)))]
        if self._left_out:
            missed, self._left_out = self._left_out, 0
            return [_Frame(self._seq, "gap", "", int(time.time() * 1000), {"missed": missed})]
        if self._stats and now_s >= self._stats_from_s:
            frame = self._stats.pop(next(iter(self._stats)))
            frame.seq = self._seq
            return [frame]
        if not self.subscription.bundle:
            return [self._events.popleft()] if self._events else []
        if now_s < self._events_from_s:
            return []
        bundle = [self._events.popleft() for _ in range(min(_BUNDLE, len(self._events)))]
        if bundle and not self._events:
            self._events_from_s = now_s + _BUNDLE_S
        return bundle


# -- the other end


class EventStream:
    """Events of an engine, for any asyncio loop: `async for event in stream`. It comes back by itself.

    Every connection begins with a `hello` and the snapshots of all wanted flows; `lost` is told when it ends. `find` gives URL
    and token anew before every attempt (an engine that was restarted has others); None while there is none.

    Raises:
        UsageError: the engine does not know the token (unless there is `find`: then the next one may be right).
    """

    def __init__(
        self,
        url: str = "",
        token: str = "",
        *,
        flows: Collection[str] | None = None,
        kinds: Collection[str] = KINDS,
        find: Callable[[], tuple[str, str] | None] | None = None,
    ) -> None:
        self._url = url if find is None else ""
        self._find = find or (lambda: (url, token))
        self._flows = None if flows is None else sorted(flows)
        self._kinds = sorted(kinds)
        self._instance = ""
        self._seq = 0
        self._events: AsyncIterator[Event] | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    def __aiter__(self) -> EventStream:
        return self

    async def __anext__(self) -> Event:
        if self._events is None:
            self._events = self._follow()
        return await anext(self._events)

    async def close(self) -> None:
        """Hear no more."""
        events, self._events = self._events, None
        if events is not None:
            await events.aclose()  # type: ignore[attr-defined]

    async def _follow(self) -> AsyncIterator[Event]:
        from websockets.exceptions import ConnectionClosedError, WebSocketException

        delay_s = _FIRST_S
        while True:
            place = self._find()
            if place is None:
                # What an engine says that begins while one waits for it is not to be missed, be it the first.
                self._instance = self._instance or _NOBODY
            try:
                if place is not None:
                    # Closed by hand: a generator that is only dropped goes on closing after `close` has returned.
                    async with contextlib.aclosing(self._connection(*place)) as events:
                        async for event in events:
                            delay_s = _FIRST_S
                            yield event
            except ConnectionClosedError as error:
                if self._url and error.rcvd is not None and error.rcvd.code == UNWELCOME:
                    raise UsageError("the engine does not know this token; read it anew from engine.json") from None
            except (OSError, TimeoutError, WebSocketException):
                pass
            if delay_s == _FIRST_S:
                yield Event("lost", "", int(time.time() * 1000), {})
            await asyncio.sleep(delay_s)
            # To look for an engine that is being started costs next to nothing; one that does not answer is left in peace.
            delay_s = min(_LATER_S if place is not None else _EVERY_S, delay_s * 2)

    async def _connection(self, url: str, token: str) -> AsyncGenerator[Event]:
        from websockets.asyncio.client import connect

        headers = {"Authorization": f"Bearer {token}"}
        address = f"ws{url.removeprefix('http')}/events"
        options: dict[str, Any] = {"max_size": None, "proxy": None, "open_timeout": 10, "compression": None}
        async with connect(address, additional_headers=headers, **options) as socket:
            wish = Subscription(self._flows, self._kinds, self._seq, self._instance, bundle=True)
            await socket.send(msgspec.json.encode(wish).decode())
            async for text in socket:
                found: list[_Frame] | _Frame = msgspec.json.decode(text, type=_MESSAGE)
                for frame in found if isinstance(found, list) else (found,):
                    self._note(frame)
                    yield Event(frame.kind, frame.flow, frame.at_ms, frame.data)
                await asyncio.sleep(0)  # what has come in meanwhile is there without waiting: let others have their turn

    def _note(self, frame: _Frame) -> None:
        """Remember how far this end has heard."""
        if frame.kind == "hello":
            known, self._instance = self._instance, frame.data["instance"]
            if known != self._instance:
                # The first engine's past is of no interest; another one's is: it began while nobody listened.
                self._seq = 0 if known else frame.seq
        elif frame.kind in ("state", "log", "bulletin"):
            self._seq = frame.seq
