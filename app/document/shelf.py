"""Shelf, the flows that can be opened: asks the database in a thread of its own, so that the window never waits for it."""

from __future__ import annotations

import asyncio
import hashlib
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct, structs
from PySide6.QtCore import QCoreApplication

from app.document.kept import Kept, forget_kept, forget_others, read_kept
from app.document.origins import Origin, Origins, digest_of
from app.document.safe import Safe
from engine.client.reference import is_file
from engine.errors import NotFound
from engine.model.apply import diff
from engine.model.flow import Flow, Header
from engine.model.layout import placed
from engine.resource import resource_path
from engine.settings import read_settings

if TYPE_CHECKING:
    from engine.client.library import Library, Loaded, Shelved

T = TypeVar("T")
_AT_ONCE_BYTES = 1_000_000
"""What was kept of a flow is read at once up to this size, in a thread above: that would be felt."""


class Book(Struct, frozen=True):
    """An opened flow. `path` is the file that it came from, if any; `remark` says what the user should know about it.

    `kept` is what a window left of it beside the database, if it was taken from there.
    """

    id: str
    flow: Flow
    revision: int
    folder: Path
    path: Path | None = None
    remark: str = ""
    kept: Kept | None = None


class Shelf:
    """Flows of the database at `url` (None: as the settings say), and their files. Close it at the end."""

    def __init__(self, folder: Path, url: str | None = None) -> None:
        self.folder = folder
        self.origins = Origins(folder / "desktop.json")
        self._url = url
        self._library: Library | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="library")

    @property
    def url(self) -> str | None:
        """The database's URL; None: as the settings say."""
        return self._url

    async def ask(self, question: Callable[[Library], T]) -> T:
        """Ask the database, in its thread; raises PyfiErrors of the library."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, lambda: question(self._open()))

    def _open(self) -> Library:
        if self._library is None:
            from engine.client.library import Library

            self._library = Library(self._url)
        return self._library

    async def close(self) -> None:
        """Finish what was asked, then let go."""
        library = self._library
        if library is not None:
            await asyncio.get_running_loop().run_in_executor(self._thread, library.close)
        self._thread.shutdown()

    async def list(self) -> list[Shelved]:
        """Every stored flow."""
        found = await self.ask(lambda library: library.list())
        await asyncio.to_thread(forget_others, self._kept_folder, self._database, {each.id for each in found})
        return found

    async def new(self, name: str, folder: Path | None = None) -> Book:
        """A new flow with nothing in it."""
        loaded = await self.ask(lambda library: library.create(Flow(header=Header(name=name))))
        return self._book(loaded, Origin(folder=str(folder or self._own_folder(loaded.flow.name))))

    # -- opening

    async def open(self, reference: str) -> Book:
        """A flow by its file's path, or by its name or id in the database.

        Raises:
            NotFound, FlowFileError, InvalidFlow, StorageError: it cannot be opened; says why.
        """
        if is_file(reference):
            return await self._open_file(_absolute(reference))
        kept = await self._left(reference)
        if kept is not None:
            return self._book_left(reference, kept, self.origins.of(reference))
        loaded = await self._laid_out(await self.ask(lambda library: library.load(reference)))
        kept = await self._left(loaded.id)
        if kept is not None and kept.waiting:
            return self._book_left(loaded.id, kept, self.origins.of(loaded.id))
        return self._book(loaded, self.origins.of(loaded.id))

    async def duplicate(self, id: str) -> Book:
        """A new flow like a stored one, with paths that start from the same folder."""
        loaded = await self.ask(lambda library: library.load(id))
        copy = await self.ask(lambda library: library.create(loaded.flow))
        return self._book(copy, Origin(folder=self.origins.of(id).folder))

    async def delete(self, id: str) -> None:
        """Delete a stored flow; its file, if it has one, stays."""
        await self.ask(lambda library: library.delete(id))
        await asyncio.to_thread(forget_kept, self._kept_folder, id)
        self.origins.forget(id)

    async def open_example(self, name: str) -> Book:
        """An example, from a copy in the user's own folder, where it may write its results.

        Raises:
            NotFound: there is no such example.
        """
        there = self.folder / "examples" / name
        if not any(there.glob("*.flow.yaml")):
            await asyncio.to_thread(_copy_example, name, there)
        return await self._open_file(next(there.glob("*.flow.yaml")))

    async def _open_file(self, path: Path) -> Book:
        """The stored flow of a file; the file's own content if that was changed since, or is new here."""
        digest = digest_of(path)
        id = self.origins.by_path(path)
        known = self.origins.of(id)
        kept = await self._left(id) if id else None
        if kept is not None and digest and digest == known.digest:
            return self._book_left(id, kept, known)
        from engine.client.flow import open_file

        opened = await asyncio.to_thread(open_file, path)
        origin = Origin(path=str(path), folder=str(path.parent), digest=digest)
        loaded: Loaded | None = None
        if id:
            try:
                loaded = await self.ask(lambda library: library.load(id))
            except NotFound:
                self.origins.forget(id)
        if loaded is None:
            return self._book(await self.ask(lambda library: library.create(placed(opened.flow))), origin)
        if digest == known.digest or opened.flow == loaded.flow:
            return self._book(await self._laid_out(loaded), known)
        if loaded.revision == known.revision and not (kept is not None and kept.waiting):
            return self._book(await self._brought_up(loaded, opened.flow), origin)
        created = await self.ask(lambda library: library.create(placed(opened.flow)))
        return self._book(created, origin, _both_kept(path.name))

    # -- beside the database

    @property
    def _kept_folder(self) -> Path:
        return self.folder / "kept"

    @property
    def _database(self) -> str:
        """Tells databases apart, without the password that a URL may hold."""
        return hashlib.sha256((self._url or read_settings().database_url or "").encode()).hexdigest()[:16]

    async def _left(self, id: str) -> Kept | None:
        """How a flow was left beside the database, if it was and can be used."""
        try:
            size = (self._kept_folder / f"{id}.flow").stat().st_size
        except (OSError, ValueError):
            return None
        if size < _AT_ONCE_BYTES:
            return read_kept(self._kept_folder, id, self._database)
        return await asyncio.to_thread(read_kept, self._kept_folder, id, self._database)

    async def name_left(self, id: str) -> str:
        """The name of a flow with edits that wait beside the database, whether that has it or not; empty for none."""
        kept = await self._left(id)
        return kept.flow.name if kept is not None and kept.waiting else ""

    def _book_left(self, id: str, kept: Kept, origin: Origin) -> Book:
        """What was left, shown before the database is asked. The keeper compares the two, and saves what waits."""
        book = self._noted(Book(id, kept.flow, kept.revision, Path(), kept=kept), origin)
        return structs.replace(book, remark=_left_over()) if kept.waiting else book

    def safe(self, book: Book) -> Safe:
        """Where a book that is open is kept beside the database."""
        return Safe(self._kept_folder, book.id, self._database, book.kept)

    # -- files

    async def _brought_up(self, loaded: Loaded, flow: Flow) -> Loaded:
        """The stored flow, made equal to its file."""
        wanted = structs.replace(placed(flow), header=structs.replace(flow.header, name=loaded.flow.name))
        return await self._made(loaded, wanted)

    async def _laid_out(self, loaded: Loaded) -> Loaded:
        """The stored flow, with a place for every part: an import may have left it without."""
        return await self._made(loaded, placed(loaded.flow))

    async def _made(self, loaded: Loaded, wanted: Flow) -> Loaded:
        changes = diff(loaded.flow, wanted)
        if not changes:
            return loaded
        revision = await self.ask(lambda library: library.save(loaded.id, loaded.revision, changes))
        return structs.replace(loaded, flow=wanted, revision=revision)

    def _book(self, loaded: Loaded, origin: Origin, remark: str = "") -> Book:
        return self._noted(Book(loaded.id, loaded.flow, loaded.revision, Path(), remark=remark), origin)

    def _noted(self, book: Book, origin: Origin) -> Book:
        """A book that is opened, with where it came from."""
        if not origin.folder:
            origin.folder = str(self._own_folder(book.flow.name))
        if not origin.revision:
            origin.revision = book.revision
        self.origins.note(book.id, origin)
        self.origins.opened(book.id)
        return structs.replace(book, folder=Path(origin.folder), path=Path(origin.path) if origin.path else None)

    def _own_folder(self, name: str) -> Path:
        """Where a flow that came from no file finds and leaves its files."""
        safe = "".join(letter if letter.isalnum() or letter in "-_ ." else "_" for letter in name).strip(". ") or "flow"
        folder = self.folder / "flows" / safe
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    async def write_file(self, id: str, flow: Flow, revision: int, path: Path) -> None:
        """Write a flow's file; from now on it belongs to it."""
        from engine.client.flow import save

        await asyncio.to_thread(save, flow, path)
        await self.note_file(id, revision, path)

    async def note_file(self, id: str, revision: int, path: Path) -> None:
        """A file holds a flow as it was at a revision, whoever wrote it; from now on it belongs to it."""
        digest = await asyncio.to_thread(digest_of, path)
        self.origins.note(id, Origin(path=str(path), folder=str(path.parent), digest=digest, revision=revision))


def _left_over() -> str:
    return QCoreApplication.translate(
        "Shelf", "The last edits had not been saved when PYFI ended. They are here again, and are saved now."
    )


def _both_kept(name: str) -> str:
    return QCoreApplication.translate(
        "Shelf", "{} was changed outside PYFI, and so was the flow here: both were kept. This is the file's content."
    ).format(name)


def _copy_example(name: str, there: Path) -> None:
    if name not in example_names():
        raise NotFound(f"there is no example '{name}' in this installation; install PYFI again, or open another")
    shutil.copytree(resource_path("examples", name), there, dirs_exist_ok=True)


def _absolute(reference: str) -> Path:
    return Path(reference).absolute()


def example_names() -> list[str]:
    """The examples that come with PYFI."""
    return sorted(path.name for path in resource_path("examples").iterdir() if any(path.glob("*.flow.yaml")))
