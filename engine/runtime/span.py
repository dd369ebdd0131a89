"""Which time, and in how long rows, somebody wants to know of."""

from __future__ import annotations

from msgspec import Struct

from engine.errors import UsageError
from engine.runtime.history import SECONDS
from engine.runtime.pieces import MINUTE_MS, Span

DAY_MS = 86_400_000
_MOST_ROWS = 20_000


class Question(Struct, frozen=True):
    """What somebody wants to know: of a processor, a subflow, a connection, or, if none is named, of the whole flow.

    Times are in milliseconds since the epoch. `until_ms` 0: up to now; `every_s` 0: whatever gives a handy number of rows.
    `since_ms` 0: all that is kept; None: the last five minutes, by the second.
    """

    processor: str = ""
    connection: str = ""
    since_ms: int | None = None
    until_ms: int = 0
    every_s: int = 0


def is_fine(question: Question, now_ms: int) -> bool:
    """Whether seconds are asked for: by name, or because all of it was in the last five minutes."""
    if question.every_s:
        return question.every_s < MINUTE_MS // 1000
    return (question.since_ms or 0) >= now_ms - SECONDS * 1000


def span_of(question: Question, now_ms: int, keep_days: int) -> Span:
    """Whole minutes that hold all that is asked for, and the one that lasts, but none that is not kept any more."""
    until_ms = -(-min(question.until_ms or now_ms, now_ms) // MINUTE_MS) * MINUTE_MS
    since_ms = max(question.since_ms or 0, now_ms - keep_days * DAY_MS) // MINUTE_MS * MINUTE_MS
    if since_ms >= until_ms and question.until_ms:
        raise UsageError("`until` must be later than `since`, and not before what is kept")
    every_s = -(-question.every_s // 60) * 60
    if every_s and (until_ms - since_ms) / 1000 / every_s > _MOST_ROWS:
        raise UsageError(f"that would be more than {_MOST_ROWS:,} rows; ask for a shorter span or longer rows")
    return Span(since_ms, until_ms, every_s)
