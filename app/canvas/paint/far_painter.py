"""Paints everything from far away, ten thousand cards in a handful of calls."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QPainter, QPixmap, QTransform

from app.canvas.card import State
from app.canvas.card_columns import CardColumns
from app.canvas.link_columns import LinkColumns
from app.canvas.paint.brush import Brush
from app.canvas.paint.memory import draw_lines, draw_sprites

_SELECTED = len(State)
_MOST = 1 << 20
"""More pixels than a card is ever high."""


class FarPainter:
    """Links are straight lines, cards sprites: of each size that cards have, one a state and one for what is selected."""

    def __init__(self, cards: CardColumns, links: LinkColumns, brush: Brush) -> None:
        self._cards = cards
        self._links = links
        self._brush = brush
        self._atlases: dict[tuple[int, int], QPixmap] = {}
        self._made_for: tuple[float, int] = (0.0, -1)

    def draw(self, painter: QPainter, area: QRectF, view: QTransform) -> None:
        """Draw what lies in an area (in canvas coordinates); the painter has no transformation."""
        cards, links, brush = self._cards, self._links, self._brush
        scale = view.m11()
        if self._made_for != (scale, brush.generation):
            self._atlases.clear()
            self._made_for = (scale, brush.generation)
        found = links.within(area)
        painter.setWorldTransform(view)
        if len(found):
            painter.setPen(brush.pen("link", 0))
            everything = len(found) == links.rows.used
            draw_lines(painter, links.line[: links.rows.used] if everything else links.line[found])
            for color, members in links.colored(found).items():
                painter.setPen(brush.pen(brush.readable(color), 0))
                draw_lines(painter, links.line[members])
        painter.resetTransform()
        rows = cards.within(area)
        if not len(rows):
            return
        widths = np.maximum(1, np.rint(cards.width[rows] * scale)).astype(int)
        heights = np.maximum(1, np.rint(cards.height[rows] * scale)).astype(int)
        looks = np.where(cards.selected[rows], _SELECTED, cards.state[rows].astype(int))
        left = np.floor(cards.x[rows] * scale + view.dx())
        top = np.floor(cards.y[rows] * scale + view.dy())
        sizes = widths * _MOST + heights  # one number for both: many times faster to tell apart than pairs
        for size in sorted(set(sizes.tolist())):  # np.unique would import numpy.ma
            width, height = divmod(size, _MOST)
            members = sizes == size
            centres = np.stack([left[members] + width / 2, top[members] + height / 2], axis=1)
            sources = np.zeros((len(centres), 4))
            sources[:, 0], sources[:, 2], sources[:, 3] = looks[members] * width, width, height
            draw_sprites(painter, self._atlas(width, height), centres, sources)

    def _atlas(self, width: int, height: int) -> QPixmap:
        atlas = self._atlases.get((width, height))
        if atlas is not None:
            return atlas
        brush = self._brush
        atlas = QPixmap(width * (_SELECTED + 1), height)
        painter = QPainter(atlas)
        painter.fillRect(atlas.rect(), brush.color("border"))
        for state in State:
            color = brush.color(brush.colors.of_state(state))
            left = state * width
            if width > 4 and height > 4:
                painter.fillRect(QRect(left + 1, 1, width - 2, height - 2), brush.color("card"))
            painter.fillRect(QRect(left, 0, width, max(1, height // 4)), brush.color("header"))
            painter.fillRect(QRect(left, 0, max(2, width // 8), height), color)
        painter.fillRect(QRect(_SELECTED * width, 0, width, height), brush.color("selection"))
        painter.end()
        self._atlases[width, height] = atlas
        return atlas
