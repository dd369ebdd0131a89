"""The buttons that appear over the card under the pointer."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QPointF, QRectF
from PySide6.QtGui import QPainter

from app.canvas.card import Kind, State
from app.canvas.paint.brush import Brush

_CONTEXT = "FlowViewer"
_WORDS = {
    "run": QT_TRANSLATE_NOOP(_CONTEXT, "Start"),
    "stop": QT_TRANSLATE_NOOP(_CONTEXT, "Stop"),
    "settings": QT_TRANSLATE_NOOP(_CONTEXT, "Configure"),
    "code": QT_TRANSLATE_NOOP(_CONTEXT, "Edit the code"),
    "enter": QT_TRANSLATE_NOOP(_CONTEXT, "Enter the subflow"),
    "expand": QT_TRANSLATE_NOOP(_CONTEXT, "Expand in place"),
    "collapse": QT_TRANSLATE_NOOP(_CONTEXT, "Collapse"),
    "chart": QT_TRANSLATE_NOOP(_CONTEXT, "Chart"),
}
_SIZE, _GAP = 22.0, 4.0


def buttons_of(kind: Kind, state: State) -> tuple[str, ...]:
    """The names of the buttons of a card."""
    if kind is Kind.FUNNEL:  # too small for any, and there is nothing to configure
        return ()
    first = "stop" if state is State.RUNNING else "run"
    if kind in (Kind.SUBFLOW, Kind.FRAME):
        return (first, "settings", "enter", "collapse" if kind is Kind.FRAME else "expand", "chart")
    return (first, "settings", "code", "chart")


def button_words(name: str) -> str:
    """What a button does, for people."""
    return QCoreApplication.translate(_CONTEXT, str(_WORDS[name])) if name in _WORDS else ""


def button_rects(card: QRectF, names: tuple[str, ...]) -> list[tuple[str, QRectF]]:
    """Where the buttons of a card are: a row above its right corner, in canvas coordinates."""
    left = card.right() - len(names) * (_SIZE + _GAP) + _GAP
    return [
        (name, QRectF(left + number * (_SIZE + _GAP), card.top() - _SIZE - 5, _SIZE, _SIZE))
        for number, name in enumerate(names)
    ]


def button_zone(card: QRectF, names: tuple[str, ...]) -> QRectF:
    """Where the pointer may be without the buttons going away."""
    area = QRectF(card)
    for _, rect in button_rects(card, names):
        area = area.united(rect)
    return area.adjusted(-2, -2, 2, 0)


def draw_buttons(painter: QPainter, brush: Brush, card: QRectF, names: tuple[str, ...], hovered: str) -> None:
    """Draw them, the one under the pointer in the accent's colour."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    device = painter.deviceTransform().m11()
    for name, area in button_rects(card, names):
        under = name == hovered
        painter.setPen(brush.pen("accent" if under else "border"))
        painter.setBrush(brush.color("accent" if under else "card"))
        painter.drawRoundedRect(area, 5, 5)
        pixmap = brush.icon(name, brush.colors.card if under else brush.colors.text, max(1, round(14 * device)))
        if pixmap.isNull():
            painter.setFont(brush.fonts["small"])
            painter.setPen(brush.pen("card" if under else "text"))
            painter.drawText(area.center() + QPointF(-3, 4), name[:1].upper())
        else:
            painter.drawPixmap(area.adjusted(4, 4, -4, -4), pixmap, QRectF(pixmap.rect()))
