"""Keeper, which saves a document with every change, and brings in what others have changed."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from enum import Enum

from PySide6.QtCore import QObject, Signal

from app.document.document import Document
from app.document.shelf import Book, Shelf
from engine.errors import ConflictError, NameTaken, NotFound, PyfiError
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

    Every edit is also noted beside the database (see `Safe`), so that what waits survives the end of the process. A book that
    was shown from there is compared with the database as soon as nothing waits: SQL is the truth.

    Where the same part was changed here and elsewhere, `conflict_found` is told, and saving waits for `keep_mine` or
    `take_theirs`.
    """

    state_changed = Signal(object, str)
    """A `Kept`, and why if it is not saved."""
    conflict_found = Signal()
    brought_in = Signal(int)
    """So many changes made elsewhere are in the document now."""

    def __init__(self, document: Document, shelf: Shelf, book: Book, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._shelf = shelf
        self.id = book.id
        self.revision = book.revision
        self._stamp = book.kept.stamp if book.kept is not None else ""
        self._is_compared = book.kept is None
        self._is_gone = False
        """Whether the database has the flow no more."""
        self.safe = shelf.safe(book)
        self.state = Kept.SAVED
        self.why = ""
        """Why the last edit is not saved."""
        self._waiting: list[Change] = list(book.kept.waiting) if book.kept is not None else []
        self._under_way: list[Change] = []
        self._bringing_in = False
        self._putting: asyncio.Task[None] | None = None
        self._more = asyncio.Event()
        self._decided = asyncio.Event()
        document.changed.connect(self._on_changed)
        if self._waiting:
            self.state = Kept.SAVING
            self._more.set()
        self._tasks = [asyncio.ensure_future(self._save_always()), asyncio.ensure_future(self._look_always())]

    async def close(self) -> None:
        """Save what is left, then stop. What cannot be saved waits beside the database until the flow is opened again."""
        await self.settle()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._putting is not None:
            await self._putting
        if self._is_gone and not self.unsaved:
            self.safe.drop()
        await self._know_stamp()
        await self.safe.settle()
        await self.safe.close(self._document.flow, self.revision, self._stamp, self.unsaved)  # edits made meanwhile, too

    @property
    def unsaved(self) -> list[Change]:
        """What the database does not have yet."""
        return [*self._under_way, *self._waiting]

    async def settle(self) -> None:
        """Wait until everything is saved, or cannot be."""
        while not self.is_safe and self.state is Kept.SAVING:  # noqa: ASYNC110 - many things end it, and once
            await asyncio.sleep(0.01)

    @property
    def is_safe(self) -> bool:
        """Whether everything is saved."""
        return not self._waiting and not self._under_way

    def _on_changed(self, changes: Sequence[Change]) -> None:
        if self._bringing_in:
            self.safe.note_theirs(changes)
        else:
            self.safe.note_edit(changes)
            self._waiting.extend(changes)
            if self.state is Kept.SAVED:
                self._say(Kept.SAVING)
            self._more.set()
            if self.safe.needs_putting_together:
                self._put_together_soon()

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
        self._under_way, self._waiting = self._waiting, []
        try:
            await self._store(self._under_way)
        except Exception as error:  # noqa: BLE001 - whatever it is, nothing is lost, and it is said
            self._fail(error)
            await asyncio.sleep(_RETRY_S)
        else:
            if not self._waiting:
                self._say(Kept.SAVED)

    async def _store(self, batch: list[Change]) -> None:
        """Save some changes. What cannot be saved waits again, before what came meanwhile."""
        try:
            revision = await self._shelf.ask(lambda library: library.save(self.id, self.revision, batch))
        except BaseException as error:
            self._waiting, self._under_way = [*batch, *self._waiting], []
            if not isinstance(error, ConflictError) or isinstance(error, NameTaken):
                raise
            await self._reconcile(error)
        else:
            self.revision, self._stamp, self._under_way = revision, "", []
            self.safe.note_saved(len(batch), revision)

    def _fail(self, error: Exception) -> None:
        """Say why something could not be done. What nobody has foreseen is reported, too, but not with every attempt."""
        why = self._why(error)
        if not isinstance(error, PyfiError) and why != self.why:
            fault = {"message": f"flow {self.id} cannot be saved or compared", "exception": error}
            asyncio.get_running_loop().call_exception_handler(fault)
        self._doubt(why)

    def _why(self, error: Exception) -> str:
        why = str(error).rstrip(".")
        if not isinstance(error, PyfiError):
            why = self.tr("a fault in PYFI ({}); it is tried again").format(f"{type(error).__name__}: {why}")
        if self.is_safe or not self.safe.trouble:
            return why
        return self.tr("{}. They cannot be kept beside the database either ({}): save the flow to a file elsewhere").format(
            why, self.safe.trouble
        )

    async def _reconcile(self, conflict: ConflictError) -> None:
        """Somebody else saved first: take in what they did, if it is about other parts; otherwise ask.

        Raises:
            ConflictError: nobody did; saving again would come to the same.
        """
        since = self.revision
        theirs, newest = await self._shelf.ask(lambda library: library.news(self.id, since))
        if newest == since:
            raise conflict
        while theirs and self._waiting and theirs[0] == self._waiting[0]:  # saved, but the process ended before it knew
            theirs, self._waiting = theirs[1:], self._waiting[1:]
        ours = {change.id for change in self._waiting}
        if any(change.id in ours for change in theirs) or not self._bring_in(theirs):
            self._say(Kept.CONFLICT, self.tr("the flow was changed elsewhere, in the same parts"))
            self._decided.clear()
            self.conflict_found.emit()
            await self._decided.wait()
            return
        self._stand_at(newest)

    def _stand_at(self, revision: int, stamp: str = "") -> None:
        """The document is what the database has at a revision, but for what waits."""
        self.revision, self._stamp = revision, stamp
        self.safe.note_waiting(self.unsaved, revision)

    def _bring_in(self, changes: Sequence[Change]) -> bool:
        if not changes:
            return True
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
        self._waiting = diff(loaded.flow, self._document.flow)
        self._stand_at(loaded.revision)
        self._say(Kept.SAVING if self._waiting else Kept.SAVED)
        self._decided.set()
        self._more.set()

    async def take_theirs(self) -> None:
        """Make the document what the stored flow is; as a step of its history, so that one can look back."""
        loaded = await self._shelf.ask(lambda library: library.load(self.id))
        self._waiting = []
        self._bringing_in = True
        try:
            self._document.replace(self.tr("changes made elsewhere"), loaded.flow)
        finally:
            self._bringing_in = False
        self._stand_at(loaded.revision)
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
                self._is_gone = True
                self._doubt(self.tr("the flow was deleted elsewhere; save it as a file to keep it"))
            except Exception as error:  # noqa: BLE001 - one that fails is not the last look
                self._fail(error)
            else:
                if self.state is Kept.UNSAVED and self.is_safe:
                    self._say(Kept.SAVED)

    def _doubt(self, why: str) -> None:
        if (self.state, self.why) != (Kept.UNSAVED, why):
            self._say(Kept.UNSAVED, why)

    async def _look(self) -> None:
        if not self._is_compared:
            await self._compare()
        if self.safe.needs_putting_together:
            self._put_together_soon()
        if await self._shelf.ask(lambda library: library.revision(self.id)) == self.revision or not self.is_safe:
            return
        since = self.revision
        theirs, newest = await self._shelf.ask(lambda library: library.news(self.id, since))
        if self.is_safe and self._bring_in(theirs):
            self._stand_at(newest)

    async def _compare(self) -> None:
        """Whether what was shown is what the database has: where the two do not even agree on the time, all of it is read."""
        stamp = await self._shelf.ask(lambda library: library.stamp(self.id))
        if stamp != (self.revision, self._stamp):
            loaded = await self._shelf.ask(lambda library: library.load(self.id))
            if not self.is_safe or not self._bring_in(diff(self._document.flow, loaded.flow)):
                return
            self._stand_at(loaded.revision)
        self._is_compared = True

    # -- beside the database

    def _put_together_soon(self) -> None:
        if self._putting is None or self._putting.done():
            self._putting = asyncio.ensure_future(self._put_together())

    async def _put_together(self) -> None:
        """Write the document as it is, beside the database."""
        await self.safe.put_together(self._document.flow, self.revision, self._stamp, self.unsaved)

    async def _know_stamp(self) -> None:
        """When the revision was made, so that the document need not be compared the next time."""
        if self._stamp or not self.is_safe:
            return
        try:
            revision, stamp = await self._shelf.ask(lambda library: library.stamp(self.id))
        except PyfiError:
            return
        if revision == self.revision and self.is_safe:
            self._stamp = stamp
