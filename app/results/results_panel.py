"""ResultsPanel, the files that the flow in front writes, with a look into the one that is chosen."""

from __future__ import annotations

import asyncio
import datetime as dt

from PySide6.QtCore import Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QSplitter,
    QStackedLayout,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.canvas import text
from app.page.flow_page import FlowPage
from app.panel.seen import Seen
from app.results.row_table import RowTable
from app.theme.fonts import wear_code_font
from app.theme.icon import icon
from app.theme.style_sheet import set_look
from app.words import counted
from engine.client.results import Preview, ResultFile, preview, result_files

_LOOK_MS = 1000


class ResultsPanel(QWidget):
    """Looks at the files about once a second, while it can be seen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Results"))
        self._page: FlowPage | None = None
        self._files: list[ResultFile] = []
        self._task: asyncio.Task[None] | None = None
        headings = [self.tr("Processor"), self.tr("File"), self.tr("Size"), self.tr("Changed")]
        self.table = RowTable(self.tr("Files"), headings, wide=1)
        for column in (2, 3):
            self.table.horizontalHeader().setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        wear_code_font(self.text)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setAccessibleName(self.tr("First lines of the file"))
        self._empty = QLabel(self.tr("Nothing in this flow writes files. Add “Write lines” or another sink to keep results."))
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        set_look(self._empty, "muted")
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self._filled())
        self.table.currentCellChanged.connect(lambda *_: self.look())
        self._clock = QTimer(self)
        self._clock.setInterval(_LOOK_MS)
        self._clock.timeout.connect(self._on_time_passed)
        self._seen = Seen(self)
        self._seen.changed.connect(self._on_time_passed)
        self._clock.start()

    def _filled(self) -> QWidget:
        filled = QWidget()
        column = QVBoxLayout(filled)
        column.setContentsMargins(0, 0, 0, 0)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(self.table)
        right = QWidget()
        below = QVBoxLayout(right)
        below.setContentsMargins(0, 0, 0, 0)
        row = QHBoxLayout()
        row.setContentsMargins(8, 0, 0, 0)
        self.status = QLabel()
        set_look(self.status, "muted")
        button = QPushButton(icon("folder"), self.tr("Open the folder"))
        set_look(button, "flat")
        button.clicked.connect(self._on_folder_clicked)
        row.addWidget(self.status)
        row.addStretch()
        row.addWidget(button)
        below.addLayout(row)
        below.addWidget(self.text)
        split.addWidget(right)
        split.setSizes([1000, 1000])
        column.addWidget(split)
        return filled

    def show_page(self, page: FlowPage | None) -> None:
        """Show the results of another flow."""
        self._page = page
        self._files = []
        self.table.setRowCount(0)
        self.text.clear()
        self.look()

    def look(self) -> None:
        """Look at the files again."""
        if self._page is not None and (self._task is None or self._task.done()):
            work = self._look(self._page)
            self._task = asyncio.ensure_future(work)
            self._task.add_done_callback(
                lambda _: work.close()
            )  # a task that is cancelled before it begins leaves it unawaited

    def _on_time_passed(self) -> None:
        if self._seen.now:
            self.look()

    async def _look(self, page: FlowPage) -> None:
        flow, folder = page.document.flow, page.document.folder
        files = await asyncio.to_thread(result_files, flow, folder)
        if page is not self._page:
            return
        if files != self._files:
            self._show_files(files)
        self._stack.setCurrentIndex(1 if files else 0)
        row = self.table.currentRow()
        if 0 <= row < len(files):
            found = await asyncio.to_thread(preview, files[row].path)
            if page is self._page:
                self._show_preview(files[row], found)

    def _show_files(self, files: list[ResultFile]) -> None:
        self._files = files
        chosen = max(0, self.table.currentRow())
        self.table.blockSignals(True)  # noqa: FBT003 - Qt's signature
        self.table.setRowCount(len(files))
        for row, file in enumerate(files):
            if file.size_bytes < 0:
                size, changed = self.tr("not yet"), ""
            else:
                size = (
                    counted(file.size_bytes, self.tr("1 file"), self.tr("{} files"))
                    if file.is_folder
                    else text.size(file.size_bytes)
                )
                changed = f"{dt.datetime.fromtimestamp(file.changed_s).astimezone():%H:%M:%S}"
            for column, words in enumerate((file.step, file.path.name, size, changed)):
                item = QTableWidgetItem(words)
                item.setToolTip(str(file.path))
                self.table.setItem(row, column, item)
        self.table.blockSignals(False)  # noqa: FBT003 - Qt's signature
        if files:
            self.table.selectRow(min(chosen, len(files) - 1))

    def _show_preview(self, file: ResultFile, found: Preview) -> None:
        lines = "\n".join(found.lines)
        if lines != self.text.toPlainText():
            down, across = self.text.verticalScrollBar(), self.text.horizontalScrollBar()
            spot = down.value(), across.value()
            self.text.setPlainText(lines)
            down.setValue(spot[0])  # a file that grows does not move away under the eyes
            across.setValue(spot[1])
        count = counted(len(found.lines), self.tr("1 line"), self.tr("{} lines"))
        self.status.setText(found.trouble or (self.tr("The first {}").format(count) if found.cut else count))
        self.status.setToolTip(str(file.path))

    def _on_folder_clicked(self) -> None:
        row = self.table.currentRow()
        if 0 <= row < len(self._files):
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._files[row].path.parent)))
