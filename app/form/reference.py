"""Completion of `${parameters}` while they are typed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, QRect, QStringListModel, Qt
from PySide6.QtWidgets import QCompleter, QLineEdit, QPlainTextEdit

_OPEN = re.compile(r"(?<!\$)\$\{([\w.-]*)$")


class ReferenceCompleter(QObject):
    """Offers the names that `names` gives whenever `${` is typed into a line or a text."""

    def __init__(self, input: QLineEdit | QPlainTextEdit, names: Callable[[], Iterable[str]]) -> None:
        super().__init__(input)
        self._input = input
        self._names = names
        self._completer = QCompleter(QStringListModel(self), self)
        self._completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self._completer.setWidget(input)
        self._completer.activated.connect(self._on_chosen)
        if isinstance(input, QLineEdit):
            input.textEdited.connect(self._on_typed)
        else:
            input.textChanged.connect(self._on_typed)

    @property
    def completer(self) -> QCompleter:
        """The list of names."""
        return self._completer

    def _on_typed(self) -> None:
        found = _OPEN.search(self._before())
        popup = self._completer.popup()
        assert popup is not None
        if found is None or not self._input.hasFocus():
            popup.hide()
            return
        model = self._completer.model()
        assert isinstance(model, QStringListModel)
        model.setStringList(sorted(self._names()))
        self._completer.setCompletionPrefix(found[1])
        if self._completer.completionCount():
            popup.setCurrentIndex(self._completer.completionModel().index(0, 0))
            self._completer.complete(self._place())
        else:
            popup.hide()

    def _on_chosen(self, name: str) -> None:
        found = _OPEN.search(self._before())
        if found is None:
            return
        rest = name if self._after().startswith("}") else f"{name}}}"
        if isinstance(self._input, QLineEdit):
            line = self._input
            line.setSelection(line.cursorPosition() - len(found[1]), len(found[1]))
            line.insert(rest)
            line.textEdited.emit(line.text())
        else:
            cursor = self._input.textCursor()
            for _ in found[1]:
                cursor.deletePreviousChar()
            cursor.insertText(rest)

    def _before(self) -> str:
        """The text of the line in front of the cursor."""
        if isinstance(self._input, QLineEdit):
            return self._input.text()[: self._input.cursorPosition()]
        cursor = self._input.textCursor()
        return cursor.block().text()[: cursor.positionInBlock()]

    def _after(self) -> str:
        if isinstance(self._input, QLineEdit):
            return self._input.text()[self._input.cursorPosition() :]
        cursor = self._input.textCursor()
        return cursor.block().text()[cursor.positionInBlock() :]

    def _place(self) -> QRect:
        """Where the list hangs from."""
        if isinstance(self._input, QLineEdit):
            return QRect(0, 0, max(200, self._input.width()), self._input.height())
        rect = self._input.cursorRect()
        rect.setWidth(240)
        return rect
