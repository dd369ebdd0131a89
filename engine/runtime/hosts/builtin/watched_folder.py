"""Which files of a folder are ready to be taken: those that match and that nobody is writing any more."""

from __future__ import annotations

import fnmatch
import os
import time
from collections.abc import Iterator
from typing import NamedTuple


class Found(NamedTuple):
    """A file as it was found: its size and the time of its last change tell whether it is another by now."""

    path: str
    size: int
    modified_ns: int

    @property
    def stamp(self) -> list[int]:
        """What is remembered of it."""
        return [self.size, self.modified_ns]

    def is_unchanged(self) -> bool:
        """Whether the file is still the one that was found."""
        try:
            found = os.stat(self.path)
        except OSError:
            return False
        return (found.st_size, found.st_mtime_ns) == (self.size, self.modified_ns)


class WatchedFolder:
    """Looks into a folder; `without` is a folder inside it that does not count."""

    def __init__(self, path: str, pattern: str, *, recursive: bool, settle_s: float, without: str | None) -> None:
        self._path = path
        self._pattern = pattern
        self._recursive = recursive
        self._settle_s = settle_s
        self._without = without
        self._seen: dict[str, tuple[list[int], float]] = {}
        self._listed: set[str] = set()

    def look(self) -> tuple[list[Found], bool]:
        """The files that are ready, oldest first, and whether others are still changing."""
        ready: list[Found] = []
        changing = False
        self._listed.clear()
        seen: dict[str, tuple[list[int], float]] = {}
        for found in self._files(self._path):
            if self._is_settled(found, seen):
                ready.append(found)
            else:
                changing = True
        self._seen = seen
        ready.sort(key=lambda found: (found.modified_ns, found.path))
        return ready, changing

    def is_gone(self, path: str) -> bool:
        """Whether a file was surely not there at the last look; an empty folder may be one that is not mounted."""
        return path not in self._seen and os.path.dirname(path) in self._listed

    def _is_settled(self, found: Found, seen: dict[str, tuple[list[int], float]]) -> bool:
        now = time.monotonic()
        stamp, since = self._seen.get(found.path, ([], now))
        if stamp != found.stamp:
            since = now
        seen[found.path] = (found.stamp, since)
        if not self._settle_s:
            return True
        # Either its own clock says so, or, where that is ahead of ours, we have watched it long enough.
        return time.time() - found.modified_ns / 1e9 >= self._settle_s or now - since >= self._settle_s

    def _files(self, folder: str) -> Iterator[Found]:
        try:
            entries = list(os.scandir(folder))
        except OSError:
            return  # not there yet, or gone while looking
        for entry in entries:
            try:
                if entry.is_dir(follow_symlinks=False):
                    if self._recursive and os.path.realpath(entry.path) != self._without:
                        yield from self._files(entry.path)
                elif self._matches(entry.name) and entry.is_file():
                    found = entry.stat()
                    self._listed.add(folder)
                    yield Found(entry.path, found.st_size, found.st_mtime_ns)
            except OSError:
                continue

    def _matches(self, name: str) -> bool:
        """Hidden files match only what asks for them, as in a shell: many programs hide what they have not finished."""
        return fnmatch.fnmatchcase(name, self._pattern) and (not name.startswith(".") or self._pattern.startswith("."))
