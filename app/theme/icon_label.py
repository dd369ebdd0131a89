"""IconLabel, an icon that stands by itself, in the colours and at the size that hold while it is painted."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.theme.fonts import scaled


class IconLabel(QWidget):
    """Shows an icon of so many pixels at 100 %."""

    def __init__(self, picture: QIcon, pixels: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture = picture
        self._pixels = pixels
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_icon(self, picture: QIcon) -> None:
        """Show another one."""
        self._picture = picture
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """A square."""
        return QSize(scaled(self._pixels), scaled(self._pixels))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """In the middle."""
        area = QRect(0, 0, self.sizeHint().width(), self.sizeHint().height())
        area.moveCenter(self.rect().center())
        mode = QIcon.Mode.Normal if self.isEnabled() else QIcon.Mode.Disabled
        self._picture.paint(QPainter(self), area, Qt.AlignmentFlag.AlignCenter, mode)
