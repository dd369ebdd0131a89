"""Makes the application small on Linux: libraries that nothing needs go, and what is for debuggers goes from the others."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

_NEEDED = re.compile(r"^  NEEDED +(\S+)$", re.MULTILINE)
_KEPT = ("libpython",)
"""Loaded without being named by whoever loads them."""
_BROUGHT = ".libs"
"""How folders end in which wheels have brought libraries along, and those libraries' names: `libssl-6a9b88ec.so.3`."""
_BROUGHT_NAME = re.compile(r"^(lib.+)-[0-9a-f]{8}(\.so\b.*)$")


def drop_unneeded_libraries(internal: Path) -> list[str]:
    """Remove libraries that no file in the folder needs any more, with links to them; returns their names."""
    gone: list[str] = []
    needs = {path: needed_by(path) for path in elf_files(internal)}
    while True:
        needed = {name for names in needs.values() for name in names}
        there = _libraries(internal)
        needed |= {path.resolve().name for path in there if path.is_symlink() and path.name in needed}
        loose = [path for path in there if path.name not in needed and not path.name.startswith(_KEPT)]
        if not loose:
            return sorted(set(gone))
        for path in loose:
            path.unlink()
            needs.pop(path, None)
            gone.append(path.name)


def share_libraries(internal: Path) -> list[str]:
    """Put links to the system's libraries at the top of the folder where a wheel brought its own; returns which went for that.

    Only where the system's has everything, of the same versions, that is asked of the wheel's.
    """
    needs = {path: needed_by(path) for path in elf_files(internal)}
    brought = sorted(path for path in needs if path.parent.name.endswith(_BROUGHT))
    twins = {own: common for own in brought if (common := _same_of_system(own, internal)) is not None}
    shared = dict(twins)
    while stay := [own for own in shared if not _may_go(own, twins, shared, needs)]:
        for own in stay:
            del shared[own]
    for own, common in shared.items():
        own.unlink()
        own.symlink_to(os.path.relpath(common, own.parent))
    return [own.name for own in shared]


def _may_go(own: Path, twins: Mapping[Path, Path], shared: Mapping[Path, Path], needs: Mapping[Path, Sequence[str]]) -> bool:
    """Whether all who stay find what they ask for, and no two copies of what the library itself needs meet in one program."""
    common = twins[own]
    whole = all(other in shared for other, its in twins.items() if its.name in needs[common])
    users = (path for path, names in needs.items() if own.name in names and path not in shared)
    return whole and all(_asked_of(own, user) <= _defined(common) for user in users)


def _libraries(internal: Path) -> list[Path]:
    """The libraries that files in the folder load by their names: at its top, and where wheels brought them."""
    found = [*internal.glob("lib*.so*"), *internal.glob(f"*{_BROUGHT}/lib*.so*")]
    return [path for path in found if not path.is_dir()]


def _same_of_system(own: Path, internal: Path) -> Path | None:
    """`libkrb5.so.3` for `libkrb5-f18b4d11.so.3.3`: the system's name has the first number of the version only."""
    match = _BROUGHT_NAME.match(own.name)
    name = "".join(match.groups()) if match else own.name
    for common in internal.glob("lib*.so*"):
        if not common.is_symlink() and (name == common.name or name.startswith(f"{common.name}.")):
            return common
    return None


def _asked_of(library: Path, user: Path) -> set[str]:
    return _symbols(user, "-u") & _defined(library)


def _defined(library: Path) -> set[str]:
    return _symbols(library, "--defined-only")


def _symbols(path: Path, which: str) -> set[str]:
    """Names with their versions, as `SSL_read@OPENSSL_3.0.0`, which of a library's own may be marked as the default."""
    told = subprocess.run(["nm", "--dynamic", which, path], capture_output=True, text=True, check=True).stdout
    return {line.split()[-1].replace("@@", "@") for line in told.splitlines() if line}


def strip(internal: Path) -> None:
    """Take the debuggers' part out of every library, but for those that wheels brought along: they do not bear it."""
    program = shutil.which("strip")
    if program is None:
        return
    for path in elf_files(internal):
        if not path.parent.name.endswith(_BROUGHT):
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
