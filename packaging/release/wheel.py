"""The wheel and the source archive: what `pip`, `pipx` and `uv` install, and what every other package is made from."""

from __future__ import annotations

import os
import subprocess
import tomllib
from pathlib import Path

from environment import PYTHON, ROOT
from progress import SetupError

DIST = ROOT / "dist"


def version() -> str:
    """PYFI's version, from the one place that says it."""
    return str(tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"])


def epoch() -> int:
    """When the sources were last changed, in seconds: the only time that packages name, so that the same is built again."""
    if named := os.environ.get("SOURCE_DATE_EPOCH"):
        return int(named)
    told = subprocess.run(["git", "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, text=True, check=False)
    return int(told.stdout) if told.returncode == 0 and told.stdout.strip() else 1_577_836_800


def build_wheel(folder: Path = DIST, python: Path = PYTHON) -> tuple[Path, Path]:
    """Make the wheel and the source archive of this checkout, with the pinned hatchling of `python`; nothing is fetched."""
    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(epoch())}
    command = [python, "-m", "hatchling", "build", "-d", folder]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SetupError(f"the wheel cannot be built; hatchling says:\n{done.stderr.strip()}")
    return folder / f"pyfi-{version()}-py3-none-any.whl", folder / f"pyfi-{version()}.tar.gz"
