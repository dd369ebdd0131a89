"""OverrideTable, the parameters of a flow and the values that a deployment gives them in place of the flow's own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHeaderView, QLabel, QLineEdit, QTableWidget, QTableWidgetItem, QVBoxLayout, QWidget

from app.theme.fonts import scaled
from app.theme.style_sheet import set_look
from engine.model.flow import Flow
from engine.model.scalar import resolve

_ROW = 38
_MOST_ROWS = 3


class OverrideTable(QWidget):
    """A row a parameter; what is left empty keeps the flow's own value, which is shown in its place. Hidden without any."""

    edited = Signal()

    def __init__(self, flow: Flow, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._own = dict(flow.parameters)
        self.fields: dict[str, QLineEdit] = {}
        heading = QLabel(self.tr("Parameters"))
        set_look(heading, "heading")
        self.table = QTableWidget(len(self._own), 2)
        self.table.setAccessibleName(self.tr("Parameters"))
        self.table.setHorizontalHeaderLabels([self.tr("Name"), self.tr("Value")])
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(scaled(_ROW))
        self.table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
        self.table.horizontalHeader().resizeSection(0, scaled(200))
        self.table.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        self.table.setTabKeyNavigation(False)
        self.table.setFixedHeight(
            scaled(_ROW) * min(len(self._own), _MOST_ROWS) + self.table.horizontalHeader().sizeHint().height() + 4
        )
        for row, (name, value) in enumerate(self._own.items()):
            item = QTableWidgetItem(name)
            item.setFlags(Qt.ItemFlag.ItemIsEnabled)
            self.table.setItem(row, 0, item)
            field = self.fields[name] = QLineEdit()
            field.setAccessibleName(name)
            field.setPlaceholderText(_shown(value))
            field.textEdited.connect(lambda _: self.edited.emit())
            holder = QWidget()
            inner = QVBoxLayout(holder)
            inner.setContentsMargins(4, 3, 4, 3)
            inner.addWidget(field)
            self.table.setCellWidget(row, 1, holder)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(heading)
        column.addWidget(self.table)
        if not self._own:
            self.hide()

    def set_values(self, values: Mapping[str, Any]) -> None:
        """Show values that were given before."""
        for name, value in values.items():
            if name in self.fields:
                self.fields[name].setText(_shown(value))

    def values(self) -> dict[str, Any]:
        """What is given: `3` is a number, `"3"` a text, as in a flow file."""
        typed = {name: field.text().strip() for name, field in self.fields.items()}
        return {name: _meant(text) for name, text in typed.items() if text}


def _shown(value: Any) -> str:
    """A value as it is typed: a text that would be taken for something else has quotes."""
    if isinstance(value, str) and value and _meant(value) == value:
        return value
    return json.dumps(value, ensure_ascii=False, default=str)


def _meant(text: str) -> Any:
    if text[:1] in '"[{':
        try:
            return json.loads(text)
        except ValueError:
            return text
    try:
        return resolve(text)
    except ValueError:  # a number that nobody could read
        return text
