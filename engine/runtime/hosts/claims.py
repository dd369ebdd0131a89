"""Content too large for a queue row: a file of the claims folder, and a Claim in its place.

The file is written whole before the batch or state value that refers to it leaves the host; the engine deletes it when nothing
refers to it any more, and at its start deletes those that nothing ever came to refer to.
"""

from __future__ import annotations

import os
import shutil
import sys
import uuid
from collections.abc import Container, Iterable
from pathlib import Path
from typing import IO, Any

from . import values
from .errors import Failure
from .values import Claim

LARGE_BYTES = 1 << 20
LOST = "the file that kept this content is gone from the workspace's claims folder; restore it, or drop the message"
_RAW = "bytes"
_PACKED = "packed"


class Store:
    """The claims folder. Without one (an empty `folder`) everything stays in rows, however large: `limit` is out of reach."""

    def __init__(self, folder: str | Path) -> None:
        self._folder = Path(folder)
        self.limit = LARGE_BYTES if str(folder) else sys.maxsize
        self._aside: list[Claim] = []

    @property
    def used(self) -> bool:
        """Whether this process has met a claim yet; until then nobody looks for one."""
        return Claim.met

    def path(self, claim: Claim) -> Path:
        """Where the content of a claim lies."""
        return self._folder / claim.id[:2] / claim.id

    def put(self, content: Any) -> Claim:
        """Keep content in a file."""
        raw = type(content) is bytes
        data = content if raw else values.pack(content)
        claim = Claim(uuid.uuid4().hex, len(data), _RAW if raw else _PACKED)
        with self._create(claim) as file:
            file.write(data)
        return claim

    def put_file(self, path: str | Path) -> Claim | bytes:
        """Keep the bytes of a file, without reading them into memory; where there is no folder to keep them in, the bytes."""
        if self.limit == sys.maxsize:
            with open(path, "rb") as source:
                return source.read()
        claim = Claim(uuid.uuid4().hex, 0, _RAW)
        with open(path, "rb") as source, self._create(claim) as file:
            shutil.copyfileobj(source, file, LARGE_BYTES)
            claim.size = file.tell()
        return claim

    def get(self, claim: Claim) -> Any:
        """The content behind a claim, in memory; raises Failure when its file is gone."""
        try:
            data = self.path(claim).read_bytes()
        except FileNotFoundError as error:
            raise Failure("ContentLost", LOST, retry=False) from error
        return data if claim.type == _RAW else values.unpack(data)

    def load(self, content: Any) -> Any:
        """The content, from its file if it is there; raises Failure when the file is gone."""
        return self.get(content) if type(content) is Claim else content

    def open(self, claim: Claim) -> IO[bytes]:
        """The bytes behind a claim, to be read in pieces."""
        return self.path(claim).open("rb")

    def resolve(self, contents: list[Any]) -> list[Any]:
        """The contents with every claim replaced by what is behind it."""
        if not any(type(content) is Claim for content in contents):
            return contents
        return [self.load(content) for content in contents]

    def aside(self, contents: list[Any], size: int | None = None) -> list[Any]:
        """Contents as they are to wait in state: every large one in a file. `size` is that of all together, if it is known."""
        if size is not None and size <= self.limit:
            return contents
        put = [self.put(content) if length(content) > self.limit else content for content in contents]
        self._aside += [claim for claim, content in zip(put, contents, strict=True) if claim is not content]
        return put

    def tidy(self, files: Container[str] = ()) -> None:
        """A task ends: drop what was put aside for messages that no longer wait. `files` are those that something refers to."""
        for claim in self._aside:
            if claim.id not in files:
                self.path(claim).unlink(missing_ok=True)
        self._aside.clear()

    def lost(self, contents: list[Any]) -> list[int]:
        """Which of the contents are claims whose file is gone."""
        return [row for row, content in enumerate(contents) if type(content) is Claim and not self.path(content).exists()]

    def _create(self, claim: Claim) -> IO[bytes]:
        path = self.path(claim)
        path.parent.mkdir(parents=True, exist_ok=True)
        return os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb")


def length(content: Any) -> int:
    """How many bytes a content takes."""
    return len(content) if type(content) is bytes else len(values.pack(content))


def named(contents: Iterable[Any]) -> list[str]:
    """The ids of the claims among contents."""
    return [content.id for content in contents if type(content) is Claim]
