"""NoteEditor, in which the text of a note is written where the note lies on the canvas."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFocusEvent, QFont, QKeyEvent
from PySide6.QtWidgets import QPlainTextEdit

from app.board.board import Board
from app.board.editing import Editing
from app.document.document import new_gesture
from app.help.topic import set_topic

_LEAST = (180, 90)
"""Pixels of the screen that one can write in, however small the note looks."""
_LEAST_FONT = 12
_FONT = 11
"""Pixels of a note's font at 1:1."""
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_STAYS = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)
"""Why the keyboard may be elsewhere for a moment: a menu, another window."""


class NoteEditor(QPlainTextEdit):
    """Shows the Markdown of a note over it. What is typed is in the flow at once, and one step of the history in all.

    Esc, Ctrl+Return or a click elsewhere end it.
    """

    def __init__(self, board: Board, editing: Editing) -> None:
        super().__init__(board.viewer.viewport())
        self._board = board
        self._editing = editing
        self._key = ""
        """The note's key in its level; empty while nothing is edited."""
        self._within = ""
        self._on_sheet = ""
        self._gesture = -1
        self.setAccessibleName(self.tr("Text of the note"))
        self.setPlaceholderText(self.tr("Markdown: # heading, **bold**, - list"))
        self.setToolTip(self.tr("Esc or Ctrl+Return ends it."))
        set_topic(self, "flow-file.md#a-label")
        self.hide()
        self.textChanged.connect(self._on_text_changed)
        board.document.changed.connect(self._on_changed)
        board.viewer.view_changed.connect(self._place)
        board.place_changed.connect(self.finish)

    def open(self, key: str) -> None:
        """Write in a note of the level in which one works."""
        self.finish()
        self._board.viewer.reveal(key)
        self._key, self._within, self._on_sheet = key, self._board.within, self._board.sheet.prefix + key
        self._gesture = new_gesture()
        self._take_over()
        self.selectAll()
        self._place()
        self.show()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def finish(self) -> None:
        """Leave the note as it was written."""
        if not self._key:
            return
        had_focus = self.hasFocus()
        self._key = ""
        self.hide()
        if had_focus:
            self._board.viewer.setFocus(Qt.FocusReason.OtherFocusReason)

    def _place(self) -> None:
        """Lie where the note lies now, in letters of the same size where these can be read."""
        note = self._board.sheet.notes.get(self._on_sheet)
        if not self._key or note is None:
            return
        viewer = self._board.viewer
        area = viewer.mapFromScene(note.rect).boundingRect()
        self.setGeometry(area.x(), area.y(), max(area.width(), _LEAST[0]), max(area.height(), _LEAST[1]))
        font = QFont(viewer.brush.fonts["text"])
        font.setPixelSize(max(_LEAST_FONT, round(_FONT * viewer.scale_factor)))
        self.setFont(font)

    def _on_text_changed(self) -> None:
        if self._key:
            self._editing.write_note(self._key, self.toPlainText(), self._within, self._gesture)

    def _on_changed(self) -> None:
        """The note may have become another, or be gone."""
        if not self._key:
            return
        if self._on_sheet not in self._board.sheet.notes:
            self.finish()
        else:
            self._take_over()
            self._place()

    def _take_over(self) -> None:
        text = self._board.sheet.notes[self._on_sheet].text
        if text != self.toPlainText():
            was_blocked = self.blockSignals(True)  # noqa: FBT003 - Qt's
            self.setPlainText(text)
            self.blockSignals(was_blocked)

    def event(self, event: QEvent) -> bool:
        """The keys that end it are no shortcuts of the window meanwhile."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._ends(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """End it, or write."""
        if self._ends(event):
            self.finish()
        else:
            super().keyPressEvent(event)

    @staticmethod
    def _ends(event: QKeyEvent) -> bool:
        is_enter = event.key() in _ENTER and bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        return event.key() == Qt.Key.Key_Escape or is_enter

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Somebody works elsewhere."""
        super().focusOutEvent(event)
        if event.reason() not in _STAYS:
            self.finish()
