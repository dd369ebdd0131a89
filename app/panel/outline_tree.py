"""What the outline's tree holds: the levels of a flow, read as far as the tree is opened. Knows no Qt."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from app.board.picture import INPUT, OUTPUT
from app.panel.subject import Found
from engine.client.parts import Place, split_end
from engine.model.flow import Connection, Flow, Label, Processor, Subflow
from engine.model.scope import Scope

Kept = Mapping[Place, set[str]]
"""The keys of the parts that a filter leaves, by where they are."""


class Level:
    """A level that the tree shows: where it is, what is there now, and the paths of the definitions that lead to it."""

    __slots__ = ("_by_source", "_flow", "place", "scope", "trail")

    def __init__(self, place: Place, scope: Scope, trail: frozenset[str]) -> None:
        self.place = place
        self.scope = scope
        self.trail = trail
        self._flow: Flow | None = None
        self._by_source: dict[str, list[str]] = {}

    def leaving(self, key: str) -> list[str]:
        """Keys of the connections that begin at a card."""
        flow = self.scope.flow
        if self._flow is not flow:
            self._flow, self._by_source = flow, {}
            for id, connection in flow.connections.items():
                self._by_source.setdefault(source_of(connection), []).append(id)
        return self._by_source.get(key, [])


class Entry(NamedTuple):
    """A row of the tree. `key` is the part's on the canvas: an id, a connection's key, `label:…`, `input:…`, `output:…`."""

    level: Level
    key: str

    @property
    def place(self) -> Place:
        """Where the part is."""
        return self.level.place

    @property
    def part(self) -> Processor | Subflow | Connection | Label | None:
        """The part; None for a port of a subflow."""
        flow = self.level.scope.flow
        if self.key.startswith("label:"):
            return flow.labels.get(self.key.removeprefix("label:"))
        return flow.steps.get(self.key) or flow.connections.get(self.key)


class OutlineTree:
    """The rows below a row: of a level its ports, steps and labels; of a step its connections, then what is inside it."""

    def __init__(self, kept: Kept | None = None) -> None:
        self.kept = kept
        """What a filter leaves; None without one."""
        self.levels: dict[Place, Level] = {}

    def top(self, flow: Flow) -> Iterator[Entry]:
        """The rows of the flow itself."""
        level = self.levels.get(Place())
        if level is None:
            level = self.levels[Place()] = Level(Place(), Scope(flow), frozenset({""}))
        return self._entries(level)

    def below(self, entry: Entry) -> Iterator[Entry]:
        """The rows below a row."""
        for key in entry.level.leaving(entry.key):
            if self._keeps(entry.place, key):
                yield Entry(entry.level, key)
        inside = self._inside(entry)
        if inside is not None:
            place = entry.place.below(entry.key)
            yield from self._entries(self.levels.setdefault(place, inside))

    def has_below(self, entry: Entry) -> bool:
        """Whether there are any; costs little."""
        leaving = entry.level.leaving(entry.key)
        if leaving and (self.kept is None or any(self._keeps(entry.place, key) for key in leaving)):
            return True
        inside = self._inside(entry)
        return inside is not None and next(self._entries(inside), None) is not None

    def follow(self, flow: Flow) -> None:
        """Have all levels show what is there now."""
        for place, level in sorted(self.levels.items(), key=lambda pair: len(pair[0].steps)):
            scope = place.scope(flow)
            if scope is None:
                del self.levels[place]
                continue
            level.scope = scope
            above = self.levels.get(place.above)
            level.trail = (above.trail if above is not None and place.steps else frozenset()) | {scope.path}

    def _inside(self, entry: Entry) -> Level | None:
        """The level inside a subflow; one that is inside itself, which validation reports, is not entered again."""
        part, level = entry.level.scope.flow.steps.get(entry.key), entry.level
        scope = level.scope.find(part.flow) if isinstance(part, Subflow) else None
        if scope is None or scope.path in level.trail:
            return None
        return Level(entry.place.below(entry.key), scope, level.trail | {scope.path})

    def _entries(self, level: Level) -> Iterator[Entry]:
        flow = level.scope.flow
        ports = flow.header if level.place.steps else None
        keys: list[str] = [INPUT + name for name in ports.inputs] if ports else []
        keys += flow.steps
        keys += [OUTPUT + name for name in ports.outputs] if ports else []
        keys += [f"label:{id}" for id in flow.labels]
        return (Entry(level, key) for key in keys if self._keeps(level.place, key))

    def _keeps(self, place: Place, key: str) -> bool:
        return self.kept is None or key in self.kept.get(place, ())


def source_of(connection: Connection) -> str:
    """The key of the card that a connection begins at."""
    step, port = split_end(connection.source)
    return step or INPUT + port


def kept(found: Iterable[Found]) -> tuple[Kept, int]:
    """What is to be left of the tree so that parts can be seen in it, and how many those are."""
    left: dict[Place, set[str]] = {}
    count = 0
    for place, key, part, _ in found:
        count += 1
        left.setdefault(place, set()).add(key)
        if isinstance(part, Connection):
            left[place].add(source_of(part))
        above = place
        while above.steps:
            step, above = above.steps[-1], above.above
            left.setdefault(above, set()).add(step)
    return left, count
