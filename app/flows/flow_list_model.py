"""FlowListModel, the stored flows as rows: how each runs, its name, how large it is and when it was changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from app.panel.row_delegate import DETAIL
from app.theme.icon import icon
from app.words import counted

if TYPE_CHECKING:
    from engine.client.library import Shelved

_LOOKS = {
    "running": ("run", "running"),
    "paused": ("pause", "muted"),
    "ended": ("check", "accent"),
    "broken": ("invalid", "invalid"),
}
"""The icon of a flow by its state in the engine, and the icon's colour."""


class FlowListModel(QAbstractListModel):
    """Those flows whose name holds what was typed, by name. `state_of` says how the engine has a flow, by id and name."""

    def __init__(self, state_of: Callable[[str, str], str]) -> None:
        super().__init__()
        self._state_of = state_of
        self._all: Sequence[Shelved] = ()
        self._text = ""
        self.flows: list[Shelved] = []

    def show(self, flows: Sequence[Shelved]) -> None:
        """Show these; rows that stay keep their place in a view's selection."""
        self._all = sorted(flows, key=lambda each: each.name.casefold())
        self._fit()

    def filter(self, text: str) -> None:
        """Show only those whose name holds a text."""
        self._text = text.strip().casefold()
        self._fit()

    @property
    def is_filtered(self) -> bool:
        """Whether some may not be shown."""
        return bool(self._text)

    def _fit(self) -> None:
        found = [each for each in self._all if self._text in each.name.casefold()]
        if found == self.flows:
            self.restate()
            return
        if [each.id for each in found] == [each.id for each in self.flows]:
            self.flows = found
            self.restate()
            return
        self.beginResetModel()
        self.flows = found
        self.endResetModel()

    def restate(self) -> None:
        """How they run may be different."""
        if self.flows:
            self.dataChanged.emit(self.index(0), self.index(len(self.flows) - 1))

    def row_of(self, id: str) -> int:
        """The row of a flow, -1 if it is not shown."""
        return next((row for row, each in enumerate(self.flows) if each.id == id), -1)

    # -- what Qt asks

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008, N802 - as in Qt
        """A row a flow."""
        return 0 if parent.isValid() else len(self.flows)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Name, state, and a word about it."""
        flow = self.flows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return flow.name
        if role == Qt.ItemDataRole.DecorationRole:
            glyph, color = _LOOKS.get(self._state_of(flow.id, flow.name), ("subflow", "muted"))
            return icon(glyph, role=color)
        if role == DETAIL:
            return counted(flow.processors, self.tr("1 processor"), self.tr("{} processors"))
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleDescriptionRole):
            return self._words(flow)
        return None

    def _words(self, flow: Shelved) -> str:
        size = counted(flow.processors, self.tr("1 processor"), self.tr("{} processors"))
        when = f"{flow.updated_at:%Y-%m-%d %H:%M}"
        words = self.tr("{name}: {size}, changed {when} by {who}").format(
            name=flow.name, size=size, when=when, who=flow.updated_by
        )
        state = self._state_of(flow.id, flow.name)
        return f"{words} ({state})" if state else words
