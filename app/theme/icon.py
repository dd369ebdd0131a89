"""Icons, drawn from our own SVG files in a colour of the theme."""

from __future__ import annotations

from functools import cache, lru_cache

from PySide6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QImage, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from app.theme.current import current_theme
from app.theme.theme import Theme
from engine.resource import resource_path

_PROGRAM_SIDES = (16, 24, 32, 48, 64, 128, 256)


@cache
def icon(name: str, theme: Theme | None = None, role: str = "text") -> QIcon:
    """The icon in `resources/icons/NAME.svg`, sharp at every size and density.

    It has the colour that `role` is of `theme`; without a theme, of the one that is in use whenever it is painted, so that it
    need not be set again when the theme changes. Disabled, it is drawn in the theme's `disabled`.

    Raises:
        FileNotFoundError: there is no such icon.
    """
    return QIcon(_TintedSvg(name, theme, role))


def pixmap(name: str, size: int, ratio: float = 1.0, theme: Theme | None = None, role: str = "text") -> QPixmap:
    """The same as a square picture of `size` logical pixels for a screen of `ratio` device pixels to each; for painters."""
    theme = theme or current_theme()
    return _rendered(name, getattr(theme, role), round(size * ratio), round(size * ratio), ratio)


@cache
def program_icon() -> QIcon:
    """The program's own, in its own colours, for windows and the desktop's bar."""
    renderer = QSvgRenderer(str(resource_path("pyfi.svg")))
    found = QIcon()
    for side in _PROGRAM_SIDES:
        image = QImage(QSize(side, side), QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        renderer.render(painter)
        painter.end()
        found.addPixmap(QPixmap.fromImage(image))
    return found


def icon_names() -> list[str]:
    """All icons there are."""
    return sorted(path.stem for path in resource_path("icons").glob("*.svg"))


@cache
def _source(name: str) -> str:
    return resource_path("icons", f"{name}.svg").read_text(encoding="utf-8")


@lru_cache(maxsize=2000)
def _rendered(name: str, color: str, width: int, height: int, ratio: float) -> QPixmap:
    """The picture of so many device pixels."""
    image = QImage(QSize(width, height), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    side = min(width, height)
    painter = QPainter(image)
    renderer = QSvgRenderer(QByteArray(_source(name).replace("currentColor", color).encode()))
    renderer.render(painter, QRectF((width - side) / 2, (height - side) / 2, side, side))
    painter.end()
    image.setDevicePixelRatio(ratio)
    return QPixmap.fromImage(image)


class _TintedSvg(QIconEngine):
    """Paints one SVG file in the colour that a role has at the time."""

    def __init__(self, name: str, theme: Theme | None, role: str) -> None:
        super().__init__()
        _source(name)
        self._name = name
        self._theme = theme
        self._role = role

    def clone(self) -> QIconEngine:
        """A copy; Qt makes one when an icon is changed."""
        return _TintedSvg(self._name, self._theme, self._role)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        """Draw it into a rectangle."""
        ratio = painter.device().devicePixelRatioF()
        painter.drawPixmap(rect, self._pixmap(rect.size(), mode, ratio))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """The picture of so many device pixels."""
        return self._pixmap(size, mode, 1.0)

    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float) -> QPixmap:  # noqa: N802 - Qt's name
        """The picture of so many logical pixels, for a screen of `scale` device pixels to each."""
        return self._pixmap(size, mode, scale)

    def _pixmap(self, size: QSize, mode: QIcon.Mode, ratio: float) -> QPixmap:
        theme = self._theme or current_theme()
        role = "disabled" if mode == QIcon.Mode.Disabled else self._role
        return _rendered(self._name, getattr(theme, role), round(size.width() * ratio), round(size.height() * ratio), ratio)
