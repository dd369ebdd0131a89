"""RecentMenu, the flows that were opened last, to open them again."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu

from app.theme.icon import icon

if TYPE_CHECKING:
    from app.window.main_window import MainWindow

_MOST = 12


class Recent(NamedTuple):
    """A flow that was opened lately: what opens it (empty: nothing can), its name, and what is to be said of it."""

    reference: str
    name: str
    note: str


class RecentMenu(QMenu):
    """Brought up to date each time the menu above it opens; Clear forgets the list, not the flows."""

    renewed = Signal()
    """It shows what there is."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window.tr("Open &Recent"), window)
        self._window = window
        self.setToolTipsVisible(True)
        self.setIcon(icon("history"))
        self._show([])

    def renew(self) -> None:
        """Look what there is; the database and the disk are asked beside the window."""
        self._window.commands.go(self._renew())

    async def _renew(self) -> None:
        flows = {each.id: each.name for each in await self._window.shelf.list()}
        origins = self._window.shelf.origins
        known = [(id, origins.of(id).path) for id in origins.recent]
        there = await asyncio.to_thread(lambda: {path for _, path in known if path and Path(path).is_file()})
        shown = known[:_MOST]
        left = {id: await self._window.shelf.name_left(id) for id, _ in shown if id not in flows}
        self._show([self._entry(id, path, flows.get(id) or left[id], is_there=path in there) for id, path in shown])
        self.renewed.emit()

    def _entry(self, id: str, path: str, name: str, *, is_there: bool) -> Recent:
        """A flow of the database, or with edits beside it, opens from there; one that was deleted there, from its file."""
        file = Path(path).name
        if name:
            lost = bool(path) and not is_there
            return Recent(id, name, self.tr("its file is gone: {}").format(path) if lost else path)
        if is_there:
            return Recent(path, file, path)
        where = self.tr("the file {} is gone, and the flow was deleted").format(path) if path else self.tr("it was deleted")
        return Recent("", file or id, where)

    def _show(self, found: list[Recent]) -> None:
        self.clear()
        for entry in found:
            words = entry.name if entry.reference else self.tr("{name} ({reason})").format(name=entry.name, reason=entry.note)
            action = self.addAction(words.replace("&", "&&"))
            action.setToolTip(entry.note)
            action.setEnabled(bool(entry.reference))
            action.triggered.connect(lambda _=False, entry=entry: self._window.commands.open_reference(entry.reference))
        if found:
            self.addSeparator()
        else:
            self.addAction(self.tr("Nothing was opened yet")).setEnabled(False)
        clear = self.addAction(self.tr("&Clear This List"))
        clear.setEnabled(bool(found))
        clear.triggered.connect(self._on_cleared)

    def _on_cleared(self) -> None:
        self._window.shelf.origins.clear_recent()
        self._show([])
