"""What can be looked into, as routes: queues, what processors keep, where messages came from."""

from __future__ import annotations

import asyncio
from typing import Any

from msgspec import Struct
from starlette.requests import Request
from starlette.routing import Route

from engine.api.inspection import Inspection
from engine.api.request import body_of, content_response, get, number, post, query
from engine.errors import UsageError
from engine.runtime.editing import Edit
from engine.runtime.queues import LONGEST_PAGE


class Purge(Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /queues/purge: a queue, or all connections of a flow (`within`: of a subflow in it)."""

    queue: str = ""
    flow: str = ""
    all: bool = False
    within: str = ""


class Edited(Edit, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Body of POST /queues/edit."""

    queue: str
    flow: str = ""


class Replay(Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /queues/replay."""

    step: str
    flow: str = ""
    to: str = ""
    limit: int | None = None


class Clear(Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /state/clear."""

    step: str
    flow: str = ""


class InspectionApi:
    """The routes over an inspection."""

    def __init__(self, inspection: Inspection) -> None:
        self._inspection = inspection

    def routes(self) -> list[Route]:
        """Every route."""
        return [
            get("/queues", self.list_queues),
            get("/queues/messages", self.peek),
            get("/queues/content", self.content),
            post("/queues/purge", self.purge),
            post("/queues/edit", self.edit),
            post("/queues/replay", self.replay),
            get("/state", self.state),
            post("/state/clear", self.clear_state),
            get("/lineage", self.lineage),
            get("/lineage/events", self.lineage_events),
        ]

    async def list_queues(self, request: Request) -> Any:
        """The queues of a flow, or of all."""
        return await self._inspection.list_queues(query(request, "flow"))

    async def peek(self, request: Request) -> Any:
        """Messages of a queue."""
        limit = number(request, "limit", 20, LONGEST_PAGE)
        return await self._inspection.peek(query(request, "flow"), query(request, "queue"), limit, query(request, "at"))

    async def content(self, request: Request) -> Any:
        """The whole content of a message: bytes and text as they are, anything else as JSON."""
        asked = (query(request, name) for name in ("flow", "queue", "id", "at"))
        content = await self._inspection.content(*asked)
        return await asyncio.to_thread(content_response, content)

    async def purge(self, request: Request) -> Any:
        """Delete the messages of a queue, or of many."""
        body = await body_of(request, Purge)
        if body.all == bool(body.queue):
            raise UsageError("give either `queue`, a queue's key, or `all` for every connection of the flow")
        if body.all:
            queues = await self._inspection.purge_all(body.flow, body.within)
            return {"messages": sum(queues.values()), "queues": queues}
        return {"messages": await self._inspection.purge(body.flow, body.queue)}

    async def edit(self, request: Request) -> Any:
        """Give a message that waits other content or other attributes."""
        body = await body_of(request, Edited)
        await self._inspection.edit(body.flow, body.queue, body)
        return {}

    async def replay(self, request: Request) -> Any:
        """Give dead letters another try."""
        body = await body_of(request, Replay)
        return await self._inspection.replay(body.flow, body.step, body.to, body.limit)

    async def state(self, request: Request) -> Any:
        """What a processor keeps."""
        limit = number(request, "limit", 1000, 10_000)
        return await self._inspection.state(query(request, "flow"), query(request, "processor"), limit)

    async def clear_state(self, request: Request) -> Any:
        """Have a processor forget what it keeps."""
        body = await body_of(request, Clear)
        return {"rows": await self._inspection.clear_state(body.flow, body.step)}

    async def lineage(self, request: Request) -> Any:
        """Where a message came from, and what became of it."""
        return await self._inspection.trace(query(request, "flow"), query(request, "message"))

    async def lineage_events(self, request: Request) -> Any:
        """What happened lately at a processor, message by message."""
        limit = number(request, "limit", 200, 10_000)
        return await self._inspection.events(query(request, "flow"), query(request, "processor"), limit)
