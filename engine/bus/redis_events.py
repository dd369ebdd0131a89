"""What happens on a target, heard from its Redis: the other end of `RedisBus`."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Collection
from types import TracebackType
from typing import Any, Self

import msgspec

from engine.bus.base import Event
from engine.bus.columns import Columns
from engine.bus.inbox import Inbox
from engine.bus.names import Names
from engine.bus.picture import Gap, Picture, news_of, standing
from engine.bus.publication import Fact
from engine.bus.redis_link import FAILURES, Heard, Hearing, Link, end, trouble_of
from engine.bus.websocket import KINDS

_FIRST_S = 0.05
_LATER_S = 2.0
"""How long until it tries again to connect: at first, and at most."""
_SILENT_S = 10.0
"""After so long without a word the server is asked whether it is there."""
_LOOK_S = 60.0
"""How often it is seen which publishers are gone."""
_fact_of = msgspec.msgpack.Decoder(Fact).decode


class RedisEvents:
    """Events of a target, for any asyncio loop: `async for event in events`. It comes back by itself.

    As with `EventStream`, every connection begins with a `hello` and, if `kinds` has stats, the snapshots of all wanted flows;
    `lost` is told when it ends, and why, in `trouble`. What parts have to say comes as `Columns`. It reads all the time: for
    whoever is slow figures are merged, and the oldest lines left out.

    Raises:
        UsageError: this is no URL of a Redis server, or no name of a target.
    """

    def __init__(self, url: str, target: str, *, flows: Collection[str] | None = None, kinds: Collection[str] = KINDS) -> None:
        self._url = url
        self._target = target
        self._names = Names(target)
        self._link = Link(url)
        self._flows = None if flows is None else frozenset(flows)
        self._kinds = frozenset(kinds)
        self._inbox = Inbox()
        self._pictures: dict[str, dict[str, Picture]] = {}
        """By flow and publisher."""
        self._numbers: dict[tuple[bytes, str], int] = {}
        """How far every publisher was heard on every channel of lines and states."""
        self._task: asyncio.Task[None] | None = None
        self._closed = False
        self.trouble: str | None = None
        """Why nothing can be heard now; None when all is well."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    def __aiter__(self) -> RedisEvents:
        return self

    async def __anext__(self) -> Event:
        if self._task is None and not self._closed:
            self._task = asyncio.get_running_loop().create_task(self._run())
            self._task.add_done_callback(self._on_ended)
        return await self._inbox.take()

    async def close(self) -> None:
        """Hear no more."""
        self._closed = True
        task, self._task = self._task, None
        await end(task)
        self._inbox.end()
        await self._link.close()

    def _on_ended(self, task: asyncio.Task[None]) -> None:
        """A fault of ours is one of whoever listens, too."""
        if not task.cancelled():
            self._inbox.end(task.exception())

    @property
    def flows(self) -> list[str]:
        """The flows of which something is known."""
        return [flow for flow, pictures in self._pictures.items() if pictures]

    def standing(self, flow: str) -> dict[str, Any]:
        """How a flow stands, as a snapshot has it; empty when it is not known."""
        return standing(self._pictures.get(flow, {}).values())

    # -- the task that reads

    async def _run(self) -> None:
        delay_s = _FIRST_S
        while not self._closed:
            hearing = self._link.listen()
            try:
                await self._subscribe(hearing)
                await self._welcome()
                delay_s = _FIRST_S
                await self._read(hearing)
            except FAILURES as error:
                self._tell_lost(trouble_of(error, self._url))
            finally:
                await hearing.close()
            await self._link.disconnect()
            await asyncio.sleep(delay_s * random.uniform(0.5, 1.0))  # noqa: S311 - nothing secret
            delay_s = min(_LATER_S, delay_s * 2)

    def _tell_lost(self, trouble: str) -> None:
        if trouble != self.trouble:
            self.trouble = trouble
            self._inbox.put(Event("lost", "", _now_ms(), {"trouble": trouble}))

    async def _subscribe(self, hearing: Hearing) -> None:
        kinds = self._kinds | {"state"}  # a flow that is no more is to be forgotten
        if "log" in kinds:
            kinds |= {"bulletin"}  # where warnings and errors are
        if self._flows is None:
            await hearing.subscribe(patterns=[self._names.channels(kind) for kind in kinds])
        else:
            await hearing.subscribe([self._names.channel(kind, flow) for kind in kinds for flow in self._flows])

    async def _welcome(self) -> None:
        """Everything as it stands now. What is published from now on is in the link already, and goes on from there."""
        wanted = [(publisher, flow) for publisher, flow in await self._kept() if self._wants(flow)]
        self._pictures = {}
        asked = [("HGETALL", self._names.snapshot(publisher, flow)) for publisher, flow in wanted]
        hashes: list[dict[bytes, bytes]] = await self._link.ask_all(asked, together=False)
        for (publisher, flow), found in zip(wanted, hashes, strict=True):
            self._restore(publisher, flow, found)
        self.trouble = None
        self._inbox.put(Event("hello", "", _now_ms(), {"instance": self._target, "flows": self.flows}))
        for flow in self._pictures:
            self._tell_standing(flow)

    async def _kept(self) -> list[tuple[str, str]]:
        """Publishers, and the flows of which there is kept what they have said."""
        members: list[bytes] = await self._link.ask("ZRANGE", self._names.snapshots, 0, -1)
        return [self._names.publisher_and_flow(member) for member in members]

    async def _read(self, hearing: Hearing) -> None:
        look_s = time.monotonic() + _LOOK_S
        while True:
            heard = await hearing.next(_SILENT_S)
            if heard is not None and heard.data:
                await self._take(heard)
                await asyncio.sleep(0)  # what has come in meanwhile is there without waiting: let others have their turn
            if time.monotonic() >= look_s:
                look_s = time.monotonic() + _LOOK_S
                await self._forget_gone()

    async def _take(self, heard: Heard) -> None:
        data = heard.data
        kind, flow = self._names.kind_and_flow(heard.channel)
        if kind == "stats":
            await self._take_news(flow, data)
            return
        fact = _fact_of(data)
        if kind == "state":
            self._take_state(flow, fact)
            return
        self._count(heard.channel, fact)
        kind = "log" if kind == "bulletin" and kind not in self._kinds else kind
        self._inbox.put(Event(kind, flow, fact.at_ms, fact.data))

    async def _take_news(self, flow: str, data: bytes) -> None:
        news = news_of(data)
        picture = self._pictures.get(flow, {}).get(news.publisher) or Picture()
        try:
            told = picture.take(news)
        except Gap:
            key = self._names.snapshot(news.publisher, flow)
            if not self._restore(news.publisher, flow, await self._link.ask("HGETALL", key)):
                return  # the server has lost it; its publisher will notice, and tell everything
            told = {}
        else:
            self._pictures.setdefault(flow, {})[news.publisher] = picture
        if told is None:
            return
        if news.whole or not told:
            self._tell_standing(flow)
        else:
            self._inbox.put(Event("stats", flow, news.at_ms, told))

    def _take_state(self, flow: str, fact: Fact) -> None:
        if fact.data.get("state") == "removed":
            self._pictures.pop(flow, None)
            for key in [key for key in self._numbers if self._names.kind_and_flow(key[0])[1] == flow]:
                del self._numbers[key]
        else:
            picture = self._pictures.setdefault(flow, {}).setdefault(fact.publisher, Picture())
            picture.take_state(fact.data, fact.at_ms)
        if "state" in self._kinds:
            self._inbox.put(Event("state", flow, fact.at_ms, fact.data))

    def _count(self, channel: bytes, fact: Fact) -> None:
        """See whether lines are missing that a publisher has numbered."""
        key = channel, fact.publisher
        last, self._numbers[key] = self._numbers.get(key), fact.number
        if last is not None and fact.number > last + 1:
            self._inbox.put(Event("gap", "", fact.at_ms, {"missed": fact.number - last - 1}))

    def _restore(self, publisher: str, flow: str, found: dict[bytes, bytes]) -> bool:
        """Know what is kept of a flow; returns whether there is anything."""
        base, state = found.pop(b"base", None), found.pop(b"state", None)
        if base is None:
            return False
        picture = Picture()
        picture.take(news_of(base))
        for number in sorted(map(int, found)):
            picture.take(news_of(found[str(number).encode()]))
        if state is not None:
            fact = _fact_of(state)
            picture.take_state(fact.data, fact.at_ms)
        self._pictures.setdefault(flow, {})[publisher] = picture
        return True

    def _tell_standing(self, flow: str) -> None:
        pictures = self._pictures[flow].values()
        at_ms = max(picture.at_ms for picture in pictures)
        found = standing(pictures)
        if "stats" in self._kinds:
            self._inbox.put(Event("snapshot", flow, at_ms, found))
        elif "state" in self._kinds:
            facts = {key: value for key, value in found.items() if not isinstance(value, (dict, Columns))}
            self._inbox.put(Event("state", flow, at_ms, facts))

    async def _forget_gone(self) -> None:
        """Forget what publishers have said that are gone; whoever runs their part now has said the same since."""
        kept = set(await self._kept())
        for flow, pictures in list(self._pictures.items()):
            left = {publisher: picture for publisher, picture in pictures.items() if (publisher, flow) in kept}
            self._pictures[flow] = left
            if not left:
                del self._pictures[flow]
        publishers = {publisher for publisher, _ in kept}
        self._numbers = {key: number for key, number in self._numbers.items() if key[1] in publishers}

    def _wants(self, flow: str) -> bool:
        return self._flows is None or flow in self._flows


def _now_ms() -> int:
    return int(time.time() * 1000)
