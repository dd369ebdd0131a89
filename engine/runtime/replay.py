"""Replay of what a processor took last: copies of those messages are put into the queue that they came from."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from engine.errors import ConflictError, NotFound, UsageError
from engine.ledger.base import Claimed, Commit, Ledger, NewBatch, Outcome
from engine.model.problem import did_you_mean, listed, shown
from engine.runtime.hosts import claims, values, wire
from engine.runtime.task import child_id

if TYPE_CHECKING:
    from engine.runtime.deployment import Deployment
    from engine.runtime.plan import Plan


async def replay_last(deployment: Deployment, step: str, messages: int) -> dict[str, int]:
    """Have a step work once more on the last so many messages of the last batch that it took.

    Returns how many there are, by the connection that they were put into.

    Raises:
        NotFound: there is no such step, or what it took is not kept; says why.
        UsageError: it is a join.
        ConflictError: the flow was changed at the same moment.
    """
    check_replay(deployment.plan, step)
    keys = [key for key, link in deployment.plan.links.items() if link.target == step]
    found = deployment.recent.last(keys)
    if found is None:
        raise NotFound(why_nothing(deployment.plan, step))
    key, taken = found
    registration = deployment.registration
    again = copies(step, key, registration.queues[key], taken, messages, uuid.uuid4().bytes)

    def put(ledger: Ledger) -> Outcome:
        if not again.files <= ledger.claims():
            raise NotFound(f"the last message of {shown(step)} was too large to be kept in memory, and its file is gone")
        now_ms = deployment.now_ms()
        commit = Commit(registration.deployment, registration.plan, outputs=again.batches, lineage=again.lineage, now_ms=now_ms)
        return ledger.exchange([commit], []).outcomes[0]

    if await deployment.ledger.call(put) is not Outcome.DONE:
        raise ConflictError("the flow was changed at the same moment; try again")
    await deployment.refresh(deployment.ledger.call)
    return {key: sum(batch.n for batch in again.batches)}


def check_replay(plan: Plan, step: str) -> None:
    """Raise UsageError for a join: it would shift its pairs."""
    planned = plan.steps.get(step)
    if planned is not None and (planned.is_join or (planned.declared is not None and len(planned.inputs) > 1)):
        raise UsageError(
            f"processor {shown(step)} pairs what comes to its inputs {listed(planned.inputs)}: one more message at one of them "
            "would shift all pairs after it; replay the last message of a processor behind it"
        )


def why_nothing(plan: Plan, step: str) -> str:
    """Why what a step took last is not kept."""
    if step not in plan.steps:
        return f"the flow has no processor {shown(step)}{did_you_mean(step, plan.steps)}"
    if plan.steps[step].is_source:
        return f"processor {shown(step)} takes no messages: it makes them"
    head = plan.stage_of.get(step, step)
    if head != step:
        return (
            f"processor {shown(step)} runs in one go with {shown(head)}, so that what it takes is in no queue and not kept; "
            "set `fuse: false` at the connection before it, or replay the last message of that one"
        )
    return f"processor {shown(step)} has taken nothing since the engine was started; only what came after that is kept"


class Copies(Struct, frozen=True):
    """Batches to be put into a queue again, what the lineage log says of them, and the files that their contents are in."""

    batches: list[NewBatch]
    lineage: bytes
    files: set[str]


def copies(step: str, key: str, queue: int, taken: Sequence[Claimed], messages: int, seed: bytes) -> Copies:
    """The last so many messages of what a step took from a connection, as new messages made of those."""
    batches: list[NewBatch] = []
    parents: list[tuple[bytes, int, int]] = []
    children: list[Any] = []
    files: set[str] = set()
    row = 0
    for batch, lo in _ends(taken, messages):
        contents, attributes = wire.messages(batch.body)
        part = contents[lo : batch.hi]
        extra = None if attributes is None else attributes[lo : batch.hi]
        body = wire.batch(values.pack(part), len(part), extra)
        id, named = child_id(seed + batch.id, key, lo), claims.named(part)
        files.update(named)
        batches.append(NewBatch(queue, id, len(part), len(body), batch.born_ms, body, claims=named))
        parents.append((batch.id, lo, batch.hi))
        children.append([key, id, [row, len(part)]])
        row += len(part)
    return Copies(batches, values.pack([step, "", parents, children]), files)


def _ends(taken: Sequence[Claimed], messages: int) -> list[tuple[Claimed, int]]:
    """The batches that hold the last so many messages, in order, each with the first of them."""
    found: list[tuple[Claimed, int]] = []
    for batch in reversed(taken):
        if messages > 0:
            lo = max(batch.lo, batch.hi - messages)
            messages -= batch.hi - lo
            found.append((batch, lo))
    return found[::-1]
