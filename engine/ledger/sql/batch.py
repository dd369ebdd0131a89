"""Batches in and out of the tables, their files, and the sums of what they count for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, FromClause, delete, exists, func, literal_column, or_, select

from engine.errors import IntegrityError
from engine.ledger.base import Counter, NewBatch, Passage
from engine.ledger.sql.fault import violates_uniqueness
from engine.ledger.sql.judge import Held, Sums, Waiting
from engine.ledger.sql.plan import Line, place_of
from engine.ledger.sql.session import Session
from engine.ledger.sql.statement import ONE, ZERO, adding, among, inserting, parameter
from engine.ledger.sql.tables import batch, batch_file, body, port_sum, queue_sum, state_file, step_sum

_FILE_LOCK = 0x7079_6669_6C65
_LOCK_FILES = select(func.pg_advisory_xact_lock(literal_column(str(_FILE_LOCK))))
_BATCH_FILES = select(batch_file.c.file).where(among(batch_file.c.row, "rows"))
_USED = or_(
    exists(select(ONE).where(batch_file.c.file == parameter(batch_file.c.file))),
    exists(select(ONE).where(state_file.c.file == parameter(state_file.c.file))),
)
_IS_USED = select(ONE).where(_USED)

_ADD = inserting(batch)
_ADD_BODY = inserting(body)
_ADD_FILE = inserting(batch_file)
_REMOVE = delete(batch).where(among(batch.c.row, "rows"))
_PRESENT = select(batch.c.row).where(
    batch.c.queue == parameter(batch.c.queue), batch.c.id == parameter(batch.c.id), batch.c.lo == parameter(batch.c.lo)
)

_SUM_QUEUE = adding(queue_sum)
_SUM_STEP = adding(step_sum)
_SUM_PORT = adding(port_sum)
_NO_PASSAGE = Passage()
_NO_WAITING = Waiting()


def waits_in(queue: FromClause) -> ColumnElement[bool]:
    """Whether a row of the queue's table has a batch to claim.

    Not EXISTS: PostgreSQL would make a join of it, and read every batch that waits anywhere.
    """
    first = select(batch.c.row).where(batch.c.queue == queue.c.id, batch.c.ready_ms == ZERO).limit(ONE).offset(ZERO)
    return first.correlate(queue).scalar_subquery().is_not(None)


def insert(session: Session, made: Sequence[tuple[int, NewBatch]], lines: Mapping[int, Line]) -> None:
    """Insert the batches of (deployment, batch) pairs, in order.

    Raises:
        IntegrityError: one of them is in its queue already.
    """
    batches: list[dict[str, Any]] = []
    bodies: list[dict[str, Any]] = []
    files: list[dict[str, Any]] = []
    for row, (deployment, new) in zip(session.new_rows(len(made)), made, strict=True):
        claims = sorted(set(new.claims)) if new.claims else ()
        line = lines[new.queue]
        batches.append({
            "row": row, "deployment": deployment, "queue": new.queue, "id": new.id, "lo": 0, "hi": new.n, "size": new.size,
            "born_ms": new.born_ms, "ready_ms": new.due_ms, "turn": row, "place": place_of(line.order, row, new),
            "rank": new.rank, "attempt": new.attempt, "crashes": 0, "kind": new.kind, "files": len(claims), "lease": 0,
            "holder": "",
        })  # fmt: skip
        bodies.append({"row": row, "body": new.body})
        files += [{"row": row, "file": file} for file in claims]
    try:
        session.many(_ADD, batches)
    except session.faults as error:
        raise doubled(session, error, [(new.queue, new.id, 0) for _, new in made], lines) or error from error
    session.many(_ADD_BODY, bodies)
    session.many(_ADD_FILE, files)


def doubled(
    session: Session, error: Exception, keys: Sequence[tuple[int, bytes, int]], lines: Mapping[int, Line]
) -> IntegrityError | None:
    """The error to raise when one of the (queue, id, lo) just written was there already; None when it was something else."""
    if not session.sqlite or not violates_uniqueness(error):
        return None  # PostgreSQL answers nothing more in a transaction that failed, but its error says which
    there = [key for key in keys if session.row(_PRESENT, dict(zip(("queue", "id", "lo"), key, strict=True))) is not None]
    named = ", ".join(f"{identity.hex()} is already in queue {lines[queue].key!r}" for queue, identity, _ in there)
    return IntegrityError(f"a batch was made twice: {named}; nothing was written")


def remove(session: Session, batches: Sequence[Held]) -> set[str]:
    """Delete batches with their bodies; the files they referred to."""
    if not batches:
        return set()
    filed = [held.row for held in batches if held.files]
    dropped: set[str] = set()
    if filed:
        dropped.update(file for (file,) in session.rows(_BATCH_FILES, {"rows": session.array(filed)}))
    session.run(_REMOVE, {"rows": session.array([held.row for held in batches])})
    return dropped


def orphans(session: Session, dropped: Iterable[str]) -> list[str]:
    """Those of the dropped files that nothing refers to any more. Call it last in a transaction.

    On PostgreSQL the check is done by one transaction at a time: of two that drop the last two references, the second sees it.
    """
    names = sorted(dropped)
    if names and not session.sqlite:
        session.rows(_LOCK_FILES)
    return [file for file in names if session.row(_IS_USED, {"file": file}) is None]


def write_sums(session: Session, sums: Sums) -> None:
    """Add up what an exchange did."""
    worker = session.worker
    _write_queue_sums(session, sums)
    counters = sorted(sums.counters.items())
    session.many(_SUM_STEP, [_step_sum(step, worker, counter) for step, counter in counters])
    session.many(_SUM_PORT, [
        {"step": step, "port": port, "worker": worker, "messages": messages}
        for step, counter in counters
        for port, messages in counter.out.items()
    ])  # fmt: skip


def _write_queue_sums(session: Session, sums: Sums) -> None:
    values: list[dict[str, Any]] = []
    for queue in sorted({*sums.passages, *sums.waiting}):
        passage = sums.passages.get(queue, _NO_PASSAGE)
        waiting = sums.waiting.get(queue, _NO_WAITING)
        values.append({
            "queue": queue, "worker": session.worker,
            "messages": passage.messages, "size": passage.size, "expired": passage.expired,
            "waiting_messages": waiting.messages, "waiting_size": waiting.size, "waiting_batches": waiting.batches,
        })  # fmt: skip
    session.many(_SUM_QUEUE, values)


def _step_sum(step: int, worker: int, counter: Counter) -> dict[str, Any]:
    return {
        "step": step, "worker": worker, "received": counter.received, "failed": counter.failed,
        "tasks": counter.tasks, "time_ns": counter.time_ns,
    }  # fmt: skip
