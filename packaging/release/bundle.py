"""The application that desktops install: one folder with PYFI, all it needs, and a Python for users' code."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from environment import BIN, CONSTRAINTS, LOGS, OVERRIDES, PYTHON, ROOT
from progress import Step, carry_out
from release.wheel import build_wheel, epoch

BUILD = ROOT / "build"
BUNDLE = BUILD / "bundle" / "pyfi"
_EXTRAS = "app,cluster,s3,build"
_CURE = "see the log's end; `python3 packaging/dev.py clean` starts from nothing"


def build_bundle(target: Path = BUNDLE) -> Path:
    """Make the application from a new wheel, in an environment that has nothing but what it is made of."""
    wheel, _ = build_wheel(BUILD / "wheel")
    tools = BUILD / "venv"
    python = tools / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    shutil.rmtree(target, ignore_errors=True)
    pins = ["--constraints", CONSTRAINTS, "--overrides", OVERRIDES, "--python", python]
    install = [BIN / "uv", "pip", "install", "--reinstall-package", "pyfi", *pins, f"{wheel}[{_EXTRAS}]"]
    path = os.pathsep.join([str(python.parent), os.environ.get("PATH", os.defpath)])
    # The order of sets decides the order of files in archives. A folder `engine` where this is started is not the wheel's.
    surroundings = {
        "PYTHONHASHSEED": "0",
        "PYTHONSAFEPATH": "1",
        "SOURCE_DATE_EPOCH": str(epoch()),
        "PATH": path,
        "PYTHONPATH": str(ROOT / "packaging"),
    }
    folders = ["--distpath", target.parent, "--workpath", BUILD / "work"]
    freeze = [python, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN", *folders, ROOT / "packaging/release/pyfi.spec"]
    steps = [
        Step("make an environment", [str(BIN / "uv"), "venv", "--clear", "--python", str(PYTHON), str(tools)], _CURE, 1),
        Step("install what it is made of", [str(each) for each in install], _CURE, 3),
        Step("draw icons", [str(PYTHON), "-m", "release.icons", str(BUILD)], _CURE, 1, surroundings),
        Step("freeze", [str(each) for each in freeze], _CURE, 60, surroundings),
        Step("finish", [str(python), "-m", "release.finish", str(target), str(BIN / "uv")], _CURE, 10, surroundings),
    ]
    carry_out(steps, LOGS)
    return target


def platform_name() -> str:
    """How file names call what it was built for, such as `linux-x86_64`."""
    import platform

    system = {"linux": "linux", "darwin": "macos", "win32": "windows"}[sys.platform]
    return f"{system}-{platform.machine().lower()}"


def size_bytes(folder: Path) -> int:
    """The space that a folder's files take; a link takes none."""
    files = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return sum(path.stat().st_size for path in files)
