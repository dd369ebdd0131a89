"""QueueDialog, what waits in a queue."""

from __future__ import annotations

import time
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
from app.results.message_view import MessageView, content_text, is_part
from app.results.row_table import RowTable
from app.theme.icon import icon
from app.theme.style_sheet import set_look
from app.words import counted
from engine.client.cluster_link import ClusterLink
from engine.client.engine import Engine

_PAGE = 100


class QueueDialog(AskingDialog):
    """Lists the messages of a queue of a running flow, a page at a time, and shows the one that is chosen."""

    def __init__(self, engine: Engine | ClusterLink, flow: str, queue: str, parent: QWidget | None = None) -> None:
        super().__init__(flow, parent)
        self._engine = engine
        self._queue = queue
        self._messages: list[Any] = []
        self._next: str | None = None
        self.setWindowTitle(self.tr("Queue {}").format(queue.replace("->", " → ")))
        self.resize(940, 560)
        headings = (self.tr("Content"), self.tr("Attributes"), self.tr("Age"), self.tr("Tries"))
        self.table = RowTable(self.tr("Messages"), headings, wide=0)
        self.view = MessageView()
        split = QSplitter(Qt.Orientation.Vertical)
        split.addWidget(self.table)
        split.addWidget(self.view)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 2)
        column = QVBoxLayout(self)
        column.addWidget(split)
        column.addWidget(self.status)
        column.addLayout(self._buttons())
        self.table.currentCellChanged.connect(self._on_row_changed)
        self.refresh()

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addStretch()
        self.more_button = QPushButton(self.tr("Show more"))
        self.more_button.hide()
        self.more_button.clicked.connect(lambda: self._go(self._load(self._next or "")))
        refresh = QPushButton(icon("restart"), self.tr("Refresh"))
        refresh.clicked.connect(self.refresh)
        self.edit_button = QPushButton(icon("edit"), self.tr("Edit …"))
        self.edit_button.setEnabled(False)
        self.edit_button.clicked.connect(self._on_edit_clicked)
        self.lineage_button = QPushButton(icon("history"), self.tr("Provenance …"))
        self.lineage_button.setEnabled(False)
        self.lineage_button.setVisible(isinstance(self._engine, Engine))  # a cluster is not asked about messages of the past
        self.lineage_button.clicked.connect(self._on_lineage_clicked)
        self.replay_button = QPushButton(icon("replay"), self.tr("Try again"))
        self.replay_button.setVisible(self._queue.startswith("dead:"))
        self.replay_button.clicked.connect(lambda: self._go(self._replay()))
        self.purge_button = QPushButton(icon("trash"), self.tr("Empty the queue …"))
        set_look(self.purge_button, "danger")
        self.purge_button.clicked.connect(self._on_purge_clicked)
        for button in (self.more_button, refresh, self.edit_button, self.lineage_button, self.replay_button, self.purge_button):
            row.addWidget(button)
        return row

    def _enable(self) -> None:
        """Nothing can be tried again or deleted where nothing was found."""
        for button in (self.replay_button, self.purge_button):
            button.setEnabled(bool(self._messages))

    def refresh(self) -> None:
        """Look again, from the first message on."""
        self._messages = []
        self._enable()
        self.table.setRowCount(0)
        self.view.clear_message()
        self._go(self._load(""))

    async def _load(self, at: str) -> None:
        page = await self._engine.messages(self._flow, self._queue, limit=_PAGE, at=at)
        self._next = page.next
        for message in page.messages:
            self.table.insertRow(self.table.rowCount())
            self._fill(self.table.rowCount() - 1, message)
        self._messages += page.messages
        self.more_button.setVisible(page.next is not None)
        self._enable()
        self.status.setText(
            self._counted(len(self._messages)) + (self.tr(", and more") if page.next is not None else "")
            if self._messages
            else self.tr("The queue is empty.")
        )
        if self._messages and self.table.currentRow() < 0:
            self.table.selectRow(0)

    def _fill(self, row: int, message: Any) -> None:
        first = content_text(message.content).replace("\n", " ")[:300]
        age = text.duration(max(0.0, (time.time() * 1000 - message.born_ms) / 1000))
        for column, words in enumerate((first, str(len(message.attributes)), age, str(message.attempt))):
            self.table.setItem(row, column, QTableWidgetItem(words))

    def _on_row_changed(self, row: int, *_: int) -> None:
        is_one = 0 <= row < len(self._messages)
        self.lineage_button.setEnabled(is_one)
        self.edit_button.setEnabled(is_one and not self._messages[row].held)
        if is_one:
            self._show_message(self._messages[row])

    def _show_message(self, message: Any) -> None:
        self.view.show_message(message.content, message.attributes)
        if is_part(message.content):
            self._go(self._load_whole(message))

    def _on_edit_clicked(self) -> None:
        from app.results.edit_message_dialog import EditMessageDialog

        message = self._messages[self.table.currentRow()]
        dialog = EditMessageDialog(self._engine, self._flow, self._queue, message, self)
        dialog.saved.connect(lambda: self._go(self._load_again(message)))
        dialog.open()

    async def _load_again(self, message: Any) -> None:
        """A message is different: show it as it is now, in its row."""
        page = await self._engine.messages(self._flow, self._queue, limit=1, at=message.at)
        if message not in self._messages or not page.messages or page.messages[0].id != message.id:
            self.refresh()  # the queue has moved on meanwhile
            return
        row, now = self._messages.index(message), page.messages[0]
        self._messages[row] = now
        self._fill(row, now)
        if self.table.currentRow() == row:
            self._show_message(now)
        self.status.setText(self.tr("The message is changed."))

    async def _load_whole(self, message: Any) -> None:
        """The list has only the beginning of a large content, or none of it."""
        content = await self._engine.content(self._flow, self._queue, message.id, message.at)
        row = self.table.currentRow()
        if 0 <= row < len(self._messages) and self._messages[row] is message:
            self.view.show_whole(content.media, content.data, message.attributes)

    def _on_lineage_clicked(self) -> None:
        from app.results.lineage_dialog import LineageDialog

        message = self._messages[self.table.currentRow()]
        assert isinstance(self._engine, Engine)
        LineageDialog(self._engine, self._flow, message=message.id, parent=self).show()

    def _on_purge_clicked(self) -> None:
        self._go(self._ask_whether_to_purge())

    async def _ask_whether_to_purge(self) -> None:
        queues = await self._engine.queues(self._flow)
        waiting = next((each.messages for each in queues if each.key == self._queue), 0)
        box = QMessageBox(self)
        box.setIcon(QMessageBox.Icon.Warning)
        one = self.tr("Delete the message that waits in {}?").format(self._queue)
        many = self.tr("Delete the {} messages that wait in {}?").format("{}", self._queue)
        box.setText(counted(waiting, one, many))
        box.setInformativeText(self.tr("They are gone for good. Messages that are being worked on stay."))
        box.setStandardButtons(QMessageBox.StandardButton.Yes | QMessageBox.StandardButton.Cancel)
        box.buttonClicked.connect(lambda button: self._on_purge_answered(box, button))
        box.open()

    def _on_purge_answered(self, box: QMessageBox, button: Any) -> None:
        if box.standardButton(button) == QMessageBox.StandardButton.Yes:
            self._go(self._purge())

    def _counted(self, count: int) -> str:
        return counted(count, self.tr("1 message"), self.tr("{} messages"))

    async def _purge(self) -> None:
        count = await self._engine.purge(self._flow, self._queue)
        self.refresh()
        self.status.setText(self.tr("Deleted: {}").format(self._counted(count)))

    async def _replay(self) -> None:
        moved = await self._engine.replay(self._flow, self._queue.removeprefix("dead:"))
        self.refresh()
        self.status.setText(self.tr("Given another try: {}").format(self._counted(sum(moved.values()))))
