"""What there is of environments: their size, who uses them; and taking them away."""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import psutil
from msgspec import Struct

from engine.errors import ConflictError, NotFound
from engine.model.problem import did_you_mean
from engine.sources.cache import discard, held
from engine.sources.credential import masked
from engine.sources.environment import ABOUT, environments

State = Literal["ready", "being made", "failed"]
_DAY_S = 24 * 3600


class Kept(Struct, frozen=True):
    """An environment: what it was made of, how it stands.

    `said` is the last line of its log; `used_s` is when it was last used, in seconds since the epoch.
    """

    name: str
    state: State
    runtime: str
    python: str
    requirements: tuple[str, ...]
    files: tuple[str, ...]
    size_bytes: int
    used_s: float
    in_use: bool
    said: str

    @property
    def shown(self) -> str:
        """What it is made of, for people."""
        return ", ".join((*self.requirements, *(Path(file).name for file in self.files))) or "-"


def inventory() -> list[Kept]:
    """Every environment, the one used last first."""
    folder = environments()
    used = set(_used(folder))
    found = [_kept(path, used) for path in folder.glob("*.json")]
    return sorted((each for each in found if each is not None), key=lambda each: -each.used_s)


def find(name: str) -> Kept:
    """One environment, by the beginning of its name.

    Raises NotFound when none, or several, begin so.
    """
    there = inventory()
    found = [each for each in there if each.name.startswith(name)] if name else []
    if len(found) != 1:
        known = [each.name for each in there]
        cure = did_you_mean(name, known) or "; `pyfi env ls` shows those there are"
        raise NotFound(f"there are several environments '{name}'; write more of its name" if found else
                       f"there is no environment '{name}'{cure}")  # fmt: skip
    return found[0]


def log_of(name: str) -> str:
    """What was said while it was made."""
    try:
        # Masked here as well: those that older versions wrote hold passwords.
        return masked((environments() / name).with_suffix(".log").read_text(encoding="utf-8", errors="replace"))
    except FileNotFoundError:
        return ""


def remove(name: str) -> int:
    """Take an environment away; returns how many bytes it took. Whoever needs it next makes it anew.

    Raises ConflictError while it is being made or is in use.
    """
    folder = environments() / name
    if name in _used(environments()):
        raise ConflictError(f"environment {name} is in use; stop the flows that run in it first")
    with held(folder) as free:
        if not free:
            raise ConflictError(f"environment {name} is being made; wait until it is, or stop the flow that needs it")
        size = _about(folder)
        discard(folder)
        for suffix in (".json", ".log"):
            folder.with_suffix(suffix).unlink(missing_ok=True)
    return size


def clean(unused_days: float = 0.0) -> tuple[int, int]:
    """Take away what failed, what killed makers left, and what was not used for so long; returns how many, and bytes."""
    now_s = time.time()
    count = size = 0
    for each in inventory():
        if each.in_use or each.state == "being made" or (each.state == "ready" and each.used_s > now_s - unused_days * _DAY_S):
            continue
        with contextlib.suppress(ConflictError):
            size += remove(each.name)
            count += 1
    folder = environments()
    for part in folder.glob("*.part"):
        name = part.name.partition(".")[0]
        with held(folder / name) as free:
            if free and not (folder / name).is_dir():
                discard(folder / name)
    return count, size


def _kept(path: Path, used: set[str]) -> Kept | None:
    try:
        about: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        began_s = path.stat().st_mtime
    except (OSError, ValueError):
        return None  # being removed, or being written, just now
    folder = path.with_suffix("")
    state: State = "ready" if folder.is_dir() else "failed"
    if state != "ready":
        with held(folder) as free:
            state = state if free else "being made"
    try:
        used_s = (folder / ABOUT).stat().st_mtime
    except OSError:
        used_s = began_s
    lines = log_of(folder.name).strip().splitlines()
    return Kept(
        folder.name,
        state,
        str(about.get("runtime", "python")),
        str(about.get("python", "")),
        tuple(map(masked, about.get("requirements", ()))),
        tuple(about.get("files", ())),
        _about(folder),
        used_s,
        folder.name in used,
        lines[-1] if lines else "",
    )


def _about(folder: Path) -> int:
    try:
        return int(json.loads((folder / ABOUT).read_text(encoding="utf-8"))["size_bytes"])
    except (OSError, ValueError, KeyError):
        return 0


def _used(folder: Path) -> Iterator[str]:
    """The names of environments in which a process runs."""
    start = f"{folder}{os.sep}"
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            program = (process.cmdline() or [""])[0]
            places = [program] if program.startswith(start) else [process.environ().get("NODE_PATH", "")]
            yield from (place.removeprefix(start).partition(os.sep)[0] for place in places if place.startswith(start))
