"""What is done to queues apart from commit and claim: leases, halving, looking, emptying, moving."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from engine.errors import IntegrityError, NotFound
from engine.ledger.base import DEAD, Claimed, Depth, Order
from engine.ledger.sql.batch import doubled, orphans, remove, waits_in, write_sums
from engine.ledger.sql.judge import Held, Sums
from engine.ledger.sql.plan import Line, place
from engine.ledger.sql.session import Session
from engine.ledger.sql.statement import ZERO, inserting, parameter
from engine.ledger.sql.tables import batch, batch_file, body, deployment, queue, queue_sum, timer

_MINE = (batch.c.row == parameter(batch.c.row), batch.c.lease == parameter(batch.c.lease))
_RENEW = update(batch).where(*_MINE).values(ready_ms=parameter(batch.c.ready_ms, "until_ms"))
_RELEASE = (
    update(batch)
    .where(*_MINE)
    .values(
        lease=ZERO,
        ready_ms=parameter(batch.c.ready_ms, "due_ms"),
        crashes=batch.c.crashes + parameter(batch.c.crashes, "crashed"),
    )
)
# Always by deployment, so that the index serves it.
_END_LEASES = update(batch).where(batch.c.ready_ms > ZERO, batch.c.lease != ZERO).values(lease=ZERO, ready_ms=ZERO)
_VOID_ALL = _END_LEASES.where(batch.c.deployment.in_(select(deployment.c.id)))
_VOID = _END_LEASES.where(batch.c.deployment == parameter(batch.c.deployment))
_ABANDON = _VOID_ALL.where(batch.c.holder == parameter(batch.c.holder))

_LEASED = select(*batch.c).where(*_MINE).with_for_update()
_SHORTEN = (
    update(batch)
    .where(batch.c.row == parameter(batch.c.row))
    .values({column.name: parameter(column) for column in (batch.c.hi, batch.c.size, batch.c.crashes)})
    .values(lease=ZERO, ready_ms=ZERO)
)
_ADD = inserting(batch)
_COPY = parameter(batch.c.row, "copy")
_COPY_BODY = insert(body).from_select(["row", "body"], select(_COPY, body.c.body).where(body.c.row == parameter(body.c.row)))
_COPY_FILES = insert(batch_file).from_select(
    ["row", "file"], select(_COPY, batch_file.c.file).where(batch_file.c.row == parameter(batch_file.c.row))
)

_SIBLINGS = select(batch.c.place).where(
    batch.c.queue == parameter(batch.c.queue), batch.c.id == parameter(batch.c.id), batch.c.row != parameter(batch.c.row)
)

_LINE = select(queue.c.deployment, queue.c.key, queue.c.sort, queue.c.expire_ms).where(queue.c.id == parameter(queue.c.id))
_PEEK = (
    select(
        batch.c.row, ZERO, batch.c.queue, batch.c.id, batch.c.lo, batch.c.hi, batch.c.size, batch.c.born_ms,
        batch.c.attempt, batch.c.crashes, batch.c.kind, body.c.body,
    )
    .join(body, body.c.row == batch.c.row)
    .where(batch.c.queue == parameter(batch.c.queue))
    .limit(bindparam("n", type_=batch.c.row.type))
    .offset(bindparam("skip", type_=batch.c.row.type))
)  # fmt: skip
_PEEK_SMALLEST = _PEEK.order_by(batch.c.place, batch.c.row)
_PEEK_LARGEST = _PEEK.order_by(batch.c.place.desc(), batch.c.row.desc())

_PARTS = (
    select(batch.c.lo, batch.c.hi)
    .where(batch.c.queue == parameter(batch.c.queue), batch.c.id == parameter(batch.c.id))
    .order_by(batch.c.lo)
)

_FREE = (
    select(
        batch.c.row, batch.c.queue, batch.c.hi - batch.c.lo, batch.c.size, batch.c.files, batch.c.born_ms, batch.c.rank,
        batch.c.id, batch.c.lo,
    )
    .where(batch.c.queue == parameter(batch.c.queue), batch.c.lease == ZERO)
    .with_for_update(skip_locked=True)
)  # fmt: skip
_FREE_SMALLEST = _FREE.order_by(batch.c.place, batch.c.row)
_FREE_LARGEST = _FREE.order_by(batch.c.place.desc(), batch.c.row.desc())
_MOVE = (
    update(batch)
    .where(batch.c.row == parameter(batch.c.row))
    .values({column.name: parameter(column) for column in (batch.c.queue, batch.c.deployment, batch.c.turn, batch.c.place)})
    .values(attempt=ZERO, crashes=ZERO, ready_ms=ZERO)
)

_OLDEST = select(func.min(batch.c.born_ms)).where(batch.c.queue == queue.c.id).correlate(queue).scalar_subquery()
_DEPTHS = (
    select(
        queue.c.id,
        func.sum(queue_sum.c.waiting_messages),
        func.sum(queue_sum.c.waiting_size),
        func.sum(queue_sum.c.waiting_batches),
        _OLDEST,
    )
    .outerjoin(queue_sum, queue_sum.c.queue == queue.c.id)
    .where(queue.c.deployment == parameter(queue.c.deployment))
    .group_by(queue.c.id)
)
_NEXT_BATCH = select(func.min(batch.c.ready_ms)).where(
    batch.c.deployment == parameter(batch.c.deployment),
    batch.c.ready_ms > ZERO,
    batch.c.ready_ms > parameter(batch.c.ready_ms, "now_ms"),
)
_NEXT_TIMER = select(func.min(timer.c.due_ms)).where(
    timer.c.deployment == parameter(timer.c.deployment), timer.c.due_ms > parameter(timer.c.due_ms, "now_ms")
)
_WAITING = select(queue.c.id).where(queue.c.deployment == parameter(queue.c.deployment), waits_in(queue))
_NOW = text("SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint)")
_DUE = (
    select(batch.c.queue)
    .distinct()
    .where(
        batch.c.deployment == parameter(batch.c.deployment),
        batch.c.ready_ms > ZERO,
        batch.c.ready_ms <= parameter(batch.c.ready_ms, "now_ms"),
    )
)


def renew(session: Session, receipts: Sequence[tuple[int, int]], until_ms: int) -> int:
    """Prolong leases; how many were still held."""
    return session.count(
        _RENEW, [{"row": row, "lease": lease, "until_ms": until_ms} for row, lease in sorted(receipts) if lease]
    )


def release(session: Session, receipts: Sequence[tuple[int, int]], *, crashed: bool, due_ms: int) -> None:
    """Give leases back."""
    session.many(
        _RELEASE,
        [
            {"row": row, "lease": lease, "due_ms": due_ms, "crashed": int(crashed)}
            for row, lease in sorted(receipts)
            if lease
        ],
    )  # fmt: skip


def void(session: Session, deployment: int | None) -> int:
    """End every lease; how many there were."""
    return session.count(_VOID_ALL, [{}]) if deployment is None else session.count(_VOID, [{"deployment": deployment}])


def abandon(session: Session, holder: str) -> int:
    """End the leases of one holder; how many there were."""
    return session.count(_ABANDON, [{"holder": holder}])


def now_ms(session: Session) -> int:
    """The time by the server's clock; a SQLite file goes by this machine's."""
    return int(time.time() * 1000) if session.sqlite else session.rows(_NOW)[0][0]


def split(session: Session, row: int, lease: int) -> None:
    """Halve a batch: its row keeps the first half, the second gets a new row right behind it."""
    found = session.row(_LEASED, {"row": row, "lease": lease}) if lease else None
    if found is None:
        return
    first = dict(zip(batch.c.keys(), found, strict=True))
    n = first["hi"] - first["lo"]
    if n < 2:
        raise IntegrityError(f"a batch of {n} message cannot be halved")
    middle = first["lo"] + n // 2
    size = first["size"] * (n // 2) // n
    crashes = first["crashes"] + 1
    (copy,) = session.new_rows(1)
    session.run(_SHORTEN, {"row": row, "hi": middle, "size": size, "crashes": crashes})
    session.run(
        _ADD,
        first
        | {"row": copy, "lo": middle, "size": first["size"] - size, "crashes": crashes, "lease": 0, "ready_ms": 0}
        | {"place": _behind(session, first)},
    )
    session.run(_COPY_BODY, {"copy": copy, "row": row})
    session.run(_COPY_FILES, {"copy": copy, "row": row})
    sums = Sums()
    sums.inserted(first["queue"], 0, 0)
    write_sums(session, sums)


def _behind(session: Session, first: dict[str, Any]) -> float:
    """A place between a part of a batch and whatever comes after it.

    Where places are turns, parts of one batch share the room between its turn and the next one, by halves: a batch of 4,096
    messages can be halved twelve times over, which leaves a float exact up to 2**41 turns.
    """
    _, line = _line(session, first["queue"])
    here, turn = first["place"], first["turn"]
    if line.order not in (Order.FIFO, Order.LIFO):
        return here
    others = [place for (place,) in session.rows(_SIBLINGS, {key: first[key] for key in ("queue", "id", "row")})]
    if line.order is Order.LIFO:
        return (here + max((place for place in others if place < here), default=turn - 1)) / 2
    return (here + min((place for place in others if place > here), default=turn + 1)) / 2


def peek(session: Session, number: int, limit: int, offset: int) -> list[Claimed]:
    """The next batches in claiming order."""
    found = session.row(_LINE, {"id": number})
    if found is None:
        return []
    statement = _PEEK_LARGEST if Order(found[2]) is Order.LIFO else _PEEK_SMALLEST
    return [Claimed(*row) for row in session.rows(statement, {"queue": number, "n": limit, "skip": offset})]


def parts(session: Session, queue_number: int, id: bytes) -> list[tuple[int, int]]:
    """The parts of a batch that are there."""
    return [(lo, hi) for lo, hi in session.rows(_PARTS, {"queue": queue_number, "id": id})]


def purge(session: Session, number: int) -> tuple[int, list[str]]:
    """Delete every unleased batch; how many messages, and the files nobody refers to any more."""
    gone = [Held(*row[:5]) for row in session.rows(_FREE, {"queue": number})]
    dropped = remove(session, gone)
    sums = Sums()
    sums.removed(gone)
    write_sums(session, sums)
    return sum(held.n for held in gone), orphans(session, dropped)


def move(session: Session, source: int, target: int, limit: int | None) -> int:
    """Move unleased batches to the end of another queue; how many messages."""
    _, origin = _line(session, source)
    deployment, line = _line(session, target)
    free = session.rows(_FREE_LARGEST if origin.order is Order.LIFO else _FREE_SMALLEST, {"queue": source})[:limit]
    sums = Sums()
    sums.removed([Held(*row[:5]) for row in free])
    values: list[dict[str, Any]] = []
    for turn, (row, _, n, size, _, born_ms, rank, _, _) in zip(session.new_places(len(free)), free, strict=True):
        sums.inserted(target, n, size)
        there = place(line.order, turn, born_ms, rank)
        values.append({"row": row, "queue": target, "deployment": deployment, "turn": turn, "place": there})
    try:
        session.many(_MOVE, values)
    except session.faults as error:
        raise doubled(session, error, [(target, row[-2], row[-1]) for row in free], {target: line}) or error from error
    write_sums(session, sums)
    return sum(row[2] for row in free)


def _line(session: Session, number: int) -> tuple[int, Line]:
    found = session.row(_LINE, {"id": number})
    if found is None:
        raise NotFound(f"there is no queue {number}: list the queues to see which there are")
    deployment, key, sort, expire_ms = found
    return deployment, Line(key, Order(sort), 0 if key.startswith(DEAD) else expire_ms)


def depths(session: Session, deployment: int) -> dict[int, Depth]:
    """What waits in every queue."""
    return {
        number: Depth(int(messages or 0), int(size or 0), int(batches or 0), oldest or 0)
        for number, messages, size, batches, oldest in session.rows(_DEPTHS, {"deployment": deployment})
    }


def next_due(session: Session, deployment: int, now_ms: int) -> int | None:
    """When something falls due next."""
    values = {"deployment": deployment, "now_ms": now_ms}
    found = [
        row[0] for statement in (_NEXT_BATCH, _NEXT_TIMER) if (row := session.row(statement, values)) and row[0] is not None
    ]
    return min(found, default=None)


def due_queues(session: Session, deployment: int, now_ms: int) -> set[int]:
    """The queues with something to claim."""
    # In this order: a hidden batch that is shown meanwhile is seen by the second.
    due = session.rows(_DUE, {"deployment": deployment, "now_ms": now_ms})
    waiting = session.rows(_WAITING, {"deployment": deployment})
    return {number for (number,) in (*due, *waiting)}
