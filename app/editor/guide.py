"""Guide, who says what code calls, what stands in it, and where that is from."""

from __future__ import annotations

import html

from PySide6.QtCore import QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QToolTip

from app.editor.call_tip import CallTip
from app.editor.code_editor import CodeEditor
from app.editor.companion import Companion
from app.editor.completion_client import CompletionClient, Definition, Description, Signature
from app.editor.language import PYTHON

_PAUSE_MS = 120


class Guide(Companion):
    """Shows the parameters of a call while it is written, tells of names, and goes to their definitions; in Python.

    Nothing is asked unless a call tip is open or somebody wants to know.
    """

    source_requested = Signal(Definition)
    """The definition is in a file."""

    def __init__(self, editor: CodeEditor, client: CompletionClient) -> None:
        super().__init__(editor, client)
        self._signatures = self._description = self._definition = 0
        self._place = QPoint()
        self._is_told_at_cursor = False
        self.tip = CallTip(editor)
        self.tip.hide()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._ask_signatures)
        editor.call_tip_requested.connect(self._on_call_tip_requested)
        editor.description_requested.connect(self._on_description_requested)
        editor.definition_requested.connect(self._on_definition_requested)
        self.join()

    def close(self) -> None:
        """Show nothing any more."""
        self._pause.stop()
        self._signatures = self._description = self._definition = 0
        self.tip.hide()

    def _take(self, event: QKeyEvent) -> bool:
        is_escape = event.key() == Qt.Key.Key_Escape and not self.tip.isHidden()
        if is_escape:
            self.close()
        return is_escape

    @property
    def _can_ask(self) -> bool:
        return self._editor.language is PYTHON and self._client.is_available

    # -- what is wanted

    def _on_call_tip_requested(self, by_typing: bool) -> None:
        if self._can_ask and not (by_typing and not self._editor.is_in_code()):
            self._ask_signatures()

    def _on_moved(self) -> None:
        """The next parameter may have its turn, or the call be left."""
        if self._is_told_at_cursor:
            self._is_told_at_cursor = False
            QToolTip.hideText()
        if not self.tip.isHidden():
            self._pause.start()

    def _ask_signatures(self) -> None:
        self._pause.stop()
        self._signatures = self._client.ask(self._editor.text(), *self._editor.place(), "signatures")

    def _on_description_requested(self, position: int, place: QPoint) -> None:
        if self._can_ask:
            self._place = place
            self._description = self._client.ask(self._editor.text(), *self._editor.place(position), "describe")

    def _on_definition_requested(self) -> None:
        if self._can_ask:
            self._definition = self._client.ask(self._editor.text(), *self._editor.place(), "define")

    # -- what is known

    def _on_answered(self, number: int, items: list[object]) -> None:
        if number == self._signatures:
            self._show_signatures([each for each in items if isinstance(each, Signature)])
        elif number == self._description:
            self._show_descriptions([each for each in items if isinstance(each, Description)])
        elif number == self._definition:
            self._show_definition([each for each in items if isinstance(each, Definition)])

    def _show_signatures(self, signatures: list[Signature]) -> None:
        self._signatures = 0
        if not signatures or not self._editor.hasFocus():
            self.tip.hide()
            return
        row = self._editor.cursorRect()
        caret = QRect(self._editor.viewport().mapToGlobal(row.topLeft()), row.size())
        self.tip.open(signatures, caret, self._editor.colors)

    def _show_descriptions(self, descriptions: list[Description]) -> None:
        self._description = 0
        self._tell("<hr>".join(_shown(each) for each in descriptions))

    def _show_definition(self, definitions: list[Definition]) -> None:
        self._definition = 0
        if not definitions:
            self._place = self._editor.viewport().mapToGlobal(self._editor.cursorRect().bottomLeft())
            self._tell(html.escape(self.tr("No definition of this is known.")))
        elif definitions[0].path:
            self.source_requested.emit(definitions[0])
        else:
            self._editor.trail.go_to(definitions[0].line, definitions[0].column + 1)

    def _tell(self, text: str) -> None:
        self._is_told_at_cursor = bool(text)
        if text:
            QToolTip.showText(self._place, text, self._editor)


def _shown(description: Description) -> str:
    text = f"<pre>{html.escape(description.text)}</pre>" if description.text else ""
    return f"<p><b>{html.escape(description.title)}</b></p>{text}"
