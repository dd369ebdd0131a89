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


class Entry(NamedTuple):
    """A row of the tree. `key` is the part's on the canvas: an id, a connection's key, `label:…`, `input:…`, `output:…`."""

    place: Place
    key: str
    scope: Scope
    """The level that the part is in."""

    @property
    def part(self) -> Processor | Subflow | Connection | Label | None:
        """The part; None for a port of a subflow."""
        level = self.scope.flow
        if self.key.startswith("label:"):
            return level.labels.get(self.key.removeprefix("label:"))
        return level.steps.get(self.key) or level.connections.get(self.key)

    @property
    def inside(self) -> Scope | None:
        """The level inside, if it is a subflow's."""
        part = self.part
        return self.scope.find(part.flow) if isinstance(part, Subflow) else None


class OutlineTree:
    """The rows below a row: of a level its ports, steps and labels; of a step its connections, then what is inside it."""

    def __init__(self) -> None:
        self._sources: dict[str, tuple[Flow, dict[str, list[str]]]] = {}
        self.kept: Kept | None = None
        """What a filter leaves; None without one."""

    def top(self, flow: Flow) -> Iterator[Entry]:
        """The rows of the flow itself."""
        return self._level(Scope(flow), Place())

    def below(self, entry: Entry, trail: frozenset[str]) -> Iterator[Entry]:
        """The rows below a row; `trail` are the paths of the levels that lead to it, which are not entered again."""
        for key in self._leaving(entry):
            if self._keeps(entry.place, key):
                yield Entry(entry.place, key, entry.scope)
        inside = entry.inside
        if inside is not None and inside.path not in trail:
            yield from self._level(inside, entry.place.below(entry.key))

    def has_below(self, entry: Entry, trail: frozenset[str]) -> bool:
        """Whether there are any; costs little."""
        if self.kept is not None:
            return next(self.below(entry, trail), None) is not None
        inside = entry.inside
        if inside is not None and inside.path not in trail:
            level = inside.flow
            if level.steps or level.labels or level.header.inputs or level.header.outputs:
                return True
        return bool(self._leaving(entry))

    def _level(self, scope: Scope, place: Place) -> Iterator[Entry]:
        level = scope.flow
        ports = level.header if scope.parent is not None else None
        keys: list[str] = [INPUT + name for name in ports.inputs] if ports else []
        keys += level.steps
        keys += [OUTPUT + name for name in ports.outputs] if ports else []
        keys += [f"label:{id}" for id in level.labels]
        for key in keys:
            if self._keeps(place, key):
                yield Entry(place, key, scope)

    def _keeps(self, place: Place, key: str) -> bool:
        return self.kept is None or key in self.kept.get(place, ())

    def _leaving(self, entry: Entry) -> list[str]:
        """Keys of the connections that begin at a row's part."""
        flow, path = entry.scope.flow, entry.scope.path
        known = self._sources.get(path)
        if known is None or known[0] is not flow:
            by_source: dict[str, list[str]] = {}
            for key, connection in flow.connections.items():
                by_source.setdefault(source_of(connection), []).append(key)
            known = self._sources[path] = (flow, by_source)
        return known[1].get(entry.key, [])


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
            keys = left.setdefault(above, set())
            if step in keys:
                break
            keys.add(step)
    return left, count
