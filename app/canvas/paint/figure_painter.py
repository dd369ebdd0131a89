"""Paints what changes on a card while its flow runs: numbers, sparklines, and the counts beside its name."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from app.canvas import text
from app.canvas.card import HEADER, NOWHERE, ROW, STATISTICS, Card, State
from app.canvas.card_columns import NUMBERS, SPARK_POINTS, CardColumns
from app.canvas.paint.brush import Brush
from app.canvas.paint.memory import draw_lines

_COUNTED = [NUMBERS.index("running"), NUMBERS.index("bulletins")]
_NAME_X = 54.0
_VALUE_X = 92.0
_SPARK_X, _SPARK_WIDTH = 214.0, 76.0
_EDGE = 2.0
"""So far from a card's border nothing is painted over."""
_SHORT = 16
"""A text of so few characters fits without being measured."""


class FigurePainter:
    """Draws over the picture of a card that has all the rest. What it draws over what it drew before replaces that.

    The painter has its origin at the card's corner, and antialiasing on.
    """

    def __init__(self, cards: CardColumns, brush: Brush) -> None:
        self._cards = cards
        self._brush = brush
        steps = np.linspace(_SPARK_X, _SPARK_X + _SPARK_WIDTH, SPARK_POINTS)
        self._sparks = np.empty((len(STATISTICS), SPARK_POINTS - 1, 4))
        self._sparks[:, :, 0], self._sparks[:, :, 2] = steps[:-1], steps[1:]
        self._floors = (HEADER + np.arange(len(STATISTICS)) * ROW + ROW - 3.5)[:, None]

    def counts(self, row: int) -> tuple[int, ...]:
        """The numbers in a card's header."""
        return tuple(self._cards.numbers[row, _COUNTED].tolist())

    def draw_header(self, painter: QPainter, row: int, card: Card, state: State) -> None:
        """Name and type, and as many badges beside them as there are."""
        brush = self._brush
        self._clear(painter, QRectF(_NAME_X - 2, _EDGE * 2, card.size.width - _NAME_X - 6, HEADER - _EDGE * 3), "header")
        running, bulletins = self.counts(row)
        right = card.size.width - 10
        above = self._badge(painter, text.count(bulletins), right, 6, "bulletin", filled=True) if bulletins else right
        painter.setPen(brush.pen("text" if state is not State.DISABLED else "muted"))
        painter.setFont(brush.fonts["name"])
        painter.drawText(QPointF(_NAME_X, 20), brush.elided(card.name or card.key, "name", above - _NAME_X))
        below = self._badges(painter, row, running, card, right)
        painter.setPen(brush.pen("muted"))
        painter.setFont(brush.fonts["text"])
        painter.drawText(QPointF(_NAME_X, 36), brush.elided(card.type, "text", below - _NAME_X))

    def draw_statistics(self, painter: QPainter, row: int) -> None:
        """The numbers of the last five minutes, and their course."""
        brush = self._brush
        room = self._cards.width[row] - _VALUE_X + 2 - _EDGE
        for number in range(len(STATISTICS)):
            self._clear(painter, QRectF(_VALUE_X - 2, HEADER + number * ROW, room, ROW), "card" if number % 2 else "stripe")
        painter.setPen(brush.pen("value"))
        painter.setFont(brush.fonts["text"])
        for number, value in enumerate(statistics_of(self._cards, row)):
            words = value if len(value) <= _SHORT else brush.elided(value, "text", _SPARK_X - _VALUE_X - 4)
            painter.drawText(QPointF(_VALUE_X, HEADER + number * ROW + 13), words)
        self._sparklines(painter, row)

    def _sparklines(self, painter: QPainter, row: int) -> None:
        values = self._cards.sparks[row]
        busy = values.any(axis=1)
        if busy.any():
            heights = self._floors - values * (ROW - 7)
            self._sparks[:, :, 1], self._sparks[:, :, 3] = heights[:, :-1], heights[:, 1:]
            painter.setPen(self._brush.pen("spark"))  # a pixel wide: all that is wider takes Qt several times as long
            draw_lines(painter, self._sparks[busy].reshape(-1, 4))

    def _clear(self, painter: QPainter, area: QRectF, role: str) -> None:
        """Without antialiasing: painted again, it covers exactly the same pixels."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        painter.fillRect(area, self._brush.color(role))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def _badges(self, painter: QPainter, row: int, running: int, card: Card, right: float) -> float:
        """Short notes at the right of the header's second line; returns where they begin."""
        if running:
            right = self._badge(painter, f"▶ {text.count(running)}", right, 25, "running")
        if card.concurrency > 1:
            right = self._badge(painter, f"{card.concurrency} x", right, 25, "muted")
        if nodes := self._cards.runs.get(row, NOWHERE).badge:
            right = self._badge(painter, nodes, right, 25, "value")
        if card.badge:
            right = self._badge(painter, card.badge, right, 25, "invalid" if card.warns else "accent")
        return right

    def _badge(self, painter: QPainter, words: str, right: float, top: float, role: str, *, filled: bool = False) -> float:
        brush = self._brush
        width = brush.width(words, "small") + 10
        area = QRectF(right - width, top, width, 15)
        painter.setPen(brush.pen(role))
        painter.setBrush(brush.color(role) if filled else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(area, 7, 7)
        painter.setPen(brush.pen("card" if filled else role))
        painter.setFont(brush.fonts["small"])
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, words)
        return right - width - 5


def statistics_of(cards: CardColumns, row: int) -> tuple[str, str, str, str]:
    """What the lines of statistics say, in the order of `STATISTICS`."""
    received, read, written, sent, tasks, task_ns, _, _ = cards.numbers[row].tolist()
    return (
        f"{text.count(received)} ({text.size(read)})" if received or read else "0",
        f"{text.size(read)} / {text.size(written)}",
        f"{text.count(sent)} ({text.size(written)})" if sent or written else "0",
        f"{text.count(tasks)} / {text.duration(task_ns / 1e9)}",
    )
