"""The bytes of a file, decompressed, as large blocks that a thread prepares while the last one is being worked on."""

from __future__ import annotations

import os
import queue
import threading
from collections.abc import Iterator

from ..errors import Failure
from .expand import Damaged, Expander, compression_of, expander

BLOCK_BYTES = 800_000
"""A block of lines of 200 bytes just fits a batch, in messages and in bytes."""
_INPUT_BYTES = 1 << 17
_AHEAD = 3
_STOP_CHECK_S = 0.2


class ReadAhead:
    """Reads `path` from byte `start` of its uncompressed content. Close it, or its thread waits on."""

    def __init__(self, path: str, start: int = 0) -> None:
        self._path = path
        self._start = start
        self._blocks: queue.Queue[bytes | Failure] = queue.Queue(_AHEAD)
        self._stopped = False
        self._rest: list[bytes] = []
        self._rest_size = 0
        self._produced = 0
        threading.Thread(target=self._run, name="read-ahead", daemon=True).start()

    def next(self, wait_s: float) -> bytes | None:
        """The next block, empty at the end; None if there is none yet.

        Raises:
            Failure: the file cannot be read (any further); everything before has been given out.
        """
        try:
            block = self._blocks.get(timeout=wait_s)
        except queue.Empty:
            return None
        if isinstance(block, Failure):
            raise block
        return block

    def close(self) -> None:
        """No more is wanted."""
        self._stopped = True

    def _run(self) -> None:
        compression = compression_of(self._path)
        try:
            if compression is None:
                self._read_plain()
            else:
                self._read_compressed(compression)
        except _Stopped:
            return
        except OSError as error:
            self._end(Failure(type(error).__name__, unreadable(self._path, error)))
        except Damaged as error:
            self._end(Failure("Damaged", f"'{self._path}' cannot be read: {error}"))
        except BaseException as error:
            # Told where the blocks are awaited.
            self._end(Failure(type(error).__name__, f"'{self._path}' cannot be read: {error}"))
        else:
            self._end(b"")

    def _end(self, end: bytes | Failure) -> None:
        try:
            self._flush()
            self._put(end)
        except _Stopped:
            return

    def _read_plain(self) -> None:
        with open(self._path, "rb", buffering=0) as file:
            file.seek(self._start)
            while data := file.read(BLOCK_BYTES):
                self._put(data)

    def _read_compressed(self, compression: str) -> None:
        expanding = expander(compression)
        with open(self._path, "rb", buffering=0) as file:
            while data := file.read(_INPUT_BYTES):
                self._expand(compression, expanding, data, file.tell() - len(data))
        try:
            expanding.finish()
        except Damaged as error:
            self._flush()
            raise Damaged(f"{error}, after {self._produced:,} bytes of content; get it again from where it came") from None

    def _expand(self, compression: str, expanding: Expander, data: bytes, at: int) -> None:
        try:
            for piece in expanding.expand(data, self._room):
                self._take(piece)
        except _Stopped:
            raise
        except Exception as error:
            # The call that failed gave nothing out, though some of its input was sound.
            for piece in _sound_part(self._path, compression, at, self._produced):
                self._take(piece)
            self._flush()
            raise Damaged(
                f"its {compression} data is damaged near byte {at:,} of the file, after {self._produced:,} bytes of content "
                f"({error}); get it again from where it came"
            ) from error

    def _room(self) -> int:
        return BLOCK_BYTES - self._rest_size

    def _take(self, piece: bytes) -> None:
        """Expanded bytes: what lies before the start is passed over, the rest gathered to blocks."""
        passed = self._start - self._produced
        self._produced += len(piece)
        if passed > 0:
            piece = piece[passed:]
        if piece:
            self._rest.append(piece)
            self._rest_size += len(piece)
        if self._rest_size >= BLOCK_BYTES:
            self._flush()
        elif self._stopped:
            raise _Stopped

    def _flush(self) -> None:
        if self._rest:
            block = self._rest[0] if len(self._rest) == 1 else b"".join(self._rest)
            self._rest.clear()
            self._rest_size = 0
            self._put(block)

    def _put(self, block: bytes | Failure) -> None:
        while not self._stopped:
            try:
                self._blocks.put(block, timeout=_STOP_CHECK_S)
            except queue.Full:
                continue
            return
        raise _Stopped


class _Stopped(Exception):
    """Nobody waits for blocks any more."""


def _sound_part(path: str, compression: str, at: int, produced: int) -> Iterator[bytes]:
    """What can be had beyond `produced` bytes of content from a file damaged behind byte `at`: byte by byte from there."""
    expanding = expander(compression)
    passed = 0
    with open(path, "rb", buffering=0) as file:
        while True:
            data = file.read(_INPUT_BYTES if file.tell() < at else 1)
            if not data:
                return
            try:
                for piece in expanding.expand(data, lambda: BLOCK_BYTES):
                    if passed + len(piece) > produced:
                        yield piece[max(0, produced - passed) :]
                    passed += len(piece)
            except Exception:
                return  # here it is damaged; that has been seen before


def unreadable(path: str, error: OSError) -> str:
    """Why a file cannot be read, and the cure."""
    if isinstance(error, FileNotFoundError):
        return f"there is no file '{path}'; check the path"
    if isinstance(error, PermissionError):
        return f"'{path}' may not be read by this user; change its rights"
    if isinstance(error, IsADirectoryError):
        return f"'{path}' is a folder; name a file, or files by a pattern such as '{os.path.join(path, '*')}'"
    return f"'{path}' cannot be read: {error.strerror or error}"
