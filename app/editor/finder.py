"""Looks for text in an editor, marks what it finds, replaces it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QTextCursor

from app.editor.find_bar import FindBar
from app.editor.search import BadPattern, Match, compile_query, find_all, replace_all, replacement
from app.editor.text import replace_text, text_of, units

if TYPE_CHECKING:
    from app.editor.code_editor import CodeEditor

_AFTER_EDIT_MS = 150


class Finder(QObject):
    """Joins the bar and the text."""

    changed = Signal()
    """Other matches are to be marked, or the bar came or went."""

    def __init__(self, editor: CodeEditor) -> None:
        super().__init__(editor)
        self._editor = editor
        self._pattern: re.Pattern[str] | None = None
        self._text = ""
        self._matches: list[Match] = []
        self._spans: list[tuple[int, int]] = []
        self.bar = FindBar(self, editor)
        self.bar.hide()
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_AFTER_EDIT_MS)
        self._later.timeout.connect(self.refresh)
        editor.textChanged.connect(self._on_text_changed)

    @property
    def is_open(self) -> bool:
        """Whether the bar is there."""
        return not self.bar.isHidden()

    @property
    def spans(self) -> list[tuple[int, int]]:
        """Where the matches stand in the document."""
        return self._spans if self.is_open else []

    def open(self, *, replaces: bool) -> None:
        """Show the bar; what is selected in a line is looked for."""
        selected = self._editor.textCursor().selectedText()
        text = selected if "\u2029" not in selected else ""
        if text and self.bar.pattern_button.isChecked():
            text = re.escape(text)
        self.bar.open(text, replaces=replaces, can_edit=not self._editor.isReadOnly())
        self.refresh()

    def close(self) -> None:
        """Hide the bar and go back to the text."""
        self.bar.hide()
        self._editor.setFocus()
        self.changed.emit()

    def refresh(self) -> None:
        """Look again."""
        if not self.is_open:
            return
        reason = ""
        self._text = text_of(self._editor.document())
        try:
            self._pattern = compile_query(self.bar.query()) if self.bar.find_field.text() else None
        except BadPattern as error:
            self._pattern, reason = None, str(error)
        self._matches = find_all(self._pattern, self._text) if self._pattern else []
        self._spans = _spans(self._text, self._matches)
        self._show_count(reason)
        self.changed.emit()

    def go_on(self) -> None:
        """Select the next match; after the last comes the first."""
        self._settle()
        end = self._editor.textCursor().selectionEnd()
        later = [i for i, (start, _) in enumerate(self._spans) if start >= end]
        self._select(later[0] if later else 0)

    def go_back(self) -> None:
        """Select the match before; before the first comes the last."""
        self._settle()
        start = self._editor.textCursor().selectionStart()
        earlier = [i for i, (_, end) in enumerate(self._spans) if end <= start]
        self._select(earlier[-1] if earlier else len(self._spans) - 1)

    def replace(self) -> None:
        """Replace the match that is selected, and go to the next."""
        self._settle()
        index = self._current()
        if index is not None and self._pattern is not None and not self._editor.isReadOnly():
            try:
                new = replacement(
                    self._pattern, self._text, self._matches[index], self.bar.replace_field.text(), is_pattern=self._is_pattern
                )
            except BadPattern as error:
                self._refuse(error)
                return
            self._editor.textCursor().insertText(new)
            self._settle()
        self.go_on()

    def replace_all(self) -> None:
        """Replace all matches, as one step."""
        self._settle()
        if self._pattern is None or self._editor.isReadOnly():
            return
        try:
            text, count = replace_all(self._pattern, self._text, self.bar.replace_field.text(), is_pattern=self._is_pattern)
        except BadPattern as error:
            self._refuse(error)
            return
        replace_text(self._editor.document(), text)
        self.refresh()
        self.bar.count_label.setText(self.tr("{0} replaced").format(count))

    @property
    def _is_pattern(self) -> bool:
        return self.bar.pattern_button.isChecked()

    def _refuse(self, error: BadPattern) -> None:
        self.bar.count_label.setText(self.tr("Not replaced"))
        self.bar.count_label.setToolTip(self.tr("The replacement does not fit: {0}").format(error))

    def _settle(self) -> None:
        """Have the matches be those of the text as it is now."""
        if self._later.isActive() or text_of(self._editor.document()) != self._text:
            self._later.stop()
            self.refresh()

    def _current(self) -> int | None:
        cursor = self._editor.textCursor()
        span = (cursor.selectionStart(), cursor.selectionEnd())
        return self._spans.index(span) if span in self._spans else None

    def _select(self, index: int) -> None:
        if not self._spans:
            return
        start, end = self._spans[index]
        cursor = self._editor.textCursor()
        cursor.setPosition(start)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        self._editor.setTextCursor(cursor)
        self._editor.ensureCursorVisible()
        self._show_count()
        self.changed.emit()

    def _show_count(self, reason: str = "") -> None:
        index = self._current()
        self.bar.show_count(0 if index is None else index + 1, len(self._spans), reason)

    def _on_text_changed(self) -> None:
        if self.is_open:
            self._later.start()


def _spans(text: str, matches: list[Match]) -> list[tuple[int, int]]:
    """Matches as positions in a document."""
    if text.isascii():
        return [(match.start, match.end) for match in matches]
    spans: list[tuple[int, int]] = []
    at = position = 0
    for match in matches:
        start = position + units(text[at : match.start])
        position = start + units(text[match.start : match.end])
        at = match.end
        spans.append((start, position))
    return spans
