"""OutlineModel, the parts of a flow as a Qt model that is read as far as the tree is opened, and follows edits row by row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeGuard

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QIcon

from app.board.board import Board
from app.board.picture import INPUT, OUTPUT
from app.panel.outline_tree import Entry, Kept, OutlineTree, source_of
from app.panel.row_delegate import DETAIL
from app.panel.state_icon import state_icon
from app.panel.subject import title_of_label
from app.theme.icon import icon
from app.words import type_title
from engine.client.parts import Place, split_end
from engine.model.apply import split_key
from engine.model.change import Change
from engine.model.flow import Connection, Header, Label, Processor, Subflow

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class _Node:
    """A row; `below` is None as long as nobody has looked. `by_entry` finds rows below; None until somebody asks."""

    __slots__ = ("above", "below", "by_entry", "entry", "id", "row")

    def __init__(self, id: int, above: _Node | None, row: int, entry: Entry | None) -> None:
        self.id = id
        self.above = above
        self.row = row
        self.entry = entry
        self.below: list[_Node] | None = None
        self.by_entry: dict[Entry | None, _Node] | None = None


class OutlineModel(QAbstractItemModel):
    """One column. Rows are known by where their part is and its key: see `index_of` and `entry`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._board: Board | None = None
        self._tree = OutlineTree()
        self._nodes: dict[int, _Node] = {}
        self._next = 0
        self._top = self._new(None, 0, None)

    # -- what it shows

    def show_board(self, board: Board | None, kept: Kept | None = None) -> None:
        """Show the flow of a board, or what a filter leaves of it."""
        self.beginResetModel()
        self._board = board
        self._tree = OutlineTree(kept)
        self._nodes.clear()
        self._top = self._new(None, 0, None)
        self.endResetModel()

    @property
    def is_whole(self) -> bool:
        """Whether no filter leaves anything out."""
        return self._tree.kept is None

    def restate(self) -> None:
        """Steps are in other states."""
        for node in self._nodes.values():
            if node.below and (node.entry is None or isinstance(node.entry.part, Subflow)):
                self._tell(node.below[0], node.below[-1], [Qt.ItemDataRole.DecorationRole])

    def _tell(self, first: _Node, last: _Node, roles: Sequence[int] = ()) -> None:
        self.dataChanged.emit(self._index(first), self._index(last), list(roles))

    # -- rows by what they show

    def entry(self, index: Index) -> Entry | None:
        """What a row shows."""
        return self._nodes[index.internalId()].entry if index.isValid() else None

    def index_of(self, place: Place, key: str) -> QModelIndex:
        """The row of a part; an invalid index if there is none."""
        return self._index(self._part(self._owner(place), key))

    def _owner(self, place: Place) -> _Node | None:
        """The row that a level's rows are below."""
        node: _Node | None = self._top
        for step in place.steps:
            node = self._part(node, step)
        return node

    def _part(self, owner: _Node | None, key: str) -> _Node | None:
        """The row of a part of the level below a row: a connection is below the step that it begins at."""
        if owner is None:
            return None
        source, arrow, _ = key.partition("->")
        if not arrow:
            return self._child_of(owner, self._place_below(owner), key)
        step, port = split_end(source)
        place = self._place_below(owner)
        found = self._child_of(owner, place, step or INPUT + port)
        return self._child_of(found, place, key) if found is not None else None

    @staticmethod
    def _place_below(node: _Node) -> Place:
        return Place() if node.entry is None else node.entry.place.below(node.entry.key)

    def _child_of(self, node: _Node, place: Place, key: str) -> _Node | None:
        below = self._below(node)
        if node.by_entry is None:
            node.by_entry = {each.entry: each for each in below}
        level = self._tree.levels.get(place)
        return node.by_entry.get(Entry(level, key)) if level is not None else None

    def loaded(self) -> Iterator[QModelIndex]:
        """The rows that were looked at and have rows below them."""
        for node in list(self._nodes.values()):
            if node.below and node.above is not None:
                yield self._index(node)

    def _index(self, node: _Node | None) -> QModelIndex:
        return QModelIndex() if node is None or node.above is None else self.createIndex(node.row, 0, node.id)

    # -- nodes

    def _new(self, above: _Node | None, row: int, entry: Entry | None) -> _Node:
        node = _Node(self._next, above, row, entry)
        self._next += 1
        self._nodes[node.id] = node
        return node

    def _node(self, index: Index) -> _Node:
        return self._nodes[index.internalId()] if index.isValid() else self._top

    def _below(self, node: _Node) -> list[_Node]:
        if node.below is None:
            node.below = [self._new(node, row, entry) for row, entry in enumerate(self._entries(node))]
        return node.below

    def _entries(self, node: _Node) -> Iterable[Entry]:
        if self._board is None:
            return ()
        return self._tree.top(self._board.document.flow) if node.entry is None else self._tree.below(node.entry)

    # -- following edits

    def follow(self, changes: Sequence[Change]) -> None:
        """Take over what has changed in the flow: rows that stay keep their identity, and what was open stays open."""
        if self._board is None:
            return
        self._tree.follow(self._board.document.flow)
        if any(_reshapes(change) for change in changes):
            self._sync_all(self._top)
            return
        by_path: dict[str, list[tuple[str, Change]]] = {}
        for change in changes:
            path, key = split_key(change.id)
            by_path.setdefault("/".join(path), []).append((key, change))
        for level in list(self._tree.levels.values()):
            if level.scope.path in by_path and (owner := self._owner(level.place)) is not None:
                self._take_over(owner, by_path[level.scope.path])

    def _take_over(self, owner: _Node, changes: Sequence[tuple[str, Change]]) -> None:
        """Changes of a level's parts, in the rows below its owner."""
        if any(
            (change.before is None) != (change.after is None) and not isinstance(change.after or change.before, Connection)
            for _, change in changes
        ):
            self._sync(owner)
        sources = {source_of(part) for _, change in changes for part in (change.before, change.after) if _is_link(part)}
        place = self._place_below(owner)
        for key in dict.fromkeys([key for key, _ in changes if "->" not in key]) | dict.fromkeys(sources):
            node = self._child_of(owner, place, key)
            if node is None:
                continue
            if key in sources:
                self._sync(node)
            self._tell(node, node)

    def _sync_all(self, node: _Node) -> None:
        self._sync(node)
        for each in node.below or ():
            self._sync_all(each)

    def _sync(self, node: _Node) -> None:
        """Make the rows below a node those that there are now."""
        if node.below is None:
            return
        wanted = list(self._entries(node))
        self._remove_gone(node, set(wanted))
        here = {each.entry for each in node.below}
        if [each.entry for each in node.below] != [entry for entry in wanted if entry in here]:
            self._remove_gone(node, set())  # in another order, which is rare: begin anew
        self._insert_new(node, wanted)
        if node.below:
            self._tell(node.below[0], node.below[-1])

    def _remove_gone(self, node: _Node, wanted: set[Entry]) -> None:
        below = node.below
        assert below is not None
        last = len(below) - 1
        while last >= 0:
            first = last
            while first >= 0 and below[first].entry not in wanted:
                first -= 1
            if first < last:
                self.beginRemoveRows(self._index(node), first + 1, last)
                for gone in below[first + 1 : last + 1]:
                    self._forget(gone)
                del below[first + 1 : last + 1]
                self._count(node, first + 1)
                self.endRemoveRows()
            last = first - 1

    def _forget(self, node: _Node) -> None:
        for each in node.below or ():
            self._forget(each)
        del self._nodes[node.id]

    def _insert_new(self, node: _Node, wanted: Sequence[Entry]) -> None:
        below = node.below
        assert below is not None
        here = {each.entry for each in below}
        at = 0
        while at < len(wanted):
            end = at
            while end < len(wanted) and wanted[end] not in here:
                end += 1
            if end > at:
                self.beginInsertRows(self._index(node), at, end - 1)
                below[at:at] = [self._new(node, row, wanted[row]) for row in range(at, end)]
                self._count(node, end)
                self.endInsertRows()
            at = end + 1

    @staticmethod
    def _count(node: _Node, first: int) -> None:
        """Rows from `first` on have other numbers."""
        assert node.below is not None
        node.by_entry = None
        for row in range(first, len(node.below)):
            node.below[row].row = row

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
        return self._board is not None and (node.entry is None or self._tree.has_below(node.entry))

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
                return title_of_label(label) or self.tr("Label")
            case _:
                return entry.key.partition(":")[2]

    @staticmethod
    def _way(connection: Connection) -> str:
        return f"{split_end(connection.source)[1]} → {connection.target}"

    def _detail(self, entry: Entry) -> str:
        match entry.part:
            case Processor() as step:
                return type_title(step.type)
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
                return state_icon(self._board.state_at(entry.place, entry.level.scope, entry.key))
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


def _reshapes(change: Change) -> bool:
    """Whether a change may give levels other ports, other insides, or other places."""
    before, after = change.before, change.after
    if isinstance(after or before, Header):
        return True
    return isinstance(before, Subflow) and isinstance(after, Subflow) and before.flow != after.flow


def _is_link(part: object) -> TypeGuard[Connection]:
    return isinstance(part, Connection)
