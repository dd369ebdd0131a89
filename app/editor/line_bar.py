"""Go to a line, above the text."""

from __future__ import annotations

import re

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QWidget

_PLACE = re.compile(r"\s*(\d{1,9})(?:\s*[:,]\s*(\d{1,9}))?\s*")


class LineBar(QWidget):
    """Takes a line, or a line and a column (`12:5`)."""

    chosen = Signal(int, int)
    """Line and column, both from 1."""
    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAutoFillBackground(True)
        self.setAccessibleName(self.tr("Go to line"))
        self.field = QLineEdit(self)
        self.field.setAccessibleName(self.tr("Line"))
        self.field.installEventFilter(self)
        self._hint = QLabel(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 5, 8, 5)
        row.addWidget(QLabel(self.tr("Go to line"), self))
        row.addWidget(self.field)
        row.addWidget(self._hint, 1)

    def open(self, line: int, count: int) -> None:
        """Show it at a line of so many."""
        self.field.setText(str(line))
        self._hint.setText(self.tr("1 to {0}, or line:column").format(count))
        self.show()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Enter goes there, Escape closes."""
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return super().eventFilter(watched, event)
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
            return True
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            place = _PLACE.fullmatch(self.field.text())
            if place:
                self.chosen.emit(int(place[1]), int(place[2] or 1))
                self.closed.emit()
            else:
                self.field.selectAll()
            return True
        return super().eventFilter(watched, event)
