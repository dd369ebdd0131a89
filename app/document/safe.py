"""Safe, which writes beside the database what happens to an open flow, so that no edit is lost with the process.

A line is written with every event, before anything else is done about it, into a file whose room on the disk was taken
beforehand: where the disk is full and the database refuses an edit, it is still kept. Now and then all of it is put together
anew (see `Kept` for the files).
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import secrets
import shutil
import time
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, NamedTuple

from app.document.kept import (
    EDIT,
    SAVED,
    THEIRS,
    WAITING,
    Head,
    Kept,
    content_of,
    edits_path,
    head_of,
    line_of,
    lock_slot,
    slots_of,
)
from engine.client.kept import FORMAT
from engine.errors import PyfiError
from engine.model.change import Change
from engine.model.flow import Flow

ROOM_BYTES = 512 * 1024
"""Of edits, taken beforehand. Half of it used, they are put together."""
_PATIENCE_S = 10.0
"""After it could not be done, before it is tried again."""
_MANY = 200
"""Changes of one event whose line is made in a thread: it would be felt."""


class Safe:
    """Keeps one open flow in a folder. `kept` is what was read there, which it goes on from if nobody else does.

    Where it cannot write, `trouble` says why; putting together is tried again with later edits.
    """

    def __init__(self, folder: Path, id: str, database: str, kept: Kept | None = None) -> None:
        self._folder = folder
        self._id = id
        self._database = database
        self._slot = ""
        self._generation = ""
        self._lock: IO[bytes] | None = None
        self._files: list[_Edits] = []
        """Where edits go: one file, and while they are put together the new one, too."""
        self._is_busy = False
        self._not_before = 0.0
        self._behind: deque[tuple[list[_Edits], _Event]] = deque()
        """Events that have no line yet, and the files that want it."""
        self._catching_up: asyncio.Task[None] | None = None
        self.trouble = ""
        """Why edits cannot be kept; empty while they are."""
        self.aside: Path | None = None
        """Where edits are that were found here and could not be used."""
        self._take_slot(kept)

    def _take_slot(self, kept: Kept | None) -> None:
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            self.trouble = str(error)
            return
        slots = slots_of(self._id)
        for slot in dict.fromkeys((kept.slot, *slots) if kept is not None else slots):
            self._lock = lock_slot(self._folder, slot)
            if self._lock is not None:
                self._slot = slot
                break
        else:
            self.trouble = f"too many windows have it open, or {self._folder} cannot be written"
            return
        head = head_of(self._folder / f"{self._slot}.flow")
        if kept is not None and head is not None and (kept.slot, kept.generation) == (self._slot, head.generation):
            self._generation = kept.generation
            if kept.is_cut:
                self._set_aside(head, shutil.copy2)
            self._begin(kept.generation, kept.used)
        else:
            self._set_aside(head)
        keep = edits_path(self._folder, self._slot, self._generation)
        for path in self._folder.glob(f"{self._slot}.*.edits"):
            if path != keep:  # left over by a window that died at a bad moment
                path.unlink(missing_ok=True)

    def _begin(self, generation: str, used: int) -> None:
        try:
            self._files = [_Edits(edits_path(self._folder, self._slot, generation), used)]
        except OSError as error:
            self.trouble = str(error)

    def _set_aside(self, head: Head | None, put: Callable[[Path, Path], object] = Path.replace) -> None:
        """What is in the slot is of no use here. Edits in it may be of use to somebody: a later PYFI, or an earlier one."""
        flow = self._folder / f"{self._slot}.flow"
        edits = [edits_path(self._folder, self._slot, head.generation)] if head is not None else []
        if head is None or not (head.waiting or edits[0].exists()):
            return
        try:
            aside = _free_folder(self._folder / "unread")
            for path in (flow, *edits):
                if path.exists():
                    put(path, aside / path.name)
            self.aside = aside
        except OSError as error:
            self.trouble = str(error)

    # -- events

    @property
    def needs_putting_together(self) -> bool:
        """Whether `put_together` should be called soon: nothing is kept yet, much happened, or something went wrong."""
        if self._is_busy or time.monotonic() < self._not_before:
            return False
        return not self._files or bool(self.trouble) or self._files[0].used > ROOM_BYTES // 2

    def note_edit(self, changes: Sequence[Change]) -> None:
        """An edit was made, and waits to be saved."""
        self._note(_Event(EDIT, list(changes)))

    def note_theirs(self, changes: Sequence[Change]) -> None:
        """Changes made elsewhere are in the flow now."""
        self._note(_Event(THEIRS, list(changes)))

    def note_saved(self, count: int, revision: int) -> None:
        """So many of the Changes that waited longest are in the database, at a revision."""
        self._note(_Event(SAVED, [], count, revision))

    def note_waiting(self, changes: Sequence[Change], revision: int) -> None:
        """Just these Changes wait now, and the flow without them is what the database has at a revision."""
        self._note(_Event(WAITING, list(changes), None, revision))

    def _note(self, event: _Event) -> None:
        if self._behind or len(event.changes) > _MANY:
            self._behind.append((self._files, event))
            if self._catching_up is None or self._catching_up.done():
                self._catching_up = asyncio.ensure_future(self._catch_up())
        else:
            self._append(self._files, event)

    async def _catch_up(self) -> None:
        """Write what is behind, in its order; the lines are made in a thread."""
        while self._behind:
            files, event = self._behind[0]
            try:
                line = await asyncio.to_thread(line_of, *event)
            except PyfiError as error:
                self._stop(files, error)
            else:
                self._append(files, event, line)
            self._behind.popleft()

    def _append(self, files: list[_Edits], event: _Event, line: bytes = b"") -> None:
        try:
            line = line or line_of(*event)
        except PyfiError as error:
            self._stop(files, error)
            return
        for file in files:  # none yet: whoever puts the flow together has the event in it
            try:
                file.append(line)
            except OSError as error:
                self._stop([file], error)

    def _stop(self, files: list[_Edits], error: Exception) -> None:
        """Have nothing follow an event that has no line: it would happen to another flow. All of it is to be put together."""
        self.trouble = str(error)
        for file in files:
            file.trouble = str(error)

    # -- all of it

    async def put_together(self, flow: Flow, revision: int, stamp: str, waiting: Sequence[Change]) -> None:
        """Write the flow as it is now, with the Changes in it that wait. Does nothing while it is doing so already."""
        if self._is_busy or self._lock is None:
            return
        self._is_busy = True
        generation = secrets.token_hex(6)
        before, made = list(self._files), list(waiting)
        try:
            file = _Edits(edits_path(self._folder, self._slot, generation), 0)
            self._files = [*before, file]
            await asyncio.to_thread(self._write_flow, generation, flow, revision, stamp, made)
        except (OSError, PyfiError) as error:
            self.trouble, self._not_before = str(error), time.monotonic() + _PATIENCE_S
            for each in self._files:
                if each not in before:
                    each.remove()
            self._files = before
        else:
            self.trouble = file.trouble
            self._files, self._generation = [file], generation
            for each in before:
                each.remove()
        finally:
            self._is_busy = False

    def _write_flow(self, generation: str, flow: Flow, revision: int, stamp: str, waiting: list[Change]) -> None:
        """Whole or not at all."""
        path = self._folder / f"{self._slot}.flow"
        head = Head(format=FORMAT, id=self._id, database=self._database, generation=generation, sha256="")
        part = path.with_suffix(".part")
        try:
            with part.open("wb") as file:
                file.write(content_of(head, flow, revision, stamp, waiting))
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        except OSError:
            part.unlink(missing_ok=True)
            raise

    async def settle(self) -> None:
        """Wait until every event has its line."""
        if self._catching_up is not None:
            await self._catching_up

    async def close(self, flow: Flow, revision: int, stamp: str, waiting: Sequence[Change]) -> None:
        """Put everything together and let go: the next window goes on from there."""
        await self.settle()
        if not self._files or self._files[0].used or waiting:
            await self.put_together(flow, revision, stamp, waiting)
        if not self.trouble:
            for each in self._files:
                if not each.used:  # an edit may have come while it was put together
                    each.remove()
        self.release()

    def release(self) -> None:
        """Let go, with everything left as it is."""
        for each in self._files:
            each.close()
        self._files = []
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def drop(self) -> None:
        """Forget the flow, and let go."""
        if self._lock is not None:
            (self._folder / f"{self._slot}.flow").unlink(missing_ok=True)
        for each in self._files:
            each.remove()
        self.release()


def _free_folder(within: Path) -> Path:
    """A new folder, so that what is put there takes the place of nothing."""
    within.mkdir(exist_ok=True)
    for number in itertools.count(1):
        with contextlib.suppress(FileExistsError):
            (folder := within / str(number)).mkdir()
            return folder
    raise AssertionError("numbers do not end")


class _Event(NamedTuple):
    """What happened; see `line_of`."""

    what: str
    changes: list[Change]
    number: int | None = None
    revision: int | None = None


class _Edits:
    """A file of lines whose room is taken beforehand; zeros follow the last line."""

    def __init__(self, path: Path, used: int) -> None:
        self._path = path
        self.used = used
        self.trouble = ""
        """Why a line is missing, behind which there is to be none."""
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _take_room(self._descriptor, max(ROOM_BYTES, used))
            _clear_behind(self._descriptor, used)
        except OSError:
            self.close() if used else self.remove()
            raise

    def append(self, line: bytes) -> None:
        """Write a line behind the last; half of one counts as none."""
        if self._descriptor < 0 or self.trouble:
            return  # what it tells has been put together, or is going to be
        written = os.pwrite(self._descriptor, line, self.used)
        if written < len(line):
            os.pwrite(self._descriptor, line[written:], self.used + written)  # raises where there is no room
        self.used += len(line)

    def close(self) -> None:
        """Let go of the file."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def remove(self) -> None:
        """The file is needed no more."""
        self.close()
        self._path.unlink(missing_ok=True)


def _take_room(descriptor: int, size: int) -> None:
    """Have a file take so much of the disk; raises OSError where there is not as much."""
    if hasattr(os, "posix_fallocate"):  # not on every system
        os.posix_fallocate(descriptor, 0, size)
    elif (there := os.fstat(descriptor).st_size) < size:
        os.pwrite(descriptor, bytes(size - there), there)


def _clear_behind(descriptor: int, used: int) -> None:
    """Have zeros follow what is used, without giving away the room: a line left there could be taken for a later one."""
    size = os.fstat(descriptor).st_size - used
    if size > 0 and os.pread(descriptor, size, used).strip(b"\0"):
        os.pwrite(descriptor, bytes(size), used)
