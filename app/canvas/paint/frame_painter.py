"""Paints frames: a subflow that is expanded in place is a sheet of its own with a title bar."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath

from app.canvas import text
from app.canvas.card import Card, State
from app.canvas.card_columns import NUMBERS, CardColumns
from app.canvas.frame import TITLE
from app.canvas.paint.brush import Brush
from app.canvas.paint.symbol import draw_port, draw_state

_RADIUS = 6.0
_STRIPE = 5.0
_LEGIBLE = 0.75
"""The title is not painted smaller on the screen than it is at this scale, as long as the bar has room for it."""
_IN, _OUT, _BULLETINS = NUMBERS.index("in"), NUMBERS.index("out"), NUMBERS.index("bulletins")


class FramePainter:
    """Draws frames of `cards` in canvas coordinates; the painter has the view's transformation."""

    def __init__(self, cards: CardColumns, brush: Brush) -> None:
        self._cards = cards
        self._brush = brush

    def draw(self, painter: QPainter, row: int, *, is_at_hand: bool, ports: bool) -> None:
        """Draw one. `is_at_hand`: one works in it; `ports`: it is near enough for them."""
        cards, brush = self._cards, self._brush
        card, state, area = cards.card(row), State(int(cards.state[row])), cards.rect(row)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        outline = QPainterPath()
        outline.addRoundedRect(area, _RADIUS, _RADIUS)
        painter.fillPath(outline, brush.color("ground"))
        ground = QColor(brush.color("card"))
        ground.setAlpha(120)
        painter.fillPath(outline, ground)
        painter.save()
        painter.setClipPath(outline, Qt.ClipOperation.IntersectClip)
        painter.fillRect(QRectF(area.left(), area.top(), area.width(), TITLE), brush.color("header"))
        stripe = brush.color(card.color or brush.colors.of_state(state))
        painter.fillRect(QRectF(area.left(), area.top(), _STRIPE, area.height()), stripe)
        painter.restore()
        painter.setPen(brush.pen("border"))
        painter.drawLine(QPointF(area.left(), area.top() + TITLE), QPointF(area.right(), area.top() + TITLE))
        role, width = ("selection", 2.5) if cards.selected[row] else ("accent", 2.0) if is_at_hand else ("border", 1.2)
        painter.setPen(brush.pen(role, width))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(area, _RADIUS, _RADIUS)
        self._title(painter, row, card, state, area)
        if ports:
            self._ports(painter, card, area)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)

    def _title(self, painter: QPainter, row: int, card: Card, state: State, area: QRectF) -> None:
        """State, name, definition and, where there is room, what went in and out."""
        brush = self._brush
        scale = painter.worldTransform().m11()
        grown = min(max(1.0, _LEGIBLE / scale), 2.0)
        painter.save()
        painter.setClipRect(QRectF(area.left(), area.top(), area.width(), TITLE), Qt.ClipOperation.IntersectClip)
        painter.translate(area.left() + 12, area.top() + TITLE / 2)
        painter.scale(grown, grown)
        room = (area.width() - 24) / grown
        draw_state(painter, state, brush.color(brush.colors.of_state(state)), QRectF(2, -6, 12, 12))
        device = painter.deviceTransform().m11()
        pixmap = brush.icon(card.icon, brush.colors.muted, max(1, round(18 * device)))
        if not pixmap.isNull():
            painter.drawPixmap(QRectF(20, -9, 18, 18), pixmap, QRectF(pixmap.rect()))
        figures = self._figures(painter, row, room)
        painter.setPen(brush.pen("text" if state is not State.DISABLED else "muted"))
        painter.setFont(brush.fonts["name"])
        name = brush.elided(card.name or card.key, "name", figures - 52)
        painter.drawText(QPointF(44, 5), name)
        left = 44 + brush.width(name, "name") + 10
        if figures - left > 40:
            painter.setPen(brush.pen("muted"))
            painter.setFont(brush.fonts["text"])
            painter.drawText(QPointF(left, 5), brush.elided(card.type, "text", figures - left - 8))
        painter.restore()

    def _figures(self, painter: QPainter, row: int, right: float) -> float:
        """Numbers at the right of the title; returns where they begin."""
        brush, numbers = self._brush, self._cards.numbers[row]
        received, sent, bulletins = (int(numbers[column]) for column in (_IN, _OUT, _BULLETINS))
        if bulletins:
            words = text.count(bulletins)
            width = brush.width(words, "small") + 10
            badge = QRectF(right - width, -8, width, 16)
            painter.setPen(brush.pen("bulletin"))
            painter.setBrush(brush.color("bulletin"))
            painter.drawRoundedRect(badge, 7, 7)
            painter.setPen(brush.pen("card"))
            painter.setFont(brush.fonts["small"])
            painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, words)
            right -= width + 8
        if not received and not sent:
            return right
        words = f"{text.count(received)} → {text.count(sent)}"
        width = brush.width(words, "text")
        if width > right / 2:
            return right
        painter.setPen(brush.pen("value"))
        painter.setFont(brush.fonts["text"])
        painter.drawText(QPointF(right - width, 5), words)
        return right - width - 8

    def _ports(self, painter: QPainter, card: Card, area: QRectF) -> None:
        """Where connections of the level around meet the frame."""
        brush = self._brush
        for names, is_input in ((card.inputs, True), (card.outputs, False)):
            x = area.left() if is_input else area.right()
            for name in names:
                y = area.top() + card.port_y(name, is_input=is_input)
                dropped = not is_input and name in card.dropped
                draw_port(painter, brush, QPointF(x, y), dropped=dropped)
