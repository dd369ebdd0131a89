"""Companion, what stands at the cursor of a code editor and goes with it: completions, tips of calls."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QKeyEvent

from app.editor.code_editor import CodeEditor
from app.editor.completion_client import CompletionClient

_GONE = (QEvent.Type.Hide, QEvent.Type.Move, QEvent.Type.WindowDeactivate)


class Companion(QObject):
    """Asks the client, shows what it answers, and closes when the editor turns to something else. `join` when all is made."""

    def __init__(self, editor: CodeEditor, client: CompletionClient) -> None:
        super().__init__(editor)
        self._editor = editor
        self._client = client

    def join(self) -> None:
        """Go with the editor from now on."""
        editor = self._editor
        editor.key_interceptors.append(self._take)
        editor.cursorPositionChanged.connect(self._on_moved)
        editor.focus_lost.connect(self.close)
        editor.verticalScrollBar().valueChanged.connect(self.close)
        editor.installEventFilter(self)
        self._client.answered.connect(self._on_answered)

    def close(self) -> None:
        """Show nothing any more."""
        raise NotImplementedError

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """What is shown goes with the editor."""
        if event.type() in _GONE:
            self.close()
        return super().eventFilter(watched, event)

    def _take(self, event: QKeyEvent) -> bool:
        """Whether the key is for this, and not for the editor."""
        raise NotImplementedError

    def _on_moved(self) -> None:
        """The cursor has moved."""
        raise NotImplementedError

    def _on_answered(self, number: int, items: list[Any]) -> None:
        """The client answers a question."""
        raise NotImplementedError
