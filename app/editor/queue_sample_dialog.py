"""QueueSampleDialog, which takes a real message as the sample, and leaves it where it is."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialogButtonBox, QHBoxLayout, QPushButton, QSplitter, QTableWidgetItem, QVBoxLayout, QWidget

from app.results.asking_dialog import AskingDialog
from app.results.message_view import MessageView, content_text, is_part
from app.results.row_table import RowTable
from app.theme.icon import icon
from app.words import counted
from engine.client.cluster_link import ClusterLink
from engine.client.engine import Engine
from engine.errors import PyfiError

_MOST = 50
"""Messages of each queue that are offered."""


class QueueSampleDialog(AskingDialog):
    """Lists what waits in front of a processor of a running flow, and what failed in it. Nothing is taken out of a queue."""

    taken = Signal(object, dict, str)
    """A content, its attributes, and the input that it was on its way to ("" where nobody knows)."""

    def __init__(
        self,
        flow: str,
        step: str,
        engine: Callable[[], Awaitable[Engine | ClusterLink]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(flow, parent)
        self._step = step
        self._engine = engine
        self._found: list[tuple[str, Any]] = []
        self.setWindowTitle(self.tr("A message for {}").format(step))
        self.resize(820, 520)
        headings = (self.tr("Queue"), self.tr("Content"), self.tr("Attributes"))
        self.table = RowTable(self.tr("Messages"), headings, wide=1)
        self.view = MessageView()
        split = QSplitter()
        split.addWidget(self.table)
        split.addWidget(self.view)
        split.setSizes([480, 340])
        refresh = QPushButton(icon("restart"), self.tr("Refresh"))
        refresh.clicked.connect(self.refresh)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.take_button = self.buttons.addButton(self.tr("Use as sample"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.buttons.accepted.connect(self._on_taken)
        self.buttons.rejected.connect(self.reject)
        self.table.cellDoubleClicked.connect(lambda *_: self._on_taken())
        self.table.currentCellChanged.connect(self._on_row_changed)
        row = QHBoxLayout()
        row.addWidget(self.status, 1)
        row.addWidget(refresh)
        row.addWidget(self.buttons)
        column = QVBoxLayout(self)
        column.addWidget(split, 1)
        column.addLayout(row)
        self.refresh()

    def refresh(self) -> None:
        """Look again."""
        self._found = []
        self.table.setRowCount(0)
        self.view.clear_message()
        self.take_button.setEnabled(False)
        self._go(self._load())

    async def _load(self) -> None:
        engine = await self._engine()
        queues = [each.key for each in await engine.queues(self._flow) if each.messages and is_before(each.key, self._step)]
        for key in queues:
            for message in (await engine.messages(self._flow, key, limit=_MOST)).messages:
                if message.held:
                    continue  # half done: its content is the step's own
                row = self.table.rowCount()
                self.table.insertRow(row)
                first = content_text(message.content).replace("\n", " ")[:300]
                for column, words in enumerate((key, first, str(len(message.attributes)))):
                    self.table.setItem(row, column, QTableWidgetItem(words))
                self._found.append((key, message))
        one, many = self.tr("1 message; it stays where it is"), self.tr("{} messages; they stay where they are")
        none = self.tr("Nothing waits in front of {}, and nothing has failed in it.").format(self._step)
        self.status.setText(counted(len(self._found), one, many) if self._found else none)
        if self._found:
            self.table.selectRow(0)
            self.table.setFocus()

    def _on_row_changed(self, row: int, *_: int) -> None:
        is_one = 0 <= row < len(self._found)
        self.take_button.setEnabled(is_one)
        if is_one:
            message = self._found[row][1]
            self.view.show_message(message.content, message.attributes)

    def _on_taken(self) -> None:
        row = self.table.currentRow()
        if 0 <= row < len(self._found):
            self._go(self._take(*self._found[row]))

    async def _take(self, key: str, message: Any) -> None:
        """The whole content; the list may have only the beginning of it."""
        content = message.content
        try:
            whole = await (await self._engine()).content(self._flow, key, message.id, message.at)
            content = content_of(whole.media, whole.data)
        except PyfiError:
            if is_part(message.content):
                raise
        attributes = {name: value for name, value in message.attributes.items() if not name.startswith("error.")}
        port = "" if key.startswith("dead:") else key.rpartition(".")[2]
        self.taken.emit(content, attributes, port)
        self.accept()


def is_before(queue: str, step: str) -> bool:
    """Whether a queue leads to a step, or holds what failed in it."""
    return queue.partition("->")[2].rpartition(".")[0] == step or queue == f"dead:{step}"


def content_of(media: str, data: bytes) -> Any:
    """A content out of what the engine tells of it."""
    if media.startswith("application/json"):
        return json.loads(data)
    return data.decode() if media.startswith("text/") else data
