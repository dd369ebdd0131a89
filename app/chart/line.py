"""Line, one counter of one part over time."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.chart.counter import Counter
from app.chart.subject import Subject
from app.theme.theme import SWATCHES
from engine.client.answer import History, HistoryPart

Numbers = NDArray[np.float64]
_YOUNG_S = 5.0
"""A row that has lasted for less says nothing yet of how much comes in a second."""


class Key(NamedTuple):
    """Whose line it is."""

    part: HistoryPart
    counter: str


class Line(NamedTuple):
    """Values at times, in seconds since the epoch: each is about the time since the one before."""

    key: Key
    name: str
    counter: Counter
    color: str
    times: Numbers
    values: Numbers

    def at(self, time_s: float) -> tuple[float, float] | None:
        """The time and the value of the row that holds a time."""
        if not len(self.times):
            return None
        row = min(int(np.searchsorted(self.times, time_s)), len(self.times) - 1)
        return float(self.times[row]), float(self.values[row])

    @property
    def is_still(self) -> bool:
        """Whether it is zero all along."""
        return not self.values.any()


def color_of(subject: Subject, counter: Counter, *, number: int, among: int) -> str:
    """The colour of a line: that of its counter, or, where there are several subjects, one that also tells whose it is."""
    return SWATCHES[(3 * number + subject.counters.index(counter)) % len(SWATCHES)] if among > 1 else counter.color


def line_of(subject: Subject, counter: Counter, history: History, now_s: float, *, number: int, among: int) -> Line:
    """The line of a counter. `number` is its subject's, `among` so many."""
    name = f"{subject.name} · {counter.name}" if among > 1 else counter.name
    color = color_of(subject, counter, number=number, among=among)
    column = history.columns.index(counter.id) if counter.id in history.columns else -1
    rows = len(history.rows) if column >= 0 else 0
    every_s, until_s = history.every_s, history.until_ms / 1000
    times = until_s - every_s * np.arange(rows - 1, -1, -1, dtype=np.float64)
    values = np.array([row[column] for row in history.rows], np.float64) if rows else np.zeros(0)
    if counter.is_rate:
        values = values / every_s
    if rows and until_s > now_s:  # the row that lasts
        passed = every_s - (until_s - now_s)
        times[-1] = now_s
        if counter.is_rate and passed < _YOUNG_S:
            times, values = times[:-1], values[:-1]
        elif counter.is_rate:
            values[-1] *= every_s / passed
    return Line(Key(subject.part, counter.id), name, counter, color, times, values)


def figure(value: float) -> str:
    """A figure as short as it can be read: 12.3 k."""
    if value == 0 or not math.isfinite(value):
        return "0"
    for size, prefix in ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= size:
            return f"{value / size:.3g} {prefix}"
    return f"{value:.3g}"


def as_csv(lines: Sequence[Line]) -> str:
    """A column of times, and one for each line."""
    import csv
    import io
    from datetime import datetime

    found = io.StringIO()
    writer = csv.writer(found, lineterminator="\n")
    writer.writerow(["time", *(f"{line.name} ({line.counter.unit_name})" for line in lines)])
    by_time: dict[float, list[str]] = {}
    for number, line in enumerate(lines):
        for time_s, value in zip(line.times.tolist(), line.values.tolist(), strict=True):
            by_time.setdefault(time_s, [""] * len(lines))[number] = f"{value:.6g}"
    for time_s in sorted(by_time):
        writer.writerow([datetime.fromtimestamp(time_s).astimezone().isoformat(timespec="seconds"), *by_time[time_s]])
    return found.getvalue()
