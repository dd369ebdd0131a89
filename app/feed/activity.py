"""What processors did, and what crossed connections, in the last five minutes: for sparklines and the figures on cards."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.client.answer import Columns, ConnectionFigures, Lately, ProcessorFigures

INTERVALS = 60
EVERY_MS = 5000
"""Five minutes, in steps that a sparkline can show."""
COLUMNS = ("in", "out", "tasks", "seconds")
_ROOM = 64
_FEW = 4
"""To pick one in so many and sum just those costs less than to sum all."""
Numbers = NDArray[np.float64]
Places = NDArray[np.intp] | slice


class Activity:
    """Differences of counters by interval, for all processors of a flow in one array: ten thousand of them cost milliseconds.

    `columns` names what is counted, `values` reads it from the figures of parts, of which `zero` are those with nothing done;
    `told` is what events call the same, `recalled` what the engine calls it when it tells of the last minutes.

    Times are milliseconds since the epoch, given by the caller. A clock that goes back a little is taken for standing still.
    """

    columns: tuple[str, ...] = COLUMNS
    told: tuple[str, ...] = COLUMNS
    recalled: tuple[str, ...] = COLUMNS
    zero: Any = ProcessorFigures()

    @staticmethod
    def values(figures: Collection[Any]) -> Iterable[Iterable[float]]:
        """The counters of some parts, by column: to read ten thousand of them one by one takes three times as long."""
        return (
            [each.received for each in figures],
            map(sum, [each.out.values() for each in figures]),
            [each.tasks for each in figures],
            [each.seconds for each in figures],
        )

    def __init__(self) -> None:
        self._rows: dict[str, int] = {}
        self._ring: Numbers = np.zeros((INTERVALS, _ROOM, len(self.columns)))
        self._last: Numbers = np.zeros((_ROOM, len(self.columns)))
        self._read_in = np.zeros_like(self._last)
        self._names: Sequence[str] = ()
        self._places: Places = slice(0)
        """Of the parts that were told of last as columns: their names, and where they are."""
        self._known = np.zeros(_ROOM, dtype=bool)
        """Of which processors there are counters to compare with."""
        self._number = 0
        """The number of the current interval since the epoch; it is in the ring at this number modulo the ring's length."""

    def count(self, processors: Mapping[str, Any], at_ms: int) -> None:
        """Add what is new in the counters of some processors to the current interval.

        Counters that are seen for the first time say nothing of the last minutes. Those that have shrunk were set to zero
        meanwhile: all that they count is new. As the columns of an event they are read in half the time.
        """
        self.advance(at_ms)
        rows, now = self._read(processors)
        if not len(now):
            return
        before = self._last[rows]
        shrunk, unknown = (now < before).any(axis=1), ~self._known[rows]
        news = np.subtract(now, before, out=before)  # where they were: memory that is new costs as much as the sums
        if shrunk.any():
            news[shrunk] = now[shrunk]
        if unknown.any():
            news[unknown] = 0.0
        self._ring[self._number % INTERVALS, rows] += news
        self._note(rows, now)

    def begin(self, processors: Iterable[str]) -> None:
        """Those of these of which nothing is known had counters of zero within the last minutes: all that they count is new."""
        new = {processor: self.zero for processor in processors if not self._knows(processor)}
        self._note(*self._read(new))

    def note(self, processors: Mapping[str, Any], at_ms: int) -> None:
        """Take counters as they are: what was counted meanwhile was too long ago."""
        self.advance(at_ms)
        self._note(*self._read(processors))

    def recall(self, lately: Lately, since_ms: int = 0) -> list[str]:
        """Take in what the engine remembers of some processors; returns those of which something is known here.

        The engine knows better what was done while it watched, this knows what was done after it was asked. Counters that began
        at zero at `since_ms`, within these minutes, also tell what was done before the engine watched.
        """
        self.advance(lately.until_ms)
        parts = [number for number, part in enumerate(lately.parts) if self._knows(part)]
        if not parts:
            return []
        rows = np.array([self._rows[lately.parts[number]] for number in parts])
        then = np.array([lately.now[name] for name in self.recalled], np.float64).T[parts]
        past, newest, oldest = self._past(lately, parts), self._age(lately.until_ms), self._age(lately.from_ms)
        places = np.ix_((self._number - np.arange(INTERVALS)) % INTERVALS, rows)
        here = self._ring[places]  # by age
        if self._age(since_ms) < INTERVALS and oldest < INTERVALS:
            past[oldest] += np.maximum(0.0, then - past.sum(axis=0) - here[oldest + 1 :].sum(axis=0))
        after = np.maximum(0.0, self._last[rows] - then)
        self._last[rows] = np.maximum(self._last[rows], then)
        counted = here[:newest].sum(axis=0)
        if newest:  # what was counted here after the engine was asked is not more than that
            here[:newest] = np.where(counted > after, 0.0, here[:newest])
            here[0] += np.where(counted > after, after, 0.0)
        if newest < INTERVALS:
            past[newest] += np.maximum(0.0, after - counted)
        here[newest:oldest] = past[newest:oldest]
        here[oldest : oldest + 1] = np.maximum(
            here[oldest : oldest + 1], past[oldest : oldest + 1]
        )  # the engine saw a part of it
        self._ring[places] = here
        return [lately.parts[number] for number in parts]

    def _past(self, lately: Lately, parts: Sequence[int]) -> Numbers:
        """What the engine remembers of some of its parts, by age, part and column."""
        past = np.zeros((INTERVALS, len(lately.parts), len(self.columns)))
        ages = np.array(lately.ago, np.intp) + self._number - lately.until_ms // EVERY_MS
        kept = ages < INTERVALS
        values = np.array([lately.values[name] for name in self.recalled], np.float64).T
        past[ages[kept], np.array(lately.part, np.intp)[kept]] = values[kept]
        return past[:, parts]

    def _age(self, at_ms: int) -> int:
        return self._number - at_ms // EVERY_MS

    def advance(self, at_ms: int) -> bool:
        """Let time pass; whether another interval has begun."""
        number = at_ms // EVERY_MS
        passed = number - self._number
        if -INTERVALS <= passed <= 0:
            return False
        if passed < 0 or passed >= INTERVALS:
            self._ring[:] = 0.0
        else:
            self._ring[np.arange(self._number + 1, number + 1) % INTERVALS] = 0.0
        self._number = number
        return True

    def of(self, processor: str) -> Numbers:
        """A row of COLUMNS for every interval, the current one last: messages in and out, tasks, seconds of work."""
        row = self._rows.get(processor)
        if row is None:
            return np.zeros((INTERVALS, len(self.columns)))
        return np.roll(self._ring[:, row], -(self._number % INTERVALS) - 1, axis=0)

    def totals(self, processors: Sequence[str]) -> Numbers:
        """A row of COLUMNS for every processor: sums of the last five minutes."""
        rows = np.array([self._rows.get(processor, -1) for processor in processors], np.intp)
        if len(rows) < len(self._last) // _FEW:
            sums = self._ring[:, rows].sum(axis=0)
            sums[rows < 0] = 0.0
            return sums
        return np.vstack((self._ring.sum(axis=0), np.zeros(len(self.columns))))[rows]

    def total(self, processor: str) -> tuple[int, int, int, float]:
        """Messages in and out, tasks, and seconds of work of the last five minutes."""
        received, sent, tasks, seconds = self.of(processor).sum(axis=0).tolist()
        return int(received), int(sent), int(tasks), seconds

    def active(self) -> list[str]:
        """The processors that did anything in the last five minutes."""
        busy = np.asarray(self._ring.any(axis=(0, 2)))
        return [processor for processor, row in self._rows.items() if busy[row]]

    def _knows(self, processor: str) -> bool:
        row = self._rows.get(processor)
        return row is not None and bool(self._known[row])

    def _read(self, processors: Mapping[str, Any]) -> tuple[Places, Numbers]:
        """Where some processors are, and their counters, good until the next are read."""
        if isinstance(processors, Columns):
            if processors.names is not self._names:  # the same list while nothing was added
                self._names, self._places = processors.names, self._places_of(processors.names)
            places = self._places
            found = [_counters(processors.columns.get(name)) for name in self.told]
        else:
            places = self._places_of(processors)
            found = self.values(processors.values())
        count = len(processors)
        for number, column in enumerate(found):
            self._read_in[:count, number] = np.fromiter(column, np.float64, count)
        return places, self._read_in[:count]

    def _places_of(self, processors: Collection[str]) -> Places:
        for processor in processors:
            self._rows.setdefault(processor, len(self._rows))
        self._grow()
        return _places(np.fromiter(map(self._rows.__getitem__, processors), np.intp, len(processors)))

    def _note(self, rows: Places, now: Numbers) -> None:
        self._last[rows] = now
        self._known[rows] = True

    def _grow(self) -> None:
        room = len(self._last)
        if len(self._rows) <= room:
            return
        more = max(len(self._rows), 2 * room) - room
        self._ring = _widened(self._ring, more, axis=1)
        self._last = _widened(self._last, more, axis=0)
        self._read_in = np.zeros_like(self._last)
        self._known = _widened(self._known, more, axis=0)


class Traffic(Activity):
    """The same of connections: messages and bytes that crossed them."""

    columns = ("messages", "bytes")
    told = ("passed", "passed_bytes")
    recalled = ("passed", "bytes")
    zero = ConnectionFigures()

    @staticmethod
    def values(figures: Collection[Any]) -> Iterable[Iterable[float]]:
        """The counters of some connections."""
        return [each.passed for each in figures], [each.passed_bytes for each in figures]


def _counters(column: list[Any] | None) -> Iterable[float]:
    """A column of an event as numbers; those by port are added up, and what nobody told is zero."""
    if column is None:
        return repeat(0.0)
    told = column if None not in column else [value for value in column if value is not None]
    if told and isinstance(told[0], dict):
        return [sum(value.values()) if value else 0 for value in column]
    return column if told is column else [value or 0 for value in column]


def _places(rows: NDArray[np.intp]) -> Places:
    """The same rows; as a slice, which costs next to nothing, if one follows the other, as when all parts have news."""
    if len(rows) and rows[-1] - rows[0] == len(rows) - 1 and (np.diff(rows) == 1).all():
        return slice(int(rows[0]), int(rows[-1]) + 1)
    return rows


def _widened(array: NDArray[Any], more: int, axis: int) -> NDArray[Any]:
    """An array with room for more processors."""
    width = [(0, 0)] * array.ndim
    width[axis] = (0, more)
    return np.pad(array, width)
