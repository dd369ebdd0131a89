"""A bus over Redis: run-time facts of every machine of a target, for whoever listens anywhere.

What this publishes is heard at once by those who subscribed in this process, as on every bus, and by `RedisEvents` everywhere
else. Redis only passes it on: when it is away nothing waits for it, and what it has forgotten is told to it anew. The manual's
page on events has the names of channels and keys, and how messages are packed.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
import traceback
import uuid
from collections.abc import Sequence
from typing import Any

from engine.bus.base import Event
from engine.bus.memory import MemoryBus
from engine.bus.names import Names
from engine.bus.outbox import KEPT_S, Outbox
from engine.bus.redis_link import FAILURES, Command, Link, end, trouble_of

_FIRST_S = 0.05
_LATER_S = 2.0
"""How long until it tries again to connect: at first, and at most."""
_REFRESH_S = KEPT_S / 3
_ASK_S = 1.0
"""How often it is seen whether anybody watches a flow that nothing is said of."""
_FORGET_ASKED_S = 10.0


class RedisBus(MemoryBus):
    """Publishes to all who listen to a target. Used from one event loop; it connects with the first event.

    Raises:
        UsageError: this is no URL of a Redis server, or no name of a target.
    """

    def __init__(self, url: str, target: str) -> None:
        super().__init__()
        self._url = url
        self._names = Names(target)
        self._link = Link(url)
        self._outbox = Outbox(self._names, uuid.uuid4().hex[:16])
        self._watched: dict[str, bool] = {}
        self._asked_s: dict[str, float] = {}
        self._more = asyncio.Event()
        self._closing = False
        self._task: asyncio.Task[None] | None = None
        self._ahead_ms = 0
        """How far the server's clock is ahead of this machine's."""
        self.trouble: str | None = None
        """Why nothing can be sent now; None when all is well, or nothing was to be sent yet."""

    def publish(self, event: Event) -> None:
        """Tell listeners here at once, and all others as soon as the server takes it; of figures just the newest."""
        super().publish(event)
        self._outbox.put(event)
        self._wake()

    def forget(self, flow: str) -> None:
        """This process tells no more of a flow. What it has said goes; who tells of it elsewhere goes on.

        A flow that is no more anywhere is published as such: its state is `removed`.
        """
        self._outbox.forget(flow)
        self._wake()

    def is_watched(self, flow: str) -> bool:
        """Whether anybody listens to the figures of a flow, as far as the server has told; ask again and again."""
        self._asked_s[flow] = time.monotonic()
        if flow not in self._watched:
            self._watched[flow] = False
            self._wake()
        return self._watched[flow]

    async def close(self, patience_s: float = 1.0) -> None:
        """Send what waits, if the server takes it now, and end."""
        self._closing = True
        self._more.set()
        if self._task is not None:
            if self.trouble is None:
                await asyncio.wait({self._task}, timeout=patience_s)
            await end(self._task)
        await self._link.close()

    def _wake(self) -> None:
        self._more.set()
        if self._task is None and not self._closing:
            with contextlib.suppress(RuntimeError):  # no loop runs yet: it waits until one does
                self._task = asyncio.get_running_loop().create_task(self._run())

    # -- the task that sends

    async def _run(self) -> None:
        delay_s = _FIRST_S
        while True:
            try:
                await self._begin()
                delay_s = _FIRST_S
                await self._send()
                return
            except FAILURES as error:
                self.trouble = trouble_of(error, self._url)
            except Exception as error:  # noqa: BLE001 - a fault of ours costs events, never the flow
                self.trouble = f"the bus has failed ({type(error).__name__}); its log has more"
                traceback.print_exception(error)
            await self._link.disconnect()
            if self._closing:
                return
            # Not all publishers of a cluster at the same moment.
            await asyncio.sleep(delay_s * random.uniform(0.5, 1.0))  # noqa: S311 - nothing secret
            delay_s = min(_LATER_S, delay_s * 2)

    async def _begin(self) -> None:
        """Connect; what the server knows may be gone, or from before it was away."""
        seconds, microseconds = await self._link.ask("TIME")
        self._ahead_ms = seconds * 1000 + microseconds // 1000 - _now_ms()
        self._outbox.renew()
        self.trouble = None

    async def _send(self) -> None:
        """Send what waits, until this is closed."""
        refresh_s = time.monotonic() + _REFRESH_S
        ask_s = time.monotonic()
        while True:
            self._more.clear()
            closing = self._closing
            await self._send_once(at_once=closing)
            if closing:
                return
            now_s = time.monotonic()
            if now_s >= refresh_s:
                refresh_s = now_s + _REFRESH_S
                await self._refresh()
            if now_s >= ask_s:
                ask_s = now_s + _ASK_S
                await self._ask(now_s)
            ends_s = min(refresh_s, ask_s if self._asked_s else refresh_s) - now_s
            due_s = self._outbox.wait_s(now_s)
            await self._wait(ends_s if due_s is None else min(due_s, ends_s))

    async def _wait(self, seconds: float) -> None:
        """Until there is more to be said. Figures that come meanwhile may have to wait for longer than this."""
        if seconds > 0:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._more.wait()

    async def _send_once(self, *, at_once: bool) -> None:
        kept: Sequence[bytes] = ()
        if self._outbox.removed:
            kept = await self._link.ask("ZRANGE", self._names.snapshots, 0, -1)
        # One transaction: a listener that reads a snapshot has it with, or without, all that was published meanwhile.
        commands = self._outbox.take(time.monotonic(), self._until_ms(), kept=kept, at_once=at_once)
        if commands:
            self._note(commands, await self._link.ask_all(commands))

    def _note(self, commands: Sequence[Command], answers: Sequence[Any]) -> None:
        """See who took what was published: the answer is how many did."""
        for command, answer in zip(commands, answers, strict=True):
            if command[0] == "PUBLISH":
                kind, flow = self._names.kind_and_flow(str(command[1]).encode())
                if kind == "stats" and flow in self._watched:
                    self._watched[flow] = answer > 0

    async def _ask(self, now_s: float) -> None:
        """See whether flows are watched, by messages that say nothing."""
        self._asked_s = {flow: asked_s for flow, asked_s in self._asked_s.items() if now_s - asked_s < _FORGET_ASKED_S}
        self._watched = {flow: watched for flow, watched in self._watched.items() if flow in self._asked_s}
        commands: list[Command] = [("PUBLISH", self._names.channel("stats", flow), b"") for flow in self._asked_s]
        if commands:
            self._note(commands, await self._link.ask_all(commands))

    async def _refresh(self) -> None:
        flows = self._outbox.flows
        answers = await self._link.ask_all(self._outbox.refresh(self._server_ms(), self._until_ms()))
        if flows and not all(answers[-len(flows) :]):
            self._outbox.renew()

    def _server_ms(self) -> int:
        return _now_ms() + self._ahead_ms

    def _until_ms(self) -> int:
        return self._server_ms() + KEPT_S * 1000


def _now_ms() -> int:
    return int(time.time() * 1000)
