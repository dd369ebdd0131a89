"""EditMessageDialog, which changes the content and the attributes of a message that waits in a queue."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import UNSET
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QMessageBox,
    QPlainTextEdit,
    QPushButton,
    QSplitter,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.results.asking_dialog import AskingDialog
from app.theme.fonts import wear_code_font
from app.theme.icon import icon
from engine.client.cluster_link import ClusterLink
from engine.client.engine import Engine
from engine.errors import UsageError

if TYPE_CHECKING:
    from engine.client.message_edit import Kind

_MOST_BYTES = 500_000
"""More is no text to write in; a file is taken for it."""
_NAME_WIDTH = 240


class EditMessageDialog(AskingDialog):
    """Of a `message` as a page of a queue shows it. Nothing is locked meanwhile: what has gone on by then is not changed."""

    saved = Signal()

    def __init__(
        self, engine: Engine | ClusterLink, flow: str, queue: str, message: Any, parent: QWidget | None = None
    ) -> None:
        super().__init__(flow, parent)
        self._engine = engine
        self._queue = queue
        self._message = message
        self._file: bytes | None = None
        """What the content is to be, if it is not written in the dialog."""
        self._line_end = "\n"
        self._shown: tuple[Kind, str] | None = None
        """What is to be changed, as it was written; None: it is too large for that."""
        self.setWindowTitle(self.tr("Edit a message of {}").format(queue))
        self.resize(820, 620)
        split = QSplitter(Qt.Orientation.Vertical)
        split.addWidget(self._content_part())
        split.addWidget(self._attributes_part())
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 1)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel)
        self.save_button = self.buttons.button(QDialogButtonBox.StandardButton.Save)
        self.save_button.setEnabled(False)
        self.save_button.clicked.connect(lambda: self._go(self._save()))
        self.buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(split)
        column.addWidget(self.status)
        column.addWidget(self.buttons)
        self._go(self._load())

    def _content_part(self) -> QWidget:
        from engine.client.message_edit import Kind

        self.kind = QComboBox()
        self.kind.setAccessibleName(self.tr("What the content is"))
        for kind, words in (
            (Kind.TEXT, self.tr("Text")),
            (Kind.JSON, self.tr("JSON")),
            (Kind.HEX, self.tr("Bytes, in hexadecimal")),
        ):
            self.kind.addItem(words, kind)
        self.file_button = QPushButton(icon("folder"), self.tr("From a File …"))
        self.file_button.clicked.connect(self._on_file_clicked)
        self.text = QPlainTextEdit()
        self.text.setAccessibleName(self.tr("Content"))
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setTabChangesFocus(False)
        wear_code_font(self.text)
        row = QHBoxLayout()
        row.addWidget(QLabel(self.tr("Content")))
        row.addStretch(1)
        row.addWidget(self.kind)
        row.addWidget(self.file_button)
        return _part(row, self.text)

    def _attributes_part(self) -> QWidget:
        self.attributes = QTableWidget(0, 2)
        self.attributes.setAccessibleName(self.tr("Attributes"))
        self.attributes.setHorizontalHeaderLabels([self.tr("Attribute"), self.tr("Value")])
        self.attributes.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        self.attributes.setColumnWidth(0, _NAME_WIDTH)
        self.attributes.verticalHeader().hide()
        self.attributes.setTabKeyNavigation(False)
        for name, value in self._message.attributes.items():
            self._add_attribute(name, value)
        self.add_button = QPushButton(icon("plus"), self.tr("Add"))
        self.add_button.setAccessibleName(self.tr("Add an attribute"))
        self.add_button.clicked.connect(self._on_add_clicked)
        self.remove_button = QPushButton(icon("minus"), self.tr("Remove"))
        self.remove_button.setAccessibleName(self.tr("Remove the attribute"))
        self.remove_button.clicked.connect(lambda: self.attributes.removeRow(self.attributes.currentRow()))
        row = QHBoxLayout()
        row.addWidget(QLabel(self.tr("Attributes")))
        row.addStretch(1)
        row.addWidget(self.add_button)
        row.addWidget(self.remove_button)
        return _part(row, self.attributes)

    def _add_attribute(self, name: str, value: str) -> None:
        row = self.attributes.rowCount()
        self.attributes.insertRow(row)
        for column, words in enumerate((name, value)):
            self.attributes.setItem(row, column, QTableWidgetItem(words))

    def _on_add_clicked(self) -> None:
        self._add_attribute("", "")
        self.attributes.setCurrentCell(self.attributes.rowCount() - 1, 0)
        self.attributes.editItem(self.attributes.currentItem())

    # -- the content

    async def _load(self) -> None:
        from engine.client.message_edit import kind_of_content, written

        content = await self._engine.content(self._flow, self._queue, self._message.id, self._message.at)
        kind = kind_of_content(content)
        self.kind.setCurrentIndex(self.kind.findData(kind))
        if len(content.data) > _MOST_BYTES:
            self._show_size(self.tr("The content has {} bytes, too many to be written here."), len(content.data))
        else:
            self._write(written(content))
            self._shown = (kind, self._written())
            self.text.setFocus()
        self.save_button.setEnabled(True)

    def _write(self, words: str) -> None:
        """Have these letters in the editor, which has its own ends of lines."""
        self._line_end = "\r\n" if "\r\n" in words else "\n"
        self.text.setPlainText(words)

    def _written(self) -> str:
        """The letters, one for one: Qt's plain text would have spaces for those that do not break."""
        return self.text.document().toRawText().replace("\u2029", self._line_end)

    def _show_size(self, sentence: str, size: int) -> None:
        self.text.setPlainText("")
        self.text.setReadOnly(True)
        self.text.setPlaceholderText(sentence.format(f"{size:,}"))

    def _on_file_clicked(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, self.tr("The Content of the Message"))
        if name:
            self._go(self.take_file(Path(name)))

    async def take_file(self, path: Path) -> None:
        """Have the content of a file as that of the message; what is small is shown, and may be changed further."""
        from engine.client.answer import Content
        from engine.client.message_edit import Kind, read_file, written

        try:
            data = await asyncio.to_thread(path.read_bytes)
        except OSError as error:
            raise UsageError(self.tr("{0} cannot be read: {1}").format(path, error.strerror)) from None
        kind: Kind = self.kind.currentData()
        read_file(kind, data)
        self.status.clear()
        if len(data) > _MOST_BYTES:
            self._file = data
            self._show_size(self.tr("The content becomes the {0} bytes of {1}.").format("{}", path.name), len(data))
            return
        self._file = None
        self.text.setReadOnly(False)
        self._write(written(Content("application/octet-stream", data)) if kind is Kind.HEX else data.decode())

    # -- leaving

    def reject(self) -> None:
        """Close it; what was changed goes only where somebody says so."""
        if not self._is_changed():
            super().reject()
            return
        box = QMessageBox(self)
        box.setIcon(QMessageBox.Icon.Question)
        box.setText(self.tr("Discard what you have changed?"))
        box.setInformativeText(self.tr("The message stays as it is in the queue."))
        box.setStandardButtons(QMessageBox.StandardButton.Discard | QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(QMessageBox.StandardButton.Cancel)
        box.finished.connect(lambda answer: self._on_asked(QMessageBox.StandardButton(answer)))
        box.open()

    def _on_asked(self, answer: QMessageBox.StandardButton) -> None:
        if answer == QMessageBox.StandardButton.Discard:
            super().reject()

    def _is_changed(self) -> bool:
        """Whether anything is written here that is not in the queue; what cannot be read is."""
        if not self.save_button.isEnabled():
            return False  # it is not there yet, or on its way
        try:
            return self._content() is not UNSET or self._attributes() is not None
        except UsageError:
            return True

    # -- saving

    async def _save(self) -> None:
        from engine.client.message_edit import edit_of

        content, attributes = self._content(), self._attributes()
        if content is UNSET and attributes is None:
            self.accept()
            return
        self.save_button.setEnabled(False)
        try:
            edit = edit_of(self._message, content=content, attributes=attributes)
            await self._engine.edit(self._flow, self._queue, edit)
        finally:
            if not self._is_gone:
                self.save_button.setEnabled(True)
        self.saved.emit()
        self.accept()

    def _content(self) -> Any:
        """What the content is to be; UNSET: what it is."""
        from engine.client.message_edit import read_file, read_text

        kind: Kind = self.kind.currentData()
        if self._file is not None:
            return read_file(kind, self._file)
        written = (kind, self._written())
        return UNSET if self.text.isReadOnly() or written == self._shown else read_text(*written)

    def _attributes(self) -> dict[str, str] | None:
        """What the attributes are to be; None: what they are. A row without name and value is none."""
        wanted: dict[str, str] = {}
        for row in range(self.attributes.rowCount()):
            name, value = (_words(self.attributes.item(row, column)) for column in range(2))
            if not name and not value:
                continue
            if not name:
                raise UsageError(self.tr("The attribute in row {} has no name.").format(row + 1))
            if name in wanted:
                raise UsageError(self.tr("There are two attributes “{}”.").format(name))
            wanted[name] = value
        return None if wanted == self._message.attributes else wanted


def _part(head: QHBoxLayout, body: QWidget) -> QWidget:
    part = QWidget()
    column = QVBoxLayout(part)
    column.setContentsMargins(0, 4, 0, 4)
    column.addLayout(head)
    column.addWidget(body)
    return part


def _words(item: QTableWidgetItem | None) -> str:
    return item.text() if item is not None else ""
