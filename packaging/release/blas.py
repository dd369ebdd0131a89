"""Puts a small library in the place of numpy's OpenBLAS, which has an eighth of the application's size and no use in it.

Products of matrices stay: `blas.c` has them. `numpy.linalg` can be imported, and says when it is used that it is not there.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

from progress import SetupError
from release.slim import elf_files, needed_by

SOURCE = Path(__file__).with_name("blas.c")
_ROUTINE = re.compile(r"\bscipy_\w+64_$")


def replace_blas(internal: Path) -> None:
    """Replace the library by the small one. Without a compiler on this machine it stays as it is."""
    found = list(internal.glob("numpy.libs/libscipy_openblas*"))
    if not found or shutil.which("gcc") is None:
        return
    (library,) = found
    asked = {
        name for path in elf_files(internal / "numpy") if library.name in needed_by(path) for name in _routines(path, "-u")
    }
    compile_blas(library)
    if lacking := asked - _routines(library, "--defined-only"):
        raise SetupError(f"this numpy asks more of BLAS than packaging/release/blas.c has: {', '.join(sorted(lacking))}.")


def compile_blas(made: Path) -> None:
    """Make the library; it needs no other."""
    exact = ["-O2", "-fcx-limited-range", "-ffp-contract=off", "-Wall", "-Wextra", "-Werror", "-Wno-unused-parameter"]
    form = ["-shared", "-fPIC", "-nostdlib", "-s", f"-Wl,-soname,{made.name},--build-id=none,-z,noexecstack"]
    done = subprocess.run(["gcc", *exact, *form, "-o", made, SOURCE], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SetupError(f"packaging/release/blas.c cannot be compiled; gcc says:\n{done.stderr.strip()}")


def _routines(library: Path, which: str) -> set[str]:
    listed = subprocess.run(["nm", "--dynamic", which, library], capture_output=True, text=True, check=True).stdout
    return {match[0] for line in listed.splitlines() if (match := _ROUTINE.search(line))}
