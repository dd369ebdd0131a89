"""A workspace: the folder in which one engine keeps its ledger, large contents and logs."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
from collections.abc import Generator
from pathlib import Path
from urllib.parse import quote

import platformdirs

from engine.errors import StorageFull, StorageReadOnly, UsageError, WorkspaceBusy


def default_folder() -> Path:
    """The workspace in the user's data folder."""
    return Path(platformdirs.user_data_dir("pyfi", appauthor=False)) / "workspace"


def textual(path: Path, what: str) -> Path:
    """The path; raises UsageError where its bytes are no UTF-8, since ledgers, logs and URLs keep it as text."""
    try:
        str(path).encode()
    except UnicodeEncodeError:
        shown = str(path).encode(errors="replace").decode()
        raise UsageError(f"the path of {what} is not UTF-8 text: {shown}; rename that file or folder") from None
    return path


class Workspace:
    """The folder, locked for one engine as long as this object is open (the lock ends with the process, however it ends)."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = textual((folder or default_folder()).absolute(), "the workspace")
        self.claims = self.folder / "claims"
        self.logs = self.folder / "logs"
        self.ledger_url = f"sqlite:///{quote(str(self.folder / 'ledger.db'))}"
        self.results_url = f"sqlite:///{quote(str(self.folder / 'results.db'))}"
        self.engine_file = self.folder / "engine.json"
        self._lock_file = self.folder / "lock"
        self._lock: int | None = None

    def make(self) -> None:
        """Make its folders, if they are not there; raises StorageReadOnly, StorageFull."""
        with self._explained():
            for folder in (self.folder, self.claims, self.logs):
                folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def open(self) -> None:
        """Make the folder and take its lock; raises WorkspaceBusy, StorageReadOnly, StorageFull."""
        self.make()
        with self._explained():
            self._lock = lock = os.open(self._lock_file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(lock, 32, 0).decode("ascii", "replace").strip()
            os.close(lock)
            self._lock = None
            raise WorkspaceBusy(
                f"another engine (process {holder or 'unknown'}) owns the workspace {self.folder}; "
                "stop it, or choose another with --workspace"
            ) from None
        os.ftruncate(lock, 0)
        os.pwrite(lock, str(os.getpid()).encode(), 0)

    @property
    def last_owner(self) -> int | None:
        """The process that has the lock, or had it last."""
        try:
            return int(self._lock_file.read_bytes())
        except (OSError, ValueError):
            return None

    @contextlib.contextmanager
    def _explained(self) -> Generator[None]:
        try:
            yield
        except (FileExistsError, NotADirectoryError) as error:
            raise StorageReadOnly(f"the workspace {self.folder} is not a folder; choose another with --workspace") from error
        except OSError as error:
            if error.errno == errno.ENOSPC:
                raise StorageFull(
                    f"no space left for the workspace {self.folder}; free some or choose another with --workspace"
                ) from error
            raise StorageReadOnly(
                f"the workspace {self.folder} cannot be written ({error.strerror}); choose another with --workspace"
            ) from error

    def claim_file(self, id: str) -> Path:
        """Where a large content lies."""
        return self.claims / id[:2] / id

    def remove_claims(self, ids: list[str]) -> None:
        """Delete files that nobody refers to any more."""
        for id in ids:
            self.claim_file(id).unlink(missing_ok=True)

    def sweep_claims(self, known: set[str]) -> int:
        """Delete files that no batch ever came to refer to (their host or engine died first); returns how many."""
        strays = [path for path in self.claims.glob("??/*") if path.name not in known]
        for path in strays:
            path.unlink(missing_ok=True)
        return len(strays)

    def close(self) -> None:
        """Let go of the lock."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None
