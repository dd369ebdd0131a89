"""Builds once more, from a copy of the sources in another folder, and compares: the same sources make the same packages."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from environment import ROOT
from progress import SetupError
from release.wheel import epoch

_MOST_NAMED = 20


def build_again(what: str, folder: Path) -> Path:
    """Copy the sources that git knows into `folder` and build there, in a new environment; returns the copy."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in listed.split("\0"):
        if name and (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    surroundings = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    surroundings["SOURCE_DATE_EPOCH"] = str(epoch())
    command = [sys.executable, folder / "packaging" / "dev.py", "build", what]
    done = subprocess.run(command, cwd=folder, env=surroundings, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SetupError(
            f"a copy of the sources in another folder cannot be built:\n{done.stdout[-2000:]}{done.stderr[-2000:]}"
        )
    return folder


def made(root: Path, names: Iterable[str]) -> dict[str, str]:
    """What `dev.py build` made in a checkout, by its content: of files also the right to run, of links their ends."""
    return {path.relative_to(root).as_posix(): _content(path) for name in names for path in _files(root / name)}


def differences(here: Mapping[str, str], there: Mapping[str, str]) -> list[str]:
    """The names of what is not the same, or only on one side."""
    return sorted(name for name in here.keys() | there.keys() if here.get(name) != there.get(name))


def compare(here: Mapping[str, str], there: Mapping[str, str]) -> str:
    """One hash of everything. Raises SetupError, naming what differs, where that is not the same for both."""
    if differing := differences(here, there):
        named = "\n".join(f"  {name}" for name in differing[:_MOST_NAMED])
        more = len(differing) - _MOST_NAMED
        raise SetupError(f"two folders made different things:\n{named}" + (f"\n  and {more} more" if more > 0 else ""))
    return hashlib.sha256("".join(f"{name} {content}\n" for name, content in sorted(here.items())).encode()).hexdigest()


def _files(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        yield from (path for path in folder.rglob("*") if path.is_symlink() or path.is_file())
    elif folder.exists():
        yield folder


def _content(path: Path) -> str:
    if path.is_symlink():
        return f"link to {path.readlink()}"
    right = "may run" if path.stat().st_mode & 0o100 else "data"
    return f"{right} {hashlib.sha256(path.read_bytes()).hexdigest()}"
