"""Reports of problems: what somebody who is to mend it needs, and nothing that is the user's own."""

from __future__ import annotations

import getpass
import os
import platform
import re
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from app.crash.place import reports_folder
from app.crash.program_log import last_lines

_STARTED_S = time.monotonic()
_LINES = 60
_KEPT = 20
_SECRET_NAME = re.compile(r"SECRET|PASSWORD|PASSWD|TOKEN|APIKEY|API_KEY|CREDENTIAL|PRIVATE", re.IGNORECASE)
_LOGIN = re.compile(r"(\w+://[^\s/:@]*):[^\s/@]+@")
_LEAST_SECRET = 4
"""Shorter values would blot out words that are none."""
_LONGEST_LINE = 400


def make_report(what: str, trace: str = "", facts: Mapping[str, str] | None = None) -> str:
    """The report as text. `what` is a sentence, `facts` are how the window stands: numbers, no names."""
    from engine.client.version import version

    lines = [
        f"PYFI {version()}: {what}",
        "",
        f"time      {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC, {time.monotonic() - _STARTED_S:.0f} s after the start",
        f"system    {platform.platform()}, Python {platform.python_version()}",
        f"qt        {_qt()}",
        *(f"{name:<9} {value}" for name, value in (facts or {}).items()),
    ]
    if trace:
        lines += ["", trace.rstrip()]
    if log := last_lines(_LINES):
        lines += ["", "The end of the log:", *log]
    return clean("\n".join(line if len(line) <= _LONGEST_LINE else f"{line[:_LONGEST_LINE]} …" for line in lines)) + "\n"


def _qt() -> str:
    import PySide6
    from PySide6.QtCore import qVersion
    from PySide6.QtGui import QGuiApplication

    screens = ", ".join(
        f"{each.size().width()}x{each.size().height()} at {each.devicePixelRatio():g}" for each in QGuiApplication.screens()
    )
    return f"{qVersion()}, PySide6 {PySide6.__version__}, {QGuiApplication.platformName()}, screens {screens}"


def clean(text: str) -> str:
    """The text without secrets of the environment, passwords in URLs, and the user's name and home."""
    for name, value in os.environ.items():
        if _SECRET_NAME.search(name) and len(value) >= _LEAST_SECRET:
            text = text.replace(value, "***")
    text = _LOGIN.sub(r"\1:***@", text)
    home = str(Path.home())
    if len(home) > 1:
        text = text.replace(home, "~")
    try:
        user = getpass.getuser()
    except (KeyError, OSError):
        return text
    return re.sub(rf"\b{re.escape(user)}\b", "USER", text) if len(user) >= _LEAST_SECRET and user != "root" else text


def keep_report(text: str, kind: str = "problem") -> Path | None:
    """Write a report into the folder of reports; the oldest make room. None where the disk refuses."""
    folder = reports_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = folder / f"{datetime.now(UTC):%Y%m%d-%H%M%S-%f}-{kind}.txt"
        path.write_text(text, encoding="utf-8")
        for old in sorted(folder.glob("*.txt"))[:-_KEPT]:
            old.unlink()
    except OSError:
        return None
    return path
