"""Content too large for a queue row: a file of the claims folder, and a Claim in its place.

The file is written whole before the batch that refers to it leaves the host; the engine deletes it when no batch refers to it
any more, and at its start deletes those that no batch ever came to refer to.
"""

from __future__ import annotations

import os
import shutil
import uuid
from pathlib import Path
from typing import IO, Any

from . import values
from .values import Claim

LARGE_BYTES = 1 << 20
LOST = "the file that kept this content is gone from the workspace's claims folder; restore it, or drop the message"
_RAW = "bytes"
_PACKED = "packed"


class Store:
    """The claims folder. `used` tells whether this process has met a claim yet; until then nobody looks for one."""

    def __init__(self, folder: str | Path) -> None:
        self._folder = Path(folder)
        self.used = False

    def path(self, claim: Claim) -> Path:
        """Where the content of a claim lies."""
        return self._folder / claim.id[:2] / claim.id

    def put(self, content: Any) -> Claim:
        """Keep content in a file."""
        self.used = True
        raw = type(content) is bytes
        data = content if raw else values.pack(content)
        claim = Claim(uuid.uuid4().hex, len(data), _RAW if raw else _PACKED)
        with self._create(claim) as file:
            file.write(data)
        return claim

    def put_file(self, path: str | Path) -> Claim:
        """Keep the bytes of a file, without reading them into memory."""
        self.used = True
        claim = Claim(uuid.uuid4().hex, 0, _RAW)
        with open(path, "rb") as source, self._create(claim) as file:
            shutil.copyfileobj(source, file, LARGE_BYTES)
            claim.size = file.tell()
        return claim

    def get(self, claim: Claim) -> Any:
        """The content behind a claim, in memory."""
        self.used = True
        data = self.path(claim).read_bytes()
        return data if claim.type == _RAW else values.unpack(data)

    def open(self, claim: Claim) -> IO[bytes]:
        """The bytes behind a claim, to be read in pieces."""
        return self.path(claim).open("rb")

    def resolve(self, contents: list[Any]) -> list[Any]:
        """The contents with every claim replaced by what is behind it."""
        if not any(type(content) is Claim for content in contents):
            return contents
        self.used = True
        return [self.get(content) if type(content) is Claim else content for content in contents]

    def lost(self, contents: list[Any]) -> list[int]:
        """Which of the contents are claims whose file is gone."""
        return [row for row, content in enumerate(contents) if type(content) is Claim and not self.path(content).exists()]

    def _create(self, claim: Claim) -> IO[bytes]:
        path = self.path(claim)
        path.parent.mkdir(parents=True, exist_ok=True)
        return os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb")


def named(contents: list[Any]) -> list[str]:
    """The ids of the claims among contents."""
    return [content.id for content in contents if type(content) is Claim]
