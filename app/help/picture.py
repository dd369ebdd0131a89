"""The pictures of the manual, sharp on every screen and no wider than the page."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer


def picture(path: Path, width: int, ratio: float) -> QImage:
    """A picture file for a page of so many logical pixels, on a screen of `ratio` device pixels to each.

    An SVG is drawn in that size; anything else is made smaller if it is too wide, and never larger. Null if it cannot be read.
    """
    image = _drawing(path, width, ratio) if path.suffix == ".svg" else _photograph(path, width, ratio)
    image.setDevicePixelRatio(ratio)
    return image


def _drawing(path: Path, width: int, ratio: float) -> QImage:
    renderer = QSvgRenderer(str(path))
    if not renderer.isValid():
        return QImage()
    size = renderer.defaultSize()
    scale = min(1.0, width / max(1, size.width())) * ratio
    image = QImage(QSize(round(size.width() * scale), round(size.height() * scale)), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    renderer.render(painter, QRectF(image.rect()))
    painter.end()
    return image


def _photograph(path: Path, width: int, ratio: float) -> QImage:
    image = QImage(str(path))
    room = round(width * ratio)
    if image.width() > room:
        return image.scaledToWidth(room, Qt.TransformationMode.SmoothTransformation)
    return image
