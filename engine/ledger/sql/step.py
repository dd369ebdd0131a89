"""What the ledger keeps for steps: state, sources, timers, sums and lineage."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Boolean, Integer, bindparam, delete, false, func, literal_column, select, update
from sqlalchemy.dialects.postgresql import insert

from engine.ledger.base import Counter, Passage, Source
from engine.ledger.sql.batch import orphans
from engine.ledger.sql.commit import lock_steps
from engine.ledger.sql.session import Session
from engine.ledger.sql.statement import ONE, ZERO, among, parameter
from engine.ledger.sql.tables import (
    deployment,
    lineage,
    port_sum,
    queue,
    queue_sum,
    source,
    state,
    state_file,
    step,
    step_sum,
    timer,
)

_OPEN = (
    insert(source)
    .values(step=parameter(source.c.step), epoch=ONE, seq=ZERO, yielded=ZERO, done=literal_column("FALSE", Boolean))
    .on_conflict_do_update(index_elements=["step"], set_={"epoch": source.c.epoch + ONE})
    .returning(source.c.epoch, source.c.seq, source.c.yielded, source.c.done)
)
_THIS_SOURCE = source.c.step == parameter(source.c.step)
_REWIND = update(source).where(_THIS_SOURCE).values(epoch=source.c.epoch + ONE, yielded=ZERO, done=false())
_RESTART = _REWIND.values(seq=ZERO)
_SOURCES = (
    select(source.c.step, source.c.epoch, source.c.seq, source.c.yielded, source.c.done)
    .join(step, step.c.id == source.c.step)
    .where(step.c.deployment == parameter(step.c.deployment))
)
_STATE = select(state.c.key, state.c.value, state.c.version).where(state.c.step == parameter(state.c.step))
_STATE_FIRST = _STATE.order_by(state.c.key).limit(bindparam("most", type_=Integer)).offset(ZERO)
_STATE_KEYS = _STATE.where(among(state.c.key, "keys"))
_STATE_FILES = select(state_file.c.file).where(state_file.c.step == parameter(state_file.c.step))
_CLEAR_STATE = delete(state).where(state.c.step == parameter(state.c.step))
_CLEAR_TIMER = delete(timer).where(timer.c.step == parameter(timer.c.step))
_DUE_TIMERS = (
    select(timer.c.step, timer.c.due_ms)
    .where(timer.c.deployment == parameter(timer.c.deployment), timer.c.due_ms <= parameter(timer.c.due_ms, "now_ms"))
    .order_by(timer.c.due_ms, timer.c.step)
)
_STEP_SUMS = (
    select(
        step_sum.c.step,
        func.sum(step_sum.c.received),
        func.sum(step_sum.c.failed),
        func.sum(step_sum.c.tasks),
        func.sum(step_sum.c.time_ns),
    )
    .join(step, step.c.id == step_sum.c.step)
    .where(step.c.deployment == parameter(step.c.deployment))
    .group_by(step_sum.c.step)
)
_PORT_SUMS = (
    select(port_sum.c.step, port_sum.c.port, func.sum(port_sum.c.messages))
    .join(step, step.c.id == port_sum.c.step)
    .where(step.c.deployment == parameter(step.c.deployment))
    .group_by(port_sum.c.step, port_sum.c.port)
)
_PASSED = (queue_sum.c.messages, queue_sum.c.size, queue_sum.c.expired)
_QUEUE_SUMS = (
    select(queue_sum.c.queue, *(func.sum(column) for column in _PASSED))
    .join(queue, queue.c.id == queue_sum.c.queue)
    .where(queue.c.deployment == parameter(queue.c.deployment))
    .group_by(queue_sum.c.queue)
)
_ENTRIES = (
    select(lineage.c.time_ms, lineage.c.packed)
    .where(
        lineage.c.deployment == parameter(lineage.c.deployment), lineage.c.time_ms >= parameter(lineage.c.time_ms, "since_ms")
    )
    .limit(bindparam("n", type_=lineage.c.row.type))
    .offset(ZERO)
)
_LINEAGE = _ENTRIES.order_by(lineage.c.time_ms, lineage.c.row)
_NEWEST_LINEAGE = _ENTRIES.order_by(lineage.c.time_ms.desc(), lineage.c.row.desc())
# By deployment, so that the index serves it.
_PRUNE = delete(lineage).where(
    lineage.c.deployment.in_(select(deployment.c.id)), lineage.c.time_ms < parameter(lineage.c.time_ms, "before_ms")
)


def open_source(session: Session, number: int) -> Source:
    """Take a source over."""
    lock_steps(session, [number])
    (row,) = session.rows(_OPEN, {"step": number})
    return _source(row)


def sources(session: Session, deployment: int) -> dict[int, Source]:
    """Every source that was ever opened."""
    return {row[0]: _source(row[1:]) for row in session.rows(_SOURCES, {"deployment": deployment})}


def _source(row: Sequence[Any]) -> Source:
    epoch, seq, yielded, done = row
    return Source(epoch, seq, yielded, bool(done))


def rewind(session: Session, number: int) -> None:
    """Let a source start anew. `seq` goes on, so that ids made from it do not repeat; who runs it now can no longer commit."""
    lock_steps(session, [number])
    session.run(_REWIND, {"step": number})


def read_state(session: Session, number: int, keys: Sequence[str] | None, most: int) -> dict[str, tuple[bytes, int]]:
    """Values and versions."""
    if keys is None and most:
        found = session.rows(_STATE_FIRST, {"step": number, "most": most})
    elif keys is None:
        found = session.rows(_STATE, {"step": number})
    else:
        found = session.rows(_STATE_KEYS, {"step": number, "keys": session.array(list(keys))})
    return {key: (value, version) for key, value, version in found}


def clear_state(session: Session, number: int) -> list[str]:
    """Forget state, position and timer. The epoch goes on: who runs the source now can no longer commit."""
    lock_steps(session, [number])
    where = {"step": number}
    dropped = [file for (file,) in session.rows(_STATE_FILES, where)]
    for statement in (_CLEAR_STATE, _CLEAR_TIMER, _RESTART):
        session.run(statement, where)
    return orphans(session, dropped)


def due_timers(session: Session, deployment: int, now_ms: int) -> list[tuple[int, int]]:
    """(step, due), the earliest first."""
    return [(number, due_ms) for number, due_ms in session.rows(_DUE_TIMERS, {"deployment": deployment, "now_ms": now_ms})]


def counters(session: Session, deployment: int) -> tuple[dict[int, Counter], dict[int, Passage]]:
    """All-time sums by step and by queue."""
    where = {"deployment": deployment}
    steps: dict[int, Counter] = {}
    for number, *sums in session.rows(_STEP_SUMS, where):
        received, failed, tasks, time_ns = map(int, sums)
        steps[number] = Counter(received, failed, tasks, time_ns)
    for number, port, messages in session.rows(_PORT_SUMS, where):
        steps[number].out[port] = int(messages)
    passages = {number: Passage(*map(int, sums)) for number, *sums in session.rows(_QUEUE_SUMS, where)}
    return steps, {number: passage for number, passage in passages.items() if passage != Passage()}


def read_lineage(session: Session, deployment: int, since_ms: int, limit: int, *, newest: bool) -> list[tuple[int, bytes]]:
    """(time, packed lineage), oldest first."""
    values = {"deployment": deployment, "since_ms": since_ms, "n": limit}
    rows = session.rows(_NEWEST_LINEAGE if newest else _LINEAGE, values)
    return [(time_ms, packed) for time_ms, packed in (reversed(rows) if newest else rows)]


def prune_lineage(session: Session, before_ms: int) -> int:
    """Drop what is older; how many rows."""
    return session.count(_PRUNE, [{"before_ms": before_ms}])
