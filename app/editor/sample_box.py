"""SampleBox, the message that goes into a trial: typed, from a file, or as it was in a queue."""

from __future__ import annotations

import asyncio
import errno
import json
from collections.abc import Mapping
from pathlib import Path
from stat import S_ISREG
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QInputDialog,
    QLabel,
    QMenu,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.editor.background import Work
from app.editor.code_editor import CodeEditor
from app.editor.language import JSON, TEXT
from app.editor.sample import kind_of, read_sample, shown
from app.theme.icon import icon
from app.theme.style_sheet import set_look
from app.words import counted

_MOST_READ = 100_000_000
"""Bytes; a message that is longer is none to try by hand."""
_MOST_TYPED = 1_000_000
"""Bytes; a longer file is taken as it is, without being shown."""


class SampleBox(QWidget):
    """Holds a content and attributes. JSON that is typed is read as such, other text is text; bytes are shown by their size."""

    changed = Signal()
    queue_requested = Signal()
    """A message from the queue in front of the processor is wanted."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._data: bytes | None = None
        self._reading: Work | None = None
        self.attributes: dict[str, str] = {}
        self.editor = CodeEditor(self)
        self.editor.load("", JSON)
        self.editor.setAccessibleName(self.tr("Sample"))
        self.editor.setPlaceholderText(self.tr("Content of a message: JSON, or any text"))
        self.editor.textChanged.connect(self._on_text_changed)
        self.editor.viewport().installEventFilter(self)
        self.menu_button = QToolButton(self)
        self.menu_button.setText(self.tr("Sample"))
        self.menu_button.setIcon(icon("message"))
        self.menu_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.menu_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu_button.setToolTip(self.tr("Take the sample from elsewhere"))
        self.menu_button.clicked.connect(self._on_menu_requested)
        self._kind = QLabel(self)
        set_look(self._kind, "muted")
        self._kind.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)  # no sentence widens the panel
        row = QHBoxLayout()
        row.setContentsMargins(6, 2, 6, 2)
        row.addWidget(self.menu_button)
        row.addWidget(self._kind, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self.editor, 1)
        self._tell()

    # -- what it holds

    @property
    def content(self) -> Any:
        """The content as the processor gets it."""
        return read_sample(self.editor.text()) if self._data is None else self._data

    def show_text(self, text: str, attributes: Mapping[str, str] | None = None) -> None:
        """Hold what a text means."""
        self._forget_reading()
        self._data = None
        self.attributes = dict(attributes or {})
        self.editor.setReadOnly(False)
        self.editor.load(text, TEXT if text and read_sample(text) is text else JSON)
        self._on_text_changed()

    def show_content(self, content: Any, attributes: Mapping[str, str] | None = None) -> None:
        """Hold a content."""
        if isinstance(content, bytes):
            self.show_bytes(self.tr("bytes"), content, attributes)
        else:
            self.show_text(sample_text(content), attributes)

    def show_bytes(self, name: str, data: bytes, attributes: Mapping[str, str] | None = None) -> None:
        """Hold bytes that are not shown; a double click on them, or Clear, begins a sample to type."""
        self._forget_reading()
        self.editor.setReadOnly(True)
        self.editor.load(self.tr("{0}: {1} bytes").format(name, f"{len(data):,}"), TEXT)
        self._data, self.attributes = data, dict(attributes or {})
        self._tell()
        self.changed.emit()

    @property
    def is_typed(self) -> bool:
        """Whether the content is what the text means."""
        return self._data is None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """A double click on bytes begins a sample to type."""
        if event.type() == QEvent.Type.MouseButtonDblClick and not self.is_typed:
            self.show_text("")
            return True
        return super().eventFilter(watched, event)

    def _on_text_changed(self) -> None:
        self._forget_reading()  # what is typed meanwhile is wanted more
        if self._data is None:
            self._tell()
            self.changed.emit()

    def _tell(self) -> None:
        """Say how the sample is read."""
        text = self.editor.text()
        words = [self.tr("bytes") if self._data is not None else kind_of(text) if text else ""]
        if self.attributes:
            words.append(counted(len(self.attributes), self.tr("1 attribute"), self.tr("{} attributes")))
        self._kind.setText(" · ".join(word for word in words if word))
        self._kind.setToolTip(lines_of(self.attributes))
        if self._data is None:
            self.editor.set_language(TEXT if text and read_sample(text) is text else JSON)

    # -- where it comes from

    def menu(self) -> QMenu:
        """What the button offers."""
        menu = QMenu(self)
        menu.addAction(icon("queue"), self.tr("From the queue …"), self.queue_requested.emit)
        menu.addAction(icon("folder"), self.tr("From a file …"), self._on_file_requested)
        menu.addSeparator()
        menu.addAction(self.tr("Attributes …"), self._on_attributes_requested)
        menu.addAction(icon("close"), self.tr("Clear"), lambda: self.show_text(""))
        return menu

    def _on_menu_requested(self) -> None:
        menu = self.menu()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.menu_button.mapToGlobal(QPoint(0, self.menu_button.height())))

    def _on_file_requested(self) -> None:
        dialog = QFileDialog(self, self.tr("A file as the sample"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda path: self.read_file(Path(path)))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def read_file(self, path: Path) -> None:
        """Take a file, read beside the user interface.

        Text is shown, anything else, or what is too long to edit, is taken as bytes. Whatever else becomes the sample meanwhile
        stays, and the file is not taken.
        """
        self._forget_reading()
        self._kind.setText(self.tr("reads {0} …").format(path.name))
        work = self._reading = Work(self)
        work.done.connect(lambda content: self._on_read(path.name, content))
        work.failed.connect(lambda error: self._on_unread(path.name, error))
        work.start(asyncio.to_thread(_read, path, _MOST_READ))

    def _on_read(self, name: str, content: str | bytes | None) -> None:
        self._forget_reading()
        attributes = {"file.name": name}
        if content is None:
            megabytes = _MOST_READ // 1_000_000
            words = self.tr("{0} has more than {1} MB; take a shorter file as the sample")
            self._complain(words.format(name, megabytes))
        elif isinstance(content, bytes):
            self.show_bytes(name, content, attributes)
        else:
            self.show_text(content, attributes)

    def _on_unread(self, name: str, error: Exception) -> None:
        self._forget_reading()
        reason = getattr(error, "strerror", None) or str(error)
        self._complain(self.tr("{0} cannot be read: {1}").format(name, reason))

    def _complain(self, sentence: str) -> None:
        """Say what is wrong where otherwise stands how the sample is read; all of it under the pointer."""
        self._kind.setText(sentence)
        self._kind.setToolTip(sentence)

    def _forget_reading(self) -> None:
        work, self._reading = self._reading, None
        if work is not None:
            work.blockSignals(True)  # noqa: FBT003 - Qt's
            work.cancel()
            work.deleteLater()

    def _on_attributes_requested(self) -> None:
        dialog = QInputDialog(self)
        dialog.setWindowTitle(self.tr("Attributes of the sample"))
        dialog.setLabelText(self.tr("One a line: name = value"))
        dialog.setOption(QInputDialog.InputDialogOption.UsePlainTextEditForTextInput)
        dialog.setTextValue(lines_of(self.attributes))
        dialog.textValueSelected.connect(self._on_attributes_given)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _on_attributes_given(self, text: str) -> None:
        pairs = (line.partition("=") for line in text.splitlines() if "=" in line)
        self.attributes = {name.strip(): value.strip() for name, _, value in pairs if name.strip()}
        self._tell()
        self.changed.emit()


def sample_text(content: Any) -> str:
    """The text that means a content: a text that would be read as JSON is written as JSON."""
    if isinstance(content, str):
        return content if read_sample(content) is content else json.dumps(content, ensure_ascii=False)
    try:
        return json.dumps(content, ensure_ascii=False, indent=2)
    except (TypeError, ValueError, RecursionError):
        return shown(content)


def _read(path: Path, most: int) -> str | bytes | None:
    """A file's content: text if it is that and not too long to edit; None if it has more than `most` bytes.

    Raises:
        OSError: it cannot be read, or is something that may have no end.
    """
    facts = path.stat()
    if not S_ISREG(facts.st_mode):
        raise OSError(errno.EINVAL, QCoreApplication.translate("SampleBox", "it is no file"))
    if facts.st_size > most:
        return None
    with path.open("rb") as file:
        data = file.read(most + 1)
    if len(data) > most:  # it has grown
        return None
    try:
        return data.decode("utf-8") if len(data) <= _MOST_TYPED else data
    except UnicodeDecodeError:
        return data


def lines_of(attributes: Mapping[str, str]) -> str:
    """Attributes as they are typed."""
    return "\n".join(f"{name} = {value}" for name, value in attributes.items())
