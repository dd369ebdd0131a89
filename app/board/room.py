"""Room for frames: what lies right of and below a subflow moves by as much as its frame grows, and back when it shrinks.

A part that lies right of it as a whole moves to the right, one that lies below it moves down, one that does both does both: so
no two parts come to lie on each other, and the way back is the same way. A label behind the whole subflow grows with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from msgspec import structs
from PySide6.QtCore import QRectF

from app.board.inside import inside_of
from app.board.picture import Remark, card_of, note_of
from app.document.document import Document
from engine.errors import PyfiError
from engine.model.apply import apply, diff
from engine.model.change import Change
from engine.model.flow import Flow, Label, Part, Position, Processor, Subflow
from engine.model.level import with_level
from engine.model.scope import Scope

_GAP = 20.0
_MOST = 50
"""Rounds in which frames around frames grow: more than anyone nests."""

Extent = tuple[float, float]
_Key = tuple[str, str]
"""The path of a level and the id of a step in it."""


class _Growth(NamedTuple):
    """A subflow whose corner is at (x, y) was `old` wide and high, and is `new`."""

    x: float
    y: float
    old: Extent
    new: Extent

    @property
    def across(self) -> float:
        """How much wider it is."""
        return self.new[0] - self.old[0]

    @property
    def down(self) -> float:
        """How much higher it is."""
        return self.new[1] - self.old[1]

    def moved(self, spot: Position) -> Position:
        """Where a point is afterwards."""
        x, y = spot
        return x + (self.across if x >= self.x + self.old[0] else 0), y + (self.down if y >= self.y + self.old[1] else 0)

    def clear(self, spot: Position, extent: Extent) -> Position:
        """Where something is afterwards; below the frame if it lay on the subflow already and would now lie under it."""
        x, y = self.moved(spot)
        frame = QRectF(self.x, self.y, *self.new)
        if max(self.across, self.down) > 0 and frame.intersects(QRectF(x, y, *extent)):
            y = frame.bottom() + _GAP
        return x, y


class Room:
    """Makes room for the frames of a document, as part of every edit; costs nothing as long as there are none."""

    def __init__(self, document: Document) -> None:
        self._frames = sum(len(_framed(scope.flow)) for scope in Scope(document.flow).walk())
        document.follow_up = self._follow_up
        document.changed.connect(self._on_changed)

    def _on_changed(self, changes: Sequence[Change]) -> None:
        for change in changes:
            self._frames += _is_frame(change.after) - _is_frame(change.before)

    def _follow_up(self, flow: Flow, changes: Sequence[Change]) -> list[Change]:
        if not self._frames and not any(_is_frame(change.after) for change in changes):
            return []
        try:
            return settled(flow, apply(flow, changes))
        except PyfiError:  # they cannot be made, which whoever makes them is told
            return []


def _is_frame(part: Part | None) -> bool:
    return isinstance(part, Subflow) and part.expanded


def settled(before: Flow, after: Flow) -> list[Change]:
    """The changes that make room for the frames of a flow that an edit has made larger, and give back what it has freed."""
    known = _extents(before)
    flow = after
    old = {key: known.get(key) or _card_extent(before, key) for key in {**known, **_extents(after)}}
    for _ in range(_MOST):
        new = _extents(flow)
        grown = [(key, extent) for key, extent in old.items() if extent and (new.get(key) or _card_extent(flow, key)) != extent]
        if not grown:
            break
        for key, extent in grown:
            now = new.get(key) or _card_extent(flow, key)
            old[key] = now
            if now is not None and extent is not None:
                flow = _with_room(flow, key, extent, now)
    return diff(after, flow)


def spread(level: Flow, scope: Scope, places: Mapping[str, Position]) -> dict[str, Position]:
    """Places of a level's steps that were found as if all were cards, with room for those that are frames."""
    found = dict(places)
    for id, extent in _extents_of(scope).items():
        step = level.steps[id]
        if id in found:
            growth = _Growth(*found[id], card_of(step, scope).size, extent)
            found = {key: spot if key == id else growth.moved(spot) for key, spot in found.items()}
    return found


def _framed(level: Flow) -> list[Subflow]:
    return [step for step in level.steps.values() if isinstance(step, Subflow) and step.expanded]


def _extents(flow: Flow) -> dict[_Key, Extent]:
    """How large the frames of a flow and of its definitions are."""
    return {(scope.path, id): extent for scope in Scope(flow).walk() for id, extent in _extents_of(scope).items()}


def _extents_of(scope: Scope) -> dict[str, Extent]:
    insides = ((step.id, inside_of(step, scope, frozenset({scope.path}), _no_remark)) for step in _framed(scope.flow))
    return {id: (inside.width, inside.height) for id, inside in insides if inside is not None}


def _no_remark(scope: Scope, key: str) -> Remark:
    return Remark()


def _scope_at(flow: Flow, path: str) -> Scope | None:
    scope = Scope(flow)
    for name in path.split("/") if path else ():
        if name not in scope.flow.definitions:
            return None
        scope = scope.below(name)
    return scope


def _card_extent(flow: Flow, key: _Key) -> Extent | None:
    """How large a subflow's card is; None if it is not there."""
    path, id = key
    scope = _scope_at(flow, path)
    step = scope.flow.steps.get(id) if scope is not None else None
    return card_of(step, scope).size if scope is not None and isinstance(step, Subflow) else None


def _with_room(flow: Flow, key: _Key, old: Extent, new: Extent) -> Flow:
    """A flow in which a subflow that grew or shrank has as much room as it takes."""
    path, id = key
    scope = _scope_at(flow, path)
    assert scope is not None
    level = scope.flow
    growth = _Growth(*(level.steps[id].position or (0.0, 0.0)), old, new)
    steps = {name: step if name == id else _moved_step(step, growth, scope) for name, step in level.steps.items()}
    labels = {name: _moved_label(label, growth) for name, label in level.labels.items()}
    connections = {
        name: structs.replace(connection, bends=tuple(map(growth.moved, connection.bends))) if connection.bends else connection
        for name, connection in level.connections.items()
    }
    return with_level(flow, path, structs.replace(level, steps=steps, labels=labels, connections=connections))


def _moved_step(step: Processor | Subflow, growth: _Growth, scope: Scope) -> Processor | Subflow:
    before = step.position or (0.0, 0.0)
    spot = growth.clear(before, card_of(step, scope).size)
    return step if spot == before else structs.replace(step, position=spot)


def _moved_label(label: Label, growth: _Growth) -> Label:
    """A label that lies behind the whole subflow grows with it; any other moves."""
    note = note_of(label)
    area = QRectF(note.x, note.y, note.width, note.height)
    if area.contains(QRectF(growth.x, growth.y, *growth.old)):
        return structs.replace(label, size=(note.width + growth.across, note.height + growth.down))
    spot = growth.clear((note.x, note.y), (note.width, note.height))
    return label if spot == (note.x, note.y) else structs.replace(label, position=spot)
