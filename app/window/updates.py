"""Updates, which says that there is a newer PYFI, if somebody allowed it to look."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.feed.background import in_background
from app.settings.settings import Settings
from app.settings.store import Store

if TYPE_CHECKING:
    from app.window.main_window import MainWindow


class Updates(QObject):
    """Looks once at each start, and when it is allowed to. Without a network it says nothing."""

    def __init__(self, window: MainWindow, store: Store) -> None:
        super().__init__(window)
        self._window = window
        self._store = store
        self._task: asyncio.Task[None] | None = None
        self._has_looked = False
        store.changed.connect(self._on_changed)

    def start(self) -> None:
        """Look, if that is allowed."""
        if self._store.settings.updates and not self._has_looked:
            self._has_looked = True
            self._task = in_background(self._look())

    def _on_changed(self, settings: Settings, before: Settings) -> None:
        if settings.updates and not before.updates:
            self._has_looked = False
            self.start()

    async def _look(self) -> None:
        from engine.client.updates import newer
        from engine.settings import read_settings

        url = read_settings().updates_url
        if not url:
            self._window.tell(self.tr("No address says which PYFI is the newest: set updates_url in settings.toml."))
            return
        found = await asyncio.to_thread(newer, url)
        if found is not None and self._store.settings.updates:
            self._window.tell(self.tr("PYFI {} is there: {}").format(found.version, found.page or url))
