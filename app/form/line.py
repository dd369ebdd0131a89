"""Line, a line of text that leaves undo to the document where there is one."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QWidget

from app.form.context import FormContext


class Line(QLineEdit):
    """A line whose undo is that of the window, if the context says so: what is typed is in the document's history already."""

    def __init__(self, context: FormContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context

    def event(self, event: QEvent) -> bool:
        """Claim no key that is for undo or redo."""
        if leaves_undo(self._context, event):
            event.ignore()
            return False
        return super().event(event)


def leaves_undo(context: FormContext, event: QEvent) -> bool:
    """Whether an event asks if undo or redo is for the text, and it is not."""
    return (
        not context.has_own_undo
        and event.type() == QEvent.Type.ShortcutOverride
        and isinstance(event, QKeyEvent)
        and (event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo))
    )
