"""What the user set once for all: `settings.toml` in the configuration folder.

    database_url = "postgresql://pyfi@db.example.org/pyfi"
    workspace = "/data/pyfi"
    theme = "dark"
    history_days = 30
    patterns = ["~/patterns", "/srv/team/patterns"]
    packages = "/srv/packages"
    repositories = ["https://git.example.org/team/*"]
    python = "/usr/bin/python3.12"
    updates_url = "https://example.org/pyfi.json"

Every key may be left out. The environment goes before the file: `PYFI_DATABASE_URL`, `PYFI_WORKSPACE`, `PYFI_THEME`,
`PYFI_HISTORY_DAYS`, `PYFI_PATTERNS`, `PYFI_PACKAGES`, `PYFI_REPOSITORIES`, `PYFI_PYTHON`, `PYFI_UPDATES_URL`.
"""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
import platformdirs

from engine.errors import UsageError
from engine.model.problem import did_you_mean, in_words, listed

_NUMBERS = frozenset({"history_days"})
"""Settings that are numbers, also in the environment."""
SETTINGS_ENV = "PYFI_SETTINGS"
"""Names another settings file."""


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Settings of this user on this machine. A `database_url` of None means a SQLite file in the user's data folder.

    `history_days` is how long is kept what parts of flows did minute by minute; 0: nothing of that. `patterns` are the folders
    of the pattern library, the one for new patterns first; as text with the system's separator between them. `packages` is a
    folder of wheels and of packages of npm: environments are made of these, and nothing else is asked. `repositories` are those
    that code may come from, with `*` for anything; none: any. As text with spaces between them. `python` is what
    environments of users' packages are made from; None: PYFI's own. `updates_url` is asked for the newest version, if the
    desktop is allowed to.
    """

    database_url: str | None = None
    workspace: str | None = None
    theme: Literal["system", "light", "dark"] = "system"
    history_days: Annotated[int, msgspec.Meta(ge=0, le=36_500)] = 7
    patterns: str | tuple[str, ...] = ()
    packages: str | None = None
    repositories: str | tuple[str, ...] = ()
    python: str | None = None
    updates_url: str | None = None


def settings_path() -> Path:
    """Where the settings file is, or would be."""
    named = os.environ.get(SETTINGS_ENV)
    return Path(named) if named else Path(platformdirs.user_config_dir("pyfi", appauthor=False)) / "settings.toml"


def data_folder() -> Path:
    """The user's data folder, which holds the default database and the default workspace."""
    return Path(platformdirs.user_data_dir("pyfi", appauthor=False))


def read_settings(path: Path | None = None) -> Settings:
    """The settings in force: the file's, overridden by the environment's.

    Read anew on every call, so that nothing is read before something needs it and an edit holds at once.

    Raises:
        UsageError: the file cannot be read as settings; the line is named.
    """
    path = path or settings_path()
    values, text = _read_file(path)
    for key in Settings.__struct_fields__:
        override = os.environ.get(f"PYFI_{key.upper()}")
        if override:
            values[key] = int(override) if key in _NUMBERS and override.isascii() and override.isdecimal() else override
    return _checked(values, text, path)


def _read_file(path: Path) -> tuple[dict[str, Any], str]:
    try:
        text = path.read_text(encoding="utf-8")
        return tomllib.loads(text), text
    except FileNotFoundError:
        return {}, ""
    except tomllib.TOMLDecodeError as error:
        reason, _, place = str(error).rpartition(" (at ")
        line = place.rstrip(")") if reason else "somewhere"
        raise UsageError(f"{path}: {line}: {reason or error}; correct the line or delete the file") from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise UsageError(f"{path}: line {line} is not UTF-8 text; save the file as UTF-8") from None
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror}); correct its permissions or delete it") from None


def _checked(values: dict[str, Any], text: str, path: Path) -> Settings:
    fields = Settings.__struct_fields__
    for key in values:
        if key not in fields:
            hint = did_you_mean(key, fields) or f"; known are {listed(fields)}"
            raise UsageError(f"{path}:{_line_of(key, text)} there is no setting '{key}'{hint}")
    for key, value in values.items():
        try:
            msgspec.convert({key: value}, Settings)
        except msgspec.ValidationError as error:
            reason = in_words(str(error).partition(" - at ")[0].lower())
            place = f"PYFI_{key.upper()}" if os.environ.get(f"PYFI_{key.upper()}") else f"{path}:{_line_of(key, text)} '{key}'"
            raise UsageError(f"{place} is not right: {reason}; correct it or remove it") from None
    return msgspec.convert(values, Settings)


def _line_of(key: str, text: str) -> str:
    """` line N:` of the file, where the key is set."""
    for number, line in enumerate(text.splitlines(), 1):
        if re.match(rf"""\s*\[?\s*["']?{re.escape(key)}["']?\s*[=.\]]""", line):
            return f" line {number}:"
    return ""
