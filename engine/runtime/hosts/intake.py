"""What a task brings: its batches as rows, which are then run a slice at a time."""

from __future__ import annotations

from typing import Any

from . import values, wire
from .rows import Rows, concatenate

Mark = tuple[bytes, int, int]
"""A batch's id and the range of its messages that is meant."""

SLICE_S = 0.1
"""How long a slice should take: after each the task may end, and what is left goes back to its queue."""
_FIRST = 8
_GROWTH = 4
_MOST = 1 << 20


class Pace:
    """How many messages to take at a time, learned from how long the last ones took."""

    def __init__(self) -> None:
        self._size = _FIRST
        self._each_s = 0.0

    def expected_s(self, messages: int) -> float:
        """How long so many messages should take; 0 while nothing is known."""
        return messages * self._each_s

    @property
    def size(self) -> int:
        """Messages for the next slice."""
        return self._size

    def learn(self, messages: int, seconds: float) -> None:
        """So many messages took so long."""
        self._each_s = seconds / messages
        fitting = int(messages * SLICE_S / seconds) if seconds > 0 else messages * _GROWTH
        self._size = max(1, min(fitting, max(self._size, messages) * _GROWTH, _MOST))


class Intake:
    """The rows of a task and where each came from."""

    def __init__(self, segments: list[list[Any]], body: memoryview) -> None:
        parts: list[Rows] = []
        self._attempts: list[int] = []
        self._marks: list[tuple[int, Mark]] = []
        offset = first = kind = 0
        for size, lo, hi, attempt, kind, identity in segments:
            parts.append(_rows(body[offset : offset + size], lo, hi, first, kind))
            self._marks.append((first, (identity, lo, hi)))
            self._attempts.extend([attempt] * (hi - lo))
            offset += size
            first += hi - lo
        self.rows = concatenate(parts)
        self.rows.kind = kind
        if self.rows.packed is None:
            self.rows.packed = values.pack(self.rows.contents)

    def __len__(self) -> int:
        return len(self.rows)

    def part(self, lo: int, hi: int) -> Rows:
        """Some of the rows; all of them as they are."""
        return self.rows if hi - lo == len(self.rows) else self.rows.part(lo, hi)

    def attempts(self, lo: int, hi: int) -> list[int] | None:
        """Tries made before by those rows; None when there were none."""
        attempts = self._attempts[lo:hi]
        return attempts if any(attempts) else None

    @property
    def given(self) -> list[tuple[int, bytes, int]]:
        """Where in the rows each batch begins, its id, and the index of the first message that is meant."""
        return [(first, identity, lo) for first, (identity, lo, _) in self._marks]

    def marks(self, lo: int, hi: int) -> tuple[list[Mark], list[int]]:
        """The batches that those rows are of, cut to them, and where in the rows each begins."""
        marks: list[Mark] = []
        starts: list[int] = []
        for first, (identity, start, stop) in self._marks:
            begin, end = max(lo, first), min(hi, first + stop - start)
            if begin < end:
                marks.append((identity, start + begin - first, start + end - first))
                starts.append(begin - lo)
        return marks, starts


def _rows(batch: memoryview, lo: int, hi: int, first: int, kind: int) -> Rows:
    n, packed, packed_attributes = wire.open_batch(batch)
    contents, attributes = values.unpack(packed), values.unpack(packed_attributes)
    if (lo, hi) == (0, n):
        return Rows(contents, range(first, first + n), attributes, packed, kind)
    cut = contents[lo:hi]
    return Rows(cut, range(first, first + hi - lo), attributes[lo:hi] if attributes else None, values.pack(cut), kind)
