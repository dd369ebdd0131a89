"""GroupEditor, for a few settings that belong together, and EitherEditor, for a setting that can be one of several kinds."""

from __future__ import annotations

from typing import Any

from msgspec import UNSET, structs
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from app.form.choice_editor import Choice
from app.form.context import FormContext
from app.form.editor import Editor, edits, make_editor
from app.theme.style_sheet import set_look
from engine.client.setting import Kind, Setting, alternative


@edits(Kind.GROUP)
class GroupEditor(Editor):
    """The fields of a group side by side."""

    def __init__(self, setting: Setting, context: FormContext, parent: QWidget | None = None) -> None:
        super().__init__(setting, context, parent)
        self._value: Any = UNSET
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setHorizontalSpacing(8)
        layout.setVerticalSpacing(2)
        self.editors: dict[str, Editor] = {}
        for column, field in enumerate(setting.fields):
            label = QLabel(field.title, self)
            set_look(label, "small")
            editor = make_editor(field, context, self)
            editor.setToolTip(field.meaning)
            editor.set_accessible(f"{setting.title}: {field.title}", field.meaning)
            editor.edited.connect(self._on_edited)
            editor.inputs_changed.connect(self.inputs_changed)
            label.setBuddy(editor.inputs()[0])
            layout.addWidget(label, 0, column)
            layout.addWidget(editor, 1, column)
            layout.setColumnStretch(column, 1)
            self.editors[field.name] = editor
        self.setFocusProxy(next(iter(self.editors.values())))

    def value(self) -> Any:
        """A mapping of what differs from the defaults, or UNSET when nothing does."""
        return self._value

    def set_value(self, value: Any) -> None:
        """Show it."""
        self._value = value
        for name, editor in self.editors.items():
            given = UNSET if value in (UNSET, None) else value.get(name, UNSET)
            if editor.value() != given:
                editor.set_value(given)

    def fits(self, value: Any) -> bool:
        """Only mappings with these fields."""
        return value in (UNSET, None) or (isinstance(value, dict) and value.keys() <= self.editors.keys())

    def problem(self) -> str | None:
        """What keeps a field from being a value."""
        return next((reason for editor in self.editors.values() if (reason := editor.problem())), None)

    def inputs(self) -> list[QWidget]:
        """Those of the fields."""
        return [widget for editor in self.editors.values() for widget in editor.inputs()]

    def tab_stops(self) -> list[QWidget]:
        """Those of the fields."""
        return [widget for editor in self.editors.values() for widget in editor.tab_stops()]

    def _on_edited(self) -> None:
        given = {name: editor.value() for name, editor in self.editors.items()}
        self._value = {name: value for name, value in given.items() if value is not UNSET} or UNSET
        self.edited.emit()


@edits(Kind.EITHER)
class EitherEditor(Editor):
    """A list of the kinds that a setting can be, above the editor of the one it is."""

    def __init__(self, setting: Setting, context: FormContext, parent: QWidget | None = None) -> None:
        super().__init__(setting, context, parent)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(4)
        self.box = Choice(self)
        self.box.setAccessibleName(self.tr("Kind of {0}").format(setting.title))
        for each in setting.alternatives:
            self.box.addItem(self._words(each.kind), each)
        self._layout.addWidget(self.box)
        self.box.activated.connect(self._on_activated)
        self.editor = self._made(0)
        self.setFocusProxy(self.box)

    def value(self) -> Any:
        """The value of the kind that is chosen."""
        return self.editor.value()

    def set_value(self, value: Any) -> None:
        """Show it with the editor of its kind."""
        at = self.setting.alternatives.index(alternative(self.setting, value))
        if value is not UNSET and at != self.box.currentIndex():
            self._switch(at)
        self.editor.set_value(value)

    def fits(self, value: Any) -> bool:
        """What one of the kinds can show."""
        return value is UNSET or make_editor(alternative(self.setting, value), self.context).fits(value)

    def problem(self) -> str | None:
        """That of the editor."""
        return self.editor.problem()

    def inputs(self) -> list[QWidget]:
        """The list of kinds and what the editor has."""
        return [self.box, *self.editor.inputs()]

    def tab_stops(self) -> list[QWidget]:
        """The list of kinds, then the editor's."""
        return [self.box, *self.editor.tab_stops()]

    def set_invalid(self, invalid: bool) -> None:
        """Mark the editor, not the list of kinds."""
        self.editor.set_invalid(invalid)

    def _on_activated(self, index: int) -> None:
        self._switch(index)
        self.edited.emit()

    def _switch(self, index: int) -> None:
        self.box.setCurrentIndex(index)
        old, self.editor = self.editor, self._made(index)
        self._layout.removeWidget(old)
        old.hide()
        old.deleteLater()
        self.editor.show()
        self.inputs_changed.emit()

    def _made(self, index: int) -> Editor:
        chosen = structs.replace(
            self.setting.alternatives[index], title=self.setting.title, required=self.setting.required, parameters=True
        )
        editor = make_editor(chosen, self.context, self)
        editor.set_accessible(self.setting.title, self.setting.meaning)
        editor.edited.connect(self.edited)
        editor.inputs_changed.connect(self.inputs_changed)
        self._layout.addWidget(editor)
        return editor

    def _words(self, kind: Kind) -> str:
        words = {
            Kind.LIST: self.tr("A list"),
            Kind.MAPPING: self.tr("One for each name"),
            Kind.EXPRESSION: self.tr("One expression"),
        }
        return words.get(kind, self.tr("One text"))
