"""StateDialog, what a processor keeps from task to task."""

from __future__ import annotations

import json
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMessageBox,
    QPushButton,
    QSplitter,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.canvas import text
from app.results.asking_dialog import AskingDialog
from app.results.message_view import MessageView
from app.results.row_table import RowTable
from app.theme.icon import icon
from app.theme.style_sheet import set_look
from app.words import counted
from engine.client.cluster_link import ClusterLink
from engine.client.engine import Engine


class StateDialog(AskingDialog):
    """Lists the rows of a processor's state, shows the value of the one that is chosen, and has it forget them all."""

    def __init__(self, engine: Engine | ClusterLink, flow: str, step: str, parent: QWidget | None = None) -> None:
        super().__init__(flow, parent)
        self._engine = engine
        self._step = step
        self._values: list[Any] = []
        self.setWindowTitle(self.tr("State of {}").format(step))
        self.resize(760, 480)
        headings = (self.tr("Key"), self.tr("Value"), self.tr("Type"), self.tr("Size"))
        self.table = RowTable(self.tr("Rows"), headings, wide=1)
        self.table.currentCellChanged.connect(self._on_row_changed)
        self.view = MessageView()
        split = QSplitter(Qt.Orientation.Vertical)
        split.addWidget(self.table)
        split.addWidget(self.view)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 2)
        refresh = QPushButton(icon("restart"), self.tr("Refresh"))
        refresh.clicked.connect(self.refresh)
        self.clear_button = QPushButton(icon("trash"), self.tr("Clear state …"))
        set_look(self.clear_button, "danger")
        self.clear_button.setEnabled(False)
        self.clear_button.clicked.connect(self._on_clear_clicked)
        row = QHBoxLayout()
        row.addWidget(self.status, 1)
        row.addWidget(refresh)
        row.addWidget(self.clear_button)
        column = QVBoxLayout(self)
        column.addWidget(split)
        column.addLayout(row)
        self.refresh()

    def refresh(self) -> None:
        """Look again."""
        self._go(self._load())

    async def _load(self) -> None:
        found = await self._engine.state(self._flow, self._step)
        self._values = [row.value for row in found.rows]
        self.view.clear_message()
        self.table.setRowCount(len(found.rows))
        for number, row in enumerate(found.rows):
            shown = json.dumps(row.value, ensure_ascii=False)[:300]
            for column, words in enumerate((row.key, shown, row.type, text.size(row.size))):
                self.table.setItem(number, column, QTableWidgetItem(words))
        self.clear_button.setEnabled(bool(found.rows) or found.made is not None)
        if found.made is not None:
            one, many = self.tr("It has made 1 message since it began."), self.tr("It has made {} messages since it began.")
            self.status.setText(counted(found.made, one, many))
        elif not found.rows:
            self.status.setText(self.tr("It keeps nothing."))
        elif found.more:
            self.status.setText(self.tr("The first {} rows").format(f"{len(found.rows):,}"))
        else:
            self.status.setText(counted(len(found.rows), self.tr("1 row"), self.tr("{} rows")))
        if found.rows:
            self.table.selectRow(0)

    def _on_row_changed(self, row: int, *_: int) -> None:
        if 0 <= row < len(self._values):
            self.view.show_message(self._values[row], {})

    def _on_clear_clicked(self) -> None:
        box = QMessageBox(self)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setText(self.tr("Have {} forget all that it keeps?").format(self._step))
        box.setInformativeText(self.tr("It must be stopped. A source begins anew; what a merge or join has waiting is gone."))
        clear = box.addButton(self.tr("Clear"), QMessageBox.ButtonRole.DestructiveRole)
        box.addButton(QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(QMessageBox.StandardButton.Cancel)
        box.finished.connect(lambda: self._go(self._clear()) if box.clickedButton() is clear else None)
        box.open()

    async def _clear(self) -> None:
        rows = await self._engine.clear_state(self._flow, self._step)
        await self._load()
        self.status.setText(counted(rows, self.tr("1 row forgotten"), self.tr("{} rows forgotten")))
