"""Where the engine of a workspace can be reached: `engine.json` in its folder, readable by its owner only."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import msgspec
from msgspec import Struct

from engine.errors import StorageError, WorkspaceBusy
from engine.runtime.workspace import Workspace


class Address(Struct, frozen=True):
    """A running engine. `token` opens its doors: it is never logged, shown or sent anywhere but there."""

    url: str
    token: str
    pid: int
    version: str

    def __repr__(self) -> str:
        return f"Address({self.url!r}, pid={self.pid})"


def write_address(path: Path, address: Address) -> None:
    """Make an engine known, whole or not at all."""
    descriptor, name = tempfile.mkstemp(prefix=".engine-", dir=path.parent)  # readable by the owner only
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(msgspec.json.encode(address))
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise StorageError(f"{path} cannot be written ({error.strerror}); free space or choose another --workspace") from error


def read_address(path: Path) -> Address | None:
    """What the file says; None when there is none that can be read."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Address)
    except (OSError, msgspec.DecodeError):
        return None


def find_engine(folder: Path) -> Address | None:
    """The engine that serves a workspace; None when none does (a file that a killed engine left behind counts for nothing)."""
    address = read_address(Workspace(folder).engine_file)
    return address if address is not None and is_alive(address.pid) else None


def engine_of(folder: Path) -> Address:
    """The engine that serves a workspace that is in use.

    Raises:
        WorkspaceBusy: whatever uses it cannot be asked; says why.
    """
    path = Workspace(folder).engine_file
    address = read_address(path)
    if address is None:
        raise WorkspaceBusy(
            f"the workspace {folder} is used by another `pyfi` that takes no orders; "
            "wait until it ends, or choose another with --workspace"
        )
    if not is_alive(address.pid):
        raise WorkspaceBusy(
            f"the engine that {path} names (process {address.pid}) is dead, and another `pyfi` uses the workspace; "
            "wait until it ends, or choose another with --workspace"
        )
    return address


def is_alive(pid: int) -> bool:
    """Whether there is such a process."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return not _is_zombie(pid)


def _is_zombie(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[0] == "Z"
    except (OSError, IndexError):
        return False
