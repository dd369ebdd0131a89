"""Takes compressed bytes apart, piece by piece: gzip, bzip2, xz and Zstandard, each also as several streams one after another.

`isal` is used for gzip where it is there: it is several times as fast as zlib and gives the same bytes.
"""

from __future__ import annotations

import bz2
import importlib
import lzma
import os
import zlib
from collections.abc import Callable, Iterator
from typing import Any, Protocol

SUFFIXES = {".gz": "gz", ".bz2": "bz2", ".xz": "xz", ".lzma": "xz", ".zst": "zst"}
_GZIP_WBITS = 31
_ZSTD_FEED = 1 << 14
"""Its decompressor gives all it has at once, so it gets little at once."""


class Damaged(Exception):
    """Compressed bytes that cannot be what a compressor wrote."""


class Expander(Protocol):
    """Holds the decompressor between two pieces of input."""

    def expand(self, data: bytes, room: Callable[[], int]) -> Iterator[bytes]:
        """What a piece of input becomes, in pieces of about `room()` bytes at most; raises whatever the library raises."""
        ...

    def finish(self) -> None:
        """There is no more input; raises Damaged if there should be."""
        ...


def compression_of(path: str | os.PathLike[str]) -> str | None:
    """How a file is compressed, by the end of its name: gz, bz2, xz, zst or None."""
    return SUFFIXES.get(os.path.splitext(path)[1].lower())


def expander(compression: str) -> Expander:
    """A new expander; raises Damaged, with the cure, where the library for it is missing."""
    if compression == "gz":
        return _Deflated()
    if compression == "bz2":
        return _Streams(bz2.BZ2Decompressor)
    if compression == "xz":
        return _Streams(lzma.LZMADecompressor, padding=b"\0")
    try:
        zstandard = importlib.import_module("zstandard")
    except ImportError:
        raise Damaged("reading .zst files needs the package zstandard; add it to the environment") from None
    return _Frames(zstandard.ZstdDecompressor().decompressobj)


def _inflate() -> Any:
    try:
        return importlib.import_module("isal.isal_zlib").decompressobj(_GZIP_WBITS)
    except ImportError:
        return zlib.decompressobj(_GZIP_WBITS)


class _Deflated:
    """Members of a gzip file; zeros may follow them."""

    def __init__(self) -> None:
        self._member: Any = None
        self._any = False

    def expand(self, data: bytes, room: Callable[[], int]) -> Iterator[bytes]:
        while data:
            if self._member is None:
                data = data.lstrip(b"\0") if self._any else data
                if not data:
                    return
                self._member = _inflate()
            yield self._member.decompress(data, room())
            if self._member.eof:
                data, self._member, self._any = self._member.unused_data, None, True
            else:
                data = self._member.unconsumed_tail

    def finish(self) -> None:
        if self._member is not None:
            raise Damaged("the file ends in the middle of its compressed data")


class _Streams:
    """Streams of a bz2 or xz file."""

    def __init__(self, make: Callable[[], Any], padding: bytes = b"") -> None:
        self._make = make
        self._padding = padding
        self._stream: Any = None
        self._any = False

    def expand(self, data: bytes, room: Callable[[], int]) -> Iterator[bytes]:
        while True:
            if self._stream is None:
                data = data.lstrip(self._padding) if self._any and self._padding else data
                if not data:
                    return
                self._stream = self._make()
            yield self._stream.decompress(data, room())
            data = b""
            if self._stream.eof:
                data, self._stream, self._any = self._stream.unused_data, None, True
            elif self._stream.needs_input:
                return

    def finish(self) -> None:
        if self._stream is not None:
            raise Damaged("the file ends in the middle of its compressed data")


class _Frames:
    """Frames of a Zstandard file."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self._make = make
        self._frame: Any = None

    def expand(self, data: bytes, room: Callable[[], int]) -> Iterator[bytes]:
        for start in range(0, len(data), _ZSTD_FEED):
            piece = data[start : start + _ZSTD_FEED]
            while piece:
                self._frame = self._frame or self._make()
                yield self._frame.decompress(piece)
                piece = b""
                if self._frame.eof:
                    piece, self._frame = self._frame.unused_data, None

    def finish(self) -> None:
        if self._frame is not None:
            raise Damaged("the file ends in the middle of its compressed data")
