"""Editors of choices: yes or no, one of a few words."""

from __future__ import annotations

from typing import Any

from msgspec import UNSET
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QWidget

from app.form.context import FormContext
from app.form.editor import Editor, edits
from engine.client.setting import Kind, Setting


class Choice(QComboBox):
    """A list to choose from that the wheel leaves alone, so that scrolling a form changes nothing in it."""

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Let the form scroll."""
        event.ignore()


@edits(Kind.BOOLEAN)
class BooleanEditor(Editor):
    """Yes or no. What is the default already need not be said."""

    has_title = True

    def __init__(self, setting: Setting, context: FormContext, parent: QWidget | None = None) -> None:
        super().__init__(setting, context, parent)
        self._value: Any = UNSET
        self.box = QCheckBox(setting.title, self)
        self._row(self.box)
        self.box.clicked.connect(self._on_clicked)
        self.set_value(UNSET)

    def value(self) -> Any:
        """True, False or UNSET."""
        return self._value

    def set_value(self, value: Any) -> None:
        """Show it."""
        self._value = value
        self.box.setChecked(bool(self.setting.default if value is UNSET else value))

    def fits(self, value: Any) -> bool:
        """Only yes and no."""
        return value is UNSET or isinstance(value, bool)

    def inputs(self) -> list[QWidget]:
        """The box."""
        return [self.box]

    def _on_clicked(self, checked: bool) -> None:
        self._value = UNSET if not self.setting.required and checked == bool(self.setting.default) else checked
        self.edited.emit()


@edits(Kind.CHOICE)
@edits(Kind.CHOICE, suggests=True)
class ChoiceEditor(Editor):
    """One of a few words."""

    def __init__(self, setting: Setting, context: FormContext, parent: QWidget | None = None) -> None:
        super().__init__(setting, context, parent)
        self._value: Any = UNSET
        self.box = Choice(self)
        for choice in setting.choices:
            self.box.addItem(choice, choice)
        self.box.setPlaceholderText(self.tr("required"))
        self._row(self.box)
        self.box.activated.connect(self._on_activated)
        self.set_value(UNSET)

    def value(self) -> Any:
        """The word."""
        return self._value

    def set_value(self, value: Any) -> None:
        """Show it."""
        self._value = value
        self.box.setCurrentIndex(self.box.findData(self.setting.default if value is UNSET else value))

    def fits(self, value: Any) -> bool:
        """Only its words."""
        return value is UNSET or value in self.setting.choices

    def inputs(self) -> list[QWidget]:
        """The list."""
        return [self.box]

    def _on_activated(self, index: int) -> None:
        chosen = self.box.itemData(index)
        self._value = UNSET if not self.setting.required and chosen == self.setting.default else chosen
        self.edited.emit()


@edits(Kind.TEXT, suggests=True)
class SuggestionEditor(Editor):
    """A text for which there are suggestions."""

    def __init__(self, setting: Setting, context: FormContext, parent: QWidget | None = None) -> None:
        super().__init__(setting, context, parent)
        self._value: Any = UNSET
        self.box = Choice(self)
        self.box.setEditable(True)
        self.box.addItems(list(setting.choices))
        self.box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        line = self.box.lineEdit()
        assert line is not None
        line.setPlaceholderText(str(setting.default or ""))
        self._row(self.box)
        self.box.activated.connect(self._on_changed)
        line.textEdited.connect(self._on_changed)
        self.set_value(UNSET)

    def value(self) -> Any:
        """The text."""
        return self._value

    def set_value(self, value: Any) -> None:
        """Show it."""
        self._value = value
        self.box.setEditText("" if value is UNSET or value is None else value)

    def fits(self, value: Any) -> bool:
        """Only texts."""
        return value is UNSET or isinstance(value, str)

    def inputs(self) -> list[QWidget]:
        """The list and its line."""
        return [self.box]

    def _on_changed(self) -> None:
        text = self.box.currentText().strip()
        self._value = UNSET if not text or text == self.setting.default else text
        self.edited.emit()
