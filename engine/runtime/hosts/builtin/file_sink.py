"""A file that takes part in the ledger's transactions: it can always be cut back to where the last committed task left it.

The position is state, committed together with the task whose bytes end there. Before this process writes first, and whenever
the state is not what this process left behind (a task was put back after its bytes were written), the file is cut to the
position in the state. A lock on the file keeps a second writer out.
"""

from __future__ import annotations

import fcntl
import os
from typing import Any, NoReturn

from ..body import BodyContext
from ..errors import NotNow
from .append_note import AppendNote
from .compressor import Compressor, compressor
from .expand import compression_of
from .write_errors import cannot_be_written

_RETRY_S = 2.0


class FileSink:
    """Writes one file. State `position`: [bytes, and what the compressor needs to go on]."""

    def __init__(self, ctx: BodyContext, path: str, *, append: bool, sync: bool) -> None:
        self._ctx = ctx
        self.path = os.path.join(str(ctx.folder), os.path.expanduser(path))
        self._compression = compression_of(path)
        self._append = append
        self._sync = sync
        self._note = AppendNote(self.path)
        self._file = -1
        self._compressor: Compressor | None = None
        self._position = 0
        self._saved: Any = None
        self._inode = 0

    def open(self) -> int:
        """Make the file ready and return its size, cut to what is committed; raises NotNow when it cannot be written."""
        saved = self._ctx.state.get("position")
        try:
            if self._file < 0 or saved != self._saved or not self._is_in_place():
                self._let_go()
                self._open(saved)
        except OSError as error:
            self._let_go()
            self._refuse(error)
        return self._position

    def write(self, data: bytes) -> None:
        """Add a task's bytes; on any error the file is as it was before.

        Raises:
            NotNow: they cannot be written now (no space, no right, a second writer).
        """
        self.open()
        assert self._compressor is not None
        self._put(self._compressor.compress(data))

    def finish(self) -> None:
        """Make the file whole as it stands, for instance with gzip's trailer."""
        self.open()
        assert self._compressor is not None
        if end := self._compressor.finish():
            self._put(end)
        self._note.drop()

    def close(self) -> None:
        """The same without the ledger's knowledge: whoever writes next cuts off what is added here."""
        if self._file < 0:
            return
        assert self._compressor is not None
        try:
            self._write_all(self._compressor.finish(), self._position)
        except OSError as error:
            self._ctx.log(cannot_be_written(self.path, error), "warning")
        self._note.drop()
        self._let_go()

    def _put(self, data: bytes) -> None:
        assert self._compressor is not None
        end = self._position + len(data)
        try:
            self._note.before_write(end)
            self._write_all(data, self._position)
            if self._sync:
                os.fsync(self._file)
        except BaseException as error:
            self._cut_back()
            if isinstance(error, OSError):
                self._refuse(error)
            raise
        self._position = end
        self._saved = self._ctx.state["position"] = [end, *self._compressor.saved()]

    def _write_all(self, data: bytes, position: int) -> None:
        view = memoryview(data)
        while view:
            count = os.pwrite(self._file, view, position)
            view = view[count:]
            position += count

    def _cut_back(self) -> None:
        """Take back a write that was not completed; if even that fails, it is done when the file is opened next."""
        try:
            os.ftruncate(self._file, self._position)
        except OSError as error:
            self._ctx.log(cannot_be_written(self.path, error), "warning")
        self._let_go()

    def _let_go(self) -> None:
        if self._file >= 0:
            os.close(self._file)
        self._file = -1
        self._compressor = None

    def _is_in_place(self) -> bool:
        """Whether the file's name still means the file that is open; it may have been moved away or deleted."""
        try:
            return os.stat(self.path).st_ino == self._inode
        except FileNotFoundError:
            return False

    def _open(self, saved: list[int] | None) -> None:
        os.makedirs(os.path.dirname(self.path), exist_ok=True)
        self._file = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o666)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._let_go()
            reason = f"'{self.path}' is being written by another process or step; each file takes one writer, so stop the other"
            raise NotNow(reason, _RETRY_S) from None
        found = os.fstat(self._file)
        position, numbers = self._place(saved, found.st_size)
        self._compressor = compressor(self._compression, numbers)
        if found.st_size != position:
            os.ftruncate(self._file, position)
        self._inode = found.st_ino
        self._position = position
        self._saved = saved
        if self._sync:
            self._sync_folder()

    def _place(self, saved: list[int] | None, size: int) -> tuple[int, list[int]]:
        """Where to go on in a file of `size` bytes, and the compressor's numbers."""
        if saved is None:
            return (self._note.begin(size) if self._append else 0), []
        self._note.drop()
        position, *numbers = saved
        if size >= position:
            return position, numbers
        if size == 0:
            self._ctx.log(f"'{self.path}' was moved, emptied or deleted; writing goes on in a new file", "warning")
            return 0, []
        reason = (
            f"'{self.path}' has {size:,} bytes, but {position:,} were written to it: something is missing; put the whole file "
            "back, or delete it to begin a new one"
        )
        raise NotNow(reason, _RETRY_S)

    def _sync_folder(self) -> None:
        folder = os.open(os.path.dirname(self.path), os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _refuse(self, error: OSError) -> NoReturn:
        raise NotNow(cannot_be_written(self.path, error), _RETRY_S) from error
