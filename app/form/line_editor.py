"""Editors of one line: text, expressions, numbers, durations, sizes."""

from __future__ import annotations

import re
from typing import Any

from msgspec import UNSET
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCompleter, QWidget

from app.form.context import FormContext
from app.form.editor import Editor, edits
from app.form.line import Line
from app.form.reference import ReferenceCompleter
from app.form.shown import shown_default, shown_value, unescaped
from app.theme.fonts import wear_code_font
from engine.client.setting import Kind, Setting

_WHOLE = re.compile(r"[+-]?\d{1,300}")
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?")
_CODE = frozenset({Kind.EXPRESSION, Kind.TEMPLATE, Kind.SEPARATOR})
_NUMBERS = frozenset({Kind.INTEGER, Kind.NUMBER, Kind.DURATION, Kind.SIZE})


@edits(
    Kind.TEXT, Kind.TEMPLATE, Kind.EXPRESSION, Kind.SEPARATOR, Kind.INTEGER, Kind.NUMBER, Kind.DURATION, Kind.SIZE, Kind.SECRET
)
class LineEditor(Editor):
    """One line of text, which is what it says or stands for a number, a duration or a size.

    Nothing typed means the default, which is shown in its place.
    """

    def __init__(self, setting: Setting, context: FormContext, parent: QWidget | None = None) -> None:
        super().__init__(setting, context, parent)
        self._value: Any = UNSET
        self.line = _Line(self)
        if setting.kind in _CODE:
            wear_code_font(self.line)
        self._row(self.line)
        self._show_placeholder()
        self.line.textEdited.connect(self._on_text_edited)
        if setting.kind is Kind.SECRET:
            self.line.setCompleter(QCompleter(list(context.secrets()), self.line))
        elif setting.parameters:
            self.completer = ReferenceCompleter(self.line, context.parameters)

    def value(self) -> Any:
        """The text, or what it stands for."""
        return self._value

    def set_value(self, value: Any) -> None:
        """Show a value."""
        self._value = value
        self.line.setText("" if value is UNSET else shown_value(self.setting.kind, value))
        self.line.setCursorPosition(0)
        self._show_placeholder()

    def fits(self, value: Any) -> bool:
        """Whether a line can show it: a text without line ends, or a number where one is meant."""
        if value is UNSET or value is None:
            return True
        if isinstance(value, str):
            return self.setting.kind is Kind.SEPARATOR or "\n" not in value
        return self.setting.kind in _NUMBERS and isinstance(value, int | float) and not isinstance(value, bool)

    def empty_value(self) -> Any:
        """No text at all, or null, where the default is something."""
        if self.setting.required or self.setting.default in (None, "") or self.setting.kind in _NUMBERS:
            return UNSET
        return None if self.setting.nullable else ""

    def inputs(self) -> list[QWidget]:
        """The line."""
        return [self.line]

    def step(self, steps: int) -> None:
        """Make a number larger or smaller; for the arrow keys."""
        value = self.setting.default if self._value is UNSET else self._value
        if self.setting.kind not in (Kind.INTEGER, Kind.NUMBER) or isinstance(value, str):
            return
        made = (value or 0) + steps
        if self.setting.minimum is not None:
            made = max(made, type(made)(self.setting.minimum))
        if self.setting.maximum is not None:
            made = min(made, type(made)(self.setting.maximum))
        self.line.setText(shown_value(self.setting.kind, made))
        self._on_text_edited(self.line.text())

    def _on_text_edited(self, text: str) -> None:
        self._value = self._meant(text)
        self._show_placeholder()
        self.edited.emit()

    def _meant(self, text: str) -> Any:
        """The value of what was typed; what is no number stays text, to be complained of."""
        kind = self.setting.kind
        if kind is Kind.SEPARATOR:
            return unescaped(text) if text else UNSET
        stripped = text.strip()
        if not stripped:
            return UNSET if not text or kind in _NUMBERS else text
        if kind in _NUMBERS and _WHOLE.fullmatch(stripped):
            return int(stripped)
        if kind is not Kind.INTEGER and kind in _NUMBERS and _NUMBER.fullmatch(stripped):
            return float(stripped)
        return stripped if kind in _NUMBERS else text

    def _show_placeholder(self) -> None:
        if self._value is UNSET:
            self.line.setPlaceholderText(self.tr("required") if self.setting.required else shown_default(self.setting))
        else:
            self.line.setPlaceholderText(self.tr("nothing") if self._value is None else self.tr("empty"))


class _Line(Line):
    """A line whose arrow keys count up and down."""

    def __init__(self, editor: LineEditor) -> None:
        super().__init__(editor.context, editor)
        self._editor = editor

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Count with the arrows, ten at once with the page keys."""
        steps = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1, Qt.Key.Key_PageUp: 10, Qt.Key.Key_PageDown: -10}.get(
            Qt.Key(event.key())
        )
        if steps and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier and self._editor.setting.kind in _NUMBERS:
            self._editor.step(steps)
        else:
            super().keyPressEvent(event)
