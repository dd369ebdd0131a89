"""Editors of several lines: long text, and values of any kind as YAML."""

from __future__ import annotations

from math import ceil
from typing import Any

from msgspec import UNSET
from PySide6.QtCore import QEvent, QSignalBlocker, QSize
from PySide6.QtGui import QFontMetricsF, QResizeEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from app.form.context import FormContext
from app.form.editor import Editor, edits
from app.form.line import leaves_undo
from app.form.reference import ReferenceCompleter
from app.form.shown import shown_default
from app.theme.fonts import wear_code_font
from app.theme.style_sheet import set_look
from engine.client.setting import Kind, Setting
from engine.client.value_text import read_value_text, value_text

_WIDEST_BORDER = 2


class GrowingText(QPlainTextEdit):
    """A text that is as high as its lines, between two bounds. The Tab key leaves it."""

    def __init__(self, least: int, most: int, context: FormContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._least = least
        self._most = most
        self._measure = QLineEdit(parent)
        """Never seen: it knows how high a line is in this style."""
        self._measure.hide()
        self.setTabChangesFocus(True)
        self.setViewportMargins(3, 0, 3, 0)  # the text begins where it does in a line
        self.textChanged.connect(self._fit)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Lines wrap elsewhere."""
        super().resizeEvent(event)
        self._fit()

    def event(self, event: QEvent) -> bool:
        """Claim no key that is for undo or redo of the document."""
        if leaves_undo(self._context, event):
            event.ignore()
            return False
        return super().event(event)

    def show_text(self, text: str) -> None:
        """Show a text without telling anybody."""
        with QSignalBlocker(self):
            self.setPlainText(text)
        self._fit()

    def _fit(self) -> None:
        """As high as a line where it is one, so that both stand side by side."""
        lines = min(max(int(self.document().size().height()), self._least), self._most)
        spacing = ceil(QFontMetricsF(self.font()).lineSpacing())
        self._measure.ensurePolished()
        one = self._measure.sizeHint().height()
        # The border is wider with the keyboard in it: no scroll bar is to come and go with that.
        margin = max(0.0, (one - spacing) / 2 - _WIDEST_BORDER)
        if self.document().documentMargin() != margin:
            with QSignalBlocker(self):
                self.document().setDocumentMargin(margin)
        self.setFixedHeight(max(one, spacing + 2 * _WIDEST_BORDER) + (lines - 1) * spacing)


@edits(Kind.LONG_TEXT)
class LongTextEditor(Editor):
    """A text of several lines."""

    def __init__(self, setting: Setting, context: FormContext, parent: QWidget | None = None) -> None:
        super().__init__(setting, context, parent)
        self._value: Any = UNSET
        self.text = GrowingText(3, 14, context, self)
        self.text.setPlaceholderText(self.tr("required") if setting.required else shown_default(setting))
        self._row(self.text)
        if setting.parameters:
            wear_code_font(self.text)
            self.completer = ReferenceCompleter(self.text, context.parameters)
        self.text.textChanged.connect(self._on_text_changed)

    def value(self) -> Any:
        """The text."""
        return self._value

    def set_value(self, value: Any) -> None:
        """Show a text."""
        self._value = value
        self.text.show_text("" if value is UNSET or value is None else value)

    def fits(self, value: Any) -> bool:
        """Only texts."""
        return value is UNSET or value is None or isinstance(value, str)

    def inputs(self) -> list[QWidget]:
        """The text."""
        return [self.text]

    def _on_text_changed(self) -> None:
        self._value = self.text.toPlainText() or UNSET
        self.edited.emit()


@edits(Kind.ANY)
class ValueEditor(Editor):
    """Any value, written as in a flow file; says what it is understood as, where it has a title and so stands alone."""

    def __init__(self, setting: Setting, context: FormContext, parent: QWidget | None = None) -> None:
        super().__init__(setting, context, parent)
        self._value: Any = UNSET
        self._problem: str | None = None
        self.text = GrowingText(1, 16, context, self)
        wear_code_font(self.text)
        placeholder = value_text(setting.default) if setting.default is not None else ""
        self.text.setPlaceholderText(self.tr("required") if setting.required else placeholder)
        self._hint = QLabel(self)
        set_look(self._hint, "small")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.text)
        layout.addWidget(self._hint)
        self.setFocusProxy(self.text)
        self.completer = ReferenceCompleter(self.text, context.parameters)
        self.text.textChanged.connect(self._on_text_changed)
        self._show_hint()

    def value(self) -> Any:
        """The value that the text means."""
        return self._value

    def set_value(self, value: Any) -> None:
        """Show a value."""
        self._value = value
        self._problem = None
        self.text.show_text("" if value is UNSET else value_text(value))
        self._show_hint()

    def problem(self) -> str | None:
        """Why the text cannot be read."""
        return self._problem

    def inputs(self) -> list[QWidget]:
        """The text."""
        return [self.text]

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Narrow columns are fine."""
        return QSize(60, super().minimumSizeHint().height())

    def _on_text_changed(self) -> None:
        text = self.text.toPlainText()
        if text.strip():
            value, self._problem = read_value_text(text)
            self._value = self._value if self._problem else value
        else:
            self._value, self._problem = UNSET, None
        self._show_hint()
        self.edited.emit()

    def _show_hint(self) -> None:
        shown = (
            self._problem is None and self._value is not UNSET and self.setting.kind is Kind.ANY and bool(self.setting.title)
        )
        self._hint.setVisible(shown)
        if shown:
            self._hint.setText(self.tr("Understood as {0}").format(self._described()))

    def _described(self) -> str:
        value = self._value
        if value is None:
            return self.tr("nothing")
        if isinstance(value, bool):
            return self.tr("true or false")
        if isinstance(value, int | float):
            return self.tr("a number")
        if isinstance(value, str):
            return self.tr("text")
        return self.tr("a list of {0}").format(len(value)) if isinstance(value, list) else self.tr("a mapping")
