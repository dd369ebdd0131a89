"""A pattern as a small picture: its steps as boxes, joined by lines."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPixmap

from app.theme.theme import Theme
from engine.model.flow import Flow, Subflow
from engine.model.layout import placed
from engine.model.pattern import inside_of
from engine.model.ports import split_end

SIZE = QSize(88, 48)
_CARD_WIDTH, _CARD_HEIGHT, _FUNNEL = 300.0, 170.0, 48.0
_MARGIN = 6.0


def picture_of(pattern: Flow, theme: Theme, ratio: float = 1.0) -> QPixmap:
    """The picture of what a pattern holds, `SIZE` large."""
    pixmap = QPixmap(SIZE * ratio)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    ground = QRectF(0.5, 0.5, SIZE.width() - 1, SIZE.height() - 1)
    painter.setPen(QPen(QColor(theme.border), 1))
    painter.setBrush(QColor(theme.canvas))
    painter.drawRoundedRect(ground, 4, 4)
    _draw(painter, placed(inside_of(pattern)), theme, ground.adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN))
    painter.end()
    return pixmap


def _draw(painter: QPainter, flow: Flow, theme: Theme, room: QRectF) -> None:
    boxes: dict[str, QRectF] = {}
    for key, step in flow.steps.items():
        x, y = step.position or (0.0, 0.0)
        is_small = getattr(step, "type", "") == "funnel"
        boxes[key] = QRectF(x, y, _FUNNEL if is_small else _CARD_WIDTH, _FUNNEL if is_small else _CARD_HEIGHT)
    area = QRectF()
    for box in boxes.values():
        area = area.united(box)
    if area.isEmpty():
        return
    scale = min(room.width() / area.width(), room.height() / area.height(), 0.09)
    shift = room.center() - area.center() * scale
    small = {key: QRectF(box.topLeft() * scale + shift, box.size() * scale) for key, box in boxes.items()}
    painter.setPen(QPen(QColor(theme.link), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for connection in flow.connections.values():
        source, target = (split_end(end)[0] for end in (connection.source, connection.target))
        if source in small and target in small:
            painter.drawPath(_line(small[source], small[target]))
    for key, box in small.items():
        step = flow.steps[key]
        painter.setPen(QPen(QColor(theme.card_border), 1))
        painter.setBrush(QColor(step.color or theme.card))
        radius = 1.5 if box.width() > 5 else box.width() / 2
        painter.drawRoundedRect(box, radius, radius)
        head = QRectF(box.topLeft(), box.topRight() + QPointF(0, max(2.0, box.height() / 4)))
        painter.fillRect(head, QColor(theme.accent if isinstance(step, Subflow) else theme.muted))


def _line(source: QRectF, target: QRectF) -> QPainterPath:
    start, end = QPointF(source.right(), source.center().y()), QPointF(target.left(), target.center().y())
    reach = max(4.0, abs(end.x() - start.x()) / 2)
    path = QPainterPath(start)
    path.cubicTo(start + QPointF(reach, 0), end - QPointF(reach, 0), end)
    return path
