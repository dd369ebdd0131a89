"""LineageTree, a drawing of where a message came from and what became of it: from left to right, a box for every place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.theme.current import current_theme

_BOX = QSize(168, 44)
_GAP = QSize(44, 14)
_MARGIN = 16
_PAD = 10.0


class LineageTree(QWidget):
    """Draws a trace (`show_trace`); `chosen` tells which place was clicked. The list beside it is for the keyboard."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._trace: Any = None
        self._spots: dict[str, QRectF] = {}
        self._words: dict[str, tuple[str, str]] = {}
        self._current = ""
        self.setAccessibleName(self.tr("Drawing of where the message came from and what became of it"))

    def show_trace(self, trace: Any, words: dict[str, tuple[str, str]]) -> None:
        """Draw a trace (None: nothing); `words` are two lines for each place, by its id."""
        self._trace, self._words = trace, words
        self._current = trace.message if trace is not None else ""
        self._spots = _spots([place.id for place in trace.places], trace.links) if trace is not None else {}
        right = max((spot.right() for spot in self._spots.values()), default=0.0)
        bottom = max((spot.bottom() for spot in self._spots.values()), default=0.0)
        self.setMinimumSize(int(right) + _MARGIN, int(bottom) + _MARGIN)
        self.update()

    def choose(self, id: str) -> QRectF:
        """Mark a place; returns where it is."""
        self._current = id
        self.update()
        return self._spots.get(id, QRectF())

    def spot(self, id: str) -> QRectF:
        """Where a place is drawn."""
        return self._spots[id]

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Choose the place under the pointer."""
        for id, spot in self._spots.items():
            if spot.contains(event.position()):
                self.chosen.emit(id)
                return
        super().mousePressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Lines first, boxes on them."""
        theme = current_theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(event.rect(), QColor(theme.canvas))
        if self._trace is None:
            return
        painter.setPen(QPen(QColor(theme.link), 1.5))
        for parent, child in self._trace.links:
            painter.drawPath(_curve(self._spots[parent], self._spots[child]))
        marks = {"waiting": theme.running, "dead": theme.error, "source": theme.accent}
        for place in self._trace.places:
            self._draw_box(painter, place.id, QColor(marks.get(place.state, theme.muted)))

    def _draw_box(self, painter: QPainter, id: str, mark: QColor) -> None:
        theme, spot = current_theme(), self._spots[id]
        is_chosen = id == self._current
        painter.setPen(QPen(QColor(theme.card_selected if is_chosen else theme.card_border), 2.0 if is_chosen else 1.0))
        painter.setBrush(QColor(theme.card))
        painter.drawRoundedRect(spot, 4, 4)
        painter.fillRect(QRectF(spot.left(), spot.top() + 4, 3, spot.height() - 8), mark)
        metrics = QFontMetricsF(painter.font())
        inner = spot.adjusted(_PAD, 5, -_PAD, -5)
        for words, color, side in zip(
            self._words[id], (theme.text, theme.muted), (Qt.AlignmentFlag.AlignTop, Qt.AlignmentFlag.AlignBottom), strict=True
        ):
            painter.setPen(QColor(color))
            short = metrics.elidedText(words, Qt.TextElideMode.ElideMiddle, inner.width())
            painter.drawText(inner, side | Qt.AlignmentFlag.AlignLeft, short)


def _spots(ids: Sequence[str], links: Iterable[tuple[str, str]]) -> dict[str, QRectF]:
    """A box for every place: one column further than the furthest of what it was made of, in rows as they come.

    `ids` has none before what it was made of.
    """
    parents: dict[str, list[str]] = {}
    for parent, child in links:
        parents.setdefault(child, []).append(parent)
    columns: dict[str, int] = {}
    heights: dict[int, int] = {}
    found: dict[str, QRectF] = {}
    for id in ids:
        column = columns[id] = 1 + max((columns[each] for each in parents.get(id, ())), default=-1)
        row = heights.get(column, 0)
        heights[column] = row + 1
        left = _MARGIN + column * (_BOX.width() + _GAP.width())
        top = _MARGIN + row * (_BOX.height() + _GAP.height())
        found[id] = QRectF(left, top, _BOX.width(), _BOX.height())
    return found


def _curve(source: QRectF, target: QRectF) -> QPainterPath:
    start = QPointF(source.right(), source.center().y())
    end = QPointF(target.left(), target.center().y())
    bend = QPointF((end.x() - start.x()) / 2, 0)
    path = QPainterPath(start)
    path.cubicTo(start + bend, end - bend, end)
    return path
