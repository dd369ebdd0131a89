"""How calls stand: the open ones are rows of a ledger, those that are over are in the store of results."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Protocol, TypeVar

from msgspec import Struct

from engine.ledger.base import Ledger
from engine.results.base import ResultStore
from engine.results.result import has_failed
from engine.runtime.calls import PREFIX, OpenCall, open_calls

_T = TypeVar("_T")


class Ask(Protocol):
    """Asks a ledger, from an event loop."""

    def __call__(self, question: Callable[[Ledger], _T], /) -> Awaitable[_T]:
        """The answer."""
        ...


class CallState(Struct, frozen=True):
    """How a call stands: `state` is open, done or failed; `packed` is its result in bytes when it is over.

    Of an open one: its `flow`, its steps as a `graph`, when it was made (`since_ms`), the `messages` that it began with, and
    why it cannot go on now (`trouble`), if that is known. Of one that is over, as far as known: when it was answered (`at_ms`),
    how many bytes the result has.
    """

    id: str
    state: str
    flow: str = ""
    graph: Any = None
    since_ms: int = 0
    at_ms: int = 0
    size: int = 0
    messages: list[str] = []
    packed: bytes | None = None
    trouble: str | None = None


async def state_of(id: str, ask: Ask, results: ResultStore) -> CallState | None:
    """How a call stands; None if there is none."""
    for _ in range(2):  # it may be answered between the two looks
        packed = await results.get_packed(id)
        if packed is not None:
            return CallState(id, "failed" if has_failed(packed) else "done", packed=packed, size=len(packed))
        found = await ask(lambda ledger: _open(ledger, id))
        if found:
            return found[0]
    return None


async def is_begun(id: str, deployment: str, ask: Ask, results: ResultStore) -> bool:
    """Whether a call was begun in a deployment. What is not open any more has its result, so that is looked for last."""
    return bool(await ask(lambda ledger: open_calls(ledger, deployment, id))) or await results.get_packed(id) is not None


async def states(ask: Ask, results: ResultStore, limit: int = 100) -> list[CallState]:
    """The open calls, the newest first, then those that were answered last."""
    opened = sorted(await ask(_open), key=lambda call: -call.since_ms)
    known = {call.id for call in opened}
    answered = [
        CallState(entry.id, "failed" if entry.failed else "done", at_ms=entry.at_ms, size=entry.size)
        for entry in await results.recent(limit)
        if entry.id not in known
    ]
    return [*opened, *answered][:limit]


def _open(ledger: Ledger, id: str = "") -> list[CallState]:
    names = [name for name in ledger.deployments() if name.startswith(PREFIX)]
    return [_open_state(name, call) for name in names for call in open_calls(ledger, name, id)]


def _open_state(deployment: str, call: OpenCall) -> CallState:
    flow = deployment.removeprefix(PREFIX)
    return CallState(call.id, "open", flow, call.graph, call.since_ms, messages=call.messages)
