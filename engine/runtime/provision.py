"""The environment of a stage: made when its host is first started. One that fails leaves the last good one in use."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path

from engine.errors import EnvironmentFailed, StorageError
from engine.model.codec import write_whole
from engine.runtime.plan import Stage
from engine.sources.cache import cache_folder, digest
from engine.sources.environment import environment
from engine.sources.maker import Progress
from engine.sources.recipe import Recipe, recipe

Say = Callable[[str, str], None]
"""Takes a level and a text for the log of the stage."""


def provide(flow: str, stage: Stage, found: Mapping[str, str], folder: Path, say: Say) -> Path:
    """The folder of a stage's environment. `found` are the checkouts by step, `folder` is the flow's. Can take minutes.

    When it cannot be made, that is said, and it is the one that the stage had last.

    Raises EnvironmentFailed when it cannot be made and there was none before.
    """
    last = _last(flow, stage, folder)
    try:
        wanted = recipe_of(stage, found, folder)
        made = environment(wanted, lambda progress: say("info", _line(progress)))
    except (EnvironmentFailed, StorageError) as error:
        cure = "; correct `requirements`" if isinstance(error, EnvironmentFailed) else ""
        before = _read(last)
        if before is None:
            raise EnvironmentFailed(f"processor '{stage.asker or stage.id}': {error}{cure}") from error
        made, shown = before
        say("error", f"{error}\nit goes on with the environment that worked last ({shown}){cure}")
    else:
        _write(last, made, wanted.shown())
    return made


def recipe_of(stage: Stage, found: Mapping[str, str], folder: Path) -> Recipe:
    """What a stage needs.

    Raises EnvironmentFailed when a file that lists packages is not there.
    """
    needs = stage.environment
    file = None
    if needs.requirements_file:
        file = next(Path(found[id]) / needs.requirements_file for id in stage.steps if id in found)
        if not file.is_file():
            raise EnvironmentFailed(f"its commit has no file {needs.requirements_file}; correct `git.requirements`")
    return recipe(needs.requirements, folder, runtime=needs.runtime, python=needs.python, file=file)


def _line(progress: Progress) -> str:
    return f"environment {progress.done}/{progress.of}: {progress.text}"


def _last(flow: str, stage: Stage, folder: Path) -> Path:
    """Where is noted which worked last: by flow (a folder may hold several) and by what comes first in the stage."""
    return cache_folder("environments") / "last" / digest(str(folder), flow, stage.environment.runtime, stage.id)


def _read(last: Path) -> tuple[Path, str] | None:
    try:
        name, shown = json.loads(last.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    made = cache_folder("environments") / name
    return (made, shown) if made.is_dir() else None


def _write(last: Path, made: Path, shown: str) -> None:
    """Only a note: what works goes on where it cannot be written."""
    text = json.dumps([made.name, shown]).encode()
    with contextlib.suppress(OSError, StorageError):
        if not last.is_file() or last.read_bytes() != text:
            last.parent.mkdir(parents=True, exist_ok=True)
            write_whole(last, text)
