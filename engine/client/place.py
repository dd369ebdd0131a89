"""What a user's machine provides: the workspace, secrets, the user's name."""

from __future__ import annotations

import getpass
import os
from pathlib import Path

from engine.settings import read_settings

SECRET_PREFIX = "PYFI_SECRET_"  # noqa: S105 - names, not values
"""Environment variables with this prefix are the secrets of flows that run on this machine."""


def workspace_folder(given: Path | None = None) -> Path | None:
    """The workspace to use: the given one, the settings', or None for the one in the user's data folder."""
    if given is not None:
        return given
    setting = read_settings().workspace
    return Path(setting).expanduser() if setting else None


def secrets() -> dict[str, str]:
    """The secrets by name, from the environment."""
    return {name.removeprefix(SECRET_PREFIX): value for name, value in os.environ.items() if name.startswith(SECRET_PREFIX)}


def user() -> str:
    """The name that goes into records of who changed what."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"
