"""Starts the engine of a workspace as a process of its own, which outlives whoever started it."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path

from engine.runtime.session import give_way
from engine.runtime.workspace import Workspace

_KEPT_BYTES = 1 << 20
"""What engines wrote is kept up to about so much."""
_LAST_BYTES = 8192
_PREFIX = "pyfi: "
_NICE = 5
"""How much an engine and its hosts give way to whatever a person looks at, when all of the machine is at work."""
_started: list[subprocess.Popen[bytes]] = []
"""Engines that this process has started: buried when they end, never waited for."""


class EngineProcess:
    """An engine that was started here. What it writes goes to `output`, a file in the workspace.

    Raises:
        StorageError: the workspace cannot be written.
        OSError: the system starts no more processes.
    """

    def __init__(self, workspace: Workspace) -> None:
        workspace.make()
        self.output = output_of(workspace)
        self._workspace = workspace
        with self.output.open("ab") as file:
            if file.tell() > _KEPT_BYTES:
                file.truncate(0)
            self._begin = file.seek(0, os.SEEK_END)
            self._process = subprocess.Popen(
                [*command(), "serve", "--workspace", str(workspace.folder)],
                cwd=workspace.folder,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        _started.append(self._process)
        _give_way(self._process.pid)

    @property
    def pid(self) -> int:
        """Its number."""
        return self._process.pid

    @property
    def has_ended(self) -> bool:
        """Whether it is gone."""
        return self._process.poll() is not None

    def epitaph(self) -> str:
        """Of one that ended before it served: why, and the cure."""
        last = self._last_line()
        if last.startswith(_PREFIX):
            return f"the engine cannot be started: {last.removeprefix(_PREFIX)}"
        status = self._process.returncode
        how = f"was ended by {signal.Signals(-status).name}" if status < 0 else f"ended with status {status}"
        if not last:
            return (
                f"the engine {how} as it started; `pyfi serve --workspace {self._workspace.folder}` in a terminal may show why"
            )
        return f"the engine {how} as it started: {last}; {self.output} holds all that it wrote"

    def _last_line(self) -> str:
        try:
            with self.output.open("rb") as file:
                file.seek(max(self._begin, file.seek(0, os.SEEK_END) - _LAST_BYTES))
                lines = file.read().decode("utf-8", "replace").split("\n")
        except OSError:
            return ""
        return next((line.strip() for line in reversed(lines) if line.strip()), "")


def _give_way(pid: int) -> None:
    """A window answers at once also while a flow takes every processor of the machine. Hosts inherit it from their engine."""
    if hasattr(os, "setpriority"):
        nice = os.getpriority(os.PRIO_PROCESS, 0) + _NICE
        with contextlib.suppress(OSError):  # it has ended already, or the system forbids it
            os.setpriority(os.PRIO_PROCESS, pid, nice)
        give_way(pid, min(nice, 19))


def output_of(workspace: Workspace) -> Path:
    """The file for what engines of a workspace write."""
    return workspace.logs / "engine.txt"


def command() -> list[str]:
    """What `pyfi` is on a command line: of this installation, whatever PATH says, and whatever folder it is started in."""
    if getattr(sys, "frozen", False):
        return [sys.executable]
    return [sys.executable, "-P", "-m", "engine.cli.main"]


def bury() -> None:
    """Take note of engines that have ended, so that the system forgets them."""
    _started[:] = [process for process in _started if process.poll() is None]
