"""Keeper, which saves a document with every change, and brings in what others have changed."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from enum import Enum

from PySide6.QtCore import QObject, Signal

from app.document.document import Document
from app.document.shelf import Shelf
from engine.errors import ConflictError, NotFound, PyfiError
from engine.model.apply import diff
from engine.model.change import Change

_LOOK_S = 1.0
_RETRY_S = 3.0


class Kept(Enum):
    """How safe the last edit is."""

    SAVED = "saved"
    SAVING = "saving"
    UNSAVED = "unsaved"
    CONFLICT = "conflict"


class Keeper(QObject):
    """Saves a document of a shelf. While the database refuses, edits wait and are tried again; nothing is lost.

    Where the same part was changed here and elsewhere, `conflict_found` is told, and saving waits for `keep_mine` or
    `take_theirs`.
    """

    state_changed = Signal(object, str)
    """A `Kept`, and why if it is not saved."""
    conflict_found = Signal()
    brought_in = Signal(int)
    """So many changes made elsewhere are in the document now."""

    def __init__(self, document: Document, shelf: Shelf, id: str, revision: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._shelf = shelf
        self.id = id
        self.revision = revision
        self.state = Kept.SAVED
        self.why = ""
        """Why the last edit is not saved."""
        self._waiting: list[Change] = []
        self._under_way = 0
        self._bringing_in = False
        self._more = asyncio.Event()
        self._decided = asyncio.Event()
        document.changed.connect(self._on_changed)
        self._tasks = [asyncio.ensure_future(self._save_always()), asyncio.ensure_future(self._look_always())]

    async def close(self) -> None:
        """Save what is left, then stop."""
        await self.settle()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def settle(self) -> None:
        """Wait until everything is saved, or cannot be."""
        while not self.is_safe and self.state is Kept.SAVING:  # noqa: ASYNC110 - many things end it, and once
            await asyncio.sleep(0.01)

    @property
    def is_safe(self) -> bool:
        """Whether everything is saved."""
        return not self._waiting and not self._under_way

    def _on_changed(self, changes: Sequence[Change]) -> None:
        if not self._bringing_in:
            self._waiting.extend(changes)
            if self.state is Kept.SAVED:
                self._say(Kept.SAVING)
            self._more.set()

    def _say(self, state: Kept, why: str = "") -> None:
        self.state, self.why = state, why
        self.state_changed.emit(state, why)

    # -- saving

    async def _save_always(self) -> None:
        while True:
            await self._more.wait()
            self._more.clear()
            while self._waiting:
                await self._save()

    async def _save(self) -> None:
        batch, self._waiting = self._waiting, []
        self._under_way = len(batch)
        try:
            await self._store(batch)
        except PyfiError as error:
            self._say(Kept.UNSAVED, str(error))
            await asyncio.sleep(_RETRY_S)
        else:
            if not self._waiting:
                self._say(Kept.SAVED)
        finally:
            self._under_way = 0

    async def _store(self, batch: list[Change]) -> None:
        """Save some changes. What cannot be saved waits again, before what came meanwhile."""
        try:
            self.revision = await self._shelf.ask(lambda library: library.save(self.id, self.revision, batch))
        except ConflictError:
            self._waiting = [*batch, *self._waiting]
            await self._reconcile()
        except PyfiError:
            self._waiting = [*batch, *self._waiting]
            raise

    async def _reconcile(self) -> None:
        """Somebody else saved first: take in what they did, if it is about other parts; otherwise ask."""
        since = self.revision
        theirs, newest = await self._shelf.ask(lambda library: library.news(self.id, since))
        ours = {change.id for change in self._waiting}
        if any(change.id in ours for change in theirs) or not self._bring_in(theirs):
            self._say(Kept.CONFLICT, self.tr("the flow was changed elsewhere, in the same parts"))
            self._decided.clear()
            self.conflict_found.emit()
            await self._decided.wait()
            return
        self.revision = newest

    def _bring_in(self, changes: Sequence[Change]) -> bool:
        self._bringing_in = True
        try:
            self._document.merge(changes)
        except PyfiError:
            return False
        finally:
            self._bringing_in = False
        self.brought_in.emit(len(changes))
        return True

    async def keep_mine(self) -> None:
        """Make the stored flow what the document is."""
        loaded = await self._shelf.ask(lambda library: library.load(self.id))
        self.revision = loaded.revision
        self._waiting = diff(loaded.flow, self._document.flow)
        self._say(Kept.SAVING if self._waiting else Kept.SAVED)
        self._decided.set()
        self._more.set()

    async def take_theirs(self) -> None:
        """Make the document what the stored flow is; as a step of its history, so that one can look back."""
        loaded = await self._shelf.ask(lambda library: library.load(self.id))
        self._waiting = []
        self.revision = loaded.revision
        self._bringing_in = True
        try:
            self._document.replace(self.tr("changes made elsewhere"), loaded.flow)
        finally:
            self._bringing_in = False
        self._say(Kept.SAVED)
        self._decided.set()

    # -- what others do

    async def _look_always(self) -> None:
        while True:
            await asyncio.sleep(_LOOK_S)
            if not self.is_safe or self.state not in (Kept.SAVED, Kept.UNSAVED):
                continue
            try:
                await self._look()
            except NotFound:
                self._doubt(self.tr("the flow was deleted elsewhere; save it as a file to keep it"))
            except PyfiError as error:
                self._doubt(str(error))
            else:
                if self.state is Kept.UNSAVED and self.is_safe:
                    self._say(Kept.SAVED)

    def _doubt(self, why: str) -> None:
        if (self.state, self.why) != (Kept.UNSAVED, why):
            self._say(Kept.UNSAVED, why)

    async def _look(self) -> None:
        if await self._shelf.ask(lambda library: library.revision(self.id)) == self.revision or not self.is_safe:
            return
        since = self.revision
        theirs, newest = await self._shelf.ask(lambda library: library.news(self.id, since))
        if self.is_safe and self._bring_in(theirs):
            self.revision = newest
