"""Slide, which drags the label of a connection along its line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPointF, Qt
from PySide6.QtGui import QPainter

if TYPE_CHECKING:
    from app.canvas.viewer import FlowViewer

_TREMBLE = 4.0
"""Screen pixels that a hand moves without meaning to."""


class Slide:
    """The label goes where the pointer is nearest to the line; near the middle it snaps there, unless Alt is held."""

    holds_parts = True

    def __init__(self, viewer: FlowViewer, row: int, spot: QPointF) -> None:
        self._viewer = viewer
        self._row = row
        links = viewer.sheet.links
        self._before = links.label_part(row)
        self._start = spot
        self._held = links.label_rect(row).center() - spot
        """From the pointer to what it holds: the label does not jump when it is gripped at its edge."""
        self._moved = False

    def move(self, spot: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Follow the pointer."""
        if not self._moved and QLineF(self._start, spot).length() * self._viewer.scale_factor < _TREMBLE:
            return
        self._moved = True
        links = self._viewer.sheet.links
        route = links.route(self._row)
        part = route.part_near(spot + self._held)
        if not modifiers & Qt.KeyboardModifier.AltModifier and route.is_near(part, 0.5, 8.0 / self._viewer.scale_factor):
            part = 0.5
        self._show(part)

    def _show(self, part: float | None) -> None:
        self._viewer.sheet.links.put_label(self._row, part)
        self._viewer.viewport().update()

    def finish(self, spot: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Tell where it is now."""
        self.move(spot, modifiers)
        sheet = self._viewer.sheet
        part = sheet.links.label_part(self._row)
        self.cancel()
        if self._moved and part is not None:
            self._viewer.label_moved.emit(sheet.links.link(self._row).key.removeprefix(sheet.prefix), round(part, 4))

    def cancel(self) -> None:
        """Let it be where it was."""
        self._show(self._before)

    def paint(self, painter: QPainter) -> None:
        """The label is painted where it is."""
