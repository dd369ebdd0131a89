"""Where the engine of a workspace can be reached: `engine.json` in its folder, readable by its owner only."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

import msgspec
from msgspec import Struct

from engine.errors import StorageError, WorkspaceBusy
from engine.runtime.workspace import Workspace

_DEAD = "dead"
"""The birth of one that has ended and only waits to be buried."""


class Address(Struct, frozen=True):
    """A running engine. `token` opens its doors: it is never logged, shown or sent anywhere but there."""

    url: str
    token: str
    pid: int
    version: str
    birth: str = ""
    """When the process began, as far as the system tells; another process may have got its number since."""

    @property
    def is_alive(self) -> bool:
        """Whether the process is still there."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            return True
        birth = birth_of(self.pid)
        return birth != _DEAD and not (birth and self.birth and birth != self.birth)

    def __repr__(self) -> str:
        return f"Address({self.url!r}, pid={self.pid})"


def write_address(path: Path, address: Address) -> None:
    """Make an engine known, whole or not at all."""
    temporary: Path | None = None
    try:
        descriptor, name = tempfile.mkstemp(prefix=".engine-", dir=path.parent)  # readable by the owner only
        temporary = Path(name)
        with os.fdopen(descriptor, "wb") as file:
            file.write(msgspec.json.encode(address))
        temporary.replace(path)
    except OSError as error:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        raise StorageError(f"{path} cannot be written ({error.strerror}); free space or choose another --workspace") from error


def read_address(path: Path) -> Address | None:
    """What the file says; None when there is none that can be read."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Address)
    except (OSError, msgspec.DecodeError):
        return None


def withdraw(path: Path, address: Address) -> None:
    """Take the file away, if it is still ours."""
    if read_address(path) == address:
        with contextlib.suppress(OSError):
            path.unlink()


def find_engine(folder: Path) -> Address | None:
    """The engine that serves a workspace; None when none does (a file that a killed engine left behind counts for nothing)."""
    address = read_address(Workspace(folder).engine_file)
    return address if address is not None and address.is_alive else None


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
    if not address.is_alive:
        raise WorkspaceBusy(
            f"the engine that {path} names (process {address.pid}) is dead, and another `pyfi` uses the workspace; "
            "wait until it ends, or choose another with --workspace"
        )
    return address


def birth_of(pid: int) -> str:
    """When a process began, in the system's own terms; "" where that is not to be had."""
    try:
        # Field 22 of proc(5)'s stat; the name in brackets may hold anything.
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        return _DEAD if fields[0] in "ZX" else fields[19]
    except (OSError, IndexError):
        return ""
