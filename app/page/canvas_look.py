"""The theme's colours and icons, as the canvas wants them."""

from __future__ import annotations

from PySide6.QtGui import QPixmap

from app.canvas.colors import CanvasColors
from app.theme.icon import icon_names, pixmap
from app.theme.theme import Theme

_ROLES = {
    "ground": "canvas",
    "grid": "grid",
    "card": "card",
    "header": "card_header",
    "stripe": "sparkline_ground",
    "border": "card_border",
    "text": "text",
    "muted": "muted",
    "value": "text",
    "accent": "hyperlink",
    "selection": "card_selected",
    "link": "link",
    "label": "card",
    "spark": "sparkline",
    "running": "running",
    "stopped": "stopped",
    "invalid": "invalid",
    "disabled": "disabled",
    "broken": "error",
    "ended": "hyperlink",
    "paused": "warning",
    "bulletin": "error",
    "bar_low": "bar_green",
    "bar_middle": "bar_yellow",
    "bar_high": "bar_red",
    "bar_ground": "bar_ground",
}


def colors_of(theme: Theme) -> CanvasColors:
    """The canvas's colours in a theme."""
    return CanvasColors(**{role: getattr(theme, color) for role, color in _ROLES.items()})


class CanvasIcons:
    """Icons of a theme, by the colours of its canvas."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self._roles = {getattr(theme, role): role for role in ("card", "muted", "text")}
        self._known = frozenset(icon_names())

    def __call__(self, name: str, color: str, size: int) -> QPixmap:
        """An icon of so many device pixels; an empty picture for one there is not."""
        if name not in self._known:
            return QPixmap()
        return pixmap(name, size, theme=self._theme, role=self._roles.get(color, "text"))
