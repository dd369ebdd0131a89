"""What painters share: fonts, colours made once, texts cut to the room there is."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPen, QPixmap

from app.canvas.colors import LIGHT, NAMES, CanvasColors
from app.theme.contrast import contrast

IconSource = Callable[[str, str, int], QPixmap]
"""Name of the icon, colour, size in device pixels."""
_KEPT = 8000
_READABLE = 1.6
"""The least contrast of a line with the ground."""


def no_icon(name: str, color: str, size: int) -> QPixmap:
    """For a canvas that was given no icons."""
    return QPixmap()


class Brush:
    """Colours and fonts of a canvas. `generation` grows when they change: pictures made before are out of date."""

    def __init__(self, colors: CanvasColors = LIGHT, family: str = "", icon: IconSource = no_icon) -> None:
        self.colors = colors
        self.icon = icon
        self.generation = 0
        self._colors: dict[str, QColor] = {}
        self._readable: dict[str, str] = {}
        self._pens: dict[tuple[str, float], QPen] = {}
        self._elided: dict[tuple[str, str, int], str] = {}
        self._metrics: dict[str, QFontMetricsF] = {}
        self.fonts: dict[str, QFont] = {}
        self._family = family
        self._make_fonts()

    def change(self, colors: CanvasColors, icon: IconSource | None = None) -> None:
        """Paint in other colours from now on."""
        self.colors = colors
        self.icon = icon or self.icon
        self.generation += 1
        self._pens.clear()
        self._colors.clear()
        self._readable.clear()

    def _make_fonts(self) -> None:
        for name, pixels, bold in (("name", 13, True), ("text", 11, False), ("strong", 11, True), ("small", 10, False)):
            font = QFont(self._family) if self._family else QFont()
            font.setPixelSize(pixels)
            font.setBold(bold)
            self.fonts[name] = font
            self._metrics[name] = QFontMetricsF(font)

    def color(self, role: str) -> QColor:
        """The colour of a role, or the one that a user names: `#rrggbb`, `red`; what names none is the border's."""
        color = self._colors.get(role)
        if color is None:
            is_name = role not in NAMES and QColor.isValidColorName(role)
            color = self._colors[role] = QColor(role) if is_name else self.colors.pen(role if role in NAMES else "border")
        return color

    def readable(self, color: str) -> str:
        """A colour that a user names, as a line on the ground: where the two are too much alike, nearer to the text's."""
        found = self._readable.get(color)
        if found is None:
            wanted, ground, text = self.color(color), self.color("ground").name(), self.color("text")
            mixes = (_mixed(wanted, text, share).name() for share in (0.0, 0.25, 0.5, 0.75))
            found = next((mix for mix in mixes if contrast(mix, ground) >= _READABLE), text.name())
            self._readable[color] = found
        return found

    def pen(self, role: str, width: float = 1.0) -> QPen:
        """A pen; width 0 is one device pixel at any zoom."""
        pen = self._pens.get((role, width))
        if pen is None:
            pen = self._pens[role, width] = QPen(self.color(role), width)
        return pen

    def elided(self, text: str, font: str, width: float) -> str:
        """The text, its end left out if it is wider."""
        key = (text, font, int(width))
        found = self._elided.get(key)
        if found is None:
            if len(self._elided) >= _KEPT:
                self._elided.clear()
            found = self._metrics[font].elidedText(text, Qt.TextElideMode.ElideRight, width)
            self._elided[key] = found
        return found

    def width(self, text: str, font: str) -> float:
        """How wide a text is, at 1:1."""
        return self._metrics[font].horizontalAdvance(text)


def _mixed(first: QColor, second: QColor, share: float) -> QColor:
    """A colour between two, with so much of the second."""
    parts = ((first.red(), second.red()), (first.green(), second.green()), (first.blue(), second.blue()))
    return QColor(*(round(one * (1 - share) + other * share) for one, other in parts))
