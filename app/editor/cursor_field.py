"""CursorField, a text field in which what comes otherwise than by keys comes to all cursors, too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QDropEvent, QInputMethodEvent
from PySide6.QtWidgets import QPlainTextEdit

if TYPE_CHECKING:
    from app.editor.cursors import Cursors


class CursorField(QPlainTextEdit):
    """What is pasted, cut, copied or made by an input method is so at all of its `cursors`; what has one place leaves one."""

    cursors: Cursors

    def cut(self) -> None:
        """Cut what is selected, at all cursors."""
        if self.cursors.others:
            self.cursors.cut()
        else:
            super().cut()

    def copy(self) -> None:
        """Copy what is selected, at all cursors."""
        if self.cursors.others:
            self.cursors.copy()
        else:
            super().copy()

    def insertFromMimeData(self, source: QMimeData) -> None:  # noqa: N802 - Qt's name
        """Paste at all cursors."""
        if self.cursors.others and source.hasText():
            self.cursors.insert(source.text())
        else:
            super().insertFromMimeData(source)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:  # noqa: N802 - Qt's name
        """What an input method made goes to all cursors; what it is still at is shown at the field's own."""
        if not self.cursors.others:
            super().inputMethodEvent(event)
            return
        super().inputMethodEvent(QInputMethodEvent())  # what it was at is no longer there
        self.cursors.take_composed(event)
        if event.preeditString():
            super().inputMethodEvent(QInputMethodEvent(event.preeditString(), event.attributes()))
        event.accept()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 - Qt's name
        """What is dropped has one place, and so one cursor."""
        self.cursors.drop()
        super().dropEvent(event)
