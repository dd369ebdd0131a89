"""Looking into what flows hold, and taking things out: queues, what processors keep, where messages came from."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from engine.errors import ConflictError
from engine.ledger.base import Ledger
from engine.ledger.url import open_ledger
from engine.model.problem import shown
from engine.runtime import queues
from engine.runtime.editing import Edit
from engine.runtime.engine import Engine
from engine.runtime.kept_state import StepState, clear_state, read_state
from engine.runtime.queues import Page, Queue
from engine.runtime.trace import Event, Trace, events, trace

if TYPE_CHECKING:
    from engine.api.service import Service

_T = TypeVar("_T")


class Inspection:
    """Of the workspace of an engine. `flow` is a flow's name or file; empty: the only one that there is."""

    def __init__(self, engine: Engine, service: Service) -> None:
        self._engine = engine
        self._service = service

    async def list_queues(self, flow: str) -> list[Queue]:
        """The queues of a flow, or of all when `flow` is empty."""

        def ask(ledger: Ledger) -> list[Queue]:
            names = [queues.find_deployment(ledger, flow)] if flow else sorted(ledger.deployments())
            return [queue for name in names for queue in queues.list_queues(ledger, name)]

        return await self._engine.ledger.call(ask)

    async def peek(self, flow: str, key: str, limit: int, at: str) -> Page:
        """Messages of a queue."""
        _, page = await self._ask(flow, lambda ledger, name: queues.peek(ledger, name, key, limit=limit, at=at))
        return page

    async def content(self, flow: str, key: str, id: str, at: str) -> Any:
        """The whole content of a message."""
        store = self._engine.workspace.claims
        _, content = await self._ask(flow, lambda ledger, name: queues.content_of(ledger, store, name, key, id, at))
        return content

    async def edit(self, flow: str, key: str, wanted: Edit) -> None:
        """Give a message that waits other content or other attributes."""
        store = self._engine.workspace.claims
        name, orphans = await self._ask(flow, lambda ledger, name: queues.edit(ledger, store, name, key, wanted))
        await self._changed(name, orphans)

    async def purge(self, flow: str, key: str) -> int:
        """Delete the messages of a queue; returns how many there were."""
        name, (count, orphans) = await self._ask(flow, lambda ledger, name: queues.purge(ledger, name, key))
        await self._changed(name, orphans)
        return count

    async def purge_all(self, flow: str, within: str) -> dict[str, int]:
        """Delete the messages of all connections of a flow, or of a subflow in it; returns how many, by connection."""
        name, (counts, orphans) = await self._ask(flow, lambda ledger, name: queues.purge_all(ledger, name, within))
        await self._changed(name, orphans)
        return counts

    async def replay(self, flow: str, step: str, to: str, limit: int | None) -> dict[str, int]:
        """Give dead letters another try; returns messages by the queue they went to."""
        name, moved = await self._ask(flow, lambda ledger, name: queues.replay(ledger, name, step, to=to, limit=limit))
        await self._changed(name, [])
        return moved

    async def state(self, flow: str, step: str, limit: int) -> StepState:
        """What a processor keeps."""
        _, found = await self._ask(flow, lambda ledger, name: read_state(ledger, name, step, limit=limit))
        return found

    async def clear_state(self, flow: str, step: str) -> int:
        """Have a processor that is stopped forget what it keeps; returns how many rows that were.

        Raises:
            ConflictError: it is running.
        """
        name = await self._engine.ledger.call(lambda ledger: queues.find_deployment(ledger, flow))
        deployment = self._service.live().get(name)
        runner = deployment.runner_of(step) if deployment is not None else None
        if runner is not None and not runner.stopping:
            raise ConflictError(f"processor {shown(step)} is running; stop it, then clear its state")
        count, orphans = await self._engine.ledger.call(lambda ledger: clear_state(ledger, name, step))
        await self._changed(name, orphans)
        return count

    async def trace(self, flow: str, message: str) -> Trace:
        """Where a message came from, and what became of it."""
        return await self._read(flow, lambda ledger, name: trace(ledger, name, message))

    async def events(self, flow: str, step: str, limit: int) -> list[Event]:
        """What happened lately at a processor, message by message, the newest first."""
        return await self._read(flow, lambda ledger, name: events(ledger, name, step, limit=limit))

    async def _ask(self, flow: str, question: Callable[[Ledger, str], _T]) -> tuple[str, _T]:
        """Ask the ledger about a flow; returns its deployment's name, too."""

        def ask(ledger: Ledger) -> tuple[str, _T]:
            name = queues.find_deployment(ledger, flow)
            return name, question(ledger, name)

        return await self._engine.ledger.call(ask)

    async def _read(self, flow: str, question: Callable[[Ledger, str], _T]) -> _T:
        """Ask what takes a while, beside the ledger that the work goes through: nothing waits for it."""

        def ask() -> _T:
            with contextlib.closing(open_ledger(self._engine.workspace.ledger_url)) as ledger:
                return question(ledger, queues.find_deployment(ledger, flow))

        return await asyncio.to_thread(ask)

    async def _changed(self, name: str, orphans: list[str]) -> None:
        """Messages or state are gone or elsewhere: delete the files of what is gone, and tell whom it concerns."""
        await asyncio.to_thread(self._engine.workspace.remove_claims, orphans)
        await self._service.look_again(name)
