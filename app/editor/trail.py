"""Trail, the places in the code that somebody went away from, to come back to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QTextCursor

if TYPE_CHECKING:
    from app.editor.code_editor import CodeEditor

_MOST = 100


class Trail:
    """Goes to places far away, back and forward again. A place moves with the text around it when that is edited."""

    def __init__(self, editor: CodeEditor) -> None:
        self._editor = editor
        self._behind: list[QTextCursor] = []
        self._ahead: list[QTextCursor] = []

    def go_to(self, line: int, column: int = 1) -> None:
        """Put the cursor at a line and a column, both from 1; one can come back to where it is now."""
        self._behind = [*self._behind, self._here()][-_MOST:]
        self._ahead = []
        self._editor.go_to(line, column)

    def go(self, steps: int) -> bool:
        """Back (-1) or forward (1); whether there is anywhere to go."""
        start, end = (self._behind, self._ahead) if steps < 0 else (self._ahead, self._behind)
        here = self._here()
        while start:
            place = start.pop()
            if place.position() != here.position():
                end.append(here)
                self._editor.go_to(place.blockNumber() + 1)
                self._editor.setTextCursor(place)
                return True
        return False

    def forget(self) -> None:
        """The text is another one."""
        self._behind, self._ahead = [], []

    def _here(self) -> QTextCursor:
        place = QTextCursor(self._editor.textCursor())
        place.clearSelection()
        return place
