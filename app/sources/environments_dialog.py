"""EnvironmentsDialog, the environments that code runs in: their size, how they are made, taking them away."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QSplitter,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.results.asking_dialog import AskingDialog
from app.results.row_table import RowTable
from app.theme.fonts import wear_code_font
from app.theme.icon import icon
from app.theme.style_sheet import set_look
from app.words import counted
from engine.client.environments import Kept, Progress, clean, inventory, log_of, make, remove, wanted
from engine.client.flow import Opened
from engine.errors import PyfiError
from engine.model.flow import Flow

_LOOK_MS = 700


class EnvironmentsDialog(AskingDialog):
    """All environments of this user. Those that a flow needs can be made ahead, with a bar that says how far that is."""

    progressed = Signal(object)

    def __init__(self, flow: Flow | None, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(flow.name if flow is not None else "", parent)
        self._opened = None if flow is None else Opened(flow, folder, flow.name)
        self._found: list[Kept] = []
        self._has_looked = False
        self._logged = ""
        """Whose log is shown."""
        self.setWindowTitle(self.tr("Environments"))
        self.resize(900, 560)
        headings = [self.tr("Packages"), self.tr("Runtime"), self.tr("State"), self.tr("Size"), self.tr("Used")]
        self.table = RowTable(self.tr("Environments"), headings, 0)
        for column, width in ((1, 110), (2, 110), (3, 90), (4, 140)):
            self.table.setColumnWidth(column, width)
        self.table.currentCellChanged.connect(self._on_chosen)
        self.totals = QLabel(self)
        set_look(self.totals, "muted")
        self.log = QPlainTextEdit(self)
        self.log.setReadOnly(True)
        self.log.setAccessibleName(self.tr("Log of the making"))
        wear_code_font(self.log)
        split = QSplitter(Qt.Orientation.Vertical)
        split.addWidget(self.table)
        split.addWidget(self.log)
        split.setSizes([320, 160])
        self.bar = QProgressBar(self)
        self.bar.setAccessibleName(self.tr("How far the making is"))
        self.bar.hide()
        self.make_button = QPushButton(icon("plus"), self.tr("Make What the Flow Needs"), self)
        self.make_button.setEnabled(self._opened is not None)
        self.make_button.clicked.connect(lambda: self._go(self._make()))
        self.remove_button = QPushButton(icon("trash"), self.tr("Remove"), self)
        self.remove_button.clicked.connect(lambda: self._go(self._remove()))
        self.clean_button = QPushButton(self.tr("Clean Up"), self)
        self.clean_button.setToolTip(self.tr("Take away all that is not in use"))
        self.clean_button.clicked.connect(lambda: self._go(self._clean()))
        row = QHBoxLayout()
        row.addWidget(self.make_button)
        row.addWidget(self.status, 1)
        row.addWidget(self.remove_button)
        row.addWidget(self.clean_button)
        layout = QVBoxLayout(self)
        layout.addWidget(self.totals)
        layout.addWidget(split, 1)
        layout.addWidget(self.bar)
        layout.addLayout(row)
        self.progressed.connect(self._on_progressed)
        timer = QTimer(self)
        timer.setInterval(_LOOK_MS)
        timer.timeout.connect(self.refresh)
        timer.start()
        self.refresh()

    def refresh(self) -> None:
        """Look again. Others make environments, too: engines of this machine, the shell."""
        self._go(self._look())

    async def _look(self) -> None:
        found = await asyncio.to_thread(inventory)
        if found == self._found and self._has_looked:
            return
        self._has_looked = True
        chosen = self._chosen()
        self._found = found
        self.table.setRowCount(len(found))
        for row, kept in enumerate(found):
            self._fill(row, kept)
        names = [kept.name for kept in found]
        self.table.selectRow(names.index(chosen.name) if chosen is not None and chosen.name in names else 0)
        self._on_chosen(self.table.currentRow())
        total = sum(kept.size_bytes for kept in found)
        many = self.tr("{} environments, {} MB together").format("{}", f"{total / 1e6:,.1f}")
        one = self.tr("1 environment, {} MB").format(f"{total / 1e6:,.1f}")
        self.totals.setText(counted(len(found), one, many) if found else self.tr("There are none yet."))

    def _fill(self, row: int, kept: Kept) -> None:
        states = {"ready": self.tr("ready"), "being made": self.tr("being made"), "failed": self.tr("failed")}
        used = self.tr("in use") if kept.in_use else time.strftime("%Y-%m-%d %H:%M", time.localtime(kept.used_s))
        texts = (
            kept.shown,
            f"{kept.runtime} {kept.python}".strip(),
            states[kept.state],
            f"{kept.size_bytes / 1e6:,.1f} MB",
            used,
        )
        for column, text in enumerate(texts):
            item = QTableWidgetItem(text)
            item.setToolTip(kept.said if column == 2 else text)
            if column == 3:
                item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self.table.setItem(row, column, item)

    def _chosen(self) -> Kept | None:
        row = self.table.currentRow()
        return self._found[row] if 0 <= row < len(self._found) else None

    def _on_chosen(self, row: int, *_: int) -> None:
        kept = self._found[row] if 0 <= row < len(self._found) else None
        self.remove_button.setEnabled(kept is not None and not kept.in_use)
        text, name = (log_of(kept.name), kept.name) if kept is not None else ("", "")
        if text != self.log.toPlainText():
            bar = self.log.verticalScrollBar()
            is_same, at, is_at_end = name == self._logged, bar.value(), bar.value() == bar.maximum()
            self.log.setPlainText(text)
            bar.setValue(0 if not is_same else bar.maximum() if is_at_end else at)
        self._logged = name

    async def _make(self) -> None:
        self.make_button.setEnabled(False)
        try:
            said = await self._made()
        except PyfiError as error:
            said = str(error)
        finally:
            if not self._is_gone:
                self.bar.hide()
                self.make_button.setEnabled(True)
        self.status.setText(said)
        await self._look()

    async def _made(self) -> str:
        """Make what the flow needs; returns what there is to say of it."""
        assert self._opened is not None
        recipes = await asyncio.to_thread(wanted, self._opened)
        failed: list[str] = []
        for recipe in recipes:
            try:
                await asyncio.to_thread(make, recipe, self._tell)
            except PyfiError as error:
                failed.append(str(error))
        done = counted(len(recipes), self.tr("The environment is there."), self.tr("All {} environments are there."))
        return "\n".join(failed) or (done if recipes else self.tr("The flow needs no environment of its own."))

    def _tell(self, progress: Progress) -> None:
        """Called in the thread that makes it, which goes on when the dialog is closed."""
        with suppress(RuntimeError):
            self.progressed.emit(progress)

    def _on_progressed(self, progress: Progress) -> None:
        self.bar.setRange(0, progress.of)
        self.bar.setValue(progress.done)
        self.bar.show()
        self.status.setText(progress.text)

    async def _remove(self) -> None:
        kept = self._chosen()
        if kept is not None:
            size = await asyncio.to_thread(remove, kept.name)
            self.status.setText(self.tr("{} MB are free again").format(f"{size / 1e6:,.1f}"))
            await self._look()

    async def _clean(self) -> None:
        count, size = await asyncio.to_thread(clean)
        one, many = self.tr("1 environment taken away, {} MB"), self.tr("{} environments taken away, {} MB")
        freed = f"{size / 1e6:,.1f}"
        self.status.setText(one.format(freed) if count == 1 else many.format(count, freed))
        await self._look()
