"""Paints connections and their labels from near."""

from __future__ import annotations

import math

from PySide6.QtCore import QCoreApplication, QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPolygonF

from app.canvas import text
from app.canvas.link_columns import LinkColumns, Route
from app.canvas.paint.brush import Brush
from app.canvas.rows import Indices

_WIDTH = 1.8
_ARROW = 9.0
_MIDDLE_FILL, _HIGH_FILL = 0.61, 0.86
_BEND = 4.0
_NARROW = 140.0


class LinkPainter:
    """Draws links of `links` in canvas coordinates; the painter has the view's transformation."""

    def __init__(self, links: LinkColumns, brush: Brush) -> None:
        self._links = links
        self._brush = brush

    def draw(self, painter: QPainter, rows: Indices, *, labels: bool) -> None:
        """Draw links, then the labels over all of them."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        links = self._links
        fills = links.fill[rows].max(axis=1, initial=0.0).tolist()
        colors = (color and self._brush.readable(color) for color in map(links.color, rows.tolist()))
        roles = list(map(_role, links.selected[rows].tolist(), fills, colors))
        for row, role in zip(rows.tolist(), roles, strict=True):
            self._line(painter, row, role)
        if labels:
            links.spread_labels(rows)
            for row, role in zip(rows.tolist(), roles, strict=True):
                self._label(painter, row, role)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)

    def _line(self, painter: QPainter, row: int, role: str) -> None:
        links = self._links
        route = links.route(row)
        selected = role == "selection"
        color = self._brush.color(role)
        painter.setPen(self._brush.pen(role, _WIDTH + (1.2 if selected else 0.0)))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(path_of(route))
        draw_arrow(painter, route, color)
        if selected:
            painter.setBrush(color)
            for x, y in links.link(row).bends:
                painter.drawEllipse(QPointF(x, y), _BEND, _BEND)

    def _label(self, painter: QPainter, row: int, role: str) -> None:
        brush, links = self._brush, self._links
        link = links.link(row)
        area = links.label_rect(row)
        messages, size = links.queued[row].tolist()
        painter.setPen(brush.pen("border" if role == "link" else role))
        painter.setBrush(brush.color("label"))
        painter.drawRoundedRect(area, 3, 3)
        room = area.width() - 14 - 14 * len(link.marks)
        painter.setFont(brush.fonts["strong"])
        painter.setPen(brush.pen("text"))
        painter.drawText(area.topLeft() + QPointF(7, 13), brush.elided(link.name or link.source_port, "strong", room))
        painter.setFont(brush.fonts["text"])
        painter.setPen(brush.pen("value" if messages else "muted"))
        words = text.count(messages)
        if area.width() > _NARROW:
            words = QCoreApplication.translate("Link", "Queued {} ({})").format(words, text.size(size))
        painter.drawText(area.topLeft() + QPointF(7, 27), brush.elided(words, "text", area.width() - 14))
        device = painter.deviceTransform().m11()
        for number, mark in enumerate(link.marks):
            pixmap = brush.icon(mark, brush.colors.muted, max(1, round(12 * device)))
            if not pixmap.isNull():
                spot = QRectF(area.right() - 18 - 14 * number, area.top() + 3, 12, 12)
                painter.drawPixmap(spot, pixmap, QRectF(pixmap.rect()))
        self._bars(painter, row, area)

    def _bars(self, painter: QPainter, row: int, area: QRectF) -> None:
        """Two thin bars: how much of the limit in messages, and in bytes, is used."""
        width = (area.width() - 18) / 2
        for number, fill in enumerate(self._links.fill[row].tolist()):
            left = area.left() + 7 + number * (width + 4)
            painter.fillRect(QRectF(left, area.bottom() - 5, width, 2.5), self._brush.color("bar_ground"))
            if fill > 0:
                role = "bar_high" if fill >= _HIGH_FILL else "bar_middle" if fill >= _MIDDLE_FILL else "bar_low"
                used = max(1.5, width * min(1.0, fill))
                painter.fillRect(QRectF(left, area.bottom() - 5, used, 2.5), self._brush.color(role))


def _role(selected: bool, fill: float, color: str) -> str:
    """What colour a link has: that it is selected, or full, is more than the colour that somebody gave it."""
    return "selection" if selected else "bar_high" if fill >= 1 else color or "link"


def path_of(route: Route) -> QPainterPath:
    """A route as a path to draw, its corners rounded."""
    spots = [QPointF(x, y) for x, y in route.points]
    path = QPainterPath(spots[0])
    if route.is_curve:
        path.cubicTo(*spots[1:])
        return path
    for before, corner, after in zip(spots, spots[1:], spots[2:], strict=False):
        path.lineTo(_towards(corner, before))
        path.quadTo(corner, _towards(corner, after))
    path.lineTo(spots[-1])
    return path


def _towards(corner: QPointF, spot: QPointF) -> QPointF:
    """A little way from a corner towards a spot."""
    line = QLineF(corner, spot)
    line.setLength(min(14.0, line.length() / 2))
    return line.p2()


def draw_arrow(painter: QPainter, route: Route, color: QColor) -> None:
    """The head of an arrow at the route's end."""
    (bx, by), (ax, ay) = route.points[-1], route.points[-2]
    length = math.hypot(bx - ax, by - ay) or 1.0
    dx, dy = (bx - ax) / length * _ARROW, (by - ay) / length * _ARROW
    x, y = bx - dx * 0.45, by - dy * 0.45
    left, right = QPointF(x - dx - dy * 0.45, y - dy + dx * 0.45), QPointF(x - dx + dy * 0.45, y - dy - dx * 0.45)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    painter.drawPolygon(QPolygonF([QPointF(x, y), left, right]))
