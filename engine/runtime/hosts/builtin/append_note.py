"""Remembers how long a file was before a run began to append to it, until the ledger remembers it.

The ledger learns the file's length with the commit of the first task, which comes after that task's write. A crash between
the two would leave bytes that nobody knows to be from a task that never was. So the length is noted beside the file first,
together with how far the writes since may have come: if the file is longer than that, somebody else wrote to it, and nothing
is cut.
"""

from __future__ import annotations

import json
import os

_WRITES = 64
"""After so many writes the first task is committed: far fewer can be under way at once."""


class AppendNote:
    """The note of one file, `.NAME.pyfi` in its folder."""

    def __init__(self, path: str) -> None:
        folder, name = os.path.split(path)
        self._path = os.path.join(folder, f".{name}.pyfi")
        self._original: int | None = None
        self._writes = 0

    def begin(self, size: int) -> int:
        """A run begins to append to a file of `size` bytes; returns how many of them were there before it."""
        self._original = original = size
        self._writes = 0
        try:
            with open(self._path, encoding="ascii") as file:
                length, written = json.load(file)
        except (FileNotFoundError, ValueError):
            return size
        if length <= size <= written:
            self._original = original = length
        return original

    def before_write(self, end: int) -> None:
        """The file is about to be written up to `end`."""
        if self._original is None:
            return
        self._writes += 1
        if self._writes > _WRITES:
            self.drop()
            return
        with open(self._path + "~", "w", encoding="ascii") as file:
            json.dump([self._original, end], file)
        os.replace(self._path + "~", self._path)

    def drop(self) -> None:
        """The ledger knows the length by now."""
        self._original = None
        for path in (self._path, self._path + "~"):
            try:
                os.unlink(path)
            except OSError:
                continue
