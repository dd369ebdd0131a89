"""Rows of the settings' pages: a title, what it means, and the widget to choose with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QSpinBox,
    QWidget,
)

from app.settings.store import Store
from app.theme.fonts import scaled
from app.theme.style_sheet import set_look
from engine.errors import PyfiError

_WIDE = 260
_INSET = 6
"""From the border of a box to its text, as in the others."""


class Row(QFrame):
    """One line of a page; `names` are the settings that it is for, `show` brings it up to date."""

    def __init__(self, title: str, meaning: str, editor: QWidget, names: tuple[str, ...] = ()) -> None:
        super().__init__()
        self.names = names
        self.editor = editor
        self.show_value: Callable[[], None] = lambda: None
        self.words = f"{title} {meaning}".casefold()
        editor.setAccessibleName(title)
        editor.setAccessibleDescription(meaning)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 8, 0, 8)
        grid.setHorizontalSpacing(20)
        grid.setVerticalSpacing(3)
        head = QLabel(title)
        head.setBuddy(editor)
        set_look(head, "heading")
        said = QLabel(meaning)
        said.setWordWrap(True)
        said.setTextFormat(Qt.TextFormat.PlainText)
        set_look(said, "muted")
        grid.addWidget(head, 0, 0)
        grid.addWidget(said, 1, 0)
        grid.addWidget(editor, 0, 1, 2, 1, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)
        grid.setColumnStretch(0, 1)


def choice_row(store: Store, name: str, title: str, meaning: str, options: Mapping[str, str]) -> Row:
    """One of some values, each with the words for it."""
    box = QComboBox()
    for value, words in options.items():
        box.addItem(words, value)
    box.setFixedWidth(scaled(_WIDE))

    def show() -> None:
        value = getattr(store.settings, name)
        at = box.findData(value)
        if at < 0:  # a font that was uninstalled, a language whose file is gone
            box.addItem(str(value), value)
            at = box.count() - 1
        box.setCurrentIndex(at)

    box.activated.connect(lambda _: store.change(**{name: box.currentData()}))
    return _followed(Row(title, meaning, box, (name,)), show)


def number_row(store: Store, name: str, title: str, meaning: str, *, bounds: tuple[int, int, int], unit: str) -> Row:
    """A number from the first bound to the second, in steps of the third."""
    box = QSpinBox()
    least, most, step = bounds
    box.setRange(least, most)
    box.setSingleStep(step)
    box.setSuffix(unit)
    box.setKeyboardTracking(False)  # "1" is not yet "150"
    box.setFixedWidth(scaled(_WIDE // 2))
    box.lineEdit().setTextMargins(scaled(_INSET), 0, 0, 0)  # the padding of the style sheet does not reach it
    box.valueChanged.connect(lambda value: store.change(**{name: value}))
    return _followed(Row(title, meaning, box, (name,)), lambda: box.setValue(getattr(store.settings, name)))


def check_row(store: Store, name: str, title: str, meaning: str) -> Row:
    """Yes or no."""
    box = QCheckBox()
    box.toggled.connect(lambda checked: store.change(**{name: checked}))
    return _followed(Row(title, meaning, box, (name,)), lambda: box.setChecked(getattr(store.settings, name)))


def entry_row(
    title: str,
    meaning: str,
    hint: str,
    read: Callable[[], str],
    write: Callable[[str], None] | None,
    told: Callable[[str], None],
) -> Row:
    """A text that is kept elsewhere; `write` raises PyfiError for one that cannot be kept, None: it cannot be changed here."""
    line = QLineEdit()
    line.setPlaceholderText(hint)
    line.setMinimumWidth(scaled(_WIDE))
    line.setReadOnly(write is None)

    def show() -> None:
        line.setText(read())
        line.setToolTip(line.text())

    def on_edited() -> None:
        if write is None or line.text().strip() == read():
            return
        try:
            write(line.text().strip())
        except PyfiError as error:
            told(str(error))
        show()

    line.editingFinished.connect(on_edited)
    return _followed(Row(title, meaning, line), show)


def fact_row(title: str, meaning: str, fact: str, folder: Path | None = None) -> Row:
    """Something that is as it is, to be read and copied; `folder` can be shown."""
    editor = QWidget()
    line = QLineEdit(fact)
    line.setReadOnly(True)
    line.setCursorPosition(0)
    line.setToolTip(fact)
    line.setMinimumWidth(scaled(_WIDE))
    line.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    line.setAccessibleName(title)
    beside = QHBoxLayout(editor)
    beside.setContentsMargins(0, 0, 0, 0)
    beside.addWidget(line)
    if folder is not None:
        button = QPushButton(editor.tr("Show"))
        button.setAccessibleName(editor.tr("Show the folder: {}").format(title))
        button.setAutoDefault(False)
        button.clicked.connect(lambda _=False: show_folder(folder))
        beside.addWidget(button)
    row = Row(title, meaning, editor)
    editor.setFocusProxy(line)
    return row


def show_folder(folder: Path) -> None:
    """Show a folder in the system's own program for that; the nearest one above if it is not there yet."""
    while not folder.is_dir() and folder != folder.parent:
        folder = folder.parent
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


def _followed(row: Row, show: Callable[[], Any]) -> Row:
    """Have a row show its value without that being a choice."""

    def quietly() -> None:
        row.editor.blockSignals(True)  # noqa: FBT003 - Qt's signature
        show()
        row.editor.blockSignals(False)  # noqa: FBT003 - Qt's signature

    row.show_value = quietly
    quietly()
    return row
