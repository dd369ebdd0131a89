"""GroupEditor, for a few settings that belong together, and EitherEditor, for a setting that can be one of several kinds."""

from __future__ import annotations

from typing import Any

from msgspec import UNSET, structs
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from app.form.choice_editor import Choice
from app.form.context import FormContext
from app.form.editor import Editor, edits, make_editor
from app.theme.icon import icon
from app.theme.style_sheet import set_look
from engine.client.setting import Kind, Setting, alternative, check_setting

_BESIDE = 2
"""So many fields fit side by side."""


@edits(Kind.GROUP)
class GroupEditor(Editor):
    """The fields of a group: two side by side; more below each other, each with its meaning.

    A large group that may be left out is only a button as long as it is.
    """

    def __init__(self, setting: Setting, context: FormContext, parent: QWidget | None = None) -> None:
        super().__init__(setting, context, parent)
        self._value: Any = UNSET
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.open_button = QToolButton(self)
        self.open_button.setText(self.tr("Fill in"))
        self.open_button.setIcon(icon("plus"))
        self.open_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.open_button.setAccessibleName(self.tr("Fill in {0}").format(setting.title))
        self.open_button.clicked.connect(self._on_open_clicked)
        column.addWidget(self.open_button)
        self._body = QWidget(self)
        column.addWidget(self._body)
        self.editors: dict[str, Editor] = {field.name: self._made(field) for field in setting.fields}
        if len(setting.fields) > _BESIDE:
            self._stack()
        else:
            self._lay_beside()
        self._may_fold = setting.nullable and len(setting.fields) > _BESIDE
        self._open(is_open=not self._may_fold)

    def _made(self, field: Setting) -> Editor:
        editor = make_editor(field, self.context, self._body)
        editor.setToolTip(field.meaning)
        editor.set_accessible(f"{self.setting.title}: {field.title}", field.meaning)
        editor.edited.connect(self._on_edited)
        editor.inputs_changed.connect(self.inputs_changed)
        return editor

    def _label(self, name: str) -> QLabel:
        label = QLabel(self.editors[name].setting.title, self._body)
        label.setBuddy(self.editors[name].inputs()[0])
        return label

    def _lay_beside(self) -> None:
        layout = QGridLayout(self._body)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setHorizontalSpacing(8)
        layout.setVerticalSpacing(2)
        for column, (name, editor) in enumerate(self.editors.items()):
            label = self._label(name)
            set_look(label, "small")
            layout.addWidget(label, 0, column)
            layout.addWidget(editor, 1, column)
            layout.setColumnStretch(column, 1)

    def _stack(self) -> None:
        layout = QVBoxLayout(self._body)
        layout.setContentsMargins(10, 0, 0, 0)
        layout.setSpacing(3)
        for name, editor in self.editors.items():
            if layout.count():
                layout.addSpacing(7)
            layout.addWidget(self._label(name))
            layout.addWidget(editor)
            meaning = QLabel(editor.setting.meaning, self._body)
            meaning.setWordWrap(True)
            meaning.setTextFormat(Qt.TextFormat.PlainText)
            set_look(meaning, "small")
            layout.addWidget(meaning)

    def _open(self, *, is_open: bool) -> None:
        """Show the fields, or the button that does."""
        self._is_open = is_open
        self._body.setVisible(is_open)
        self.open_button.setVisible(not is_open)
        self.setFocusProxy(next(iter(self.editors.values())) if is_open else self.open_button)

    def _on_open_clicked(self) -> None:
        self._open(is_open=True)
        self.inputs_changed.emit()
        self.setFocus()

    def value(self) -> Any:
        """A mapping of what differs from the defaults, or UNSET when nothing does."""
        return self._value

    def set_value(self, value: Any) -> None:
        """Show it."""
        self._value = value
        for name, editor in self.editors.items():
            given = UNSET if value in (UNSET, None) else value.get(name, UNSET)
            if editor.value() != given or editor.problem() is not None:
                editor.set_value(given)
        if self._may_fold and self._is_open == (value in (UNSET, None)):
            self._open(is_open=not self._is_open)
            self.inputs_changed.emit()

    def fits(self, value: Any) -> bool:
        """Only mappings with these fields, each as its editor can show it."""
        if value in (UNSET, None):
            return True
        if not isinstance(value, dict) or not value.keys() <= self.editors.keys():
            return False
        return all(self.editors[name].fits(given) for name, given in value.items())

    def problem(self) -> str | None:
        """What keeps a field from being a value."""
        return next((reason for editor in self.editors.values() if (reason := editor.problem())), None)

    def inputs(self) -> list[QWidget]:
        """Those of the fields, or the button that shows them."""
        if not self._is_open:
            return [self.open_button]
        return [widget for editor in self.editors.values() for widget in editor.inputs()]

    def tab_stops(self) -> list[QWidget]:
        """Those of the fields, or the button that shows them."""
        if not self._is_open:
            return [self.open_button]
        return [widget for editor in self.editors.values() for widget in editor.tab_stops()]

    def set_invalid(self, invalid: bool) -> None:
        """Mark the fields that are wrong; all of them, if it is none alone."""
        if not self._is_open:
            return
        parameters = self.context.parameters()
        wrong = [
            editor
            for editor in self.editors.values()
            if editor.problem() or check_setting(editor.setting, editor.value(), parameters) is not None
        ]
        for editor in self.editors.values():
            editor.set_invalid(invalid and editor in (wrong or self.editors.values()))

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
