"""Outline, the parts of the open flow as a tree that one can walk with the keyboard and search."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple
from weakref import WeakKeyDictionary

from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, QModelIndex, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QLabel, QLineEdit, QTreeView, QVBoxLayout, QWidget

from app.page.flow_page import FlowPage
from app.panel.filter_help import filter_help
from app.panel.outline_model import OutlineModel
from app.panel.outline_tree import kept
from app.panel.panel import Blank, Panel, Stack, inset
from app.panel.query import parse
from app.panel.row_delegate import RowDelegate
from app.panel.subject import Index, IsFull, never_full
from app.theme.fonts import wear_icon_size
from app.theme.icon import icon
from app.theme.style_sheet import set_look
from engine.client.parts import Place
from engine.model.change import Change
from engine.model.flow import Subflow

_REST_MS = 120
"""Typing and edits that follow each other faster than this are answered together."""
_MOST_OPEN = 2000
"""Of more parts found, the branches stay closed."""
_Flag = QItemSelectionModel.SelectionFlag


class Outline(Panel):
    """The tree, with a field above it that takes what `app.panel.query` reads."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Outline"))
        self.is_full: IsFull = never_full
        self._index = Index()
        self._busy = False
        """While the selection goes from the canvas to the tree or back, it does not go round."""
        self._open: WeakKeyDictionary[FlowPage, _Memory] = WeakKeyDictionary()
        self.field = QLineEdit()
        self.field.setPlaceholderText(self.tr("Filter: name, running, cron, group:… "))
        self.field.setToolTip(filter_help())
        self.field.setAccessibleName(self.tr("Filter the outline"))
        self.field.setClearButtonEnabled(True)
        self.field.addAction(icon("filter", role="muted"), QLineEdit.ActionPosition.LeadingPosition)
        self.model = OutlineModel(self)
        self.tree = QTreeView()
        self.tree.setModel(self.model)
        self._count = QLabel()
        set_look(self._count, "small")
        self._arrange()
        self._renewal = QTimer(self)
        self._renewal.setSingleShot(True)
        self._renewal.setInterval(_REST_MS)
        self._renewal.timeout.connect(self._renew)
        self.field.textChanged.connect(lambda _: self._renewal.start())
        self.field.installEventFilter(self)
        self.tree.selectionModel().selectionChanged.connect(self._on_tree_selected)
        self.tree.activated.connect(self._on_activated)
        self.show_page(None)

    def _arrange(self) -> None:
        tree = self.tree
        tree.setAccessibleName(self.tr("Parts of the flow"))
        tree.setHeaderHidden(True)
        set_look(tree, "flush")
        tree.setUniformRowHeights(True)
        tree.setIndentation(14)
        wear_icon_size(tree, 14)
        tree.setItemDelegate(RowDelegate(tree))
        tree.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        tree.setExpandsOnDoubleClick(False)
        self._stack = Stack(tree, Blank("tree"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(inset(self.field, self._count))
        column.addWidget(self._stack, 1)
        self.setFocusProxy(self.tree)

    # -- what it follows

    def show_page(self, page: FlowPage | None) -> None:
        """Follow a page; the branches that were open in it are open again."""
        if self.page is not None and not self.field.text().strip():
            self._open[self.page] = self._memory()
        super().show_page(page)

    def _on_page_shown(self, page: FlowPage | None) -> None:
        self._index = Index()
        self.field.setEnabled(page is not None)
        if page is not None:
            self._hear(page.document.changed, self._on_changed)
            self._hear(page.board.states_changed, self._on_states_changed)
            self._hear(page.viewer.selected, self._on_canvas_selected)
        self._renew()

    def _on_changed(self, changes: Sequence[Change]) -> None:
        """An edit: the tree follows row by row; a filter is asked again."""
        if self.field.text().strip():
            self._renewal.start()
        else:
            self._busy = True
            self.model.follow(changes)
            self._busy = False
            self._say()
            self._on_canvas_selected()

    def _on_states_changed(self) -> None:
        self.model.restate()
        if parse(self.field.text()).keyword:
            self._renewal.start()

    def _renew(self) -> None:
        """Read the flow anew, through the filter."""
        self._renewal.stop()
        page = self.page
        self._busy = True
        query = parse(self.field.text())
        if page is None or query.finds_all:
            self._count.hide()
            self.model.show_board(page.board if page is not None else None)
            if page is not None and page in self._open:
                self._recall(self._open[page])
        else:
            if self.model.is_whole:
                self._open[page] = self._memory()
            left, count = kept(self._index.find(query, page.board, self.is_full))
            self.model.show_board(page.board, left)
            self._count.setText(self.tr("1 part found") if count == 1 else self.tr("%n parts found", "", count))
            self._count.show()
            if count <= _MOST_OPEN:
                self.tree.expandAll()
        self._busy = False
        self._say()
        self._on_canvas_selected()

    def _say(self) -> None:
        """What stands there instead of a tree."""
        if self.page is None:
            self._stack.say(self.tr("No flow is open."), "tree")
        elif self.model.rowCount():
            self._stack.say("")
        elif self.field.text().strip():
            self._stack.say(self.tr("Nothing in this flow matches the filter."), "search")
        else:
            self._stack.say(self.tr("This flow is empty. Drag a component from the palette onto the canvas."), "tree")

    # -- which branches are open

    def _memory(self) -> _Memory:
        opened = [entry for index in self.model.loaded() if self.tree.isExpanded(index) and (entry := self.model.entry(index))]
        return _Memory([(entry.place, entry.key) for entry in opened], self.tree.verticalScrollBar().value())

    def _recall(self, memory: _Memory) -> None:
        for place, key in memory.opened:
            self.tree.expand(self.model.index_of(place, key))
        self.tree.verticalScrollBar().setValue(memory.scrolled)

    # -- selection

    def _on_tree_selected(self) -> None:
        """Go to what is selected: of several parts, those on the level of the current one."""
        page, current = self.page, self.model.entry(self.tree.currentIndex())
        if self._busy or page is None or current is None:
            return
        entries = [entry for index in self.tree.selectedIndexes() if (entry := self.model.entry(index)) is not None]
        keys = [entry.key for entry in entries if entry.place == current.place]
        if not keys:
            return
        self._busy = True
        page.board.show_part(current.place, current.key)
        if len(keys) > 1:
            page.viewer.select(keys)
        self._busy = False

    def _on_canvas_selected(self) -> None:
        """Show in the tree what is selected on the canvas."""
        page = self.page
        if self._busy or page is None:
            return
        self._busy = True
        place = page.board.place
        rows = [index for key in page.viewer.selected_keys() if (index := self.model.index_of(place, key)).isValid()]
        model = self.tree.selectionModel()
        model.select(_ranges(rows), _Flag.ClearAndSelect | _Flag.Rows)
        if rows:
            if self.tree.currentIndex() not in rows:
                model.setCurrentIndex(rows[0], _Flag.NoUpdate)
            self.tree.scrollTo(rows[0])
        self._busy = False

    def _on_activated(self, index: QModelIndex) -> None:
        """Return or a double click: into a subflow, or to a part's settings."""
        entry, page = self.model.entry(index), self.page
        if entry is None or page is None:
            return
        page.board.show_part(entry.place, entry.key)
        if isinstance(entry.part, Subflow):
            page.board.enter(entry.key)
        elif entry.part is not None:
            page.part_opened.emit(entry.key)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Down or Return in the field goes to the first that was found; Escape empties the field first."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
                if self._renewal.isActive():
                    self._renew()
                self._go_to_first()
                return True
            if event.key() == Qt.Key.Key_Escape and self.field.text():
                self.field.clear()
                return True
        return super().eventFilter(watched, event)

    def _go_to_first(self) -> None:
        self.tree.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if self.page is None:
            return
        text = self.field.text()
        first = next(self._index.find(parse(text), self.page.board, self.is_full), None) if text.strip() else None
        index = self.model.index_of(first.place, first.key) if first is not None else self.model.index(0, 0)
        self.tree.setCurrentIndex(index)


class _Memory(NamedTuple):
    """How the tree of a page was left."""

    opened: list[tuple[Place, str]]
    scrolled: int


def _ranges(rows: Iterable[QModelIndex]) -> QItemSelection:
    """Rows as a selection, neighbours in one range: ten thousand of them are one."""
    selection = QItemSelection()
    for first, last in _runs(sorted(rows, key=lambda index: (index.parent().internalId(), index.row()))):
        selection.select(first, last)
    return selection


def _runs(rows: Iterable[QModelIndex]) -> Iterator[tuple[QModelIndex, QModelIndex]]:
    first = last = None
    for index in rows:
        if last is not None and index.row() == last.row() + 1 and index.parent() == last.parent():
            last = index
            continue
        if first is not None and last is not None:
            yield first, last
        first = last = index
    if first is not None and last is not None:
        yield first, last
