"""BlackBox, which has a crash that no Python code survives write down where it happened."""

from __future__ import annotations

import contextlib
import faulthandler
import fcntl
import os
from pathlib import Path
from typing import IO

from app.crash.place import state_folder

_HEAD = "The desktop ended hard. What it was doing, thread by thread:\n\n"


class BlackBox:
    """A file that is empty but for its first line as long as all is well; `close` takes it away.

    It is locked while its program lives, so that the next one knows which are left behind.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._path = (folder or state_folder()) / f"fatal-{os.getpid()}.txt"
        self._file: IO[str] | None = None
        with contextlib.suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._file = self._path.open("w", encoding="utf-8")
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._file.write(_HEAD)
            self._file.flush()
            faulthandler.enable(self._file)

    def close(self) -> None:
        """The program ends in good order."""
        if self._file is not None:
            faulthandler.disable()
            with contextlib.suppress(OSError):
                self._path.unlink()
            self._file.close()
            self._file = None


def last_words(folder: Path | None = None) -> list[str]:
    """What programs that ended hard have left, each told once; files of those that were merely killed go away."""
    found = []
    for path in sorted((folder or state_folder()).glob("fatal-*.txt")):
        with contextlib.suppress(OSError), path.open(encoding="utf-8", errors="replace") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)  # BlockingIOError: its program lives
            text = file.read()
            path.unlink()
            if len(text) > len(_HEAD):
                found.append(text)
    return found
