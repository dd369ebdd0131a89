"""Contents, what stands beside a page of the manual: the table of contents, and what a search has found."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.help.manual import chapters
from app.help.place_delegate import EXCERPT, PlaceDelegate
from app.help.search import find, words_of
from app.theme.icon import icon
from app.theme.style_sheet import set_look
from app.words import counted

_TOPIC = int(Qt.ItemDataRole.UserRole)
_REST_MS = 120


class Contents(QWidget):
    """A search field, and below it the pages; while something is searched for, the places where it stands."""

    topic_chosen = Signal(str, list)
    """A page, and the words to mark on it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = QLineEdit()
        self.field.setPlaceholderText(self.tr("Search the manual …"))
        self.field.setAccessibleName(self.tr("Search the manual"))
        self.field.setClearButtonEnabled(True)
        self.field.addAction(icon("search", role="muted"), QLineEdit.ActionPosition.LeadingPosition)
        self.tree = QTreeWidget()
        self.tree.setHeaderHidden(True)
        self.tree.setIndentation(14)
        self.tree.setUniformRowHeights(True)
        self.tree.setAccessibleName(self.tr("Contents"))
        self.found = QListWidget()
        self.found.setUniformItemSizes(True)
        self.found.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.found.setItemDelegate(PlaceDelegate(self.found))
        self.found.setAccessibleName(self.tr("Places found"))
        self._count = QLabel()
        set_look(self._count, "small")
        set_look(self.tree, "flush")
        set_look(self.found, "flush")
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 0, 0)
        column.setSpacing(6)
        for widget in (self.field, self._count, self.tree, self.found):
            column.addWidget(widget)
        self._items: dict[str, QTreeWidgetItem] = {}
        self._fill()
        self.found.hide()
        self._count.hide()
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._search)
        self.field.textChanged.connect(lambda _: self._rest.start())
        self.field.installEventFilter(self)
        self.tree.currentItemChanged.connect(self._on_page_chosen)
        self.found.currentItemChanged.connect(self._on_place_chosen)
        self.found.itemClicked.connect(self._on_place_chosen)

    @property
    def words(self) -> list[str]:
        """What is searched for."""
        return words_of(self.field.text())

    def show_current(self, topic: str) -> None:
        """Mark the page that is shown."""
        item = self._items.get(topic.partition("#")[0])
        with QSignalBlocker(self.tree):
            self.tree.setCurrentItem(item)  # type: ignore[arg-type] - None: no page of the manual
        if item is not None:
            self.tree.scrollToItem(item)

    def _fill(self) -> None:
        for chapter in chapters():
            above: QTreeWidget | QTreeWidgetItem = self.tree
            if chapter.title:
                above = QTreeWidgetItem(self.tree, [chapter.title])
                font = self.tree.font()
                font.setBold(True)
                above.setFont(0, font)
                above.setFlags(Qt.ItemFlag.ItemIsEnabled)
            for entry in chapter.entries:
                item = QTreeWidgetItem(above, [entry.title])
                item.setData(0, _TOPIC, entry.path)
                item.setToolTip(0, entry.title)
                self._items[entry.path] = item
            if isinstance(above, QTreeWidgetItem):
                above.setExpanded(True)

    def _search(self) -> None:
        self._rest.stop()
        hits = find(self.field.text())
        is_searching = bool(self.words)
        with QSignalBlocker(self.found):
            self.found.clear()
            for section, excerpt in hits:
                where = section.page if section.heading == section.page else f"{section.page}: {section.heading}"
                item = QListWidgetItem(where)
                item.setData(EXCERPT, excerpt)
                item.setData(Qt.ItemDataRole.AccessibleDescriptionRole, excerpt)
                item.setToolTip(where)
                item.setData(_TOPIC, section.path + (f"#{section.anchor}" if section.anchor else ""))
                self.found.addItem(item)
        self._count.setText(
            counted(len(hits), self.tr("1 place"), self.tr("{} places")) if hits else self.tr("Nothing in the manual has this.")
        )
        self._count.setVisible(is_searching)
        self.found.setVisible(is_searching)
        self.tree.setVisible(not is_searching)
        if hits:
            self.found.setCurrentRow(0)

    def _on_page_chosen(self, item: QTreeWidgetItem | None) -> None:
        if item is not None and (topic := item.data(0, _TOPIC)):
            self.topic_chosen.emit(topic, [])

    def _on_place_chosen(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.topic_chosen.emit(item.data(_TOPIC), self.words)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """In the field, Return and the arrows work on what was found; Escape empties it first."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._search()
                return True
            if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down) and self.words:
                if self._rest.isActive():
                    self._search()
                self.found.event(event)
                return True
            if event.key() == Qt.Key.Key_Escape and self.field.text():
                self.field.clear()
                return True
        return super().eventFilter(watched, event)
