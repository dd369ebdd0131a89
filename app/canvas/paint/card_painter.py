"""Paints cards from near: whole pictures, kept as long as nothing about them changes."""

from __future__ import annotations

import math

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen, QPixmap

from app.canvas.card import HEADER, ROW, STATISTICS, Card, Kind, State
from app.canvas.card_columns import CardColumns
from app.canvas.measure import MEASURE
from app.canvas.paint.brush import Brush
from app.canvas.paint.figure_painter import FigurePainter
from app.canvas.paint.picture_cache import Picture, PictureCache
from app.canvas.paint.symbol import DOT, draw_port, draw_state

MARGIN = 8.0
"""A picture reaches so far beyond its card: for ports and the frame of a selection."""
_STRIPE = 5.0
_FUNNEL_DOT = 3.5
_RADIUS = 4.0
_WITH_FIGURES = (Kind.PROCESSOR, Kind.SUBFLOW)
_HINTS = QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing


class CardPainter:
    """Draws cards of `cards` in device pixels. Set `hasty` while the scale changes from frame to frame."""

    def __init__(self, cards: CardColumns, brush: Brush) -> None:
        self._cards = cards
        self._brush = brush
        self._figures = FigurePainter(cards, brush)
        self._pictures = PictureCache()
        self._generation = brush.generation
        self.hasty = False
        """Show pictures of other scales rather than paint new ones."""

    def draw(self, painter: QPainter, row: int, left: float, top: float, scale: float, ratio: float) -> None:
        """Draw a card whose corner is at device point (left, top). The painter has no transformation but the screen's ratio."""
        cards = self._cards
        if self._generation != self._brush.generation:
            self._generation = self._brush.generation
            self._pictures.clear()
        margin = MARGIN * scale
        x, y = math.floor(left - margin + 0.5), math.floor(top - margin + 0.5)
        picture = self._pictures.get(row)
        if self.hasty and picture is not None and picture.scale != scale:
            size = QSizeF((cards.width[row] + 2 * MARGIN) * scale, (cards.height[row] + 2 * MARGIN) * scale)
            painter.drawPixmap(QRectF(QPointF(x, y), size), picture.pixmap, QRectF(picture.pixmap.rect()))
            return
        if picture is None or (picture.scale, picture.looks) != (scale, cards.looks[row]):
            picture = self._paint(row, scale, ratio)
            self._pictures.put(row, picture)
        elif picture.version != cards.version[row] and scale >= MEASURE.detail and cards.kind[row] in _WITH_FIGURES:
            picture = self._renew(row, picture)
            self._pictures.put(row, picture)
        painter.drawPixmap(x, y, picture.pixmap)

    def forget(self, row: int) -> None:
        """A row is given to another card."""
        self._pictures.drop(row)

    def _paint(self, row: int, scale: float, ratio: float) -> Picture:
        cards = self._cards
        width = math.ceil((cards.width[row] + 2 * MARGIN) * scale * ratio)
        height = math.ceil((cards.height[row] + 2 * MARGIN) * scale * ratio)
        pixmap = QPixmap(width, height)
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = self._painter(pixmap, scale)
        card, state = cards.card(row), State(int(cards.state[row]))
        if card.kind is Kind.FUNNEL:
            self._funnel(painter, card, state)
        elif card.kind in (Kind.INPUT, Kind.OUTPUT):
            self._port_card(painter, card)
        else:
            self._frame(painter, card, state)
            if scale >= MEASURE.detail:
                self._near(painter, card, state)
                self._figures.draw_header(painter, row, card, state)
                self._figures.draw_statistics(painter, row)
            else:
                self._headline(painter, card, state, scale)
        if cards.selected[row]:
            painter.setPen(self._brush.pen("selection", 2.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            frame = QRectF(0, 0, *card.size).adjusted(-2, -2, 2, 2)
            radius = frame.height() / 2 if card.kind is Kind.FUNNEL else _RADIUS + 2
            painter.drawRoundedRect(frame, radius, radius)
        painter.end()
        return Picture(pixmap, scale, int(cards.version[row]), int(cards.looks[row]), self._figures.counts(row))

    def _renew(self, row: int, picture: Picture) -> Picture:
        """Paint other figures into a picture in which everything else is as it should be."""
        cards, counts = self._cards, self._figures.counts(row)
        painter = self._painter(picture.pixmap, picture.scale)
        if counts != picture.counts:
            self._figures.draw_header(painter, row, cards.card(row), State(int(cards.state[row])))
        self._figures.draw_statistics(painter, row)
        painter.end()
        return picture._replace(version=int(cards.version[row]), counts=counts)

    @staticmethod
    def _painter(pixmap: QPixmap, scale: float) -> QPainter:
        """With its origin where the card's corner is."""
        painter = QPainter(pixmap)
        painter.setRenderHints(_HINTS)
        painter.scale(scale, scale)
        painter.translate(MARGIN, MARGIN)
        return painter

    def _frame(self, painter: QPainter, card: Card, state: State) -> None:
        brush = self._brush
        area = QRectF(0, 0, *card.size)
        if card.kind is Kind.SUBFLOW:  # a second sheet behind the first: there is more inside
            painter.setPen(brush.pen("border"))
            painter.setBrush(brush.color("header"))
            painter.drawRoundedRect(area.adjusted(4, 4, 4, 4), _RADIUS, _RADIUS)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(brush.color("card"))
        painter.drawRoundedRect(area, _RADIUS, _RADIUS)
        painter.setBrush(brush.color("header"))
        painter.drawRoundedRect(QRectF(0, 0, area.width(), HEADER), _RADIUS, _RADIUS)
        painter.setBrush(brush.color(card.color or brush.colors.of_state(state)))
        painter.drawRoundedRect(QRectF(0, 0, _STRIPE, area.height()), _RADIUS / 2, _RADIUS / 2)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(brush.pen("border"))
        painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), _RADIUS, _RADIUS)

    def _near(self, painter: QPainter, card: Card, state: State) -> None:
        """What can be seen from near, but for what changes while the flow runs."""
        brush = self._brush
        draw_state(painter, state, brush.color(brush.colors.of_state(state)), QRectF(14, 9, 12, 12))
        self._icon(painter, card)
        painter.setFont(brush.fonts["text"])
        painter.setPen(brush.pen("muted"))
        for number, name in enumerate(STATISTICS):
            top = HEADER + number * ROW
            if number % 2 == 0:
                painter.fillRect(QRectF(_STRIPE, top, card.size.width - _STRIPE - 1, ROW), brush.color("stripe"))
            painter.drawText(QPointF(14, top + 13), QCoreApplication.translate("Card", name))
        line = HEADER + len(STATISTICS) * ROW + 1
        painter.setPen(brush.pen("border", 0.6))
        painter.drawLine(QPointF(_STRIPE, line), QPointF(card.size.width - 1, line))
        self._ports(painter, card)

    def _headline(self, painter: QPainter, card: Card, state: State, scale: float) -> None:
        """From further away: nothing but state and name, as large on the screen as they are from near."""
        brush = self._brush
        area = QRectF(0, 0, *card.size).adjusted(10, 6, -8, -6)
        scale /= MEASURE.unit
        side = min(12 / scale, HEADER - 8)
        draw_state(painter, state, brush.color(brush.colors.of_state(state)), QRectF(area.left() + 4, 6, side, side))
        painter.save()
        painter.translate(area.left() + 4, HEADER + 6)
        painter.scale(1 / scale, 1 / scale)
        painter.setFont(brush.fonts["strong"])
        painter.setPen(brush.pen("text" if state is not State.DISABLED else "muted"))
        room = QRectF(0, 0, area.width() * scale - 4, (card.size.height - HEADER - 12) * scale)
        painter.drawText(room, Qt.TextFlag.TextWordWrap | Qt.TextFlag.TextWrapAnywhere, card.name or card.key)
        painter.restore()

    def _icon(self, painter: QPainter, card: Card) -> None:
        device = painter.deviceTransform().m11()
        pixmap = self._brush.icon(card.icon, self._brush.colors.muted, max(1, round(18 * device)))
        if not pixmap.isNull():
            painter.drawPixmap(QRectF(30, 6, 18, 18), pixmap, QRectF(pixmap.rect()))

    def _ports(self, painter: QPainter, card: Card) -> None:
        brush = self._brush
        half = card.size.width / 2 - 18
        painter.setFont(brush.fonts["text"])
        for names, is_input in ((card.inputs, True), (card.outputs, False)):
            x = 0.0 if is_input else card.size.width
            for name in names:
                y = card.port_y(name, is_input=is_input)
                dropped = not is_input and name in card.dropped
                draw_port(painter, brush, QPointF(x, y), dropped=dropped)
                painter.setPen(brush.pen("muted" if dropped else "text"))
                words = brush.elided(name, "text", half)
                width = brush.width(words, "text")
                painter.drawText(QPointF(12 if is_input else x - 12 - width, y + 4), words)

    def _port_card(self, painter: QPainter, card: Card) -> None:
        brush = self._brush
        area = QRectF(0, 0, *card.size).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(brush.pen(card.color or "accent", 1.5))
        painter.setBrush(brush.color("card"))
        painter.drawRoundedRect(area, area.height() / 2, area.height() / 2)
        is_entry = card.kind is Kind.INPUT
        painter.setFont(brush.fonts["name"])
        painter.setPen(brush.pen("text"))
        painter.drawText(QPointF(24, 19), brush.elided(card.name or card.key, "name", area.width() - 48))
        painter.setFont(brush.fonts["small"])
        painter.setPen(brush.pen("muted"))
        painter.drawText(QPointF(24, 34), brush.elided(card.type, "small", area.width() - 48))
        painter.setPen(brush.pen("link", 1.4))
        painter.setBrush(brush.color("card"))
        painter.drawEllipse(QPointF(card.size.width if is_entry else 0.0, card.size.height / 2), DOT, DOT)

    def _funnel(self, painter: QPainter, card: Card, state: State) -> None:
        """A disc with a funnel in it; its rim has the colour of the state, where there is anything to tell."""
        brush = self._brush
        area = QRectF(0, 0, *card.size).adjusted(1, 1, -1, -1)
        quiet = state in (State.STOPPED, State.NONE) and not card.color
        rim = card.color or ("border" if quiet else brush.colors.of_state(state))
        painter.setPen(QPen(brush.color(rim), 1.2 if quiet else 2.2))
        painter.setBrush(brush.color("card"))
        painter.drawEllipse(area)
        glyph = QPainterPath(QPointF(13, 15))
        for x, y in ((35, 15), (27, 25), (27, 35), (21, 32), (21, 25)):
            glyph.lineTo(x, y)
        glyph.closeSubpath()
        painter.setPen(
            QPen(brush.color("muted"), 1.8, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
        )
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(glyph)
        painter.setPen(brush.pen("link", 1.4))
        painter.setBrush(brush.color("card"))
        for x in (0.0, card.size.width):
            painter.drawEllipse(QPointF(x, card.size.height / 2), _FUNNEL_DOT, _FUNNEL_DOT)
