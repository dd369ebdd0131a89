"""The symbols of states, drawn rather than loaded: a triangle that runs, a square that stands."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from app.canvas.card import State
from app.canvas.paint.brush import Brush

DOT = 4.5
"""The radius of a port."""


def draw_state(painter: QPainter, state: State, color: QColor, area: QRectF) -> None:
    """Draw the symbol of a state into an area."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    if state is State.RUNNING:
        painter.drawPolygon(_polygon(area, (0.1, 0.0), (1.0, 0.5), (0.1, 1.0)))
    elif state is State.STOPPED:
        painter.drawRect(area.adjusted(1, 1, -1, -1))
    elif state in (State.INVALID, State.BROKEN):
        painter.drawPolygon(_polygon(area, (0.5, 0.0), (1.05, 1.0), (-0.05, 1.0)))
        _exclaim(painter, area)
    elif state is State.PAUSED:
        for left in (0.12, 0.58):
            painter.drawRect(QRectF(area.left() + area.width() * left, area.top(), area.width() * 0.28, area.height()))
    elif state is State.ENDED:
        painter.setPen(QPen(color, 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(_polygon(area, (0.05, 0.55), (0.4, 0.9), (0.98, 0.12)))
    elif state is State.DISABLED:
        painter.setPen(QPen(color, 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(area.adjusted(1, 1, -1, -1))
        painter.drawLine(_point(area, 0.2, 0.8), _point(area, 0.8, 0.2))


def draw_port(painter: QPainter, brush: Brush, spot: QPointF, *, dropped: bool = False) -> None:
    """Where connections meet a card or frame; crossed out where messages are dropped on purpose."""
    painter.setPen(brush.pen("link", 1.4))
    painter.setBrush(Qt.BrushStyle.NoBrush if dropped else brush.color("card"))
    painter.drawEllipse(spot, DOT, DOT)
    if dropped:
        painter.drawLine(spot + QPointF(-3, 3), spot + QPointF(3, -3))


def _exclaim(painter: QPainter, area: QRectF) -> None:
    painter.setPen(QPen(QColor("#ffffff"), 1.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.drawLine(_point(area, 0.5, 0.4), _point(area, 0.5, 0.66))
    painter.drawPoint(_point(area, 0.5, 0.86))


def _polygon(area: QRectF, *spots: tuple[float, float]) -> QPolygonF:
    return QPolygonF([_point(area, x, y) for x, y in spots])


def _point(area: QRectF, x: float, y: float) -> QPointF:
    return QPointF(area.left() + area.width() * x, area.top() + area.height() * y)
