"""What parts of deployments did, minute by minute: written once, read in ranges, dropped when it is old."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from engine.ledger.base import HistoryEntry
from engine.ledger.sql.session import Session
from engine.ledger.sql.statement import ONE, ZERO, parameter
from engine.ledger.sql.tables import deployment, history

_COLUMNS = (history.c.deployment, history.c.piece, history.c.time_ms, history.c.packed)
# Somebody may forget the deployment meanwhile: its row is asked for, and held until the entry is there.
_ADD = insert(history).from_select(
    [column.name for column in _COLUMNS],
    select(*(parameter(column) for column in _COLUMNS))
    .select_from(deployment)
    .where(deployment.c.id == parameter(history.c.deployment))
    .with_for_update(read=True, key_share=True),
)
_MINE = (history.c.deployment == parameter(history.c.deployment), history.c.piece == parameter(history.c.piece))
_ENTRIES = select(history.c.time_ms, history.c.packed).where(*_MINE)
_RANGE = _ENTRIES.where(
    history.c.time_ms >= parameter(history.c.time_ms, "since_ms"), history.c.time_ms < parameter(history.c.time_ms, "until_ms")
).order_by(history.c.time_ms, history.c.row)
_LAST = (
    _ENTRIES.where(history.c.time_ms < parameter(history.c.time_ms, "before_ms"))
    .order_by(history.c.time_ms.desc(), history.c.row.desc())
    .limit(ONE)
    .offset(ZERO)
)
_PRUNE = delete(history).where(history.c.time_ms < parameter(history.c.time_ms, "before_ms"))


def add(session: Session, entries: Sequence[HistoryEntry]) -> None:
    """Keep entries."""
    session.many(_ADD, [
        {"deployment": entry.deployment, "piece": entry.piece, "time_ms": entry.time_ms, "packed": entry.packed}
        for entry in entries
    ])  # fmt: skip


def read(session: Session, number: int, piece: int, since_ms: int, until_ms: int) -> list[tuple[int, bytes]]:
    """(time, packed), oldest first."""
    values = {"deployment": number, "piece": piece, "since_ms": since_ms, "until_ms": until_ms}
    return [(time_ms, packed) for time_ms, packed in session.rows(_RANGE, values)]


def read_before(session: Session, number: int, piece: int, before_ms: int) -> tuple[int, bytes] | None:
    """The last one before a time."""
    found = session.row(_LAST, {"deployment": number, "piece": piece, "before_ms": before_ms})
    return None if found is None else (found[0], found[1])


def prune(session: Session, before_ms: int) -> int:
    """Drop what is older; how many entries."""
    return session.count(_PRUNE, [{"before_ms": before_ms}])
