"""Folders that are made once and then only read: whole, or not at all."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

import platformdirs

from engine.errors import StorageError


def cache_folder(kind: str) -> Path:
    """The user's cache of a kind of things: `checkouts`, `environments`."""
    return Path(platformdirs.user_cache_dir("pyfi", appauthor=False)) / kind


def digest(*parts: str) -> str:
    """A short name for what the parts describe."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:24]


def write_private(path: Path, text: str) -> None:
    """Write a file that only this user may read; one that was there is made so, too."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600), "w", encoding="utf-8") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(text)


def made_once(folder: Path, make: Callable[[Path], None]) -> Path:
    """The folder, made by `make` (in a temporary folder beside it) unless it is there already.

    Several processes may ask at once; one makes it and the others wait. What fails or is killed leaves nothing behind that
    looks made.
    """
    if folder.is_dir():
        return folder
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with _locked(_lock_of(folder)):
            if folder.is_dir():
                return folder
            _sweep(folder)
            temporary = Path(tempfile.mkdtemp(prefix=f"{folder.name}.", suffix=".part", dir=folder.parent))
            try:
                make(temporary)
                temporary.rename(folder)
            except BaseException:
                shutil.rmtree(temporary, ignore_errors=True)
                raise
    except OSError as error:
        raise StorageError(f"cannot make {folder}: {error.strerror or error}; free space or make it writable") from error
    return folder


def discard(folder: Path) -> None:
    """Remove a folder, and what killed makers of it left. First out of the way in one step: no half of it looks made."""
    if folder.is_dir():
        gone = Path(tempfile.mkdtemp(prefix=f"{folder.name}.", suffix=".part", dir=folder.parent))
        folder.rename(gone / "discarded")
    _sweep(folder)


@contextmanager
def held(folder: Path) -> Generator[bool, None, None]:
    """Keep others from making a folder; False where somebody makes it just now."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with _opened(_lock_of(folder)) as descriptor:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def _sweep(folder: Path) -> None:
    """Remove what a maker that was killed left."""
    for part in folder.parent.glob(f"{folder.name}.*.part"):
        shutil.rmtree(part, ignore_errors=True)


def _lock_of(folder: Path) -> Path:
    return folder.with_name(folder.name + ".lock")


@contextmanager
def _locked(path: Path) -> Generator[None, None, None]:
    with _opened(path) as descriptor:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield


@contextmanager
def _opened(path: Path) -> Generator[int, None, None]:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
