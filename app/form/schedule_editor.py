"""ScheduleEditor: when a processor runs."""

from __future__ import annotations

from typing import Any

from msgspec import UNSET
from PySide6.QtWidgets import QWidget

from app.form.choice_editor import Choice
from app.form.context import FormContext
from app.form.editor import Editor, edits
from app.form.line import Line
from engine.client.setting import Kind, Setting


@edits(Kind.SCHEDULE)
class ScheduleEditor(Editor):
    """By default, every so often, at times as cron has them, or once."""

    def __init__(self, setting: Setting, context: FormContext, parent: QWidget | None = None) -> None:
        super().__init__(setting, context, parent)
        self._value: Any = UNSET
        self.box = Choice(self)
        for word, text in (
            ("", self.tr("By default")),
            ("every", self.tr("Every")),
            ("cron", self.tr("At times (cron)")),
            ("once", self.tr("Once")),
        ):
            self.box.addItem(text, word)
        self.line = Line(context, self)
        self._row(self.box, self.line, stretch=1)
        self.box.activated.connect(self._on_activated)
        self.line.textEdited.connect(self._on_text_edited)
        self.set_value(UNSET)

    def value(self) -> Any:
        """`once`, {every: …} or {cron: …}, or UNSET."""
        return self._value

    def set_value(self, value: Any) -> None:
        """Show it."""
        self._value = value
        word = "once" if value == "once" else next(iter(value), "") if isinstance(value, dict) else ""
        self.box.setCurrentIndex(self.box.findData(word))
        self.line.setText(str(value[word]) if isinstance(value, dict) and word else "")
        self._show_line(word)

    def fits(self, value: Any) -> bool:
        """The forms of a flow file."""
        if isinstance(value, dict):
            return len(value) == 1 and next(iter(value)) in ("every", "cron")
        return value in (UNSET, None, "once")

    def inputs(self) -> list[QWidget]:
        """The list and the line."""
        return [self.box, self.line]

    def _on_activated(self, _index: int) -> None:
        word = self.box.currentData()
        self._show_line(word)
        if word in ("every", "cron"):
            self.line.setText("5s" if word == "every" else "*/5 * * * *")
            self.line.setFocus()
            self.line.selectAll()
        self._take(word)

    def _on_text_edited(self) -> None:
        self._take(self.box.currentData())

    def _take(self, word: str) -> None:
        self._value = {"": UNSET, "once": "once"}.get(word, {word: self.line.text().strip()})
        self.edited.emit()

    def _show_line(self, word: str) -> None:
        self.line.setVisible(word in ("every", "cron"))
        self.line.setPlaceholderText("5s" if word == "every" else "*/5 * * * *")
