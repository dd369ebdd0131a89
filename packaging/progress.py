"""Carries out set-up steps one by one, showing how far they are; each step's output goes to its own log."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

_REDRAW_S = 0.1
_BAR_CELLS = 24
_LOG_LINES_SHOWN = 15


class SetupError(Exception):
    """Setting up cannot go on; the message is one sentence with the cure."""


@dataclass(frozen=True)
class Step:
    """One command of a set-up.

    Attributes:
        title: What it does, as shown ("install packages").
        command: Program and arguments.
        cure: What a person can do when it fails, an imperative without a full stop.
        seconds: How long it usually takes; only for drawing the bar.
        environment: Variables added for this command.
    """

    title: str
    command: Sequence[str]
    cure: str
    seconds: float = 2.0
    environment: Mapping[str, str] | None = None


class Progress:
    """Shows steps: a live bar on a terminal, one plain line per step elsewhere."""

    def __init__(self, steps: Sequence[Step], stream: TextIO | None = None) -> None:
        self._steps = steps
        self._stream = stream or sys.stderr
        self._live = self._stream.isatty() and os.environ.get("TERM") != "dumb"
        self._started = time.monotonic()
        self._total_s = sum(step.seconds for step in steps)
        self._done_s = 0.0

    def begin(self, number: int, step: Step) -> None:
        """Announce step `number`, counted from 1."""
        if not self._live:
            self._write(f"[{number}/{len(self._steps)}] {step.title} ...\n")

    def tick(self, number: int, step: Step, elapsed_s: float) -> None:
        """Redraw while a step runs: its own part fills ever more slowly, so that a long step still shows life."""
        if self._live:
            part = step.seconds * elapsed_s / (elapsed_s + step.seconds)
            self._draw(f"{number}/{len(self._steps)} {step.title}", self._done_s + part)

    def end(self, number: int, step: Step, elapsed_s: float) -> None:
        """Mark step `number` as done."""
        self._done_s += step.seconds
        if self._live:
            self._draw(f"{number}/{len(self._steps)} {step.title}", self._done_s)
        else:
            self._write(f"[{number}/{len(self._steps)}] {step.title}: done in {elapsed_s:.1f} s\n")

    def close(self, *, whole: bool) -> None:
        """Leave the screen tidy, with a closing line when the whole set-up succeeded."""
        if self._live:
            self._write("\r\x1b[K")
        if whole:
            self._write(f"set up in {time.monotonic() - self._started:.1f} s\n")

    def _draw(self, text: str, done_s: float) -> None:
        full = round(_BAR_CELLS * done_s / self._total_s)
        line = f"[{'#' * full}{'.' * (_BAR_CELLS - full)}] {text}  {time.monotonic() - self._started:.0f} s"
        width = shutil.get_terminal_size().columns - 1
        self._write(f"\r\x1b[K{line[:width]}")

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()


def carry_out(steps: Sequence[Step], logs: Path, stream: TextIO | None = None) -> None:
    """Run `steps` in order, logging each to `logs`; the first failure ends it with a SetupError that quotes the log's end."""
    logs.mkdir(parents=True, exist_ok=True)
    progress = Progress(steps, stream)
    whole = False
    try:
        for number, step in enumerate(steps, start=1):
            started = time.monotonic()
            progress.begin(number, step)
            _run(number, step, logs / f"{number}-{step.title.replace(' ', '-')}.log", progress)
            progress.end(number, step, time.monotonic() - started)
        whole = True
    finally:
        progress.close(whole=whole)


def _run(number: int, step: Step, log: Path, progress: Progress) -> None:
    started = time.monotonic()
    with log.open("wb") as output:
        try:
            process = subprocess.Popen(
                step.command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, **(step.environment or {})},
            )
        except OSError as error:
            raise SetupError(f"could not {step.title} ({error.strerror}: {step.command[0]}): {step.cure}.") from error
        try:
            while True:
                try:
                    status = process.wait(timeout=_REDRAW_S)
                    break
                except subprocess.TimeoutExpired:
                    progress.tick(number, step, time.monotonic() - started)
        except BaseException:
            with contextlib.suppress(PermissionError):  # under sudo, which has heard of the interruption by itself
                process.terminate()
            process.wait()
            raise
    if status:
        raise SetupError(f"could not {step.title} (exit {status}): {step.cure}.\n{_tail(log)}")


def _tail(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").rstrip().splitlines()
    shown = "\n".join(f"    {line}" for line in lines[-_LOG_LINES_SHOWN:])
    return f"Its log ends with:\n{shown}\nAll of it: {log}" if shown else "It printed nothing."
