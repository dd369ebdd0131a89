"""Where a message came from and what became of it, by the ledger's lineage log; and what a processor did lately.

The log knows the messages that came to a queue. What goes from step to step within a stage is in no queue, and not in it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from engine.errors import NotFound, UsageError
from engine.ledger.base import DEAD, Ledger, Registration
from engine.model.problem import shown
from engine.runtime.hosts import values
from engine.runtime.hosts.origins import places

MOST_ENTRIES = 20_000
"""Tasks that are looked back on; a busy flow's log holds millions."""
MOST_PLACES = 500
"""Places in one trace; a message may have been made of thousands."""
_Place = tuple[bytes | str, int]
_Origins = list[int] | dict[str, list[int]]


class Edited(Struct, frozen=True):
    """Somebody has edited a message while it waited."""

    at_ms: int
    by: str


class Place(Struct, frozen=True):
    """A place that a message was at.

    `id` is its batch's id and its index there, or the source and the number of what it made (`read#7`). `step` put it there,
    into `queue`, at `at_ms` (0: before the log begins). `state` is `source`, `waiting`, `dead` (it waits as a dead letter),
    `passed` (it went on) or `ended` (nothing came of it). `edits` were made while it waited there, the oldest first.
    """

    id: str
    step: str
    queue: str
    at_ms: int
    state: str
    edits: list[Edited] = []


class Trace(Struct, frozen=True):
    """A message's places: first those it descends from, then its own, then those that descend from it; `links` join their ids.

    `is_cut`: there were more than is looked back on.
    """

    message: str
    places: list[Place]
    links: list[tuple[str, str]]
    is_cut: bool = False


class Event(Struct, frozen=True):
    """A message came to a processor's queue (`arrived`), left it (`sent`), or failed in it for good (`failed`).

    Or somebody (`by`) has edited it while it waited before the processor, or as its dead letter (`edited`).
    """

    at_ms: int
    kind: str
    message: str
    queue: str
    by: str = ""


def trace(ledger: Ledger, name: str, message: str) -> Trace:
    """Where a message of a deployment came from, and what became of it.

    Raises:
        UsageError: that is no message's id.
        NotFound: the log knows nothing of it.
    """
    start = _parsed(message)
    registration = _registered(ledger, name)
    entries = ledger.lineage(registration.deployment, limit=MOST_ENTRIES, newest=True)
    log = _Log(entries)
    if not log.knows(start):
        raise NotFound(f"nothing is known of a message {message}; the last {MOST_ENTRIES:,} tasks are looked back on")
    before, before_cut = _reached(start, lambda place: log.parents(place)[::-1])
    after, after_cut = _reached(start, log.children)
    here = [*reversed(before), start, *after]
    parents = {place: log.parents(place) for place in here}
    here = _downward(parents)
    links = [(_shown(parent), _shown(place)) for place in here for parent in parents[place] if parent in parents]
    waiting = _Waiting(ledger, registration)
    found = [_described(log, waiting, place) for place in here]
    is_cut = before_cut or after_cut or len(entries) == MOST_ENTRIES
    return Trace(message, found, list(dict.fromkeys(links)), is_cut=is_cut)


def events(ledger: Ledger, name: str, step: str, *, limit: int = 200) -> list[Event]:
    """What happened lately at a processor, the newest first."""
    found: list[Event] = []
    registration = _registered(ledger, name)
    if step not in registration.steps:
        raise NotFound(f"the flow has no processor {shown(step)}; check the name")
    for at_ms, packed in reversed(ledger.lineage(registration.deployment, limit=MOST_ENTRIES, newest=True)):
        of, _, _, children, *more = values.unpack(packed)
        if len(more) > 1 and of == step:
            key, id, index, by = more[1]
            found.append(Event(at_ms, "edited", _shown((id, index)), key, by))
        for key, id, origins in children:
            kinds = _kinds(key, step)
            for index in reversed(range(_count(origins))) if kinds else ():
                found += [Event(at_ms, kind, _shown((id, index)), key) for kind in kinds]
        if len(found) >= limit:
            break
    return found[:limit]


def _kinds(key: str, step: str) -> list[str]:
    """What a message in a queue means to a step."""
    if key.startswith(DEAD):
        return ["failed"] if key == DEAD + step else []
    source, _, target = key.partition("->")
    return [kind for kind, end in (("arrived", target), ("sent", source)) if _step(end) == step]


class _Task(Struct, frozen=True):
    """An entry of the log."""

    at_ms: int
    step: str
    given: Sequence[tuple[bytes, int, int]]
    children: Sequence[Any]
    sets: Sequence[Sequence[Any]]

    def places_of(self, row: int) -> list[_Place]:
        """What a row of what was given is, or what a set (below zero) is made of."""
        if row < 0:
            return list(places(self.sets[-1 - row])) if -1 - row < len(self.sets) else []
        for id, lo, hi in self.given:
            if row < hi - lo:
                return [(id or self.step, lo + row)]
            row -= hi - lo
        return []

    def rows_of(self, place: _Place) -> set[int]:
        """The rows and the sets that a place is in."""
        whose, index = place
        found: set[int] = set()
        row = 0
        for id, lo, hi in self.given:
            if (id or self.step) == whose and lo <= index < hi:
                found.add(row + index - lo)
            row += hi - lo
        for number, spans in enumerate(self.sets):
            if any(id == whose and _covers(ranges, index) for id, *ranges in spans):
                found.add(-1 - number)
        return found


class _Log:
    """The log, indexed both ways."""

    def __init__(self, entries: Iterable[tuple[int, bytes]]) -> None:
        self._made: dict[bytes, tuple[_Task, str, _Origins]] = {}
        self._used: dict[bytes | str, list[_Task]] = {}
        self._edits: dict[_Place, list[Edited]] = {}
        for at_ms, packed in entries:
            stage, origin, given, children, *more = values.unpack(packed)
            task = _Task(at_ms, origin or stage, given, children, more[0] if more else [])
            if len(more) > 1:
                _, id, index, by = more[1]
                self._edits.setdefault((id, index), []).append(Edited(at_ms, by))
            for key, id, origins in children:
                self._made[id] = (task, key, origins)
            used = {id or task.step for id, *_ in given} | {id for spans in task.sets for id, *_ in spans}
            for id in used:
                self._used.setdefault(id, []).append(task)

    def knows(self, place: _Place) -> bool:
        """Whether the log has anything to say of a message."""
        return bool(self.parents(place) or self.children(place) or self.made(place)[1] or self.edits(place))

    def edits(self, place: _Place) -> list[Edited]:
        """How a message was edited there."""
        return self._edits.get(place, [])

    def made(self, place: _Place) -> tuple[int, str]:
        """When a message was made, and for which queue."""
        found = self._maker(place)
        return (found[0].at_ms, found[1]) if found is not None else (0, "")

    def parents(self, place: _Place) -> list[_Place]:
        """What a message was made of."""
        found = self._maker(place)
        return found[0].places_of(_row(found[2], place[1])) if found is not None else []

    def children(self, place: _Place) -> list[_Place]:
        """What was made of a message."""
        found: list[_Place] = []
        for task in self._used.get(place[0], ()):
            rows = task.rows_of(place)
            for _, id, origins in task.children if rows else ():
                found += [(id, index) for index in range(_count(origins)) if _row(origins, index) in rows]
        return found

    def _maker(self, place: _Place) -> tuple[_Task, str, _Origins] | None:
        found = self._made.get(place[0]) if isinstance(place[0], bytes) else None
        return found if found is not None and place[1] < _count(found[2]) else None


class _Waiting:
    """Says where messages wait just now."""

    def __init__(self, ledger: Ledger, registration: Registration) -> None:
        self._ledger = ledger
        self._queues = registration.queues

    def state(self, place: _Place, key: str) -> str:
        """`waiting`, `dead`, or empty."""
        id, index = place
        assert isinstance(id, bytes)
        for queue in (key, *self._given_another_try(key)):
            number = self._queues.get(queue)
            if number is not None and any(lo <= index < hi for lo, hi in self._ledger.parts(number, id)):
                return "dead" if queue.startswith(DEAD) else "waiting"
        return ""

    def _given_another_try(self, key: str) -> list[str]:
        """Where a dead letter is when it was put back: it keeps its id."""
        step = key.removeprefix(DEAD)
        return [each for each in self._queues if _step(each.partition("->")[2]) == step] if key.startswith(DEAD) else []


def _reached(start: _Place, further: Callable[[_Place], list[_Place]]) -> tuple[list[_Place], bool]:
    """What can be reached from a place, the nearest first, and whether there is more."""
    found: dict[_Place, None] = {}
    pending = deque([start])
    while pending:
        for place in further(pending.popleft()):
            if place not in found and place != start:
                if len(found) >= MOST_PLACES:
                    return list(found), True
                found[place] = None
                pending.append(place)
    return list(found), False


def _downward(parents: Mapping[_Place, Sequence[_Place]]) -> list[_Place]:
    """The places in the order in which they are given, but none before what it was made of."""
    ordered: dict[_Place, None] = {}
    pending: list[tuple[_Place, bool]] = [(place, False) for place in reversed(list(parents))]
    while pending:
        place, is_next = pending.pop()
        if is_next:
            ordered[place] = None
        elif place not in ordered:
            pending.append((place, True))
            pending += [(parent, False) for parent in reversed(parents[place]) if parent in parents and parent not in ordered]
    return list(ordered)


def _described(log: _Log, waiting: _Waiting, place: _Place) -> Place:
    if isinstance(place[0], str):
        return Place(_shown(place), place[0], "", 0, "source")
    at_ms, key = log.made(place)
    state = waiting.state(place, key) if key else ""
    step = key.removeprefix(DEAD) if key.startswith(DEAD) else _step(key.partition("->")[0])
    state = state or ("passed" if log.children(place) else "ended")
    return Place(_shown(place), step, key, at_ms, state, log.edits(place))


def _registered(ledger: Ledger, name: str) -> Registration:
    found = ledger.registration(name)
    if found is None:
        raise NotFound(f"no flow {shown(name)} has run in this workspace; `pyfi queue ls` shows those that have")
    return found[0]


def _parsed(message: str) -> _Place:
    source, mark, number = message.rpartition("#")
    if mark and source and number.isdecimal():
        return source, int(number)
    id, _, index = message.partition(":")
    try:
        return bytes.fromhex(id), int(index)
    except ValueError:
        raise UsageError(f"{shown(message)} is no message's id; `pyfi queue peek` shows them") from None


def _shown(place: _Place) -> str:
    id, index = place
    return f"{id.hex()}:{index}" if isinstance(id, bytes) else f"{id}#{index}"


def _step(end: str) -> str:
    """The step of a connection's end."""
    return end.rpartition(".")[0]


def _covers(ranges: Sequence[int], index: int) -> bool:
    return any(ranges[at] <= index < ranges[at + 1] for at in range(0, len(ranges), 2))


def _row(origins: _Origins, index: int) -> int:
    """What the message at `index` was made of: a row of what was given, or a set."""
    return origins["rows"][index] if isinstance(origins, dict) else origins[0] + index


def _count(origins: _Origins) -> int:
    return len(origins["rows"]) if isinstance(origins, dict) else origins[1]
