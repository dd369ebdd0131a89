"""Follows files that grow: through rotation (a new file under the name) and truncation (the same file, begun again)."""

from __future__ import annotations

import os
import time
import zlib
from collections.abc import Iterator
from typing import Any

from ..body import BodyContext, Chunk
from ..errors import Failure
from .found_files import found_files
from .line_cursor import LineCursor
from .read_ahead import BLOCK_BYTES, unreadable

_IDLE_S = 0.05
_SCAN_S = 1.0
_BLOCKS_A_TURN = 8
_PRINT_BYTES = 256


def follow(config: dict[str, Any], ctx: BodyContext) -> Iterator[Chunk | None]:
    """Lines of every file that matches, now or later; None whenever there is nothing new."""
    tails: dict[str, Tail] = {}
    scan_due = 0.0
    from_end = config["start"] == "end" and "begun" not in ctx.state
    while True:
        if time.monotonic() >= scan_due:
            for path in found_files(str(ctx.folder), config["path"]):
                if path not in tails:
                    tails[path] = Tail(path, config, ctx, from_end=from_end)
            from_end = False
            if "begun" not in ctx.state:
                ctx.state["begun"] = True
            scan_due = time.monotonic() + _SCAN_S
        busy = False
        for tail in tails.values():
            for chunk in tail.turn():
                busy = True
                yield chunk
        if not busy:
            time.sleep(_IDLE_S)
            yield None


class Tail:
    """One name that is followed. State `tail:NAME`: the file's inode, a checksum of its first bytes, and its cursor."""

    def __init__(self, path: str, config: dict[str, Any], ctx: BodyContext, *, from_end: bool) -> None:
        self._path = path
        self._config = config
        self._ctx = ctx
        self._key = f"tail:{path}"
        self._file = -1
        self._print = (0, 0)
        self._replaced = False
        saved = ctx.state.get(self._key)
        if saved is not None:
            self._resume(*saved)
        elif from_end:
            self._begin()
            if self._file >= 0:
                self._cursor.jump(os.fstat(self._file).st_size)
                self._save()

    def turn(self) -> Iterator[Chunk]:
        """What has been added since, up to some blocks."""
        if self._file < 0 and not self._begin():
            return
        # Asked before reading: what was written before the file was replaced is there to be read.
        replaced = self._replaced or self._is_replaced()
        for _ in range(_BLOCKS_A_TURN):
            block = os.pread(self._file, BLOCK_BYTES, self._cursor.start + self._cursor.text.waiting_size)
            if not block:
                if replaced:
                    yield from self._chunks(self._cursor.finish())
                    self._close()
                elif os.fstat(self._file).st_size < self._cursor.start + self._cursor.text.waiting_size:
                    self._ctx.log(f"'{self._path}' was cut; it is read again from its start", "warning")
                    self._cursor = LineCursor(self._path, self._config)
                return
            yield from self._chunks(self._cursor.read(block))

    def _chunks(self, chunks: Iterator[Chunk]) -> Iterator[Chunk]:
        for chunk in chunks:
            self._save()
            yield chunk

    def _begin(self) -> bool:
        """Open the file of this name; whether there is one."""
        try:
            self._file = os.open(self._path, os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            return False
        except OSError as error:
            raise Failure(type(error).__name__, unreadable(self._path, error)) from error
        self._cursor = LineCursor(self._path, self._config)
        self._replaced = False
        return True

    def _close(self) -> None:
        os.close(self._file)
        self._file = -1

    def _is_replaced(self) -> bool:
        """Whether the name now means another file. No file at all is not yet that: the next may be on its way."""
        try:
            return os.stat(self._path).st_ino != os.fstat(self._file).st_ino
        except FileNotFoundError:
            return False

    def _save(self) -> None:
        size = min(_PRINT_BYTES, self._cursor.start)
        if size != self._print[0]:
            self._print = (size, _fingerprint(self._file, size))
        self._ctx.state[self._key] = [os.fstat(self._file).st_ino, *self._print, self._cursor.saved()]

    def _resume(self, inode: int, size: int, fingerprint: int, saved: list[Any]) -> None:
        """Find the file that was being read, under its name or, if it has been rotated, a new one, and go on."""
        folder = os.path.dirname(self._path)
        try:
            others = sorted(entry.path for entry in os.scandir(folder) if entry.inode() == inode and entry.path != self._path)
        except FileNotFoundError:
            others = []
        for path in (self._path, *others):
            if self._try(path, inode, size, fingerprint, saved[0]):
                self._cursor = LineCursor(self._path, self._config, saved)
                self._replaced = path != self._path
                self._print = (size, fingerprint)
                return
        self._ctx.log(
            f"the file that was read as '{self._path}' is gone or was cut; lines added to it after byte {saved[0]:,} were not "
            "read",
            "warning",
        )

    def _try(self, path: str, inode: int, size: int, fingerprint: int, start: int) -> bool:
        try:
            file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            return False
        found = os.fstat(file)
        # An inode's number is used again; the first bytes tell.
        if found.st_ino == inode and found.st_size >= start and _fingerprint(file, size) == fingerprint:
            self._file = file
            return True
        os.close(file)
        return False


def _fingerprint(file: int, size: int) -> int:
    return zlib.crc32(os.pread(file, size, 0))
