"""Pictures of cards as they were painted last, so that a card is painted again only when it has changed."""

from __future__ import annotations

from collections import OrderedDict
from typing import NamedTuple

from PySide6.QtGui import QPixmap

_BYTES_PER_PIXEL = 4


class Picture(NamedTuple):
    """A picture, and of what: the scale, the version, the looks and the counts in the header that it shows."""

    pixmap: QPixmap
    scale: float
    version: int
    looks: int = 0
    counts: tuple[int, ...] = ()


class PictureCache:
    """Keeps the pictures that were used last, up to so many bytes."""

    def __init__(self, most_bytes: int = 96_000_000) -> None:
        self._most = most_bytes
        self._bytes = 0
        self._pictures: OrderedDict[int, Picture] = OrderedDict()

    def get(self, row: int) -> Picture | None:
        """The picture of a row."""
        found = self._pictures.get(row)
        if found is not None:
            self._pictures.move_to_end(row)
        return found

    def put(self, row: int, picture: Picture) -> None:
        """Keep a picture."""
        self.drop(row)
        self._pictures[row] = picture
        self._bytes += _size(picture.pixmap)
        while self._bytes > self._most and len(self._pictures) > 1:
            _, old = self._pictures.popitem(last=False)
            self._bytes -= _size(old.pixmap)

    def drop(self, row: int) -> None:
        """Forget the picture of a row."""
        old = self._pictures.pop(row, None)
        if old is not None:
            self._bytes -= _size(old.pixmap)

    def clear(self) -> None:
        """Forget all."""
        self._pictures.clear()
        self._bytes = 0


def _size(pixmap: QPixmap) -> int:
    return pixmap.width() * pixmap.height() * _BYTES_PER_PIXEL
