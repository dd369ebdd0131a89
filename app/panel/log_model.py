"""LogModel, the last lines that a flow said, as rows of a table; a text of many lines is one row that opens."""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from app.feed.feed import Line
from app.panel.row_delegate import DETAIL
from app.theme.current import current_theme
from app.theme.icon import icon

MOST = 5000
"""Lines kept; of more the oldest are forgotten."""
LEVELS = ("debug", "info", "warning", "error")
TIME, STEP, TEXT = range(3)
_ICONS = {
    "debug": ("more", "muted"),
    "info": ("information", "muted"),
    "warning": ("invalid", "warning"),
    "error": ("bulletin", "error"),
}
_LONGEST = 1000
"""Characters of a line that are shown; a copy has them all."""
Index = QModelIndex | QPersistentModelIndex
_NONE = QModelIndex()


class Filter(NamedTuple):
    """Which lines are shown: of a level at least, of a step ("" for all), with all words of a text."""

    level: int = 0
    step: str = ""
    words: tuple[str, ...] = ()

    def leaves(self, line: Line) -> bool:
        """Whether a line is shown."""
        if _rank(line.level) < self.level or (self.step and line.step != self.step):
            return False
        if not self.words:
            return True
        text = f"{line.step} {line.text}".casefold()
        return all(word in text for word in self.words)


class Said(NamedTuple):
    """A line and its number: lines are numbered as they come."""

    number: int
    line: Line
    texts: tuple[str, ...]

    @property
    def head(self) -> str:
        """The one line that stands for all: of a bare traceback its last, which says what happened."""
        return self.texts[-1] if self._is_bare_traceback else self.texts[0]

    @property
    def rest(self) -> tuple[str, ...]:
        """What is shown below it when it is open."""
        return self.texts if self._is_bare_traceback else self.texts[1:]

    @property
    def _is_bare_traceback(self) -> bool:
        return self.texts[0].startswith("Traceback")


class _Row(NamedTuple):
    """A row: a line, or one of the texts below a line that is open."""

    number: int
    text: int
    said: Said


class LogModel(QAbstractTableModel):
    """Time, step, text. `steps` are the ids of the steps that have said anything."""

    def __init__(self) -> None:
        super().__init__()
        self.steps: dict[str, None] = {}
        self.filter = Filter()
        self._said: deque[Said] = deque()
        self._rows: list[_Row] = []
        self._open: set[int] = set()
        self._next = 0

    def __len__(self) -> int:
        return len(self._said)

    # -- lines come and go

    def append(self, lines: Sequence[Line]) -> int:
        """Add lines; returns how many rows went at the other end."""
        gone = self._forget(len(self._said) + len(lines) - MOST)
        new = [Said(self._next + n, line, _texts(line)) for n, line in enumerate(lines)][-MOST:]
        self._next += len(lines)
        self._said.extend(new)
        self.steps.update(dict.fromkeys(said.line.step for said in new if said.line.step))
        rows = [_Row(said.number, -1, said) for said in new if self.filter.leaves(said.line)]
        if rows:
            self.beginInsertRows(_NONE, len(self._rows), len(self._rows) + len(rows) - 1)
            self._rows += rows
            self.endInsertRows()
        return gone

    def _forget(self, count: int) -> int:
        """Forget the oldest lines; returns how many rows that were."""
        if count <= 0:
            return 0
        for _ in range(min(count, len(self._said))):
            self._open.discard(self._said.popleft().number)
        first = self._said[0].number if self._said else self._next
        gone = bisect_left(self._rows, first, key=lambda row: row.number)
        if gone:
            self.beginRemoveRows(_NONE, 0, gone - 1)
            del self._rows[:gone]
            self.endRemoveRows()
        return gone

    def clear(self) -> None:
        """Forget everything."""
        self.beginResetModel()
        self._said.clear()
        self._rows.clear()
        self._open.clear()
        self.steps.clear()
        self.endResetModel()

    def show_only(self, filter: Filter) -> None:
        """Show other lines."""
        if filter == self.filter:
            return
        self.beginResetModel()
        self.filter = filter
        self._rows = [row for said in self._said if filter.leaves(said.line) for row in self._rows_of(said)]
        self.endResetModel()

    def _rows_of(self, said: Said) -> list[_Row]:
        rows = [_Row(said.number, -1, said)]
        return rows + self._texts_below(said) if said.number in self._open else rows

    @staticmethod
    def _texts_below(said: Said) -> list[_Row]:
        return [_Row(said.number, n, said) for n in range(len(said.rest))]

    # -- opening

    def said(self, row: int) -> Said:
        """The line of a row."""
        return self._rows[row].said

    def text(self, row: int) -> str:
        """A row as text: the whole line, with time, level and step; of a text below one, just that."""
        found = self._rows[row]
        if found.text >= 0:
            return found.said.rest[found.text]
        line = found.said.line
        return " ".join(filter(None, (_time(line.at_ms, "%Y-%m-%d %H:%M:%S"), line.level.upper(), line.step, line.text)))

    def head_row(self, row: int) -> int:
        """The row of the line that a row belongs to."""
        return row - self._rows[row].text - 1

    def can_open(self, row: int) -> bool:
        """Whether there is more of a row's line than the row shows."""
        return len(self._rows[row].said.texts) > 1

    def is_open(self, row: int) -> bool:
        """Whether a row's line is open."""
        return self._rows[row].number in self._open

    def is_head(self, row: int) -> bool:
        """Whether a row is a line, not one of the texts below it."""
        return self._rows[row].text < 0

    def set_open(self, row: int, *, is_open: bool) -> None:
        """Open or close a row's line."""
        if is_open == self.is_open(row) or not self.can_open(row):
            return
        first = self.head_row(row) + 1
        said = self._rows[row].said
        count = len(said.rest)
        if is_open:
            self.beginInsertRows(_NONE, first, first + count - 1)
            self._open.add(said.number)
            self._rows[first:first] = self._texts_below(said)
            self.endInsertRows()
        else:
            self.beginRemoveRows(_NONE, first, first + count - 1)
            self._open.discard(said.number)
            del self._rows[first : first + count]
            self.endRemoveRows()
        head = self.index(first - 1, TEXT)
        self.dataChanged.emit(head, head)

    # -- what Qt asks

    def rowCount(self, parent: Index = _NONE) -> int:  # noqa: N802 - Qt's name
        """Lines, and the texts of those that are open."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NONE) -> int:  # noqa: N802 - Qt's name
        """Time, step, text."""
        return 0 if parent.isValid() else 3

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: N802
        """The columns' names."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return (self.tr("Time"), self.tr("Step"), self.tr("Text"))[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A cell."""
        row, column = self._rows[index.row()], index.column()
        line = row.said.line
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._words(row, column)
            case Qt.ItemDataRole.DecorationRole if row.text < 0:
                return self._icon(row, column)
            case Qt.ItemDataRole.ForegroundRole:
                return QColor(getattr(current_theme(), _color(line, column) if row.text < 0 else "text"))
            case Qt.ItemDataRole.ToolTipRole if row.text < 0 and column != TIME:
                return line.text[: 2 * _LONGEST] if column == TEXT else self.tr("Go to '{}'").format(line.step)
            case int() if role == DETAIL and column == TEXT and row.text < 0 and len(row.said.texts) > 1:
                return self.tr("+%n lines", "", len(row.said.texts) - 1)
        return None

    @staticmethod
    def _words(row: _Row, column: int) -> str:
        if column == TEXT:
            return (row.said.head if row.text < 0 else f"    {row.said.rest[row.text]}")[:_LONGEST]
        if row.text >= 0:
            return ""
        line = row.said.line
        return _time(line.at_ms, "%H:%M:%S") if column == TIME else line.step

    def _icon(self, row: _Row, column: int) -> Any:
        if column == TIME:
            name, role = _ICONS.get(row.said.line.level, _ICONS["info"])
            return icon(name, role=role)
        if column == TEXT and len(row.said.texts) > 1:
            return icon("chevron_down" if row.number in self._open else "chevron_right", role="muted")
        return None


def _rank(level: str) -> int:
    return LEVELS.index(level) if level in LEVELS else 1


def _color(line: Line, column: int) -> str:
    """The role of a cell's colour."""
    if column == TIME:
        return "muted"
    if column == STEP:
        return "hyperlink"
    return {"error": "error", "warning": "warning", "debug": "muted"}.get(line.level, "text")


def _texts(line: Line) -> tuple[str, ...]:
    texts = tuple(text.rstrip() for text in line.text.expandtabs(4).splitlines() if text.strip())
    return texts or ("",)


def _time(at_ms: int, form: str) -> str:
    return f"{datetime.fromtimestamp(at_ms / 1000, UTC).astimezone():{form}}.{at_ms % 1000:03}"
