"""Shelf, the flows that can be opened: asks the database in a thread of its own, so that the window never waits for it."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct, structs

from app.document.origins import Origin, Origins, digest_of
from engine.errors import NotFound
from engine.model.apply import diff
from engine.model.flow import Flow, Header
from engine.model.layout import placed
from engine.resource import resource_path

if TYPE_CHECKING:
    from engine.client.library import Library, Loaded, Shelved

T = TypeVar("T")


class Book(Struct, frozen=True):
    """An opened flow. `path` is the file that it came from, if any; `remark` says what the user should know about it."""

    id: str
    flow: Flow
    revision: int
    folder: Path
    path: Path | None = None
    remark: str = ""


class Shelf:
    """Flows of the database at `url` (None: as the settings say), and their files. Close it at the end."""

    def __init__(self, folder: Path, url: str | None = None) -> None:
        self.folder = folder
        self.origins = Origins(folder / "desktop.json")
        self._url = url
        self._library: Library | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="library")

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
        return await self.ask(lambda library: library.list())

    async def new(self, name: str, folder: Path | None = None) -> Book:
        """A new flow with nothing in it."""
        loaded = await self.ask(lambda library: library.create(Flow(header=Header(name=name))))
        return self._book(loaded, Origin(folder=str(folder or self._own_folder(loaded.flow.name))))

    async def open(self, reference: str) -> Book:
        """A flow by its file's path, or by its name or id in the database.

        Raises:
            NotFound, FlowFileError, InvalidFlow, StorageError: it cannot be opened; says why.
        """
        from engine.client.flow import is_file

        if is_file(reference):
            return await self._open_file(_absolute(reference))
        loaded = await self._laid_out(await self.ask(lambda library: library.load(reference)))
        return self._book(loaded, self.origins.of(loaded.id))

    async def duplicate(self, id: str) -> Book:
        """A new flow like a stored one, with paths that start from the same folder."""
        loaded = await self.ask(lambda library: library.load(id))
        copy = await self.ask(lambda library: library.create(loaded.flow))
        return self._book(copy, Origin(folder=self.origins.of(id).folder))

    async def delete(self, id: str) -> None:
        """Delete a stored flow; its file, if it has one, stays."""
        await self.ask(lambda library: library.delete(id))
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
        from engine.client.flow import open_file

        opened = await asyncio.to_thread(open_file, path)
        digest = await asyncio.to_thread(digest_of, path)
        id = self.origins.by_path(path)
        known = self.origins.of(id)
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
        if loaded.revision == known.revision:
            return self._book(await self._brought_up(loaded, opened.flow), origin)
        remark = f"{path.name} was changed outside PYFI, and so was the flow here: both were kept. This is the file's content."
        return self._book(await self.ask(lambda library: library.create(placed(opened.flow))), origin, remark)

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
        if not origin.folder:
            origin.folder = str(self._own_folder(loaded.flow.name))
        if not origin.revision:
            origin.revision = loaded.revision
        self.origins.note(loaded.id, origin)
        self.origins.opened(loaded.id)
        path = Path(origin.path) if origin.path else None
        return Book(loaded.id, loaded.flow, loaded.revision, Path(origin.folder), path, remark)

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
        digest = await asyncio.to_thread(digest_of, path)
        self.origins.note(id, Origin(path=str(path), folder=str(path.parent), digest=digest, revision=revision))


def _copy_example(name: str, there: Path) -> None:
    if name not in example_names():
        raise NotFound(f"there is no example '{name}' in this installation; install PYFI again, or open another")
    shutil.copytree(resource_path("examples", name), there, dirs_exist_ok=True)


def _absolute(reference: str) -> Path:
    return Path(reference).absolute()


def example_names() -> list[str]:
    """The examples that come with PYFI."""
    return sorted(path.name for path in resource_path("examples").iterdir() if any(path.glob("*.flow.yaml")))
