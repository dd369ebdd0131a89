"""Page, one sheet of an inspector."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.form.context import FormContext
from app.form.form import Form
from app.inspector.gesture import Gestures
from app.inspector.subject import Subject, called
from engine.client.part_setting import reasons_by_setting
from engine.errors import PyfiError
from engine.model import edits
from engine.model.change import Change


class Page(QWidget):
    """Shows something of a subject, edits it, follows it."""

    def __init__(self, subject: Subject, gestures: Gestures, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.subject = subject
        self._gestures = gestures
        self._reasons: tuple[str, ...] = ()

    def turn_to(self, subject: Subject) -> None:
        """Show another part that has the same settings: far faster than a new page."""
        self.subject = subject
        for form in self.forms():
            form.forget()
        self.refresh()

    def refresh(self) -> None:
        """Show the subject as it is now."""
        raise NotImplementedError

    def set_reasons(self, reasons: Sequence[str]) -> None:
        """Say what is wrong with the part."""
        self._reasons = tuple(reasons)

    def forms(self) -> list[Form]:
        """The forms on it."""
        return []

    def names(self, reason: str) -> tuple[Form, str] | None:
        """The form and the setting that a reason is about, if they are here."""
        for form in self.forms():
            name = next(iter(reasons_by_setting([reason], form.fields)), "")
            if name:
                return form, name
        return None

    def edit(self, what: str, changes: Sequence[Change]) -> None:
        """Make changes, as one step together with others of the same thing."""
        parts = self.subject.parts()
        words = (
            self.tr("Change {0} of '{1}'").format(what, called(next(iter(parts.values()))))
            if len(parts) == 1
            else self.tr("Change {0} of {1} parts").format(what, len(parts))
        )
        gesture = self._gestures.of((self.subject.within, self.subject.keys, what))
        self.subject.document.edit(words, changes, gesture)

    def configure(self, what: str, fields: Mapping[str, Any], keys: Iterable[str] | None = None) -> None:
        """Set fields of the parts' structs."""
        document = self.subject.document
        changes: list[Change] = []
        for key in self.subject.parts() if keys is None else keys:
            changes += edits.configure(document.flow, key, self.subject.within, **fields)
        self.edit(what, changes)

    def context(self) -> FormContext:
        """Where forms about the subject stand."""
        return FormContext(self.subject.document.folder, self._parameters, self._secrets, has_own_undo=False)

    def _parameters(self) -> Mapping[str, Any]:
        scope = self.subject.scope
        return scope.flow.parameters if scope is not None else {}

    def _secrets(self) -> Sequence[str]:
        return [name for part in self.subject.parts().values() for name in getattr(part, "secrets", ())]

    def _column(self, *widgets: QWidget) -> QVBoxLayout:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 14, 14, 14)
        layout.setSpacing(14)
        for widget in widgets:
            layout.addWidget(widget)
        layout.addStretch(1)
        return layout


def about(name: str, reason: str) -> str:
    """What a reason says once it stands beside the setting that it begins with."""
    return re.sub(rf"^`(?:config\.)?{re.escape(name)}`:? ", "", reason)


def refusal(error: Exception) -> str:
    """Why something could not be done."""
    return str(error) if isinstance(error, PyfiError | ValueError) else type(error).__name__
