"""KeyBend, what keys do to the selected connection: its bends are chosen, moved, added and removed, its label moves."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPen

from app.canvas.link import Point
from app.canvas.measure import MEASURE

if TYPE_CHECKING:
    from app.canvas.viewer import FlowViewer

_RING = 8.0


class KeyBend:
    """Acts while one connection, and nothing else, is selected. Without a chosen bend, it is the label that moves."""

    def __init__(self, viewer: FlowViewer) -> None:
        self._viewer = viewer
        self._link = ""
        """The key of the connection whose bend is chosen."""
        self._number = -1

    def follow_selection(self) -> None:
        """Another connection is selected, or none: whoever comes back begins anew."""
        if self.number < 0:
            self._link, self._number = "", -1

    @property
    def _row(self) -> int:
        """The row of the one connection that is selected, -1 for none."""
        chosen = self._viewer.sheet.selected()
        return self._viewer.sheet.links.rows.get(chosen[0]) if len(chosen) == 1 else -1

    @property
    def number(self) -> int:
        """The number of the chosen bend of the selected connection, -1 for none."""
        row, links = self._row, self._viewer.sheet.links
        if row < 0 or links.rows.keys[row] != self._link or self._number >= len(links.link(row).bends):
            return -1
        return self._number

    def choose_next(self) -> None:
        """The first bend, then the next, and after the last none."""
        row = self._row
        if row < 0:
            return
        count = len(self._viewer.sheet.links.link(row).bends)
        self._choose(row, self.number + 1 if self.number + 1 < count else -1)

    def _choose(self, row: int, number: int) -> None:
        viewer, links = self._viewer, self._viewer.sheet.links
        self._link, self._number = links.rows.keys[row], number
        if number >= 0:
            spot = QPointF(*links.link(row).bends[number])
            if not viewer.seen.contains(spot):
                viewer.look_at(spot)
        viewer.viewport().update()

    def forget(self) -> bool:
        """Choose no bend; whether one was chosen."""
        was_chosen = self.number >= 0
        self._link, self._number = "", -1
        self._viewer.viewport().update()
        return was_chosen

    def add(self) -> None:
        """A bend behind the chosen one; without one, in the middle of the longest piece of the line."""
        row, links = self._row, self._viewer.sheet.links
        if row < 0:
            return
        ax, ay, bx, by = links.line[row].tolist()
        bends = list(links.link(row).bends)
        spots = [(ax, ay), *bends, (bx, by)]
        lengths = [math.dist(*piece) for piece in pairwise(spots)]
        number = self.number + 1 or lengths.index(max(lengths))
        (x, y), (u, v) = spots[number], spots[number + 1]
        origin = self._viewer.sheet.origin
        middle = QPointF(x + u, y + v) / 2 - origin
        bends.insert(number, (MEASURE.snapped(middle.x()) + origin.x(), MEASURE.snapped(middle.y()) + origin.y()))
        self._tell(row, bends)
        self._choose(row, number)

    def remove(self) -> bool:
        """Take the chosen bend out; whether one was chosen."""
        number = self.number
        if number < 0:
            return False
        row = self._row
        bends = list(self._viewer.sheet.links.link(row).bends)
        del bends[number]
        self._tell(row, bends)
        self._choose(row, min(number, len(bends) - 1))
        return True

    def _tell(self, row: int, bends: list[Point]) -> None:
        self._viewer.bends_changed.emit(self._key(row), self._of_level(bends))

    def _key(self, row: int) -> str:
        sheet = self._viewer.sheet
        return sheet.links.rows.keys[row].removeprefix(sheet.prefix)

    def _of_level(self, bends: list[Point]) -> tuple[Point, ...]:
        """Bends as the level in which one works has them."""
        origin = self._viewer.sheet.origin
        return tuple((x - origin.x(), y - origin.y()) for x, y in bends)

    def nudge(self, dx: float, dy: float) -> bool:
        """Move the chosen bend, or the label along the line; whether a connection is selected."""
        row, number, links = self._row, self.number, self._viewer.sheet.links
        if row < 0:
            return False
        if number >= 0:
            bends = list(links.link(row).bends)
            bends[number] = (bends[number][0] + dx, bends[number][1] + dy)
            self._viewer.bends_nudged.emit(self._key(row), number, self._of_level(bends))
        else:
            route = links.route(row)
            part = route.part_beyond(route.part_near(links.label_rect(row).center()), dx, dy)
            self._viewer.label_nudged.emit(self._key(row), round(part, 4))
        return True

    def paint(self, painter: QPainter) -> None:
        """A ring around the chosen bend."""
        number = self.number
        if number >= 0:
            painter.setPen(QPen(self._viewer.brush.color("accent"), 2.0, Qt.PenStyle.DashLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            spot = QPointF(*self._viewer.sheet.links.link(self._row).bends[number])
            painter.drawEllipse(spot, _RING, _RING)
