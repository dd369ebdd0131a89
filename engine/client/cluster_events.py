"""ClusterEvents, what happens on a target: from its bus while that answers, from the rows of its database otherwise."""

from __future__ import annotations

import asyncio
import time
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from msgspec import structs

from engine.bus.base import Event
from engine.errors import NotFound, PyfiError

if TYPE_CHECKING:
    from engine.client.cluster import Cluster
    from engine.client.cluster_link import ClusterLink

_LOOK_S = 1.0
"""How often the rows are looked at while the bus is away."""
_QUIET_S = 5.0
"""After so long without a word of a flow its rows are looked at all the same: for one that is stopped nobody speaks."""
_AGAIN_S = 2.0
_WAITING = 64
"""Events kept for whoever listens; while more come, the bus merges them."""


class ClusterEvents:
    """Events as an engine's stream has them, for an asyncio loop: `async with`, `async for`. It never ends by itself.

    Only the flows that the link watches are looked at in the database. `lost` carries in `trouble` why the bus, or the
    database, cannot be reached; a `hello` says that the bus can (again).
    """

    def __init__(self, link: ClusterLink) -> None:
        self._link = link
        self._ready: asyncio.Queue[Event | BaseException] = asyncio.Queue(_WAITING)
        self._tasks: list[asyncio.Task[None]] = []
        self._kick = asyncio.Event()
        self._is_heard = False
        self._heard_s: dict[str, float] = {}
        """When something was last heard of a flow, or its rows were looked at."""
        self._known: set[str] = set()
        """Flows that are known to be there."""
        self._trouble = ""

    async def __aenter__(self) -> Self:
        for work in (self._hear(), self._look()):
            task = asyncio.get_running_loop().create_task(work)
            task.add_done_callback(self._on_ended)
            self._tasks.append(task)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Event:
        found = await self._ready.get()
        if isinstance(found, BaseException):
            raise found
        return found

    def look(self) -> None:
        """Look at the rows of what is watched now, whatever the bus has told."""
        self._heard_s.clear()
        self._kick.set()

    def _on_ended(self, task: asyncio.Task[None]) -> None:
        """A fault of ours is one of whoever listens, too."""
        if not task.cancelled() and (fault := task.exception()) is not None:
            if self._ready.full():
                self._ready.get_nowait()
            self._ready.put_nowait(fault)

    # -- the bus

    async def _hear(self) -> None:
        from engine.bus.redis_events import RedisEvents

        name = await self._identity()
        async with RedisEvents(self._link.target.bus, name) as events:
            async for event in events:
                await self._take(event)

    async def _identity(self) -> str:
        while True:
            try:
                return await self._link.identity()
            except PyfiError as error:
                await self._tell_lost(str(error))
                await asyncio.sleep(_AGAIN_S)

    async def _take(self, event: Event) -> None:
        if event.kind == "lost":
            self._is_heard = False
            await self._tell_lost(event.data.get("trouble", ""))
            return
        if event.kind == "hello":
            # Of flows that nobody speaks for just now the rows tell; until then they are as they were.
            silent = self._known - set(event.data["flows"])
            event = structs.replace(event, data={**event.data, "flows": [*event.data["flows"], *silent]})
            self._is_heard, self._trouble = True, ""
            self._heard_s.clear()
            self._kick.set()
        elif event.kind in ("snapshot", "stats", "state"):
            self._heard_s[event.flow] = time.monotonic()
            gone = event.kind == "state" and event.data.get("state") == "removed"
            (self._known.discard if gone else self._known.add)(event.flow)
        await self._ready.put(event)

    async def _tell_lost(self, trouble: str) -> None:
        if trouble != self._trouble:
            self._trouble = trouble
            await self._ready.put(Event("lost", "", _now_ms(), {"trouble": trouble}))
        self._kick.set()

    # -- the rows

    async def _look(self) -> None:
        while True:
            self._kick.clear()
            now_s = time.monotonic()
            for flow in list(self._link.watched):
                heard_s = self._heard_s.get(flow)
                if not self._is_heard or heard_s is None or now_s - heard_s >= _QUIET_S:
                    await self._look_at(flow)
            try:
                async with asyncio.timeout(_LOOK_S):
                    await self._kick.wait()
            except TimeoutError:
                continue

    async def _look_at(self, flow: str) -> None:
        """Tell how a flow stands as a bus would."""
        asked_s = time.monotonic()
        try:
            data = await self._link.ask(lambda cluster: _standing(cluster, flow))
        except NotFound:
            data = None
        except PyfiError as error:
            await self._tell_lost(str(error))
            await asyncio.sleep(_LOOK_S)
            return
        if self._heard_s.get(flow, 0.0) > asked_s:
            return  # the bus has told meanwhile, and newer
        self._heard_s[flow] = asked_s
        if data is not None:
            self._known.add(flow)
            await self._ready.put(Event("snapshot", flow, _now_ms(), data))
        elif flow in self._known:
            self._known.discard(flow)
            await self._ready.put(Event("state", flow, _now_ms(), {"state": "removed"}))


def _standing(cluster: Cluster, flow: str) -> dict[str, Any]:
    found = cluster.standing(flow)
    state = "ended" if found.wanted.ended else found.wanted.desired  # as the bus has it: what is broken are processors
    facts = {"state": state, "trouble": None, "key": "", "revision": found.revision}
    return facts | {"processors": found.processors, "connections": found.connections}


def _now_ms() -> int:
    return int(time.time() * 1000)
