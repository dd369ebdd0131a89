"""ConfigureDialog, the inspector as a dialog whose edits are one step, or none."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QPushButton, QVBoxLayout, QWidget

from app.document.document import Document
from app.help.shown import add_help_key
from app.inspector.inspector import Inspector
from app.inspector.subject import FLOW, called
from app.theme.style_sheet import set_look
from engine.errors import ConflictError
from engine.model.apply import diff
from engine.model.change import Change
from engine.model.problem import Problem


class ConfigureDialog(QDialog):
    """Edits a copy of the document; OK and Apply make one step of the history of all that was changed, Cancel none.

    What is changed elsewhere meanwhile is taken in. If the same part was, the dialog says so and can only be cancelled.
    """

    part_chosen = Signal(str, str)
    code_requested = Signal(str, str)

    def __init__(self, document: Document, within: str, keys: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._copy = Document(document.flow, document.folder, self)
        self._start = document.flow
        self._is_applying = False
        self.inspector = Inspector(self._copy, self)
        self.inspector.show_parts(within, keys)
        self.inspector.part_chosen.connect(self._on_part_chosen)
        self.inspector.code_requested.connect(self._on_code_requested)
        subject = self.inspector.subject
        assert subject is not None
        part = subject.part()
        self._words = (
            self.tr("Configure '{0}'").format(called(part))
            if part is not None and len(subject.keys) == 1
            else self.tr("Configure {0} parts").format(len(subject.keys))
        )
        self.setWindowTitle(self._words if subject.keys != (FLOW,) else self.tr("Configure the flow"))
        self.notice = QLabel(self)
        self.notice.setWordWrap(True)
        set_look(self.notice, "error")
        self.notice.setContentsMargins(14, 6, 14, 6)
        self.notice.hide()
        buttons = QDialogButtonBox.StandardButton
        self.buttons = QDialogButtonBox(buttons.Ok | buttons.Apply | buttons.Cancel, self)
        self.buttons.setContentsMargins(14, 10, 14, 12)
        self.buttons.accepted.connect(self._on_accepted)
        self.buttons.rejected.connect(self.reject)
        self.apply_button.clicked.connect(self.apply)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.inspector, 1)
        layout.addWidget(self.notice)
        layout.addWidget(self.buttons)
        self.resize(560, 680)
        for key, undo in (
            (QKeySequence.StandardKey.Undo, self._copy.undo_stack.undo),
            (QKeySequence.StandardKey.Redo, self._copy.undo_stack.redo),
        ):
            QShortcut(key, self).activated.connect(undo)
        add_help_key(self, "inspector.md")
        self._copy.changed.connect(self._show_buttons)
        document.changed.connect(self._on_document_changed)
        self._show_buttons()

    @property
    def apply_button(self) -> QPushButton:
        """The button that makes the step and leaves the dialog open."""
        return self.buttons.button(QDialogButtonBox.StandardButton.Apply)

    @property
    def ok_button(self) -> QPushButton:
        """The button that makes the step and closes the dialog."""
        return self.buttons.button(QDialogButtonBox.StandardButton.Ok)

    @property
    def changes(self) -> list[Change]:
        """What was changed since it was opened or last applied."""
        return diff(self._start, self._copy.flow)

    def set_problems(self, problems: Sequence[Problem]) -> None:
        """Pass on what is wrong with the flow."""
        self.inspector.set_problems(problems)

    def apply(self) -> bool:
        """Make the step; whether that could be done."""
        changes = self.changes
        refused: list[str] = []
        self._document.edit_refused.connect(refused.append)
        self._is_applying = True
        try:
            self._document.edit(self._words, changes)
        finally:
            self._is_applying = False
            self._document.edit_refused.disconnect(refused.append)
        if refused:
            self._show_conflict(refused[0])
            return False
        self._start = self._copy.flow
        self._show_buttons()
        return True

    def _on_accepted(self) -> None:
        if self.apply():
            self.accept()

    def _on_document_changed(self, changes: Sequence[Change]) -> None:
        if self._is_applying:
            return
        try:
            self._copy.merge(changes)
        except ConflictError as error:
            self._show_conflict(str(error))
            return
        self._start = self._document.flow
        self._show_buttons()

    def _show_conflict(self, reason: str) -> None:
        self.notice.setText(self.tr("It was changed elsewhere meanwhile ({0}). Cancel, and open it again.").format(reason))
        self.notice.show()
        self.ok_button.setEnabled(False)
        self.apply_button.setEnabled(False)

    def _show_buttons(self) -> None:
        if not self.notice.isVisibleTo(self):
            self.apply_button.setEnabled(self._start != self._copy.flow)

    def _on_part_chosen(self, within: str, key: str) -> None:
        self.inspector.show_parts(within, [key])

    def _on_code_requested(self, within: str, key: str) -> None:
        """The code is edited beside the canvas, with what was configured so far."""
        if self.apply():
            self.accept()
            self.code_requested.emit(within, key)
