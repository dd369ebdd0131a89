"""HistoryDialog, every version of a processor's code: when, by whom, what for, and how it differs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSplitter,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.editor.archive import Archive, lasting, time_of
from app.editor.language import Language
from app.editor.side_by_side import SideBySide
from app.results.asking_dialog import AskingDialog
from app.results.row_table import RowTable
from app.theme.icon import icon
from app.theme.style_sheet import set_look

if TYPE_CHECKING:
    from engine.client.library import CodeVersion

_NOW, _BEFORE = "now", "before"


class HistoryDialog(AskingDialog):
    """Lists versions, shows the one that is chosen beside the code as it is now or beside the version before it.

    `current` says what the code is now. A version is taken back by whoever hears `restore_requested`.
    """

    restore_requested = Signal(str, str)
    """This code is wanted again; it was saved at that time."""

    def __init__(
        self, name: str, archive: Archive, language: Language, current: Callable[[], str], parent: QWidget | None = None
    ) -> None:
        super().__init__(name, parent)
        self._archive = archive
        self._language = language
        self._current = current
        self._all: Sequence[CodeVersion] = ()
        self._shown: list[CodeVersion] = []
        self._code: str | None = None
        self.setWindowTitle(self.tr("History of the code of {}").format(name))
        self.resize(1100, 640)
        self.table = RowTable(self.tr("Versions"), (self.tr("Saved"), self.tr("By"), self.tr("Note")), wide=2)
        self.short_box = QCheckBox(self.tr("Also what stood for less than half a minute"))
        self.against_box = QComboBox()
        self.against_box.setAccessibleName(self.tr("Compare with"))
        self.against_box.addItem(self.tr("Compare with the code now"), _NOW)
        self.against_box.addItem(self.tr("Compare with the version before"), _BEFORE)
        self.note_field = QLineEdit()
        self.note_field.setAccessibleName(self.tr("Note"))
        self.note_field.setPlaceholderText(self.tr("A note on this version"))
        self.view = SideBySide()
        self.restore_button = QPushButton(icon("undo"), self.tr("Take this version back"))
        set_look(self.restore_button, "primary")
        self.next_button, self.previous_button = QPushButton(icon("down"), ""), QPushButton(icon("up"), "")
        self.next_button.setToolTip(self.tr("Next difference"))
        self.previous_button.setToolTip(self.tr("Difference before"))
        self.left_label, self.right_label = QLabel(), QLabel()
        self._arrange()
        self._connect()
        self.refresh()

    def _arrange(self) -> None:
        versions = QWidget()
        left = QVBoxLayout(versions)
        left.setContentsMargins(0, 0, 6, 0)
        for widget in (self.table, self.short_box, self.note_field):
            left.addWidget(widget)
        compared = QWidget()
        right = QVBoxLayout(compared)
        right.setContentsMargins(6, 0, 0, 0)
        titles = QHBoxLayout()
        for label in (self.left_label, self.right_label):
            set_look(label, "muted")
            titles.addWidget(label, 1)
        right.addLayout(titles)
        right.addWidget(self.view, 1)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(versions)
        split.addWidget(compared)
        split.setStretchFactor(1, 1)
        split.setSizes([360, 740])
        split.setChildrenCollapsible(False)
        row = QHBoxLayout()
        row.addWidget(self.status, 1)
        for widget in (self.against_box, self.previous_button, self.next_button, self.restore_button):
            row.addWidget(widget)
        column = QVBoxLayout(self)
        column.addWidget(split, 1)
        column.addLayout(row)

    def _connect(self) -> None:
        self.table.currentCellChanged.connect(lambda row, *_: self._go(self._choose(row)))
        self.short_box.toggled.connect(lambda _: self._list())
        self.against_box.currentIndexChanged.connect(lambda _: self._go(self._choose(self.table.currentRow())))
        self.note_field.editingFinished.connect(self._on_note_edited)
        self.next_button.clicked.connect(self.view.go_on)
        self.previous_button.clicked.connect(self.view.go_back)
        self.restore_button.clicked.connect(self._on_restore_clicked)

    def refresh(self) -> None:
        """Look again."""
        self._go(self._load())

    async def _load(self) -> None:
        self._all = await self._archive.versions()
        self._list()

    def _list(self) -> None:
        chosen = self._version()
        self._shown = list(self._all) if self.short_box.isChecked() else lasting(self._all)
        self.table.setRowCount(len(self._shown))
        for row, each in enumerate(self._shown):
            for column, words in enumerate((time_of(each.at), each.author, each.note)):
                self.table.setItem(row, column, QTableWidgetItem(words))
        for column in (0, 1):
            self.table.resizeColumnToContents(column)
        hidden = len(self._all) - len(self._shown)
        said = self.tr("{0} versions, {1} more in between").format(len(self._shown), hidden)
        self.status.setText(said if hidden else self.tr("{0} versions").format(len(self._shown)))
        revisions = [each.revision for each in self._shown]
        row = revisions.index(chosen.revision) if chosen is not None and chosen.revision in revisions else 0
        self.table.selectRow(row)
        self._go(self._choose(row))

    def _version(self) -> CodeVersion | None:
        row = self.table.currentRow()
        return self._shown[row] if 0 <= row < len(self._shown) else None

    async def _choose(self, row: int) -> None:
        """Show a version; another that is chosen meanwhile wins."""
        version = self._version()
        self.restore_button.setEnabled(False)
        self.note_field.setEnabled(version is not None)
        if version is None:
            return
        self.note_field.setText(version.note)
        code = await self._archive.code(version.revision)
        before = self._shown[row + 1] if row + 1 < len(self._shown) else None
        is_now = self.against_box.currentData() == _NOW
        older = "" if is_now or before is None else await self._archive.code(before.revision)
        if version is not self._version():
            return
        self._code = code
        title = self.tr("Saved {0} by {1}").format(time_of(version.at), version.author)
        if is_now:
            self._compare(code, self._current(), title, self.tr("Now"))
        else:
            old = (
                self.tr("Nothing") if before is None else self.tr("Saved {0} by {1}").format(time_of(before.at), before.author)
            )
            self._compare(older, code, old, title)
        self.restore_button.setEnabled(code != self._current())

    def _compare(self, before: str, after: str, left: str, right: str) -> None:
        came, went = self.view.show_texts(before, after, self._language)
        self.left_label.setText(left)
        self.right_label.setText(
            f"{right} · +{came} \N{MINUS SIGN}{went}" if came or went else f"{right} · {self.tr('the same')}"
        )

    def _on_note_edited(self) -> None:
        version = self._version()
        if version is not None and self.note_field.text() != version.note:
            self._go(self._noted(self._archive.note(version.revision, self.note_field.text())))

    async def _noted(self, noting: asyncio.Future[None]) -> None:
        await noting
        await self._load()

    def done(self, result: int) -> None:
        """A note that is still being typed is kept, too."""
        self._on_note_edited()
        self.note_field.blockSignals(True)  # noqa: FBT003 - Qt's way; it would tell once more when it loses the keyboard
        super().done(result)

    def _on_restore_clicked(self) -> None:
        version = self._version()
        if version is not None and self._code is not None:
            self.restore_requested.emit(self._code, time_of(version.at))
            self.accept()
