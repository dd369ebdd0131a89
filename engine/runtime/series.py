"""What parts of a flow did over time, as tables: differences of counters, summed over parts and over longer spans.

A processor's entry has the numbers of STEP, all counted in the time that the entry is about. A connection's has those of LINK:
the first two counted, the others as they stood at its end.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from engine.errors import NotFound
from engine.ledger.base import DEAD, Registration
from engine.model.problem import did_you_mean, shown

PROCESSOR = ("in", "out", "failed", "tasks", "seconds")
CONNECTION = ("passed", "queued", "bytes", "queued_bytes")
STEP = PROCESSOR
"""Of entries; `seconds` in nanoseconds."""
LINK = ("passed", "bytes", "queued", "queued_bytes")
STANDS = frozenset({"queued", "queued_bytes"})
"""Columns that do not add up: they say how something stands."""
_ROWS = 1500
"""As many as are of use to somebody who does not say how fine the rows are to be."""
_STEPS_S = (60, 120, 600, 1800, 3600, 7200, 21_600, 86_400)
"""Each of them divides the next."""
Entry = tuple[int, ...]


class Entries(Struct):
    """Entries of one time, by the ledger's numbers of processors and of connections' queues."""

    steps: dict[int, Entry] = field(default_factory=dict[int, Entry])
    links: dict[int, Entry] = field(default_factory=dict[int, Entry])


class Minute(Struct, frozen=True):
    """What was done in a minute from `time_ms` on; `waiting` are (messages, bytes) of all queues that hold something."""

    time_ms: int
    entries: Entries
    waiting: dict[int, Entry]


class Parts(Struct, frozen=True):
    """Parts whose figures are summed, by their numbers, and the columns that they have."""

    steps: frozenset[int]
    links: frozenset[int]
    columns: tuple[str, ...]


class Table(Struct, frozen=True):
    """A number for each of `columns` in every row; a row is about `every_s` seconds, the last one ends at `until_ms`."""

    every_s: int
    until_ms: int
    columns: tuple[str, ...]
    rows: list[list[float]]


def parts_of(known: Registration, *, processor: str = "", connection: str = "") -> Parts:
    """A processor, a connection, a subflow with all in it, or, if nothing is named, the whole flow.

    Raises:
        NotFound: the flow has no such part.
    """
    links = {key: number for key, number in known.queues.items() if not key.startswith(DEAD)}
    if connection:
        if connection not in links:
            raise NotFound(f"there is no connection {shown(connection)} in this flow{did_you_mean(connection, links)}")
        return Parts(frozenset(), frozenset({links[connection]}), CONNECTION)
    if processor in known.steps:
        return Parts(frozenset({known.steps[processor]}), frozenset(), PROCESSOR)
    within = f"{processor}/" if processor else ""
    steps = {number for step, number in known.steps.items() if step.startswith(within)}
    if processor and not steps:
        raise NotFound(f"there is no processor {shown(processor)} in this flow{did_you_mean(processor, known.steps)}")
    inner = {number for key, number in links.items() if all(end.startswith(within) for end in key.split("->"))}
    return Parts(frozenset(steps), frozenset(inner), PROCESSOR + CONNECTION)


class Rows:
    """Rows of some parts, made of entries that come in the order of time. `every_ms` is what an entry is about."""

    def __init__(self, parts: Parts, every_ms: int) -> None:
        self._parts = parts
        self._every_ms = every_ms
        self._counted: dict[int, list[int]] = {}
        """By row: in, out, failed, tasks, nanoseconds, passed, passed bytes."""
        self._stood: dict[int, tuple[int, int]] = {}
        """By row: messages and bytes that were queued at its end. A row without is as the one before it."""
        self._waiting: dict[int, Entry] = {}
        self._messages, self._bytes = 0, 0
        """What waits in all the queues, by what was added so far."""
        self._before = (0, 0)

    @property
    def first_ms(self) -> int | None:
        """When the first row begins of which something is known."""
        return min(self._counted) * self._every_ms if self._counted else None

    def add(self, time_ms: int, entries: Entries) -> None:
        """What was done from then on; connections that are not mentioned stand as before."""
        steps = _chosen(entries.steps, self._parts.steps)
        links = _chosen(entries.links, self._parts.links)
        if not steps and not links:
            return
        number = time_ms // self._every_ms
        counted = self._counted.setdefault(number, [0] * 7)
        for entry in steps.values():
            for column, value in enumerate(entry):
                counted[column] += value
        for queue, (messages, size, *stands) in links.items():
            counted[5] += messages
            counted[6] += size
            self._stand(queue, tuple(stands))
        self._stood[number] = (self._messages, self._bytes)

    def begin(self, waiting: Mapping[int, Entry]) -> None:
        """How queues stood before the first entry: (messages, bytes) by number."""
        for queue, stands in _chosen(waiting, self._parts.links).items():
            self._stand(queue, stands)
        self._before = (self._messages, self._bytes)

    def _stand(self, queue: int, stands: Entry) -> None:
        was = self._waiting.get(queue, (0, 0))
        self._waiting[queue] = stands
        self._messages += stands[0] - was[0]
        self._bytes += stands[1] - was[1]

    def table(self, since_ms: int, until_ms: int) -> Table:
        """Every row from `since_ms` to `until_ms`, which are multiples of `every_ms`."""
        nothing, stands = [0] * 7, self._before
        rows: list[list[float]] = []
        for number in range(since_ms // self._every_ms, until_ms // self._every_ms):
            stands = self._stood.get(number, stands)
            rows.append(_row(self._counted.get(number, nothing), stands, self._parts.columns))
        return Table(self._every_ms // 1000, until_ms, self._parts.columns, rows)


def coarser(table: Table, every_s: int) -> Table:
    """The same in longer rows that begin at multiples of `every_s`: what is counted is summed, what stands is as at the end."""
    if every_s <= table.every_s:
        return table
    if not table.rows:
        return Table(every_s, -(-table.until_ms // (every_s * 1000)) * every_s * 1000, table.columns, [])
    first_s = table.until_ms // 1000 - len(table.rows) * table.every_s
    stands = [name in STANDS for name in table.columns]
    made: dict[int, list[float]] = {}
    for number, row in enumerate(table.rows):
        sums = made.setdefault((first_s + number * table.every_s) // every_s, [0] * len(row))
        for column, value in enumerate(row):
            sums[column] = value if stands[column] else sums[column] + value
    rows = [[round(value, 6) if isinstance(value, float) else value for value in row] for row in made.values()]
    return Table(every_s, (max(made) + 1) * every_s * 1000, table.columns, rows)


def handy_step(span_s: float) -> int:
    """How many seconds a row is to be about, at least a minute, so that the rows of a span can be looked at."""
    return next((step for step in _STEPS_S if span_s <= step * _ROWS), _STEPS_S[-1])


def _chosen(entries: Mapping[int, Entry], wanted: frozenset[int]) -> dict[int, Entry]:
    if len(wanted) < len(entries):
        return {number: entries[number] for number in wanted if number in entries}
    return {number: entry for number, entry in entries.items() if number in wanted}


def _row(counted: list[int], stands: tuple[int, int], columns: tuple[str, ...]) -> list[float]:
    received, sent, failed, tasks, time_ns, passed, size = counted
    steps = [received, sent, failed, tasks, round(time_ns / 1e9, 6)]
    links = [passed, stands[0], size, stands[1]]
    if columns == PROCESSOR:
        return steps
    return [*links] if columns == CONNECTION else [*steps, *links]
