"""Where the program writes down what happens to it."""

from __future__ import annotations

from pathlib import Path

import platformdirs


def state_folder() -> Path:
    """The user's folder for such things; `XDG_STATE_HOME` is honoured."""
    return Path(platformdirs.user_state_dir("pyfi", appauthor=False))


def log_file() -> Path:
    """The desktop's own log; older ones have `.1` and so on behind it."""
    return state_folder() / "desktop.log"


def reports_folder() -> Path:
    """Reports of problems, one file each."""
    return state_folder() / "reports"
