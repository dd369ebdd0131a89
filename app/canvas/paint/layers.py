"""Layers, a sheet from the ground up: grid, notes, connections, cards; which of them and how depends on the scale."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QTransform

from app.canvas.measure import MEASURE
from app.canvas.paint.brush import Brush
from app.canvas.paint.card_painter import MARGIN, CardPainter
from app.canvas.paint.far_painter import FarPainter
from app.canvas.paint.frame_painter import FramePainter
from app.canvas.paint.link_painter import LinkPainter
from app.canvas.paint.memory import draw_lines
from app.canvas.paint.note_painter import NotePainter
from app.canvas.sheet import Sheet

FAR = 0.2
"""Below this scale everything is painted as sprites and straight lines."""
_READABLE = 0.4
_GRID = 100.0


class Layers:
    """Paints `sheet`. While it is `hasty`, pictures of cards made for another scale are good enough."""

    def __init__(self, sheet: Sheet, brush: Brush) -> None:
        self._sheet = sheet
        self._brush = brush
        self._cards = CardPainter(sheet.cards, brush)
        self._links = LinkPainter(sheet.links, brush)
        self._far = FarPainter(sheet.cards, sheet.links, brush)
        self._notes = NotePainter(brush)
        self._frames = FramePainter(sheet.cards, brush)

    @property
    def hasty(self) -> bool:
        """Whether the scale changes from frame to frame."""
        return self._cards.hasty

    @hasty.setter
    def hasty(self, hasty: bool) -> None:
        self._cards.hasty = hasty

    def forget(self, row: int) -> None:
        """A row is given to another card."""
        self._cards.forget(row)

    def draw(self, painter: QPainter, area: QRectF, view: QTransform, ratio: float) -> None:
        """Paint what lies in an area of the canvas; leaves the painter with the view's transformation."""
        scale = view.m11()
        painter.setWorldTransform(view)
        if scale >= FAR:
            self._grid(painter, area)
        sheet = self._sheet
        self._level(painter, area, scale, -1)
        for row in sheet.cards.frames_within(area) if sheet.frames else ():
            key = sheet.cards.rows.keys[row]
            self._frames.draw(painter, row, is_at_hand=key == sheet.hand, ports=scale >= MEASURE.detail)
            self._level(painter, area, scale, row)
        painter.resetTransform()
        if scale < FAR:
            self._far.draw(painter, area, view)
        else:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self.hasty)
            self._draw_cards(painter, area, view, ratio)
        painter.setWorldTransform(view)

    def _level(self, painter: QPainter, area: QRectF, scale: float, frame: int) -> None:
        """What lies below the cards of one level, that of a frame (-1: the sheet's own): notes, and from near, links."""
        sheet = self._sheet
        notes = sheet.notes
        if sheet.frames:
            owner = sheet.cards.rows.keys[frame] if frame >= 0 else ""
            notes = {key: note for key, note in notes.items() if sheet.owner_of(key) == owner}
        self._notes.draw(painter, notes, sheet.selected_notes, area, readable=scale >= _READABLE)
        if scale >= FAR:
            self._links.draw(painter, sheet.links.owned(sheet.links.within(area), frame), labels=scale >= MEASURE.detail)

    def _draw_cards(self, painter: QPainter, area: QRectF, view: QTransform, ratio: float) -> None:
        cards, scale = self._sheet.cards, view.m11()
        dx, dy = view.dx(), view.dy()
        around = area.adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN)
        for row in cards.within(around).tolist():
            self._cards.draw(painter, row, float(cards.x[row]) * scale + dx, float(cards.y[row]) * scale + dy, scale, ratio)

    def _grid(self, painter: QPainter, area: QRectF) -> None:
        painter.setPen(self._brush.pen("grid", 0))
        columns = np.arange(math.floor(area.left() / _GRID), math.ceil(area.right() / _GRID) + 1) * _GRID
        rows = np.arange(math.floor(area.top() / _GRID), math.ceil(area.bottom() / _GRID) + 1) * _GRID
        upright, level = np.empty((len(columns), 4)), np.empty((len(rows), 4))
        upright[:, 0] = upright[:, 2] = columns
        upright[:, 1], upright[:, 3] = area.top(), area.bottom()
        level[:, 1] = level[:, 3] = rows
        level[:, 0], level[:, 2] = area.left(), area.right()
        draw_lines(painter, upright)
        draw_lines(painter, level)
