"""OutlineModel, the parts of a flow as a Qt model that is read as far as the tree is opened, and follows edits row by row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QIcon

from app.board.board import Board
from app.board.picture import INPUT, OUTPUT
from app.panel.outline_tree import Entry, Kept, OutlineTree
from app.panel.row_delegate import DETAIL
from app.panel.state_icon import state_icon
from app.theme.icon import icon
from engine.client.parts import Place, split_end, title_of
from engine.model.flow import Connection, Label, Processor, Subflow

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class _Node:
    """A row; `below` is None as long as nobody has looked. `trail` are the paths of the levels that lead to it."""

    __slots__ = ("above", "below", "by_name", "entry", "id", "row", "trail")

    def __init__(self, id: int, above: _Node | None, row: int, entry: Entry | None, trail: frozenset[str]) -> None:
        self.id = id
        self.above = above
        self.row = row
        self.entry = entry
        self.trail = trail
        self.below: list[_Node] | None = None
        self.by_name: dict[tuple[Place, str], _Node] | None = None
        """The rows below by what they show; None until somebody asks, and when they have changed."""


class OutlineModel(QAbstractItemModel):
    """One column. Rows are known by where their part is and its key: see `index_of` and `entry`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._board: Board | None = None
        self._tree = OutlineTree()
        self._nodes: dict[int, _Node] = {}
        self._next = 0
        self._top = self._new(None, 0, None, frozenset({""}))

    # -- what it shows

    def show_board(self, board: Board | None, kept: Kept | None = None) -> None:
        """Show the flow of a board, or what a filter leaves of it."""
        self.beginResetModel()
        self._board = board
        self._tree = OutlineTree()
        self._tree.kept = kept
        self._nodes.clear()
        self._top = self._new(None, 0, None, frozenset({""}))
        self.endResetModel()

    @property
    def is_whole(self) -> bool:
        """Whether no filter leaves anything out."""
        return self._tree.kept is None

    def follow(self) -> None:
        """Take over what has changed in the flow."""
        self._sync(self._top)

    def restate(self) -> None:
        """Steps are in other states."""
        for node in self._nodes.values():
            if node.below:
                self._tell(node, [Qt.ItemDataRole.DecorationRole])

    def _tell(self, node: _Node, roles: list[int] | None = None) -> None:
        assert node.below
        first = self.createIndex(0, 0, node.below[0].id)
        last = self.createIndex(len(node.below) - 1, 0, node.below[-1].id)
        self.dataChanged.emit(first, last, roles or [])

    # -- rows by what they show

    def entry(self, index: Index) -> Entry | None:
        """What a row shows."""
        return self._nodes[index.internalId()].entry if index.isValid() else None

    def index_of(self, place: Place, key: str) -> QModelIndex:
        """The row of a part; an invalid index if there is none."""
        node: _Node | None = self._top
        for step in place.steps:
            node = self._find(node, step)
        return self._index(self._find(node, key))

    def _find(self, node: _Node | None, key: str) -> _Node | None:
        """The row of a part somewhere on the level below a node: a connection is below the step that it begins at."""
        if node is None:
            return None
        place = Place() if node.entry is None else node.entry.place.below(node.entry.key)
        source, arrow, _ = key.partition("->")
        if not arrow:
            return self._named(node, (place, key))
        step, port = split_end(source)
        found = self._named(node, (place, step or INPUT + port))
        return self._named(found, (place, key)) if found is not None else None

    def _named(self, node: _Node, name: tuple[Place, str]) -> _Node | None:
        if node.by_name is None:
            node.by_name = {_name(each.entry): each for each in self._below(node)}
        return node.by_name.get(name)

    def loaded(self) -> Iterator[QModelIndex]:
        """The rows that were looked at and have rows below them."""
        for node in list(self._nodes.values()):
            if node.below and node.above is not None:
                yield self._index(node)

    def _index(self, node: _Node | None) -> QModelIndex:
        return _ROOT if node is None or node.above is None else self.createIndex(node.row, 0, node.id)

    # -- nodes

    def _new(self, above: _Node | None, row: int, entry: Entry | None, trail: frozenset[str]) -> _Node:
        node = _Node(self._next, above, row, entry, trail)
        self._next += 1
        self._nodes[node.id] = node
        return node

    def _node(self, index: Index) -> _Node:
        return self._nodes[index.internalId()] if index.isValid() else self._top

    def _below(self, node: _Node) -> list[_Node]:
        if node.below is None:
            node.below = [self._child(node, row, entry) for row, entry in enumerate(self._entries(node))]
        return node.below

    def _child(self, node: _Node, row: int, entry: Entry) -> _Node:
        return self._new(node, row, entry, node.trail | {entry.scope.path})

    def _entries(self, node: _Node) -> Iterable[Entry]:
        if self._board is None:
            return ()
        if node.entry is None:
            return self._tree.top(self._board.document.flow)
        return self._tree.below(node.entry, node.trail)

    # -- following edits

    def _sync(self, node: _Node) -> None:
        """Make the rows below a node those that there are now; rows that stay keep their identity."""
        if node.below is None:
            return
        wanted = list(self._entries(node))
        names = [_name(entry) for entry in wanted]
        self._remove_gone(node, set(names))
        stay = [_name(each.entry) for each in node.below]
        here = set(stay)
        if stay != [name for name in names if name in here]:  # in another order, which is rare: begin anew
            self._remove_gone(node, set())
        self._insert_new(node, wanted)
        for each, entry in zip(node.below, wanted, strict=True):
            each.entry = entry
            self._sync(each)
        if node.below:
            self._tell(node)

    def _remove_gone(self, node: _Node, names: set[tuple[Place, str]]) -> None:
        below = node.below
        assert below is not None
        last = len(below) - 1
        while last >= 0:
            first = last
            while first >= 0 and _name(below[first].entry) not in names:
                first -= 1
            if first < last:
                self.beginRemoveRows(self._index(node), first + 1, last)
                for gone in below[first + 1 : last + 1]:
                    self._forget(gone)
                del below[first + 1 : last + 1]
                node.by_name = None
                self._count(below, first + 1)
                self.endRemoveRows()
            last = first - 1

    def _forget(self, node: _Node) -> None:
        for each in node.below or ():
            self._forget(each)
        del self._nodes[node.id]

    def _insert_new(self, node: _Node, wanted: list[Entry]) -> None:
        below = node.below
        assert below is not None
        here = {_name(each.entry) for each in below}
        at = 0
        while at < len(wanted):
            end = at
            while end < len(wanted) and _name(wanted[end]) not in here:
                end += 1
            if end > at:
                self.beginInsertRows(self._index(node), at, end - 1)
                below[at:at] = [self._child(node, row, wanted[row]) for row in range(at, end)]
                self._count(below, end)
                node.by_name = None
                self.endInsertRows()
            at = end + 1

    @staticmethod
    def _count(below: list[_Node], first: int) -> None:
        for row in range(first, len(below)):
            below[row].row = row

    # -- what Qt asks

    def index(self, row: int, column: int, parent: Index = _ROOT) -> QModelIndex:
        """The index of a row."""
        below = self._below(self._node(parent))
        return self.createIndex(row, column, below[row].id) if 0 <= row < len(below) and column == 0 else QModelIndex()

    def parent(self, index: Index) -> QModelIndex:  # type: ignore[override] - QObject.parent takes no index
        """The row above."""
        return self._index(self._nodes[index.internalId()].above) if index.isValid() else QModelIndex()

    def rowCount(self, parent: Index = _ROOT) -> int:  # noqa: N802 - Qt's name
        """How many rows are below a row."""
        return len(self._below(self._node(parent))) if self._board is not None else 0

    def columnCount(self, parent: Index = _ROOT) -> int:  # noqa: N802 - Qt's name
        """One."""
        return 1

    def hasChildren(self, parent: Index = _ROOT) -> bool:  # noqa: N802 - Qt's name
        """Whether there are rows below, without reading them."""
        node = self._node(parent)
        if node.below is not None:
            return bool(node.below)
        return self._board is not None and (node.entry is None or self._tree.has_below(node.entry, node.trail))

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What a row shows."""
        entry = self.entry(index)
        if entry is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._name_of(entry)
        if role == DETAIL:
            return self._detail(entry)
        if role == Qt.ItemDataRole.DecorationRole:
            return self._icon(entry)
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tip(entry)
        if role == Qt.ItemDataRole.AccessibleDescriptionRole:
            return self._detail(entry)
        return None

    def _name_of(self, entry: Entry) -> str:
        match entry.part:
            case Processor() | Subflow() as step:
                return step.name or step.id
            case Connection() as connection:
                return connection.name or self._way(connection)
            case Label() as label:
                return label.text.strip().splitlines()[0].strip("*#_` ") if label.text.strip() else self.tr("Label")
            case _:
                return entry.key.partition(":")[2]

    @staticmethod
    def _way(connection: Connection) -> str:
        return f"{split_end(connection.source)[1]} → {connection.target}"

    def _detail(self, entry: Entry) -> str:
        match entry.part:
            case Processor() as step:
                return title_of(step.type)
            case Subflow() as step:
                return step.flow if step.flow != (step.name or step.id) else self.tr("subflow")
            case Connection() as connection:
                return self._way(connection) if connection.name else ""
            case Label():
                return self.tr("label")
            case _:
                return self.tr("output port") if entry.key.startswith(OUTPUT) else self.tr("input port")

    def _icon(self, entry: Entry) -> QIcon:
        match entry.part:
            case Processor() | Subflow():
                assert self._board is not None
                return state_icon(self._board.state_at(entry.place, entry.scope, entry.key))
            case Connection():
                return icon("right", role="muted")
            case Label():
                return icon("label", role="muted")
            case _:
                return icon("output" if entry.key.startswith(OUTPUT) else "input", role="muted")

    def _tip(self, entry: Entry) -> str:
        where = "/".join((*entry.place.steps, entry.key))
        notes = getattr(entry.part, "notes", "")
        return f"{where}\n{notes}" if notes else where


def _name(entry: Entry | None) -> tuple[Place, str]:
    assert entry is not None
    return entry.place, entry.key
