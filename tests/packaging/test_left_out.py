"""What the application leaves out is not missed: all of PYFI is imported without it, and charts are drawn."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from environment import ROOT
from release.blas import compile_blas

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux") or shutil.which("gcc") is None, reason="made on Linux, by a compiler"
)
_PATH = os.pathsep.join([str(ROOT), str(ROOT / "packaging")])


def _python(*arguments: str | Path, **variables: str) -> str:
    environment = {**os.environ, "PYTHONPATH": _PATH, "QT_QPA_PLATFORM": "offscreen", **variables}
    command = [sys.executable, "-W", "error", *arguments]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout.strip()


def test_every_module_of_pyfi_is_imported_without_it() -> None:
    assert _python("-m", "tests.packaging.left_out") == ""


def test_charts_are_drawn_without_it(tmp_path: Path) -> None:
    library = tmp_path / "libscipy_openblas64_.so"
    compile_blas(library)
    plugin = ["-m", "pytest", "-q", "-p", "tests.packaging.left_out", "-p", "no:cacheprovider"]
    said = _python(*plugin, "tests/app/chart/test_plot.py", "tests/app/chart/test_line.py", LD_PRELOAD=str(library))
    assert " passed" in said
    assert "skipped" not in said
