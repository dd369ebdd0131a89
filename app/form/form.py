"""Form, made of the descriptions of settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from msgspec import UNSET
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QToolButton, QVBoxLayout, QWidget

import app.form.editors
from app.form.context import FormContext
from app.form.field import Field, is_same
from engine.client.setting import Setting

__all__ = ["Form"]
assert app.form.editors  # imported so that every kind of setting has its editor


class Form(QWidget):
    """One field for each setting, those that most people never touch folded away.

    Values are those of a flow file. What is left at its default is not among them.
    """

    value_changed = Signal(str, object)
    """A person gave a setting another value, which may not fit (see `reason`); UNSET when it is back at its default."""

    validity_changed = Signal(bool)
    """Whether every field has a value that fits."""

    def __init__(
        self,
        settings: Sequence[Setting],
        values: Mapping[str, Any] | None = None,
        context: FormContext | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._context = context or FormContext()
        self._fields: dict[str, Field] = {}
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(14)
        for setting in settings:
            if not setting.advanced:
                self._layout.addWidget(self._made(setting))
        self._fold([setting for setting in settings if setting.advanced])
        self._is_valid = True
        self._told: Mapping[str, Any] | None = None
        self.set_values(values or {})
        self._order_tabs()
        for field in self._fields.values():
            field.inputs_changed.connect(self._order_tabs)

    @property
    def fields(self) -> dict[str, Field]:
        """The fields by the names of their settings."""
        return dict(self._fields)

    @property
    def is_valid(self) -> bool:
        """Whether every field has a value that fits."""
        return all(field.is_valid for field in self._fields.values())

    def field(self, name: str) -> Field:
        """The field of a setting."""
        return self._fields[name]

    def values(self) -> dict[str, Any]:
        """What is given."""
        return {name: field.value for name, field in self._fields.items() if field.value is not UNSET}

    def set_values(self, values: Mapping[str, Any]) -> None:
        """Show other values, without signals of their change.

        A field that has its value already keeps its cursor; one with a text that is no value yet keeps that, unless its value
        is another than the last time.
        """
        for name, field in self._fields.items():
            value = values.get(name, UNSET)
            if self._told is None or field.is_readable or not is_same(value, self._told.get(name, UNSET)):
                field.set_value(value)
        self._told = dict(values)
        self._tell_validity()

    def forget(self) -> None:
        """Keep nothing of what was typed when the next values come: they are those of something else."""
        self._told = None

    def reason(self, name: str) -> str | None:
        """Why a field's value does not fit its setting; None when it does."""
        return self._fields[name].own_reason

    def set_reasons(self, reasons: Mapping[str, Sequence[str]]) -> None:
        """Say what others, such as the check of the whole flow, found wrong with the values, by setting."""
        for name, field in self._fields.items():
            field.set_reasons(reasons.get(name, ()))

    def set_notes(self, notes: Mapping[str, str]) -> None:
        """Say something else about settings, in place of their meaning."""
        for name, field in self._fields.items():
            field.set_note(notes.get(name, ""))

    def refresh(self) -> None:
        """Look again whether all values fit: the flow's parameters have changed."""
        for field in self._fields.values():
            field.refresh()

    def focus_setting(self, name: str) -> None:
        """Give a field the keyboard."""
        if self._fields[name].setting.advanced:
            self.fold_button.setChecked(True)
        self._fields[name].editor.inputs()[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def _made(self, setting: Setting) -> Field:
        field = Field(setting, self._context, self)
        field.edited.connect(self.value_changed)
        field.validity_changed.connect(self._tell_validity)
        self._fields[setting.name] = field
        return field

    def _fold(self, settings: Sequence[Setting]) -> None:
        self.fold_button = QToolButton(self)
        self.fold_button.setText(self.tr("Advanced"))
        self.fold_button.setCheckable(True)
        self.fold_button.setArrowType(Qt.ArrowType.RightArrow)
        self.fold_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.fold_button.setVisible(bool(settings))
        below = QWidget(self)
        layout = QVBoxLayout(below)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(14)
        for setting in settings:
            layout.addWidget(self._made(setting))
        below.hide()
        self.fold_button.toggled.connect(below.setVisible)
        self.fold_button.toggled.connect(
            lambda shown: self.fold_button.setArrowType(Qt.ArrowType.DownArrow if shown else Qt.ArrowType.RightArrow)
        )
        self._layout.addWidget(self.fold_button)
        self._layout.addWidget(below)
        if not settings:
            self.fold_button.setParent(None)
            below.setParent(None)

    def tab_stops(self) -> list[QWidget]:
        """Where the Tab key goes, in this order."""
        fields = [field for field in self._fields.values() if not field.setting.advanced]
        folded = [field for field in self._fields.values() if field.setting.advanced]
        stops = [widget for field in fields for widget in field.editor.tab_stops()]
        return stops + (
            [self.fold_button, *(widget for field in folded for widget in field.editor.tab_stops())] if folded else []
        )

    def _order_tabs(self) -> None:
        """Have the Tab key go through the fields in their order, whenever their inputs were made."""
        for before, after in pairwise(self.tab_stops()):
            QWidget.setTabOrder(before, after)

    def _tell_validity(self) -> None:
        if self.is_valid != self._is_valid:
            self._is_valid = not self._is_valid
            self.validity_changed.emit(self._is_valid)
