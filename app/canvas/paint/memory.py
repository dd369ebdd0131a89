"""Hands numpy's memory to QPainter: no Python object for each line, rectangle or sprite."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import shiboken6
from PySide6.QtCore import QLineF, QRectF
from PySide6.QtGui import QPainter, QPixmap

Columns = npt.NDArray[np.float64]


def draw_lines(painter: QPainter, lines: Columns) -> None:
    """Draw lines; a row is x, y to x, y."""
    if len(lines):
        held = np.ascontiguousarray(lines, np.float64)
        painter.drawLines(_at(held, QLineF), len(held))


def draw_rects(painter: QPainter, rects: Columns) -> None:
    """Draw rectangles; a row is x, y, width, height."""
    if len(rects):
        held = np.ascontiguousarray(rects, np.float64)
        painter.drawRects(_at(held, QRectF), len(held))


def draw_sprites(painter: QPainter, atlas: QPixmap, centres: Columns, sources: Columns) -> None:
    """Draw parts of a pixmap: their centres (x, y), and where in it they are (x, y, width, height)."""
    n = len(centres)
    if not n:
        return
    held = np.zeros((n, 10))
    held[:, 0:2], held[:, 2:6], held[:, 6:8], held[:, 9] = centres, sources, 1.0, 1.0
    opaque = QPainter.PixmapFragmentHint.OpaqueHint
    painter.drawPixmapFragments(_at(held, QPainter.PixmapFragment), n, atlas, opaque)


def _at(memory: Columns, kind: type) -> Any:
    """The first of the objects that lie in the memory, which must be kept while it is used."""
    return shiboken6.wrapInstance(memory.ctypes.data, kind)
