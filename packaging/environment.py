"""The project's own virtual environment, `.venv`: made once, then only touched when what it is made from has changed."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from progress import Step

ROOT = Path(__file__).resolve().parent.parent
CONSTRAINTS = ROOT / "packaging" / "constraints.txt"
OVERRIDES = ROOT / "packaging" / "overrides.txt"
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
LOGS = VENV / "setup-log"
_STAMP = VENV / "pyfi-setup.json"
_LOCK = ROOT / ".venv.lock"
_NETWORK_CURE = "check that this machine reaches its Python package index, then run the same command again"


def needed_extras(*, test: bool, desktop: bool) -> frozenset[str]:
    """The extras of pyproject.toml to install; the desktop's only where there is a desktop to run or to test."""
    extras: set[str] = set()
    if test:
        extras |= {"cluster", "dev", "s3"}
    if desktop and (ROOT / "app" / "main.py").exists():
        extras |= {"app", "dev-app"} if test else {"app"}
    return frozenset(extras)


def is_ready(extras: Iterable[str]) -> bool:
    """Whether `.venv` already holds PYFI with `extras`, made from the present pyproject.toml, constraints and overrides."""
    stamp = _read_stamp()
    return stamp.get("made_from") == _digest() and frozenset(extras) <= _stamped_extras(stamp) and PYTHON.exists()


def ensure(extras: frozenset[str]) -> None:
    """Make `.venv` ready for `extras`. Returns at once when it is; raises SetupError when it cannot be made so."""
    if is_ready(extras):
        return
    with _only_one():
        if not is_ready(extras):  # another terminal may have done it meanwhile
            _make(extras)


def _make(extras: frozenset[str]) -> None:
    import shutil

    from progress import carry_out

    made_from = _digest()
    wanted = extras | _stamped_extras(_read_stamp())
    _STAMP.unlink(missing_ok=True)
    if not _python_works():
        if VENV.exists():
            shutil.rmtree(VENV)
        _install_venv_module_if_needed()
    carry_out([*_bootstrap_steps(), _install_step(wanted)], LOGS)
    _STAMP.write_text(json.dumps({"made_from": made_from, "extras": sorted(wanted)}), encoding="utf-8")


def _bootstrap_steps() -> list[Step]:
    """Steps that end with the pinned uv in `.venv`."""
    from progress import Step

    steps: list[Step] = []
    with_pip = not _has_module("pip")
    pin = pinned("uv")
    if not _python_works():
        command = [sys.executable, "-m", "venv", *([] if with_pip else ["--without-pip"]), str(VENV)]
        steps.append(Step("create .venv", command, "run `python3 packaging/dev.py clean` and try again", 4))
    if not _has_uv(pin):
        # An environment with a pip of its own takes four seconds to make; a pip that is there already installs into it.
        installer = [str(PYTHON), "-m", "pip"] if with_pip else [sys.executable, "-m", "pip", "--python", str(PYTHON)]
        command = [*installer, "install", "--disable-pip-version-check", "--no-input", f"uv=={pin}"]
        steps.append(Step("install uv", command, _NETWORK_CURE, 5, {"PIP_USER": "0", "PIP_REQUIRE_VIRTUALENV": "0"}))
    return steps


def _install_step(extras: Iterable[str]) -> Step:
    from progress import Step

    what = f"{ROOT}[{','.join(sorted(extras))}]" if extras else str(ROOT)
    pins = ["--constraints", str(CONSTRAINTS), "--build-constraints", str(CONSTRAINTS), "--overrides", str(OVERRIDES)]
    command = [str(BIN / "uv"), "pip", "install", "--python", str(PYTHON), *pins, "--editable", what]
    return Step("install packages", command, _NETWORK_CURE, 15, {"UV_PYTHON_DOWNLOADS": "never"})


def _install_venv_module_if_needed() -> None:
    """Bare Debian splits `venv` and pip from Python; without either there is nothing to start from."""
    if _has_module("pip") or _has_module("ensurepip"):
        return
    import debian

    debian.install(["python3-venv"], reason="to make a virtual environment")


def pinned(name: str) -> str:
    """The version that constraints.txt pins `name` to."""
    for line in CONSTRAINTS.read_text(encoding="utf-8").splitlines():
        if line.startswith(f"{name}=="):
            return line.removeprefix(f"{name}==").split(";")[0].strip()
    from progress import SetupError

    raise SetupError(f"packaging/constraints.txt does not pin {name}: restore the file from git.")


def _digest() -> str:
    """Tells one state of the files that `.venv` is made from apart from another."""
    digest = hashlib.sha256()
    for path in (ROOT / "pyproject.toml", CONSTRAINTS, OVERRIDES):
        digest.update(path.read_bytes())
    digest.update(str(ROOT).encode())  # an environment does not survive being moved
    return digest.hexdigest()


def _read_stamp() -> dict[str, object]:
    try:
        stamp = json.loads(_STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def _stamped_extras(stamp: dict[str, object]) -> frozenset[str]:
    extras = stamp.get("extras")
    return frozenset(map(str, extras)) if isinstance(extras, list) else frozenset()


def _python_works() -> bool:
    import subprocess

    try:
        return subprocess.run([PYTHON, "-c", ""], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _has_uv(version: str) -> bool:
    import subprocess

    try:
        found = subprocess.run([BIN / "uv", "--version"], capture_output=True, check=False, text=True)
    except OSError:
        return False
    return found.stdout.split()[1:2] == [version]


def _has_module(name: str) -> bool:
    """Whether the Python that runs this has `name`; `importlib.invalidate_caches` because apt may just have brought it."""
    import importlib.util

    importlib.invalidate_caches()
    return importlib.util.find_spec(name) is not None


@contextlib.contextmanager
def _only_one() -> Iterator[None]:
    """Hold the lock that keeps two terminals from making the same environment at once."""
    try:
        import fcntl
    except ImportError:  # Windows: two set-ups at once are the user's own to avoid
        yield
        return
    with _LOCK.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("another set-up of this project is running; waiting for it ...", file=sys.stderr)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
