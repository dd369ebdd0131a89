"""read_files: the files of a folder, as they come."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import time
from collections.abc import Iterator, Mapping
from typing import Any

from ..body import Body as Base
from ..body import BodyContext, Chunk
from ..claims import LARGE_BYTES
from ..errors import describe
from .watched_folder import Found, WatchedFolder

_MAX_MESSAGES = 1_000
_IDLE_S = 0.05
_TAKEN = "taken:"

Message = tuple[Found, Any, dict[str, str]]


class Body(Base):
    """State: `taken:PATH`, the size and time of each file that is there and has been taken."""

    fresh = True

    def __init__(self, config: Mapping[str, Any], ctx: BodyContext) -> None:
        super().__init__(config, ctx)
        self._path = self._full(config["path"])
        self._target = self._full(config["move_to"]) if config["move_to"] else None
        self._taken: dict[str, list[int]] = {}
        self._refused: dict[str, list[int]] = {}

    def _full(self, path: str) -> str:
        return os.path.join(str(self.ctx.folder), os.path.expanduser(path))

    def produce(self) -> Iterator[Chunk | None]:
        """A message for each file; without end, or until all have been taken."""
        self._recall()
        folder = WatchedFolder(
            self._path,
            self.config["pattern"],
            recursive=self.config["recursive"],
            settle_s=self.config["settle"],
            without=None if self._target is None else os.path.realpath(self._target),
        )
        while True:
            ready, changing = folder.look()
            yield from self._chunks([found for found in ready if not self._is_known(found)])
            self._forget_gone(folder)
            if self.config["once"] and not changing:
                return
            due = time.monotonic() + max(_IDLE_S, self.config["every"])
            yield None
            while (left := due - time.monotonic()) > 0:
                time.sleep(min(_IDLE_S, left))
                yield None

    def _is_known(self, found: Found) -> bool:
        return found.stamp in (self._taken.get(found.path), self._refused.get(found.path))

    def _chunks(self, files: list[Found]) -> Iterator[Chunk]:
        taken: list[Message] = []
        bad: list[Message] = []
        size = 0
        for found in files:
            message = self._message(found, bad)
            if message is None:
                continue
            taken.append((found, *message))
            size += min(found.size, LARGE_BYTES)
            if size >= LARGE_BYTES * 3 // 4 or len(taken) >= _MAX_MESSAGES:
                yield self._chunk(taken, "success")
                taken, size = [], 0
        if taken:
            yield self._chunk(taken, "success")
        if bad:
            yield self._chunk(bad, "failure")

    def _chunk(self, taken: list[Message], port: str) -> Chunk:
        for found, _, _ in taken:
            self.ctx.state[_TAKEN + found.path] = self._taken[found.path] = found.stamp
        done = [found for found, _, _ in taken]
        return Chunk([content for _, content, _ in taken], [each for _, _, each in taken], token=done, port=port)

    def _message(self, found: Found, bad: list[Message]) -> tuple[Any, dict[str, str]] | None:
        """Content and attributes of a file; None if it cannot be read now or, as it is no text, is among the bad."""
        attributes = _attributes(found)
        try:
            content = self._read(found)
        except FileNotFoundError:
            return None
        except OSError as error:
            self._refused[found.path] = found.stamp
            self.ctx.log(f"'{found.path}' cannot be read ({error.strerror}); it is left out until it changes", "warning")
            return None
        except UnicodeDecodeError as error:
            bad.append((found, self._bytes(found), {**attributes, **describe(error).attributes(self.ctx.step)}))
            return None
        # Changed while it was read: it is for a later look.
        return (content, attributes) if found.is_unchanged() else None

    def _read(self, found: Found) -> Any:
        if not self.config["encoding"]:
            return self._bytes(found)
        with open(found.path, encoding=self.config["encoding"], newline="") as file:
            return file.read()

    def _bytes(self, found: Found) -> Any:
        if found.size > LARGE_BYTES:
            return self.ctx.claims.put_file(found.path)
        with open(found.path, "rb") as file:
            return file.read()

    def committed(self, token: Any, done: bool) -> None:
        """The messages are in the ledger: now the files may go."""
        if done:
            for found in token:
                self._dispose(found)

    def _recall(self) -> None:
        """Remember what was taken, and put away what a process that ended in between left where it was."""
        for name, stamp in self.ctx.state.items():
            if name.startswith(_TAKEN):
                path = name[len(_TAKEN) :]
                self._taken[path] = stamp
                self._dispose(Found(path, *stamp))

    def _dispose(self, found: Found) -> None:
        if self.config["after"] == "keep" or not found.is_unchanged():
            return
        try:
            if self._target is None:
                os.unlink(found.path)
            else:
                os.makedirs(self._target, exist_ok=True)
                shutil.move(found.path, _free_name(self._target, os.path.basename(found.path)))
        except OSError as error:
            self.ctx.log(f"'{found.path}' was taken, but cannot be put away: {error.strerror}", "warning")

    def _forget_gone(self, folder: WatchedFolder) -> None:
        """Files that are not there any more need not be remembered."""
        for path in [path for path in self._taken if folder.is_gone(path)]:
            del self._taken[path]
            del self.ctx.state[_TAKEN + path]


def _attributes(found: Found) -> dict[str, str]:
    modified = dt.datetime.fromtimestamp(found.modified_ns / 1e9, dt.UTC)
    return {
        "path": found.path,
        "filename": os.path.basename(found.path),
        "size": str(found.size),
        "modified": modified.isoformat(timespec="milliseconds"),
    }


def _free_name(folder: str, name: str) -> str:
    """A path in the folder that is not taken."""
    stem, suffix = os.path.splitext(name)
    path, number = os.path.join(folder, name), 1
    while os.path.lexists(path):
        path, number = os.path.join(folder, f"{stem}-{number}{suffix}"), number + 1
    return path
