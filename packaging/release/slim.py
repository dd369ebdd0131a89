"""Makes the application small on Linux: libraries that nothing needs go, and what is for debuggers goes from the others."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

_NEEDED = re.compile(r"^  NEEDED +(\S+)$", re.MULTILINE)
_KEPT = ("libpython",)
"""Loaded without being named by whoever loads them."""


def drop_unneeded_libraries(internal: Path) -> list[str]:
    """Remove libraries at the top of the folder that no file in it needs any more; returns their names."""
    gone: list[str] = []
    needs = {path: needed_by(path) for path in elf_files(internal)}
    while True:
        needed = {name for path, names in needs.items() if path.name not in gone or path.parent != internal for name in names}
        loose = [
            path
            for path in internal.iterdir()
            if ".so" in path.name
            and path.name.startswith("lib")
            and path.name not in needed
            and not path.name.startswith(_KEPT)
        ]
        if not loose:
            return sorted(gone)
        for path in loose:
            path.unlink()
            gone.append(path.name)


def strip(internal: Path) -> None:
    """Take the debuggers' part out of every library, but for those that wheels brought along: they do not bear it."""
    program = shutil.which("strip")
    if program is None:
        return
    for path in elf_files(internal):
        if not path.parent.name.endswith(".libs"):
            subprocess.run([program, "--strip-unneeded", path], check=True, capture_output=True)


def elf_files(folder: Path) -> list[Path]:
    """Programs and libraries in a folder, without links to them."""
    found = [Path(root) / name for root, _, names in os.walk(folder) for name in names]
    return sorted(path for path in found if not path.is_symlink() and _is_elf(path))


def needed_by(path: Path) -> Sequence[str]:
    """The names of libraries that a program or library is linked with."""
    told = subprocess.run(["objdump", "-p", path], capture_output=True, text=True, check=True)
    return _NEEDED.findall(told.stdout)


def _is_elf(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"\x7fELF"
