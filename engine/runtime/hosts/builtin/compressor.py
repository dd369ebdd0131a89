"""Compresses what a file sink writes, so that the file can be cut wherever a task ended and written on from there.

A gzip file stays one member through all tasks and restarts: every task ends with a flush to a byte boundary, and after a
restart what follows is deflated without looking back. bzip2, xz and Zstandard get a whole stream or frame for every task.
"""

from __future__ import annotations

import bz2
import importlib
import lzma
import struct
import zlib
from typing import Any, Protocol

from ..errors import NotNow

_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
"""RFC 1952: magic, deflate, no flags, no time, no hint, unknown system."""
_LAST_BLOCK = b"\x03\x00"
"""RFC 1951: a final block, fixed codes, end of block."""
_RAW = -15
_ISAL_LEVEL = 2


class Compressor(Protocol):
    """What has been committed of it is `saved()`, which makes the same compressor again."""

    def compress(self, data: bytes) -> bytes:
        """A task's bytes, ready to be cut behind."""
        ...

    def finish(self) -> bytes:
        """What makes the file whole as it stands; more may follow all the same."""
        ...

    def saved(self) -> list[int]:
        """The numbers it needs to go on."""
        ...


def compressor(compression: str | None, saved: list[int]) -> Compressor:
    """A compressor that goes on where `saved` says (empty: begins)."""
    if compression == "gz":
        return _Gzip(*saved)
    if compression == "bz2":
        return _Whole(bz2.compress)
    if compression == "xz":
        return _Whole(lzma.compress)
    if compression == "zst":
        try:
            return _Whole(importlib.import_module("zstandard").ZstdCompressor().compress)
        except ImportError:
            raise NotNow("writing .zst files needs the package zstandard; add it to the environment", 10.0) from None
    return _Whole(bytes)


class _Whole:
    """Each piece for itself."""

    def __init__(self, compress: Any) -> None:
        self.compress = compress

    def finish(self) -> bytes:
        return b""

    def saved(self) -> list[int]:
        return []


class _Gzip:
    """A member that is open or about to be opened; `crc` and `size` are of what is in it."""

    def __init__(self, is_open: int = 0, crc: int = 0, size: int = 0) -> None:
        self._open = is_open
        self._crc = crc
        self._size = size
        try:
            self._library: Any = importlib.import_module("isal.isal_zlib")
            self._level = _ISAL_LEVEL
        except ImportError:
            self._library = zlib
            self._level = zlib.Z_DEFAULT_COMPRESSION
        self._deflate: Any = None

    def compress(self, data: bytes) -> bytes:
        head = b"" if self._open else _HEADER
        if self._deflate is None:
            self._deflate = self._library.compressobj(self._level, zlib.DEFLATED, _RAW)
        self._open = 1
        self._crc = self._library.crc32(data, self._crc)
        self._size = (self._size + len(data)) & 0xFFFFFFFF
        return b"".join((head, self._deflate.compress(data), self._deflate.flush(zlib.Z_SYNC_FLUSH)))

    def finish(self) -> bytes:
        if not self._open:
            return b""
        trailer = _LAST_BLOCK + struct.pack("<II", self._crc, self._size)
        self._open = self._crc = self._size = 0
        self._deflate = None
        return trailer

    def saved(self) -> list[int]:
        return [self._open, self._crc, self._size]
