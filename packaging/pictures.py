"""Makes the manual's pictures of the desktop: the program itself takes them, without a screen, of an example that runs."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from environment import BIN, ROOT

PICTURES = ROOT / "resources" / "manual" / "pictures"
_EXAMPLE = "playback"
_SIZE = "1800x1000"
_WAIT_S = "9"
"""Until queues have filled and something has failed."""


def make_pictures(folder: Path = PICTURES) -> list[Path]:
    """Take one picture for each theme; returns the files. Raises CalledProcessError when the program refuses."""
    made: list[Path] = []
    for theme in ("dark", "light"):
        with tempfile.TemporaryDirectory(prefix="pyfi-pictures-") as place:
            made.append(_picture(Path(place), folder / f"desktop-{theme}.png", theme))
    return made


def _picture(place: Path, picture: Path, theme: str) -> Path:
    """With a user of its own, who has opened nothing yet, and an engine that ends with the picture."""
    shutil.copytree(ROOT / "resources" / "examples" / _EXAMPLE, place / _EXAMPLE, ignore=shutil.ignore_patterns("out"))
    homes = {f"XDG_{kind}_HOME": str(place / kind.lower()) for kind in ("DATA", "CONFIG", "STATE")}
    environment = {**os.environ, **homes, "QT_QPA_PLATFORM": "offscreen", "PYFI_WORKSPACE": str(place / "workspace")}
    flow = place / _EXAMPLE / f"{_EXAMPLE}.flow.yaml"
    options = ["--theme", theme, "--size", _SIZE, "--run", "--wait", _WAIT_S, "--screenshot", str(picture)]
    try:
        subprocess.run([str(BIN / "pyfi"), "app", str(flow), *options], env=environment, check=True)
    finally:
        _end_engine(place / "workspace" / "engine.json")
    return picture


def _end_engine(file: Path) -> None:
    if file.exists():
        os.kill(json.loads(file.read_text(encoding="utf-8"))["pid"], signal.SIGTERM)
