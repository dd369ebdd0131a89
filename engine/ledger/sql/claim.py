"""Claiming: the best batches of the first queue that has any, under one lease.

A queue is read in its claiming order and the claim ends at the first batch that does not fit, so nothing is overtaken. On
PostgreSQL the first batch is locked as it is found, skipping those that others are just claiming; the ones after it are read
without a lock and taken only if they are still free. So no worker ever waits for another or blocks more than it takes.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing
from secrets import randbits

from msgspec import Struct
from sqlalchemy import bindparam, select, tuple_, update

from engine.ledger.base import Claimed, ClaimRequest, Order, Passage
from engine.ledger.sql.batch import remove, waits_in
from engine.ledger.sql.judge import Held, Sums
from engine.ledger.sql.plan import Line, Lines
from engine.ledger.sql.session import Row, Session, SqliteSession
from engine.ledger.sql.statement import ZERO, among, parameter
from engine.ledger.sql.tables import batch, body, queue

_MANY = 1000
"""No claim takes more batches than this."""

_WAITING = (
    select(
        batch.c.row, batch.c.id, batch.c.lo, batch.c.hi, batch.c.size, batch.c.born_ms, batch.c.attempt, batch.c.crashes,
        batch.c.kind, batch.c.place,
    )
    .where(batch.c.queue == parameter(batch.c.queue), batch.c.ready_ms == ZERO)
    .limit(bindparam("n", type_=batch.c.hi.type))
    .offset(ZERO)
)  # fmt: skip
_SMALLEST_FIRST = _WAITING.order_by(batch.c.place, batch.c.row)
_LARGEST_FIRST = _WAITING.order_by(batch.c.place.desc(), batch.c.row.desc())
_PLACE = tuple_(parameter(batch.c.place), parameter(batch.c.row))
_SMALLEST_NEXT = _SMALLEST_FIRST.where(tuple_(batch.c.place, batch.c.row) > _PLACE)
_LARGEST_NEXT = _LARGEST_FIRST.where(tuple_(batch.c.place, batch.c.row) < _PLACE)
_SMALLEST_LOCKED = _SMALLEST_FIRST.with_for_update(skip_locked=True)
_LARGEST_LOCKED = _LARGEST_FIRST.with_for_update(skip_locked=True)

# Not `= 0`, which would invite the database to look through the index of all that wait.
_STILL_FREE = select(batch.c.row).where(among(batch.c.row, "rows"), batch.c.ready_ms <= ZERO).with_for_update(skip_locked=True)
_TAKE = (
    update(batch)
    .where(batch.c.row.in_(_STILL_FREE))
    .values(lease=parameter(batch.c.lease), ready_ms=parameter(batch.c.ready_ms, "until_ms"), holder=parameter(batch.c.holder))
)
_TAKEN = _TAKE.returning(batch.c.row).cte("taken")
_TAKE_WITH_BODIES = select(body.c.row, body.c.body).join(_TAKEN, _TAKEN.c.row == body.c.row)
_BODIES = select(body.c.row, body.c.body).where(among(body.c.row, "rows"))

_WAKE = (
    update(batch)
    .where(
        batch.c.row.in_(
            select(batch.c.row)
            .where(
                batch.c.deployment == parameter(batch.c.deployment),
                batch.c.ready_ms > ZERO,
                batch.c.ready_ms <= parameter(batch.c.ready_ms, "now_ms"),
            )
            .with_for_update(skip_locked=True)
        )
    )
    .values(ready_ms=ZERO, lease=ZERO)
)
_EXPIRED = (
    select(batch.c.row, batch.c.queue, batch.c.hi - batch.c.lo, batch.c.size, batch.c.files)
    .where(
        batch.c.queue == parameter(batch.c.queue),
        batch.c.born_ms < parameter(batch.c.born_ms, "before_ms"),
        batch.c.lease == ZERO,
    )
    .with_for_update(skip_locked=True)
)
_WITH_WORK = select(queue.c.id).where(among(queue.c.id, "queues"), waits_in(queue))


class Found(Struct, frozen=True):
    """A batch that may be claimed."""

    row: int
    id: bytes
    lo: int
    hi: int
    size: int
    born_ms: int
    attempt: int
    crashes: int
    kind: int
    place: float


def wake(session: Session, deployment: int, now_ms: int) -> None:
    """End leases that have run out and show what was hidden until now."""
    session.run(_WAKE, {"deployment": deployment, "now_ms": now_ms})


def claim(session: Session, request: ClaimRequest, lines: Lines, sums: Sums, dropped: set[str]) -> list[Claimed]:
    """What one request gets. Files of batches that expired are added to `dropped`."""
    queues = [number for number in request.queues if number in lines]
    wake(session, request.deployment, request.now_ms)
    for number in queues:
        if lines[number].expire_ms > 0:
            dropped |= _expire(session, number, request.now_ms - lines[number].expire_ms, sums)
    for number in _with_work(session, queues):
        chosen = _chosen(session, number, lines[number], request)
        if chosen:
            return _taken(session, number, chosen, request)
    return []


def _expire(session: Session, number: int, before_ms: int, sums: Sums) -> set[str]:
    expired = [Held(*row) for row in session.rows(_EXPIRED, {"queue": number, "before_ms": before_ms})]
    if not expired:
        return set()
    dropped = remove(session, expired)
    sums.removed(expired)
    sums.passed(number, Passage(expired=sum(held.n for held in expired)))
    return dropped


def _with_work(session: Session, queues: list[int]) -> list[int]:
    """Queues worth looking at, in order. SQLite looks as fast as it is asked; PostgreSQL is asked once for all."""
    if session.sqlite or len(queues) <= 1:
        return queues
    busy = {number for (number,) in session.rows(_WITH_WORK, {"queues": queues})}
    return [number for number in queues if number in busy]


def _chosen(session: Session, number: int, line: Line, request: ClaimRequest) -> list[Found]:
    """The best batch and those after it that fit beside it."""
    chosen: list[Found] = []
    messages = size = 0
    # Almost every batch has a message, so no more batches than messages are worth reading.
    with closing(_in_order(session, number, line, min(_MANY, max(request.messages, 1)))) as found:
        for row in found:
            batch = Found(*row)
            messages += batch.hi - batch.lo
            size += batch.size
            if chosen and (messages > request.messages or size > request.size or not _alike(chosen[0], batch, request)):
                break
            chosen.append(batch)
            if batch.crashes or messages >= request.messages or size >= request.size:
                break
    return chosen


def _alike(first: Found, other: Found, request: ClaimRequest) -> bool:
    same = (other.attempt, other.kind, other.crashes) == (first.attempt, first.kind, first.crashes)
    return same and abs(other.born_ms - first.born_ms) <= request.born_window_ms


def _in_order(session: Session, number: int, line: Line, most: int) -> Generator[Row]:
    largest = line.order is Order.LIFO
    if isinstance(session, SqliteSession):
        yield from session.each(_LARGEST_FIRST if largest else _SMALLEST_FIRST, {"queue": number, "n": most})
        return
    best = session.row(_LARGEST_LOCKED if largest else _SMALLEST_LOCKED, {"queue": number, "n": 1})
    if best is not None:
        yield best
        values = {"queue": number, "n": most, "row": best[0], "place": best[-1]}
        yield from session.rows(_LARGEST_NEXT if largest else _SMALLEST_NEXT, values)


def _taken(session: Session, number: int, chosen: list[Found], request: ClaimRequest) -> list[Claimed]:
    lease = randbits(63) or 1
    rows = session.array([batch.row for batch in chosen])
    until_ms = request.now_ms + request.lease_ms
    values = {"rows": rows, "lease": lease, "until_ms": until_ms, "holder": request.holder}
    if isinstance(session, SqliteSession):
        session.run(_TAKE, values)
        bodies = dict(session.rows(_BODIES, values))
    else:
        bodies = dict(session.rows(_TAKE_WITH_BODIES, values))
    return [
        Claimed(
            row=batch.row, lease=lease, queue=number, id=batch.id, lo=batch.lo, hi=batch.hi, size=batch.size,
            born_ms=batch.born_ms, attempt=batch.attempt, crashes=batch.crashes, kind=batch.kind, body=bodies[batch.row],
        )
        for batch in chosen
        if batch.row in bodies
    ]  # fmt: skip
