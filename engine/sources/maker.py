"""Runs the programs that make environments: what they say goes to a log, and tells how far they are."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TextIO

from msgspec import Struct

from engine.errors import EnvironmentFailed
from engine.interpreter import own_python
from engine.sources.cache import write_private
from engine.sources.credential import masked

_LAUNCHER = Path(__file__).parents[1] / "runtime" / "hosts" / "launch.py"
"""Ties the life of a program to ours: a maker that is killed leaves nobody behind who goes on writing."""
_SHOWN_LINES = 12


class Progress(Struct, frozen=True):
    """How far the making is: `done` of `of` steps, and what is done now."""

    done: int
    of: int
    text: str


_BESIDE = ("Using Python ", "Using CPython ")
"""What a program begins with that has nothing to do with why it failed."""

Tell = Callable[[Progress], None]


def unheard(progress: Progress) -> None:
    """Nobody wants to know."""


class Maker:
    """Runs one program after the other for an environment. `steps`: what a line begins with that ends a step."""

    def __init__(self, log: Path, tell: Tell, steps: Sequence[str]) -> None:
        self._log = log
        self._tell = tell
        self._steps = steps
        self._done = 0

    def begin(self, text: str) -> None:
        """A new log."""
        write_private(self._log, masked(f"{time.strftime('%Y-%m-%d %H:%M:%S')} {text}\n"))
        self._say(text)

    def run(self, program: Sequence[str], more: Mapping[str, str] | None = None, folder: Path | None = None) -> None:
        """Run a program to its end.

        Raises EnvironmentFailed with its own last words when it fails.
        """
        lines = self._lines(program, more, folder)
        if lines is not None:
            told = [line for line in lines if not line.startswith(_BESIDE)]
            said = "\n".join(told[-_SHOWN_LINES:]).rstrip(".") or "it said nothing"
            raise EnvironmentFailed(f"cannot install what a processor requires: {said}")

    def attempt(self, program: Sequence[str], more: Mapping[str, str] | None = None) -> bool:
        """The same for what may fail; returns whether it did not."""
        return self._lines(program, more, None) is None

    def note(self, text: str) -> None:
        """A line of the log."""
        with self._log.open("a", encoding="utf-8") as log:
            log.write(masked(text) + "\n")

    def step(self, text: str) -> None:
        """Another step is done."""
        self._done = min(self._done + 1, len(self._steps))
        self._say(text)

    def _lines(self, program: Sequence[str], more: Mapping[str, str] | None, folder: Path | None) -> list[str] | None:
        """What the program said, if it failed."""
        with self._log.open("a", encoding="utf-8") as log:
            command = [own_python(), str(_LAUNCHER), str(os.getpid()), "0", *program]
            with subprocess.Popen(
                command,
                env={**os.environ, "NO_COLOR": "1", **(more or {})},
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                encoding="utf-8",
                errors="replace",
            ) as process:
                assert process.stdout is not None
                lines = [self._hear(line, log) for line in process.stdout]
        return [line for line in lines if line] if process.returncode else None

    def _hear(self, line: str, log: TextIO) -> str:
        line = masked(line.rstrip())
        log.write(line + "\n")
        log.flush()
        if line.startswith(tuple(self._steps)):
            self.step(line)
        elif line.startswith(("Downloading", "Building")):
            self._say(line)
        return line

    def _say(self, text: str) -> None:
        self._tell(Progress(self._done, len(self._steps), masked(text)))
