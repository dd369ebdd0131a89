"""ShortcutPage, where keys are looked up and given to other actions."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.settings.key_recorder import KeyRecorder
from app.settings.shortcuts import Shortcut, Shortcuts
from app.theme.fonts import scaled, wear_icon_size
from app.theme.icon import icon
from app.theme.style_sheet import set_look

_ID = Qt.ItemDataRole.UserRole
_ACTION, _KEYS, _NOTE = range(3)
_WIDE = 170
_NATIVE = QKeySequence.SequenceFormat.NativeText


class ShortcutPage(QWidget):
    """A table of everything that has keys, by menu; below it what to do with the row that is chosen."""

    def __init__(self, shortcuts: Shortcuts) -> None:
        super().__init__()
        self.title = self.tr("Shortcuts")
        self.glyph = "keyboard"
        self.can_restore = True
        self._shortcuts = shortcuts
        self._groups: list[QTreeWidgetItem] = []
        self._wanted: QKeySequence | None = None
        """Keys that belong to something else, while the user decides."""
        self.setAccessibleName(self.title)
        head = QLabel(self.title)
        set_look(head, "title")
        self.table = self._table()
        self.recorder = KeyRecorder()
        self.clear_button = QPushButton(self.tr("No keys"))
        self.clear_button.setToolTip(self.tr("Have no keys do this"))
        self.reset_button = QPushButton(self.tr("Usual keys"))
        self.reset_button.setToolTip(self.tr("Give it the keys that it has at first"))
        self._chosen = QLabel()
        self._chosen.setWordWrap(True)
        self.conflict = self._conflict()
        below = QHBoxLayout()
        below.addWidget(self._chosen, 1)
        for button in (self.recorder, self.clear_button, self.reset_button):
            button.setAutoDefault(False)
            below.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 16)
        column.setSpacing(10)
        for part in (head, self.table):
            column.addWidget(part)
        column.addWidget(self.conflict)
        column.addLayout(below)
        self.recorder.recorded.connect(self._on_recorded)
        self.clear_button.clicked.connect(lambda: self._shortcuts.choose(self._current(), []))
        self.reset_button.clicked.connect(self._on_reset)
        self.table.currentItemChanged.connect(lambda *_: self._show_chosen())
        self.table.itemActivated.connect(self._on_activated)
        shortcuts.changed.connect(self._on_changed)
        self._fill()

    def _table(self) -> QTreeWidget:
        table = QTreeWidget()
        table.setAccessibleName(self.tr("Actions and their keys"))
        table.setHeaderLabels([self.tr("Action"), self.tr("Keys"), ""])
        table.setRootIsDecorated(False)
        table.setUniformRowHeights(True)
        wear_icon_size(table, 14)
        header = table.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(_ACTION, QHeaderView.ResizeMode.Stretch)
        for column in (_KEYS, _NOTE):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
            header.resizeSection(column, scaled(_WIDE))
        return table

    def _conflict(self) -> QFrame:
        frame = QFrame()
        frame.setAccessibleName(self.tr("Conflict"))
        set_look(frame, "warning_banner")
        self.conflict_words = QLabel()
        self.conflict_words.setWordWrap(True)
        self.take_button = QPushButton(self.tr("Take them from there"))
        self.leave_button = QPushButton(self.tr("Leave them"))
        row = QHBoxLayout(frame)
        row.addWidget(self.conflict_words, 1)
        for button in (self.take_button, self.leave_button):
            button.setAutoDefault(False)
            row.addWidget(button)
        self.take_button.clicked.connect(self._on_taken)
        self.leave_button.clicked.connect(self._forget_wanted)
        frame.hide()
        return frame

    # -- the table

    def _fill(self) -> None:
        groups: dict[str, QTreeWidgetItem] = {}
        for shortcut in self._shortcuts:
            group = groups.get(shortcut.group)
            if group is None:
                group = groups[shortcut.group] = QTreeWidgetItem(self.table, [shortcut.group])
                group.setFirstColumnSpanned(True)
                group.setFlags(Qt.ItemFlag.ItemIsEnabled)
                font = self.table.font()
                font.setBold(True)
                group.setFont(_ACTION, font)
            item = QTreeWidgetItem(group, [shortcut.title])
            item.setData(_ACTION, _ID, shortcut.id)
            self._show(item, shortcut)
        self._groups = list(groups.values())
        self.table.expandAll()
        if self._items():
            self.table.setCurrentItem(self._items()[0])

    def _show(self, item: QTreeWidgetItem, shortcut: Shortcut) -> None:
        item.setText(_KEYS, self._shortcuts.words(shortcut.id))
        item.setToolTip(_KEYS, self._shortcuts.words(shortcut.id))
        others = {each.title for key in self._shortcuts.keys(shortcut.id) for each in self._shortcuts.owners(key, shortcut.id)}
        is_own = self._shortcuts.is_chosen(shortcut.id)
        item.setData(_NOTE, Qt.ItemDataRole.DecorationRole, icon("problem", role="warning") if others else None)
        if others:
            item.setText(_NOTE, self.tr("also: {}").format(", ".join(sorted(others))))
        else:
            item.setText(_NOTE, self.tr("fixed") if shortcut.is_fixed else self.tr("yours") if is_own else "")

    def _items(self) -> list[QTreeWidgetItem]:
        return [item for group in self._groups for item in _children(group)]

    def _current(self) -> str:
        item = self.table.currentItem()
        return str(item.data(_ACTION, _ID) or "") if item is not None else ""

    def choose_row(self, id: str) -> None:
        """Make something the row that is chosen."""
        item = next(item for item in self._items() if item.data(_ACTION, _ID) == id)
        self.table.setCurrentItem(item)
        self.table.scrollToItem(item)

    def search(self, words: Sequence[str]) -> int:
        """Show only what has all the words in its name, its menu or its keys; returns how many."""
        found = 0
        for group in self._groups:
            for item in _children(group):
                text = f"{self.title} {group.text(_ACTION)} {item.text(_ACTION)} {item.text(_KEYS)}".casefold()
                is_found = all(word in text for word in words)
                item.setHidden(not is_found)
                found += is_found
            group.setHidden(all(item.isHidden() for item in _children(group)))
        return found

    def restore(self) -> None:
        """The usual keys for everything."""
        self._forget_wanted()
        self._shortcuts.reset_all()

    # -- what is chosen

    def _show_chosen(self) -> None:
        self._forget_wanted()
        id = self._current()
        can_choose = id in self._shortcuts and not self._shortcuts[id].is_fixed
        for button in (self.recorder, self.clear_button, self.reset_button):
            button.setEnabled(can_choose)
        if not id:
            self._chosen.setText("")
            return
        shortcut = self._shortcuts[id]
        self.clear_button.setEnabled(can_choose and bool(self._shortcuts.keys(id)))
        self.reset_button.setEnabled(can_choose and self._shortcuts.is_chosen(id))
        if shortcut.is_fixed:
            self._chosen.setText(self.tr("{}: these keys stay as they are.").format(shortcut.title))
        else:
            self._chosen.setText(shortcut.title)

    def _on_activated(self) -> None:
        """Return or a double click on a row: record."""
        if self.recorder.isEnabled():
            self.recorder.setFocus()
            self.recorder.setChecked(True)

    def _on_recorded(self, key: QKeySequence) -> None:
        id = self._current()
        owners = self._shortcuts.owners(key, besides=id)
        self.table.setFocus()
        if not owners:
            self._shortcuts.choose(id, [key])
            return
        self._wanted = key
        names = ", ".join(owner.title for owner in owners)
        self.conflict_words.setText(self.tr("{keys} belongs to “{names}”.").format(keys=key.toString(_NATIVE), names=names))
        self.take_button.setVisible(not any(owner.is_fixed for owner in owners))
        self.conflict.show()
        (self.take_button if self.take_button.isVisible() else self.leave_button).setFocus()

    def _on_taken(self) -> None:
        key, self._wanted = self._wanted, None
        if key is not None:
            self._shortcuts.take(self._current(), key)
        self._forget_wanted()

    def _on_reset(self) -> None:
        """The usual keys, even if something else has them meanwhile: both rows then say so."""
        self._shortcuts.reset(self._current())

    def _forget_wanted(self) -> None:
        self._wanted = None
        self.conflict.hide()

    def _on_changed(self) -> None:
        for item in self._items():
            self._show(item, self._shortcuts[item.data(_ACTION, _ID)])
        self._show_chosen()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Rows were measured before the style sheet said how much room they have."""
        super().showEvent(event)
        self.table.doItemsLayout()


def _children(item: QTreeWidgetItem) -> list[QTreeWidgetItem]:
    return [child for number in range(item.childCount()) if (child := item.child(number)) is not None]
