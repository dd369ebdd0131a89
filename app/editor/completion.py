"""Completion while typing: joins editor, list, and whoever knows what may stand there."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QKeyEvent, QTextCursor

from app.editor.code_editor import CodeEditor
from app.editor.companion import Companion
from app.editor.completion_client import Completion, CompletionClient
from app.editor.completion_list import CompletionList
from app.editor.language import PYTHON
from app.editor.words import prefix_of, words_for


class CompletionSession(Companion):
    """Offers completions in an editor: by Ctrl+Space, and in Python behind a dot.

    In Python the server is asked; in other languages, and where there is no server, the words of the text are offered.
    """

    def __init__(self, editor: CodeEditor, client: CompletionClient) -> None:
        super().__init__(editor, client)
        self._asked = 0
        self._start = -1
        self.list = CompletionList(editor)
        self.list.hide()
        self.list.chosen.connect(self._on_chosen)
        editor.completion_requested.connect(self._on_requested)
        self.join()

    def close(self) -> None:
        """Offer nothing any more."""
        self._asked = 0
        self.list.hide()

    def _take(self, event: QKeyEvent) -> bool:
        return self.list.take(event)

    def _on_requested(self, by_typing: bool) -> None:
        editor = self._editor
        if editor.isReadOnly() or (by_typing and (editor.language is not PYTHON or not editor.is_in_code())):
            return
        cursor = editor.textCursor()
        self._start = cursor.position() - len(self._prefix().encode("utf-16-le")) // 2
        if editor.language is PYTHON and self._client.is_available:
            self._asked = self._client.ask(editor.text(), *editor.place())
        elif not by_typing:
            words = words_for(editor.text(), self._prefix(), editor.language.words)
            self._show([Completion(word) for word in words])

    def _on_answered(self, number: int, items: list[Completion]) -> None:
        if number == self._asked and self._editor.hasFocus():
            self._show(items)

    def _show(self, items: list[Completion]) -> None:
        cursor = self._editor.textCursor()
        cursor.setPosition(self._start)
        place = self._editor.cursorRect(cursor)
        viewport = self._editor.viewport()
        caret = QRect(viewport.mapToGlobal(place.topLeft() - QPoint(8, 0)), place.size())
        self.list.open(items, self._prefix(), caret, self._editor.colors)

    def _on_moved(self) -> None:
        """Narrow the list while the word is written; close it when the cursor leaves the word."""
        if self.list.isHidden() and not self._asked:
            return
        prefix = self._prefix()
        if self._editor.textCursor().position() - len(prefix.encode("utf-16-le")) // 2 != self._start:
            self.close()
        elif not self.list.isHidden():
            self.list.narrow(prefix)

    def _prefix(self) -> str:
        cursor = self._editor.textCursor()
        return prefix_of(
            cursor.block().text().encode("utf-16-le")[: 2 * cursor.positionInBlock()].decode("utf-16-le", "replace")
        )

    def _on_chosen(self, name: str) -> None:
        cursor = self._editor.textCursor()
        cursor.setPosition(self._start)
        cursor.setPosition(self._editor.textCursor().position(), QTextCursor.MoveMode.KeepAnchor)
        self.close()
        cursor.insertText(name)
        self._editor.setTextCursor(cursor)
