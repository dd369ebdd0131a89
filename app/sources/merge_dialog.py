"""MergeDialog, a choice for each field that both sides of a merge changed."""

from __future__ import annotations

from typing import Any

from msgspec import UNSET, structs
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QDialog, QDialogButtonBox, QLabel, QTableWidgetItem, QVBoxLayout, QWidget

from app.results.row_table import RowTable
from engine.client.flow import part_text
from engine.model.flow import Flow
from engine.model.merge import Choices, Conflict, Side, merge

_CHOICE = 4
_HEIGHT = 40
"""Of a row: that of a list to choose from, and some room."""


class MergeDialog(QDialog):
    """Three flows come together. What only one side changed is taken without a question."""

    merged = Signal(object)
    """The flow that came of the choices."""

    def __init__(self, base: Flow, ours: Flow, theirs: Flow, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._flows = (base, ours, theirs)
        self.conflicts = merge(base, ours, theirs).conflicts
        self.setWindowTitle(self.tr("Merge"))
        self.resize(900, 420)
        headings = [self.tr("Part"), self.tr("Before"), self.tr("Ours"), self.tr("Theirs"), self.tr("Take")]
        self.table = RowTable(self.tr("Conflicts"), headings, 0)
        for column in range(1, _CHOICE + 1):
            self.table.setColumnWidth(column, 170 if column < _CHOICE else 120)
        self.table.verticalHeader().setDefaultSectionSize(_HEIGHT)
        self.table.setRowCount(len(self.conflicts))
        self.boxes = [self._fill(row, each) for row, each in enumerate(self.conflicts)]
        said = self.tr("Both sides changed these. All else has come together by itself.")
        nothing = self.tr("Nothing conflicts; both sides come together by themselves.")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel, self)
        buttons.accepted.connect(self._on_accepted)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(QLabel(said if self.conflicts else nothing, self))
        layout.addWidget(self.table, 1)
        layout.addWidget(buttons)
        self.ok_button = buttons.button(QDialogButtonBox.StandardButton.Ok)

    def _fill(self, row: int, conflict: Conflict) -> QComboBox:
        title = f"{conflict.id} · {conflict.field}" if conflict.field else conflict.id
        for column, text in enumerate(
            (title, *(self._shown(each) for each in (conflict.base, conflict.ours, conflict.theirs)))
        ):
            item = QTableWidgetItem(text.partition("\n")[0])
            item.setToolTip(text)
            self.table.setItem(row, column, item)
        box = QComboBox(self)
        box.setAccessibleName(self.tr("What is taken for {0}").format(title))
        for text, side in ((self.tr("Ours"), "ours"), (self.tr("Theirs"), "theirs"), (self.tr("As before"), "base")):
            box.addItem(text, side)
        self.table.setCellWidget(row, _CHOICE, box)
        return box

    def _shown(self, value: Any) -> str:
        if value is UNSET or value is None:
            return self.tr("nothing")
        if hasattr(value, "__struct_fields__"):
            try:
                return part_text(value)
            except (KeyError, TypeError):
                return str(structs.asdict(value))
        return str(value)

    def choices(self) -> Choices:
        """What is chosen, by part and field."""
        sides: list[Side] = [box.currentData() for box in self.boxes]
        return {(each.id, each.field): side for each, side in zip(self.conflicts, sides, strict=True)}

    def _on_accepted(self) -> None:
        base, ours, theirs = self._flows
        self.merged.emit(merge(base, ours, theirs, self.choices()).flow)
        self.accept()
