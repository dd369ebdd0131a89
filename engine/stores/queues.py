"""Keeps parts whose queues hold messages from being deleted."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from engine.errors import IntegrityError
from engine.model.flow import Processor
from engine.model.ports import split_end
from engine.stores.edit import Edit, Place, removed

Queued = Callable[[str], int] | Mapping[str, int]
"""How many messages wait, by the id that a Change would give a connection, or by `dead:` and a processor's.

The ledger, not this database, holds queues; whoever knows it adds up a part's queues over all uses of its definition.
"""

DEAD = "dead:"


def refuse_queued(edit: Edit, queued: Queued) -> None:
    """Stop before an edit would lose messages.

    Raises:
        IntegrityError: messages wait for a processor or in a connection that would go; names it, their number and the cure.
    """
    steps = removed(edit.steps)
    for place, connection in removed(edit.connections).items():
        count = _count(queued, str(place))
        if count:
            ends = (Place(place.path, split_end(end)[0]) for end in (connection.target, connection.source))
            owner = next((end for end in ends if end in steps), None)
            raise _refusal(f"step '{owner}'" if owner else "the connection", count, f"in the queue '{place}'")
    for place, step in steps.items():
        count = _count(queued, f"{DEAD}{place}") if isinstance(step, Processor) else 0
        if count:
            raise _refusal(f"step '{place}'", count, "in its dead letters")


def _count(queued: Queued, key: str) -> int:
    return queued(key) if callable(queued) else queued.get(key, 0)


def _refusal(what: str, count: int, where: str) -> IntegrityError:
    messages = "1 message waits" if count == 1 else f"{count} messages wait"
    return IntegrityError(
        f"{what} cannot be deleted: {messages} {where}; let the flow work them off, purge the queue, or force the deletion"
    )
