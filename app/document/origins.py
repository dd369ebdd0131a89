"""Where flows came from: the file beside each flow of the database, and what was opened lately."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

import msgspec
from msgspec import Struct

_RECENT = 20


class Origin(Struct):
    """A flow's file as it was when the two were last the same; `folder` is what its paths start from."""

    path: str = ""
    folder: str = ""
    digest: str = ""
    revision: int = 0


class _Content(Struct):
    flows: dict[str, Origin] = {}
    recent: list[str] = []
    targets: dict[str, str] = {}


class Origins:
    """Origins of flows by id, kept in one small file; it can be lost without harm to any flow."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._content = msgspec.json.decode(path.read_bytes(), type=_Content)
        except (OSError, msgspec.DecodeError):
            self._content = _Content()

    def of(self, id: str) -> Origin:
        """Where a flow came from; an empty origin if that is not known."""
        return self._content.flows.get(id, Origin())

    def by_path(self, path: Path) -> str:
        """The id of the flow that came from a file; empty for none."""
        wanted = str(path.absolute())
        return next((id for id, origin in self._content.flows.items() if origin.path == wanted), "")

    def note(self, id: str, origin: Origin) -> None:
        """Remember where a flow came from."""
        self._content.flows[id] = origin
        self._write()

    def forget(self, id: str) -> None:
        """A flow is no more."""
        self._content.flows.pop(id, None)
        self._content.targets.pop(id, None)
        self._content.recent = [other for other in self._content.recent if other != id]
        self._write()

    def target_of(self, id: str) -> str:
        """The target that was chosen for a flow; empty for this machine."""
        return self._content.targets.get(id, "")

    def choose_target(self, id: str, name: str) -> None:
        """Remember the target of a flow."""
        if name:
            self._content.targets[id] = name
        else:
            self._content.targets.pop(id, None)
        self._write()

    @property
    def recent(self) -> list[str]:
        """Ids of the flows that were opened last, the newest first."""
        return list(self._content.recent)

    def opened(self, id: str) -> None:
        """A flow was opened."""
        self._content.recent = [id, *(other for other in self._content.recent if other != id)][:_RECENT]
        self._write()

    def clear_recent(self) -> None:
        """Forget what was opened; where flows came from stays known."""
        self._content.recent = []
        self._write()

    def _write(self) -> None:
        """Write the file whole or not at all; if that fails, it is only less convenient next time."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            descriptor, name = tempfile.mkstemp(prefix=".origins-", dir=self._path.parent)
            with os.fdopen(descriptor, "wb") as file:
                file.write(msgspec.json.format(msgspec.json.encode(self._content)))
            Path(name).replace(self._path)
        except OSError:
            return


def digest_of(path: Path) -> str:
    """A digest of a file's bytes; empty when it cannot be read."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""
