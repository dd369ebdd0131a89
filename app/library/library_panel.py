"""LibraryPanel, the patterns that can be put into a flow."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QFileSystemWatcher, QObject, QPoint, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QLabel, QLineEdit, QMenu, QMessageBox, QToolButton, QVBoxLayout

from app.library.pattern_dialog import PatternDialog
from app.library.pattern_list import PatternList, component_of
from app.page.component import Component
from app.page.flow_page import FlowPage
from app.panel.panel import Blank, Panel, Stack, inset
from app.theme.icon import icon
from app.theme.style_sheet import set_look
from engine.client.pattern import (
    Pattern,
    add_pattern,
    delete_pattern,
    make_pattern,
    path_of,
    pattern_folders,
    patterns,
    read_pattern,
    rename_pattern,
    restore_pattern,
    save_pattern,
    set_pattern_folders,
)
from engine.errors import PyfiError, UsageError

_SETTLE_MS = 200


class LibraryPanel(Panel):
    """Own patterns and those that come with PYFI, to be searched, dragged to the canvas or put there with Return.

    Dropped, a pattern is a subflow; with Shift its loose parts. What git or a colleague puts into a folder appears by itself.
    """

    told = Signal(str)
    """A sentence for the user."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(self.tr("Library"))
        self.patterns: list[Pattern] = []
        self._folders: tuple[Path, ...] = ()
        self._deleted: tuple[Path, str] | None = None
        self._is_read = False
        self._reads = 0
        self._tasks: set[asyncio.Task[Any]] = set()
        self.field = QLineEdit()
        self.menu_button = QToolButton()
        self.menu = QMenu(self.menu_button)
        self.list = PatternList()
        self._stack = Stack(self.list, Blank("library"))
        self._foot = QLabel()
        self._make_head()
        self._lay_out()
        self._watcher = QFileSystemWatcher(self)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE_MS)
        self._settle.timeout.connect(self.read)
        self._watcher.directoryChanged.connect(lambda _: self._settle.start())
        self._watcher.fileChanged.connect(lambda _: self._settle.start())
        self.field.textChanged.connect(self._show)
        self.list.itemDoubleClicked.connect(lambda _: self.insert())
        self.list.currentItemChanged.connect(lambda *_: self._show_foot())
        self.list.customContextMenuRequested.connect(self._on_menu_asked)
        self._show()

    def _make_head(self) -> None:
        self.field.setPlaceholderText(self.tr("Find a pattern …"))
        self.field.setAccessibleName(self.tr("Find a pattern"))
        self.field.setClearButtonEnabled(True)
        self.field.addAction(icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self.field.installEventFilter(self)
        self.menu_button.setIcon(icon("more"))
        self.menu_button.setToolTip(self.tr("More"))
        self.menu_button.setAccessibleName(self.tr("More for the library"))
        self.menu_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu_button.setProperty("look", "menu")
        self.menu.aboutToShow.connect(lambda: self._fill_menu(self.menu))
        self.menu_button.setMenu(self.menu)
        self.list.setAccessibleName(self.tr("Patterns"))
        self._foot.setWordWrap(True)
        set_look(self._foot, "small")

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(8, 8, 8, 8)
        head.setSpacing(4)
        head.addWidget(self.field, 1)
        head.addWidget(self.menu_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self._stack, 1)
        column.addLayout(inset(self._foot))
        self.setFocusProxy(self.field)

    # -- what there is

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """The files are read when the panel is first seen."""
        super().showEvent(event)
        if not self._is_read:
            QTimer.singleShot(0, self, self.read)

    def read(self) -> None:
        """Read the folders anew."""
        self._is_read = True
        self._reads += 1
        self._go(self._read(self._reads))

    async def _read(self, number: int) -> None:
        self._folders = pattern_folders()
        found = await asyncio.to_thread(patterns, self._folders)
        if number != self._reads:  # something was changed meanwhile, and is read again
            return
        self.patterns = found
        self._watch()
        self._show()

    def _go(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(self._told(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _told(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except PyfiError as error:
            self.told.emit(str(error))

    def _watch(self) -> None:
        """Hear of what others do in the folders."""
        known = {*self._watcher.directories(), *self._watcher.files()}
        own = [pattern.path for pattern in self.patterns if pattern.is_own]
        folders = {folder for folder in (*self._folders, *(path.parent for path in own)) if folder.is_dir()}
        wanted = {str(path) for path in (*folders, *own)}
        if gone := sorted(known - wanted):
            self._watcher.removePaths(gone)
        if new := sorted(wanted - known):
            self._watcher.addPaths(new)

    def components(self) -> list[Component]:
        """The patterns that can be used, for the search for parts."""
        return [component_of(pattern) for pattern in self.patterns if pattern.flow is not None]

    # -- what is shown

    def _on_page_shown(self, page: FlowPage | None) -> None:
        if page is not None:
            page.more_components = self.components
            if not self._is_read:
                self.read()

    def _show(self) -> None:
        words = self.field.text().casefold().split()
        found = [pattern for pattern in self.patterns if all(word in _text_of(pattern) for word in words)]
        self.list.show_patterns(found)
        if found or not self._is_read:
            self._stack.say("")
        else:
            self._stack.say(self.tr("No pattern has “{}”.").format(self.field.text().strip()))
        self._show_foot()

    def _show_foot(self) -> None:
        pattern = self.list.pattern
        if pattern is None:
            self._foot.setText(self.tr("Select parts of a flow and save them as a pattern, to use them again."))
            return
        lines = [pattern.problem or self.tr("Drag it to the canvas, or press Return. With Shift: as loose parts.")]
        if pattern.inputs:
            lines.append(self.tr("Takes: {}").format(", ".join(pattern.inputs)))
        if pattern.outputs:
            lines.append(self.tr("Gives: {}").format(", ".join(pattern.outputs)))
        if pattern.tags:
            lines.append(self.tr("Tags: {}").format(", ".join(pattern.tags)))
        self._foot.setText("\n".join(lines))

    # -- what a person does

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Arrows and Return in the field work on the list."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
                self.list.keyPressEvent(event)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.insert(loose=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
                return True
            if event.key() == Qt.Key.Key_Escape and self.field.text():
                self.field.clear()
                return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """F2 renames, Delete deletes, Shift and Return insert loose parts."""
        if event.key() == Qt.Key.Key_F2:
            self.rename()
        elif event.key() == Qt.Key.Key_Delete:
            self.delete()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.insert(loose=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        else:
            super().keyPressEvent(event)
            return
        event.accept()

    def _on_menu_asked(self, at: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._fill_menu(menu)
        menu.popup(self.list.mapToGlobal(at))

    def _fill_menu(self, menu: QMenu) -> None:
        menu.clear()
        pattern = self.list.pattern
        is_usable = pattern is not None and pattern.flow is not None
        is_own = pattern is not None and pattern.is_own
        for words, glyph, act, can in (
            (self.tr("Insert as Subflow"), "subflow", self.insert, is_usable and self.page is not None),
            (self.tr("Insert Loose Parts"), "unlink", self._insert_loose, is_usable and self.page is not None),
            ("", "", None, False),
            (self.tr("Rename …"), "edit", self.rename, is_own and is_usable),
            (self.tr("Delete …"), "trash", self.delete, is_own),
            (self.tr("Undo Delete"), "undo", self.restore, self._deleted is not None),
            (self.tr("Export …"), "export", self.export, pattern is not None),
            ("", "", None, False),
            (self.tr("Import …"), "import", self.add_file, True),
            (self.tr("Add a Folder …"), "folder", self.add_folder, True),
        ):
            if act is None:
                menu.addSeparator()
                continue
            action = menu.addAction(icon(glyph), words, act)
            action.setEnabled(can)
        below = menu.addMenu(icon("folder"), self.tr("Folders"))
        for folder in self._folders:
            one = below.addMenu(str(folder))
            one.addAction(self.tr("Show It"), lambda folder=folder: QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))))
            remove = one.addAction(self.tr("Leave It Out"), lambda folder=folder: self._remove_folder(folder))
            remove.setEnabled(len(self._folders) > 1)
            first = one.addAction(self.tr("Save New Patterns Here"), lambda folder=folder: self._use_folder(folder))
            first.setEnabled(folder != self._folders[0])

    def insert(self, *, loose: bool = False) -> None:
        """Put the current pattern in the middle of the canvas."""
        pattern = self.list.pattern
        if self.page is None or pattern is None:
            return
        if pattern.flow is None:
            self.told.emit(self.tr("'{}' cannot be used: {}").format(pattern.name, pattern.problem))
            return
        self.page.insert_pattern(pattern, None, loose=loose)
        self.page.setFocus()

    def _insert_loose(self) -> None:
        self.insert(loose=True)

    def save_selection(self, page: FlowPage) -> None:
        """Ask what the selected parts are to be called as a pattern, and save them."""
        keys = [key for key in page.viewer.selected_keys() if key in page.board.level.steps or key.startswith("label:")]
        steps = [page.board.level.steps[key] for key in keys if key in page.board.level.steps]
        if not steps:
            self.told.emit(self.tr("Select a processor or subflow to save it as a pattern."))
            return
        name = (steps[0].name or steps[0].id) if len(steps) == 1 else page.title
        dialog = PatternDialog(self.tr("Save as pattern"), name, remark=self._remark, parent=self.window())
        if dialog.exec() != QDialog.DialogCode.Accepted:
            return
        path = path_of(dialog.name)
        if path.exists() and not self._may_replace(dialog.name, path):
            return
        try:
            pattern = make_pattern(
                page.document.flow, keys, dialog.name, dialog.description, dialog.tags, within=page.board.within
            )
            save_pattern(pattern, path)
        except PyfiError as error:
            self.told.emit(str(error))
            return
        self.told.emit(self.tr("Saved pattern '{}' to {}").format(dialog.name, path))
        self._take_in(read_pattern(path))

    def _remark(self, name: str) -> str:
        return (
            self.tr("There is a pattern of this name; you are asked before it is replaced.") if path_of(name).exists() else ""
        )

    def _may_replace(self, name: str, path: Path) -> bool:
        words = self.tr("There is a pattern '{}' already, in {}. Replace it?").format(name, path)
        box = QMessageBox(QMessageBox.Icon.Question, self.tr("Replace the pattern?"), words, parent=self.window())
        replace = box.addButton(self.tr("Replace"), QMessageBox.ButtonRole.AcceptRole)
        box.addButton(QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(QMessageBox.StandardButton.Cancel)
        box.exec()
        return box.clickedButton() is replace

    def _take_in(self, pattern: Pattern) -> None:
        """Show a pattern at once that was written just now; the folders are read again, too."""
        self.field.clear()
        own = [each for each in self.patterns if each.is_own and each.path != pattern.path]
        shipped = [each for each in self.patterns if not each.is_own]
        self.patterns = [*sorted([*own, pattern], key=lambda each: each.path), *shipped]
        self.list.forget_pictures()
        self._show()
        self.list.choose(pattern.name)
        self.read()

    def rename(self) -> None:
        """Ask for another name, description and tags of the current pattern."""
        pattern = self.list.pattern
        if pattern is None or pattern.flow is None or not pattern.is_own:
            return
        title, tags = self.tr("Rename '{}'").format(pattern.name), ", ".join(pattern.tags)
        dialog = PatternDialog(title, pattern.name, pattern.description, tags, parent=self.window())
        if dialog.exec() != QDialog.DialogCode.Accepted:
            return
        try:
            renamed = rename_pattern(pattern, dialog.name, dialog.description, dialog.tags)
        except PyfiError as error:
            self.told.emit(str(error))
            return
        self.patterns = [each for each in self.patterns if each.path != pattern.path]
        self._take_in(renamed)

    def delete(self) -> None:
        """Delete the current pattern, which the menu can undo."""
        pattern = self.list.pattern
        if pattern is None:
            return
        try:
            text = delete_pattern(pattern)
        except PyfiError as error:
            self.told.emit(str(error))
            return
        self._deleted = (pattern.path, text)
        self.patterns = [each for each in self.patterns if each.path != pattern.path]
        self.told.emit(self.tr("Deleted pattern '{}'. Undo Delete in the library's menu brings it back.").format(pattern.name))
        self._show()
        self.read()

    def restore(self) -> None:
        """Bring back the pattern that was deleted last."""
        if self._deleted is None:
            return
        path, text = self._deleted
        try:
            restore_pattern(path, text)
        except PyfiError as error:
            self.told.emit(str(error))
            return
        self._deleted = None
        self._take_in(read_pattern(path))

    def _kinds(self) -> str:
        """The kinds of files that dialogs offer for patterns."""
        return self.tr("Patterns (*.flow.yaml *.yaml *.yml *.json)")

    def export(self) -> None:
        """Copy the current pattern's file to another place."""
        pattern = self.list.pattern
        if pattern is None:
            return
        path, _ = QFileDialog.getSaveFileName(
            self.window(), self.tr("Export the pattern"), str(Path.home() / pattern.path.name), self._kinds()
        )
        if path:
            try:
                shutil.copyfile(pattern.path, path)
            except OSError as error:
                self.told.emit(self.tr("{} cannot be written: {}").format(path, error.strerror))

    def add_file(self) -> None:
        """Copy a flow file into the library."""
        path, _ = QFileDialog.getOpenFileName(self.window(), self.tr("Import a pattern"), "", self._kinds())
        if not path:
            return
        source = Path(path)
        try:
            found = read_pattern(source)
            target = path_of(found.name)
            if found.flow is not None and target.exists() and not self._may_replace(found.name, target):
                return
            self._take_in(add_pattern(source, replace=True))
        except PyfiError as error:
            self.told.emit(str(error))

    # -- folders

    def add_folder(self) -> None:
        """Show the patterns of another folder, too."""
        path = QFileDialog.getExistingDirectory(self.window(), self.tr("Add a folder of patterns"))
        if path and Path(path) not in self._folders:
            self._set_folders((*self._folders, Path(path)))

    def _remove_folder(self, folder: Path) -> None:
        self._set_folders(tuple(each for each in self._folders if each != folder))

    def _use_folder(self, folder: Path) -> None:
        self._set_folders((folder, *(each for each in self._folders if each != folder)))

    def _set_folders(self, folders: tuple[Path, ...]) -> None:
        try:
            set_pattern_folders(folders)
            if pattern_folders() != folders:
                raise UsageError(self.tr("PYFI_PATTERNS names the folders; change that instead."))
        except PyfiError as error:
            self.told.emit(str(error))
        self.read()


def _text_of(pattern: Pattern) -> str:
    """What the search looks in."""
    return " ".join((pattern.name, pattern.description, *pattern.tags, pattern.path.name)).casefold()
