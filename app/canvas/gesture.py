"""What a hand does on the canvas, from press to release: each gesture is an object that can be taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np
from msgspec.structs import replace
from PySide6.QtCore import QLineF, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from app.canvas.link import Link, Point
from app.canvas.link_columns import Route
from app.canvas.measure import MEASURE
from app.canvas.paint.link_painter import draw_arrow, path_of
from app.canvas.sheet import Note

if TYPE_CHECKING:
    from app.canvas.viewer import FlowViewer

REACH = 9.0
"""How near in screen pixels is near enough."""


class Gesture(Protocol):
    """Something begun with a press of the mouse. Only signals tell of it: at its end the sheet is as it was before."""

    holds_parts: bool
    """Whether it must end when the parts of the sheet change."""

    def move(self, spot: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """The pointer is at another place of the canvas."""
        ...

    def finish(self, spot: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """The button was released."""
        ...

    def cancel(self) -> None:
        """Escape: as if it had not begun."""
        ...

    def paint(self, painter: QPainter) -> None:
        """Show it over everything, in canvas coordinates."""
        ...


class Still:
    """A gesture that shows nothing of itself and has nothing to take back."""

    holds_parts = False

    def cancel(self) -> None:
        """Nothing was done."""

    def paint(self, painter: QPainter) -> None:
        """Nothing to see."""


class Pan(Still):
    """Moves the view."""

    def __init__(self, viewer: FlowViewer, at: QPoint) -> None:
        self._viewer = viewer
        self._last = at
        viewer.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)

    def move(self, spot: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Follow the pointer."""
        now = self._viewer.pointer
        self._viewer.pan(self._last.x() - now.x(), self._last.y() - now.y())
        self._last = now

    def finish(self, spot: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Stay there."""
        self._viewer.viewport().unsetCursor()

    def cancel(self) -> None:
        """Stay there, too."""
        self._viewer.viewport().unsetCursor()


class Band:
    """Selects what lies in a rectangle; with Ctrl, beside what was selected before."""

    holds_parts = False

    def __init__(self, viewer: FlowViewer, spot: QPointF, *, adds: bool) -> None:
        self._viewer = viewer
        self._start = self._end = spot
        self._before = viewer.sheet.selected()
        self._kept = self._before if adds else []

    @property
    def _area(self) -> QRectF:
        return QRectF(self._start, self._end).normalized()

    def move(self, spot: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Select what it holds now."""
        self._end = spot
        sheet = self._viewer.sheet
        self._viewer.choose([*self._kept, *sheet.within(self._area)], sheet.hand)

    def finish(self, spot: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """The selection stays."""
        self.move(spot, modifiers)
        self._viewer.viewport().update()

    def cancel(self) -> None:
        """Select what was selected."""
        self._viewer.choose(self._before, self._viewer.sheet.hand)
        self._viewer.viewport().update()

    def paint(self, painter: QPainter) -> None:
        """The rectangle."""
        color = self._viewer.brush.color("accent")
        painter.setPen(QPen(color, 0))
        color.setAlpha(36)
        painter.setBrush(color)
        painter.drawRect(self._area)


class Move:
    """Drags what is selected. The model hears of it when it is dropped; Alt ignores the grid.

    Where nothing was dragged it was a click, and `key`, which was pressed, is selected alone.
    """

    holds_parts = True

    def __init__(self, viewer: FlowViewer, spot: QPointF, key: str) -> None:
        self._viewer = viewer
        self._key = key
        self._start = spot
        sheet = viewer.sheet
        self._rows = sheet.cards.selected_rows()
        self._notes = {key: sheet.notes[key] for key in sheet.selected_notes}
        self._take_along()
        self._links = sheet.links.touching(self._rows)
        self._x, self._y = sheet.cards.x[self._rows].copy(), sheet.cards.y[self._rows].copy()
        self._moved = False
        self._inner = self._whole_links()
        self._bends = {row: sheet.links.link(row) for row in self._inner if sheet.links.bent[row]}

    def _take_along(self) -> None:
        """What is inside frames goes with them."""
        sheet = self._viewer.sheet
        for row in sheet.cards.frames.intersection(self._rows.tolist()):
            rows, notes = sheet.inside(sheet.cards.rows.keys[row])
            self._rows = np.array([*self._rows.tolist(), *rows], np.intp)
            self._notes |= {key: sheet.notes[key] for key in notes}

    def _whole_links(self) -> list[int]:
        """Links whose ends both move: their bends go along."""
        links = self._viewer.sheet.links
        moving = set(self._rows.tolist())
        return [row for row in self._links.tolist() if links.source[row] in moving and links.target[row] in moving]

    def move(self, spot: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Follow the pointer."""
        delta = spot - self._start
        if not self._moved and QLineF(QPointF(), delta).length() * self._viewer.scale_factor < 4:
            return
        self._moved = True
        self._shift(*self._snapped(delta, modifiers))

    def _snapped(self, delta: QPointF, modifiers: Qt.KeyboardModifier) -> tuple[float, float]:
        dx, dy = delta.x(), delta.y()
        if modifiers & Qt.KeyboardModifier.AltModifier:
            return dx, dy
        x, y = self._anchor()
        x, y = x - self._viewer.sheet.origin.x(), y - self._viewer.sheet.origin.y()
        return MEASURE.snapped(x + dx) - x, MEASURE.snapped(y + dy) - y

    def _anchor(self) -> Point:
        if len(self._rows):
            return float(self._x[0]), float(self._y[0])
        note = next(iter(self._notes.values()))
        return note.x, note.y

    def _shift(self, dx: float, dy: float) -> None:
        viewer, sheet = self._viewer, self._viewer.sheet
        viewer.damage_cards(self._rows)
        sheet.cards.x[self._rows], sheet.cards.y[self._rows] = self._x + dx, self._y + dy
        for row, link in self._bends.items():
            sheet.links.links[row] = replace(link, bends=tuple((x + dx, y + dy) for x, y in link.bends))
        sheet.links.follow(self._links)
        for key, note in self._notes.items():
            sheet.notes[key] = replace(note, x=note.x + dx, y=note.y + dy)
        if self._notes:
            viewer.viewport().update()
        viewer.damage_cards(self._rows)
        viewer.mark_link(self._link_below())

    def _link_below(self) -> int:
        """The link into which the card would be put if it were dropped here, -1 for none."""
        if len(self._rows) != 1 or len(self._links):
            return -1
        sheet, row = self._viewer.sheet, int(self._rows[0])
        card = sheet.cards.card(row)
        if not card.inputs or not card.outputs:
            return -1
        return sheet.links.at(sheet.cards.rect(row).center(), 24.0, owner=int(sheet.cards.owner[row]))

    def finish(self, spot: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Tell where everything is now."""
        self.move(spot, modifiers)
        viewer, sheet = self._viewer, self._viewer.sheet
        below = self._link_below() if self._moved else -1
        viewer.mark_link(-1)
        if not self._moved:
            viewer.choose([self._key], sheet.hand)
            return
        places, bends, prefix = viewer.places_at_hand(), self._bends_at_hand(), len(sheet.prefix)
        self.cancel()
        if below >= 0:
            card, link = sheet.cards.rows.keys[int(self._rows[0])], sheet.links.rows.keys[below]
            viewer.card_dropped_on_link.emit(card[prefix:], link[prefix:], places)
        else:
            viewer.parts_moved.emit(places, bends)

    def _bends_at_hand(self) -> dict[str, tuple[Point, ...]]:
        """The bends that have moved in the level in which one works, as that level has them."""
        sheet = self._viewer.sheet
        origin, prefix = sheet.origin, len(sheet.prefix)
        rows = sheet.links.owned(np.array(list(self._bends), np.intp), sheet.hand_row)
        return {
            sheet.links.rows.keys[row][prefix:]: tuple((x - origin.x(), y - origin.y()) for x, y in sheet.links.link(row).bends)
            for row in rows.tolist()
        }

    def cancel(self) -> None:
        """Put everything back."""
        if self._moved:
            self._shift(0.0, 0.0)
        self._viewer.mark_link(-1)

    def paint(self, painter: QPainter) -> None:
        """What moves is painted where it is."""


class Connect:
    """Draws a connection from a port; or moves the end of one, when `link` names it."""

    holds_parts = True

    def __init__(self, viewer: FlowViewer, row: int, port: str, *, is_input: bool, link: str = "") -> None:
        self._viewer = viewer
        self._row = row
        self._port = port
        self._is_input = is_input
        self._link = link
        self._end = self._start = viewer.sheet.cards.spot(row, port, is_input=is_input)
        self._target: tuple[int, str] | None = None
        self._reason = ""

    def move(self, spot: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Look what is under the pointer."""
        viewer, cards = self._viewer, self._viewer.sheet.cards
        self._end, self._target, self._reason = spot, None, ""
        owner = int(cards.owner[self._row])
        found = cards.port_at(spot, REACH * 1.6 / viewer.scale_factor, owner)
        if found is not None and found[2] != self._is_input and found[0] != -1:
            self._target = (found[0], found[1])
            self._end = cards.spot(found[0], found[1], is_input=not self._is_input)
        else:
            row = cards.at(spot)
            if row >= 0 and cards.owner[row] == owner:
                self._target = (row, "")
        if self._target is not None:
            self._reason = viewer.may_connect(*self._ends(self._target[0], self._target[1]))
        viewer.show_reason(self._reason)
        viewer.viewport().update()

    def _key(self, row: int) -> str:
        """The key of a card as the level has it."""
        sheet = self._viewer.sheet
        return sheet.cards.rows.keys[row].removeprefix(sheet.prefix)

    def _ends(self, row: int, port: str) -> tuple[str, str, str, str]:
        """Source and target as the model wants them; a port that is open is empty."""
        key, own = self._key(row), self._key(self._row)
        return (key, port, own, self._port) if self._is_input else (own, self._port, key, port)

    def finish(self, spot: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Ask for the connection, or for something to connect to."""
        self.move(spot, modifiers)
        viewer = self._viewer
        viewer.show_reason("")
        viewer.viewport().update()
        if self._target is None:
            if not self._link and QLineF(self._start, spot).length() * viewer.scale_factor > 24:
                viewer.link_dropped.emit(self._key(self._row), self._port, self._is_input, viewer.spot_of(spot))
            return
        if self._reason or (self._target[0] == self._row and not self._target[1]):
            return
        ends = self._ends(*self._target)
        if self._link:
            viewer.link_reconnected.emit(self._link.removeprefix(viewer.sheet.prefix), *ends)
        else:
            viewer.link_drawn.emit(*ends)

    def cancel(self) -> None:
        """Draw nothing."""
        self._viewer.show_reason("")
        self._viewer.viewport().update()

    def paint(self, painter: QPainter) -> None:
        """The line, and a frame around what it would join."""
        brush, cards = self._viewer.brush, self._viewer.sheet.cards
        good = self._target is not None and not self._reason
        role = "running" if good else "bulletin" if self._reason else "accent"
        start, end = (self._end, self._start) if self._is_input else (self._start, self._end)
        reach = max(40.0, min(220.0, abs(end.x() - start.x()) / 2))
        spots = ((start.x(), start.y()), (start.x() + reach, start.y()), (end.x() - reach, end.y()), (end.x(), end.y()))
        route = Route(spots, is_curve=True)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(brush.color(role), 2.2, Qt.PenStyle.DashLine if not good else Qt.PenStyle.SolidLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(path_of(route))
        draw_arrow(painter, route, brush.color(role))
        if self._target is not None and self._target[0] != self._row:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(brush.color(role), 2.5))
            painter.drawRoundedRect(cards.rect(self._target[0]).adjusted(-4, -4, 4, 4), 6, 6)


class Resize:
    """Drags the corner of a note."""

    holds_parts = True

    def __init__(self, viewer: FlowViewer, key: str) -> None:
        self._viewer = viewer
        self._note = viewer.sheet.notes[key]

    def move(self, spot: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Follow the pointer."""
        step = 1.0 if modifiers & Qt.KeyboardModifier.AltModifier else MEASURE.step
        width, height = (round(along / step) * step for along in (spot.x() - self._note.x, spot.y() - self._note.y))
        self._show(self._note.sized(width, height))

    def _show(self, note: Note) -> None:
        self._viewer.sheet.notes[note.key] = note
        self._viewer.viewport().update()

    def finish(self, spot: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Tell how large it is now."""
        self.move(spot, modifiers)
        note = self._viewer.sheet.notes[self._note.key]
        self.cancel()
        if note != self._note:
            self._viewer.note_resized.emit(note.key.removeprefix(self._viewer.sheet.prefix), note.width, note.height)

    def cancel(self) -> None:
        """Let it be as large as it was."""
        self._show(self._note)

    def paint(self, painter: QPainter) -> None:
        """The note is painted where it is."""


class Bend:
    """Drags a bend of a connection."""

    holds_parts = True

    def __init__(self, viewer: FlowViewer, row: int, number: int, bends: tuple[Point, ...]) -> None:
        self._viewer = viewer
        self._row = row
        self._number = number
        self._link = viewer.sheet.links.link(row)
        self._bends = list(bends)
        self._moved = bends != self._link.bends

    def move(self, spot: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Follow the pointer."""
        step = 1.0 if modifiers & Qt.KeyboardModifier.AltModifier else MEASURE.step
        self._bends[self._number] = (round(spot.x() / step) * step, round(spot.y() / step) * step)
        self._moved = True
        self._show(replace(self._link, bends=tuple(self._bends)))

    def _show(self, link: Link) -> None:
        self._viewer.sheet.links.replace(link)
        self._viewer.viewport().update()

    def finish(self, spot: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Tell how the connection runs now."""
        self.cancel()
        if self._moved:
            sheet = self._viewer.sheet
            bends = tuple((x - sheet.origin.x(), y - sheet.origin.y()) for x, y in self._bends)
            self._viewer.bends_changed.emit(self._link.key.removeprefix(sheet.prefix), bends)

    def cancel(self) -> None:
        """Let it run as it did."""
        self._show(self._link)

    def paint(self, painter: QPainter) -> None:
        """The link is painted where it is."""
