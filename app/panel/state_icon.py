"""The state of a step as an icon, as on its card."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap

from app.canvas.card import State
from app.canvas.paint.symbol import draw_state
from app.page.canvas_look import colors_of
from app.theme.current import current_theme

_SIDE = 14
_RATIO = 2
"""Drawn twice as large as shown, so that it is sharp on a dense screen."""


def state_icon(state: State) -> QIcon:
    """The symbol of a state, in its colour in the theme in use."""
    return _drawn(state, colors_of(current_theme()).of_state(state))


@lru_cache(maxsize=64)
def _drawn(state: State, color: str) -> QIcon:
    picture = QPixmap(_SIDE * _RATIO, _SIDE * _RATIO)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(_RATIO, _RATIO)
    draw_state(painter, state, QColor(color), QRectF(2, 2, _SIDE - 4, _SIDE - 4))
    painter.end()
    picture.setDevicePixelRatio(_RATIO)
    made = QIcon(picture)
    made.addPixmap(picture, QIcon.Mode.Selected)  # a style would tint it, and the colour is what it says
    return made
