"""Elided, a line of text that makes nothing wider."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from app.theme.style_sheet import set_look


class Elided(QLabel):
    """One line that ends in … where there is no room for more; the tooltip has it all.

    It takes what room others leave or, if `keen`, the room of all its text where that is there.
    """

    def __init__(self, look: str, parent: QWidget | None = None, *, keen: bool = False) -> None:
        super().__init__(parent)
        self._full = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._keen = keen
        across = QSizePolicy.Policy.Maximum if keen else QSizePolicy.Policy.Ignored
        self.setSizePolicy(across, QSizePolicy.Policy.Fixed)
        set_look(self, look)

    @property
    def is_cut(self) -> bool:
        """Whether not all of it can be seen."""
        return self.text() != self._full

    @property
    def full_text(self) -> str:
        """All of it."""
        return self._full

    def set_text(self, text: str) -> None:
        """Show a text."""
        self._full = text
        self.setAccessibleName(text)
        self.updateGeometry()
        self._elide()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Room for all of it."""
        return QSize(self.fontMetrics().horizontalAdvance(self._full) + 1, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Next to nothing will do."""
        return QSize(0 if self._keen else super().minimumSizeHint().width(), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Another room."""
        super().resizeEvent(event)
        self._elide()

    def _elide(self) -> None:
        shown = self.fontMetrics().elidedText(self._full, Qt.TextElideMode.ElideRight, max(self.width(), 40))
        self.setText(shown)
        self.setToolTip(self._full if shown != self._full else "")
