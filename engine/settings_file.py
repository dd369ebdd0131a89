"""Writes single settings into `settings.toml`; all other lines of it stay as they are, comments too."""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Sequence
from pathlib import Path

from engine.errors import UsageError
from engine.model.codec import write_whole
from engine.settings import read_settings, settings_path


def is_overridden(key: str) -> bool:
    """Whether the environment says what holds, whatever the file has."""
    return bool(os.environ.get(f"PYFI_{key.upper()}"))


def write_setting(key: str, value: str | Sequence[str] | None, path: Path | None = None) -> None:
    """Set one setting, or take it out (None).

    Raises:
        UsageError: the file is no settings file now, or the value is none for this key; the file stays as it was.
        StorageError: it cannot be written.
    """
    path = path or settings_path()
    read_settings(path)  # a file that is wrong already is for its writer to correct
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    lines = text.splitlines(keepends=True)
    start, end = _place_of(key, lines)
    made = [] if value is None else [f"{key} = {json.dumps(value, ensure_ascii=False)}\n"]
    if lines[start:end] == [] and start and not lines[start - 1].endswith("\n"):
        lines[start - 1] += "\n"
    changed = "".join([*lines[:start], *made, *lines[end:]])
    wanted = {name: each for name, each in tomllib.loads(text).items() if name != key}
    if value is not None:
        wanted[key] = value if isinstance(value, str) else list(value)
    if tomllib.loads(changed) != wanted:
        raise UsageError(f"{path}: '{key}' cannot be changed here; edit the file")
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, changed.encode())


def _place_of(key: str, lines: Sequence[str]) -> tuple[int, int]:
    """The lines that set a key; where it is not set, the empty place at the end."""
    begins = re.compile(rf"""\s*["']?{re.escape(key)}["']?\s*=""")
    for start, line in enumerate(lines):
        if begins.match(line):
            for end in range(start + 1, len(lines) + 1):
                try:
                    tomllib.loads("".join(lines[start:end]))
                except tomllib.TOMLDecodeError:
                    continue  # a list may go on for lines
                return start, end
    return len(lines), len(lines)
