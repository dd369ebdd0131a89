"""Checker, which looks for everything that keeps a document's flow from running, off the window's thread."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import QObject, Signal

from app.document.document import Document
from engine.model.problem import Problem

_REST_S = 0.15
"""Edits that follow each other faster than this are checked together."""


class Checker(QObject):
    """Validates the flow after edits; `problems` are those of the last flow that was checked."""

    checked = Signal(list)

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self.problems: list[Problem] = []
        self._stale = asyncio.Event()
        self._stale.set()
        document.changed.connect(lambda _: self._stale.set())
        self._task = asyncio.ensure_future(self._check_always())

    async def close(self) -> None:
        """Check no more."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _check_always(self) -> None:
        while True:
            await self._stale.wait()
            await asyncio.sleep(_REST_S)
            self._stale.clear()
            found = await asyncio.to_thread(self._problems)
            if found != self.problems or not found:
                self.problems = found
                self.checked.emit(found)

    def _problems(self) -> list[Problem]:
        from engine.client.flow import Opened, problems

        document = self._document
        return problems(Opened(document.flow, document.folder, ""))
