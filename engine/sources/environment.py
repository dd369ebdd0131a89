"""Environments for user code: one for each set of requirements, made with uv, cached, whole or not at all."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import uv

from engine.errors import EnvironmentFailed
from engine.sources.cache import cache_folder, digest, made_once

_ALWAYS = ("ormsgpack",)
"""What every environment has besides: with it, messages cross the pipe several times faster."""
_SHOWN_LINES = 12


def python_of(requirements: tuple[str, ...], requirements_file: Path | None = None) -> Path:
    """The interpreter of an environment in which the requirements are installed.

    Raises EnvironmentFailed with uv's own words when they cannot be.
    """
    wanted = requirements_file.read_text(encoding="utf-8") if requirements_file is not None else ""
    version = ".".join(map(str, sys.version_info[:3]))
    name = digest(version, *sorted(requirements), wanted)
    folder = made_once(cache_folder("environments") / name, lambda target: _make(target, requirements, requirements_file))
    return folder / "bin" / "python"


def _make(target: Path, requirements: tuple[str, ...], requirements_file: Path | None) -> None:
    _uv("venv", "--quiet", "--relocatable", "--allow-existing", "--python", sys.executable, str(target))
    listed = ["--requirements", str(requirements_file)] if requirements_file is not None else []
    _uv("pip", "install", "--quiet", "--python", str(target / "bin" / "python"), *listed, *_ALWAYS, *requirements)


def _uv(*arguments: str) -> None:
    done = subprocess.run([uv.find_uv_bin(), *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        said = "\n".join(done.stderr.strip().splitlines()[-_SHOWN_LINES:])
        raise EnvironmentFailed(f"cannot install what a processor requires: {said}")
