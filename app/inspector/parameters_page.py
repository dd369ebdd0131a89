"""ParametersPage: the parameters of a flow."""

from __future__ import annotations

from typing import Any

from msgspec import UNSET
from PySide6.QtWidgets import QWidget

from app.form.form import Form
from app.inspector.gesture import Gestures
from app.inspector.page import Page
from app.inspector.subject import Subject
from engine.client.setting import Kind, Setting
from engine.model import edits
from engine.model.flow import Parameter
from engine.model.processor_check import NAME, NAME_RULE

_NAME = "parameters"


class ParametersPage(Page):
    """A row for each parameter: its name and its value."""

    def __init__(self, subject: Subject, gestures: Gestures, parent: QWidget | None = None) -> None:
        super().__init__(subject, gestures, parent)
        setting = Setting(
            name=_NAME,
            kind=Kind.MAPPING,
            title=self.tr("Parameters"),
            meaning=self.tr("Values that settings refer to as ${name}; a run may give them others."),
            item=Setting(name="", kind=Kind.ANY),
            default={},
        )
        self.form = Form([setting], None, self.context(), self)
        self.form.value_changed.connect(self._on_value_changed)
        self._column(self.form).setContentsMargins(0, 0, 0, 0)
        self.refresh()

    def forms(self) -> list[Form]:
        """Its form."""
        return [self.form]

    def refresh(self) -> None:
        """Show the parameters."""
        parameters = self._parameters()
        self.form.set_values({_NAME: dict(parameters)} if parameters else {})

    def _on_value_changed(self, _name: str, value: Any) -> None:
        field = self.form.field(_NAME)
        wanted: dict[str, Any] = {} if value is UNSET else value
        wrong = next((name for name in wanted if not NAME.fullmatch(name)), None)
        if wrong is not None:
            field.set_reasons([self.tr("'{0}' cannot name a parameter; use {1}").format(wrong, NAME_RULE)])
        if wrong is not None or field.own_reason is not None:
            return
        self.edit(self.tr("the parameters"), self._changes(wanted))

    def _changes(self, wanted: dict[str, Any]) -> list[Any]:
        """From the parameters that there are to those wanted. Another order alone is no change: they have none."""
        flow, within = self.subject.document.flow, self.subject.within
        there = self._parameters()
        changes = edits.delete(flow, [f"parameter:{name}" for name in there if name not in wanted], within)
        for name, value in wanted.items():
            if Parameter(name, value) != Parameter(name, there.get(name, UNSET)):
                changes += edits.set_parameter(flow, name, value, within)
        return changes
