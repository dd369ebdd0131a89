"""Which Python runs files: PYFI's own parts, users' code, and the environments made for it.

A frozen application is a program, no interpreter: a whole Python lies in its folder. Users may choose another for their code,
by `python` in the settings.
"""

from __future__ import annotations

import os
import subprocess
import sys
from functools import lru_cache
from pathlib import Path

from engine.errors import EnvironmentFailed

_LEAST = (3, 11)
_CURE = "correct `python` in the settings (PYFI_PYTHON), or remove it to use PYFI's own"


def is_frozen() -> bool:
    """Whether this is an application with its own copy of everything, such as the packages for desktops install."""
    return bool(getattr(sys, "frozen", False))


def frozen_folder() -> Path:
    """Where a frozen application keeps its parts."""
    return Path(getattr(sys, "_MEIPASS", sys.prefix))


def own_python() -> str:
    """The Python that has what PYFI's own parts need: this one, or the one that a frozen application brings along."""
    if not is_frozen():
        return sys.executable
    return str(frozen_folder() / ("python.exe" if os.name == "nt" else "bin/python3"))


def users_python() -> str:
    """The Python for users' code: the one chosen in the settings, otherwise PYFI's own.

    Raises:
        EnvironmentFailed: the chosen one cannot be used.
    """
    from engine.settings import read_settings  # reads files; whoever needs no Python reads none

    chosen = read_settings().python
    if not chosen:
        return own_python()
    python = str(Path(chosen).expanduser())
    if version_of(python) < _LEAST:
        had, needed = (".".join(map(str, version)) for version in (version_of(python), _LEAST))
        raise EnvironmentFailed(f"the Python for users' code, {python}, is {had} and must be {needed} or newer; {_CURE}")
    return python


@lru_cache
def version_of(python: str) -> tuple[int, ...]:
    """The version of a Python, such as (3, 12, 4); raises EnvironmentFailed when it is none."""
    if python == sys.executable or (is_frozen() and python == own_python()):
        return tuple(sys.version_info[:3])
    try:
        asked = subprocess.run(
            [python, "-I", "-S", "-c", "import sys; print(*sys.version_info[:3])"],
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        return tuple(map(int, asked.stdout.split()))
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        why = getattr(error, "strerror", None) or "it does not answer as Python does"
        raise EnvironmentFailed(f"the Python for users' code, {python}, cannot be used: {why}; {_CURE}") from None
