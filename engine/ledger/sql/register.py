"""Deployments by name: making their parts known, facts about them, forgetting them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import delete, select, union, update
from sqlalchemy.dialects.postgresql import insert

from engine.errors import ConflictError, NotFound
from engine.ledger.base import Order, QueueSpec, Registration, taken, unknown
from engine.ledger.sql.batch import orphans
from engine.ledger.sql.plan import lines
from engine.ledger.sql.session import Session
from engine.ledger.sql.statement import ONE, ZERO, adding, inserting, parameter, upserting
from engine.ledger.sql.tables import (
    batch,
    batch_file,
    deployment,
    fact,
    port_sum,
    queue,
    queue_sum,
    state_file,
    step,
    step_sum,
)

_NAME = deployment.c.name == parameter(deployment.c.name)
_ID = deployment.c.id == parameter(deployment.c.id)
_ADD = (
    insert(deployment)
    .values(name=parameter(deployment.c.name), plan=ZERO, revision=parameter(deployment.c.revision))
    .on_conflict_do_nothing(index_elements=["name"])
)
_LOCK = select(deployment.c.id).where(_NAME).with_for_update()
_NEXT_PLAN = (
    update(deployment)
    .where(_ID)
    .values(plan=deployment.c.plan + ONE, revision=parameter(deployment.c.revision))
)  # fmt: skip
_FIND = select(deployment.c.id, deployment.c.plan, deployment.c.revision).where(_NAME)
_RENAME = update(deployment).where(_ID).values(name=parameter(deployment.c.name))
_ALL = select(deployment.c.name, deployment.c.id)
_EXISTS = select(deployment.c.id).where(_ID)
_FORGET = delete(deployment).where(_ID)
_FILES = union(
    select(batch_file.c.file)
    .join(batch, batch.c.row == batch_file.c.row)
    .where(batch.c.deployment == parameter(deployment.c.id)),
    select(state_file.c.file).join(step, step.c.id == state_file.c.step).where(step.c.deployment == parameter(deployment.c.id)),
)

_QUEUE = insert(queue).values({
    column.name: parameter(column) for column in queue.c if column.name != "id"
})  # fmt: skip
_WRITE_QUEUE = _QUEUE.on_conflict_do_update(
    index_elements=["deployment", "key"],
    set_={column.name: _QUEUE.excluded[column.name] for column in queue.c if column.name not in ("id", "deployment", "key")},
)
_STEP = inserting(step, numbered="id")
_WRITE_STEP = _STEP.on_conflict_do_update(index_elements=["deployment", "key"], set_={"plan": _STEP.excluded["plan"]})
_QUEUES = select(queue.c.key, queue.c.id).where(
    queue.c.deployment == parameter(queue.c.deployment), queue.c.plan == parameter(queue.c.plan)
)
_STEPS = select(step.c.key, step.c.id).where(
    step.c.deployment == parameter(step.c.deployment), step.c.plan == parameter(step.c.plan)
)
_PLACES = {
    Order.FIFO: batch.c.turn,
    Order.LIFO: batch.c.turn,
    Order.OLDEST: batch.c.born_ms,
    Order.RANK: batch.c.rank,
}
_REORDER = {
    order: update(batch).where(batch.c.queue == parameter(batch.c.queue)).values(place=column)
    for order, column in _PLACES.items()
}

_SUMS = ((queue_sum, queue_sum.c.queue, queue), (step_sum, step_sum.c.step, step), (port_sum, port_sum.c.step, step))
_TAKE_SUMS = {
    sums: delete(sums)
    .where(sums.c.worker != ZERO, column.in_(select(owner.c.id).where(owner.c.deployment == parameter(owner.c.deployment))))
    .returning(*sums.c)
    for sums, column, owner in _SUMS
}
_ADD_SUMS = {sums: adding(sums) for sums, _, _ in _SUMS}

_WRITE_FACT = upserting(fact)
_DELETE_FACT = delete(fact).where(fact.c.deployment == parameter(fact.c.deployment), fact.c.name == parameter(fact.c.name))
_FACTS = select(fact.c.name, fact.c.value).where(fact.c.deployment == parameter(fact.c.deployment))
_CLAIMS = union(select(batch_file.c.file), select(state_file.c.file))


def register(session: Session, name: str, queues: Sequence[QueueSpec], steps: Sequence[str], revision: str) -> Registration:
    """Make a deployment's parts known under a new plan number."""
    session.run(_ADD, {"name": name, "revision": revision})
    # Waits for every exchange under the old plan.
    (number,), *_ = session.rows(_LOCK, {"name": name})
    session.run(_NEXT_PLAN, {"id": number, "revision": revision})
    (_, plan, _), *_ = session.rows(_FIND, {"name": name})
    before = lines(session, number)
    session.many(_WRITE_QUEUE, [
        {
            "deployment": number, "key": spec.key, "plan": plan, "sort": spec.order.value, "expire_ms": spec.expire_ms,
            "limit_messages": spec.limit_messages, "limit_bytes": spec.limit_bytes,
        }
        for spec in queues
    ])  # fmt: skip
    session.many(_WRITE_STEP, [{"deployment": number, "key": key, "plan": plan} for key in steps])
    after = lines(session, number)
    for queue_number, line in before.items():
        if after[queue_number].order is not line.order:
            session.run(_REORDER[after[queue_number].order], {"queue": queue_number})
    _fold_sums(session, number)
    return _registration(session, number, plan)


def registration(session: Session, name: str) -> tuple[Registration, str] | None:
    """The deployment as last registered."""
    found = session.row(_FIND, {"name": name})
    if found is None:
        return None
    number, plan, revision = found
    return _registration(session, number, plan), revision


def _registration(session: Session, number: int, plan: int) -> Registration:
    where = {"deployment": number, "plan": plan}
    return Registration(number, plan, dict(_pairs(session.rows(_QUEUES, where))), dict(_pairs(session.rows(_STEPS, where))))


def _pairs(rows: Sequence[tuple[Any, ...]]) -> list[tuple[str, int]]:
    return [(key, number) for key, number in rows]


def _fold_sums(session: Session, number: int) -> None:
    """Add the sums of workers, living and dead, to those of worker 0, so that their rows do not pile up."""
    if session.sqlite:
        return
    for table, statement in _TAKE_SUMS.items():
        taken = session.rows(statement, {"deployment": number})
        names = table.c.keys()
        session.many(_ADD_SUMS[table], [dict(zip(names, row, strict=True)) | {"worker": 0} for row in taken])


def forget(session: Session, name: str) -> list[str]:
    """Remove a deployment."""
    found = session.row(_LOCK, {"name": name})
    if found is None:
        return []
    where = {"id": found[0]}
    dropped = [file for (file,) in session.rows(_FILES, where)]
    session.run(_FORGET, where)
    return orphans(session, dropped)


def rename(session: Session, name: str, new_name: str) -> None:
    """Give a deployment another name."""
    # The row that is found first is locked: two who rename at once do it one after the other.
    found = session.row(_LOCK, {"name": name})
    if found is None:
        raise NotFound(unknown(name))
    if session.row(_FIND, {"name": new_name}) is not None:
        raise ConflictError(taken(new_name))
    session.run(_RENAME, {"id": found[0], "name": new_name})


def deployments(session: Session) -> dict[str, int]:
    """Numbers by name."""
    return dict(_pairs(session.rows(_ALL)))


def set_facts(session: Session, number: int, facts: Mapping[str, Any]) -> None:
    """Keep facts; None removes one."""
    if session.row(_EXISTS, {"id": number}) is None:
        raise NotFound(f"there is no deployment {number}: list the deployments to see which there are")
    for name, value in facts.items():
        if value is None:
            session.run(_DELETE_FACT, {"deployment": number, "name": name})
        else:
            session.run(_WRITE_FACT, {"deployment": number, "name": name, "value": msgspec.json.encode(value).decode()})


def read_facts(session: Session, number: int) -> dict[str, Any]:
    """Facts by name."""
    return {name: msgspec.json.decode(value) for name, value in session.rows(_FACTS, {"deployment": number})}


def claims(session: Session) -> set[str]:
    """Every file referred to."""
    return {file for (file,) in session.rows(_CLAIMS)}
