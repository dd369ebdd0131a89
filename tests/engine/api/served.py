"""The real engine process, started and ended as users and crashes do."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self, cast

from engine.api.address import Address, read_address
from engine.api.remote import EngineClient, path_of
from tests.engine.cli.command import environment

TICKING = """
pyfi: 1
name: ticking
parameters: {count: 0, rate: 500}
processors:
  - {id: ticks, type: generate, config: {count: "${count}", rate: "${rate}"}}
  - id: check
    type: python
    code: |
      def check(n, ctx):
          if n % 100 == 7:
              raise ValueError(f"{n} is refused")
          return n
  - {id: keep, type: write_lines, config: {path: out.txt}}
connections:
  - {from: ticks.success, to: check.in}
  - {from: check.success, to: keep.in}
"""
"""Numbers, written to out.txt but for one in a hundred, which becomes a dead letter."""


ANY = cast("type[Any]", Any)


class Served:
    """`pyfi serve` in a folder of its own. Use as a context manager: whatever still runs at its end is killed."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.folder = folder
        self.workspace = folder / "ws"
        self.file = self.workspace / "engine.json"
        self._options = options
        self._said = (folder / "serve.txt").open("ab")
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.kill()
        self._said.close()

    @property
    def said(self) -> str:
        """Everything that it wrote."""
        return (self.folder / "serve.txt").read_text(encoding="utf-8")

    @property
    def address(self) -> Address:
        """Where it is."""
        address = read_address(self.file)
        assert address is not None, self.said
        return address

    def start(self) -> None:
        """Start it and wait until it serves."""
        command = [sys.executable, "-m", "engine.cli.main", "serve", "--workspace", str(self.workspace), *self._options]
        process = self.process = subprocess.Popen(
            command, cwd=self.folder, stdout=self._said, stderr=subprocess.STDOUT, env=environment(), start_new_session=True
        )

        def serves() -> bool:
            assert process.poll() is None, self.said
            address = read_address(self.file)
            return address is not None and address.pid == process.pid

        wait_until(serves)

    @property
    def pid(self) -> int:
        """The engine's process."""
        assert self.process is not None
        return self.process.pid

    def send(self, number: signal.Signals) -> None:
        """Send it a signal."""
        os.kill(self.pid, number)

    def ended(self, seconds: float = 60) -> int:
        """Wait until it has ended; returns its exit status."""
        assert self.process is not None
        return self.process.wait(seconds)

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Have it end in good order; returns its exit status."""
        self.send(number)
        return self.ended()

    def kill(self) -> None:
        """End it as a crash would."""
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def client(self) -> EngineClient:
        """To ask it; close it."""
        return EngineClient(self.address)

    def get(self, path: str, /, *several: tuple[str, str], **params: Any) -> Any:
        """Ask."""
        with self.client() as client:
            return client.get(path, ANY, *several, **params)

    def post(self, path: str, /, **body: Any) -> Any:
        """Order."""
        with self.client() as client:
            return client.post(path, ANY, **body)

    def delete(self, path: str) -> Any:
        """Take away."""
        with self.client() as client:
            return client.delete(path, ANY)

    def deploy(self, text: str = TICKING, **order: Any) -> Any:
        """Deploy a flow whose files are in the folder."""
        return self.post("/deployments", text=text, folder=str(self.folder), **order)

    def flow(self, name: str = "ticking") -> Any:
        """How a flow stands."""
        return self.get(path_of("deployments", name))

    def counted(self, step: str, name: str = "ticking") -> int:
        """Messages that came into a step."""
        return self.flow(name)["processors"].get(step, {"in": 0})["in"]


def wait_until(happened: Callable[[], bool], seconds: float = 120) -> None:
    """Wait for something to happen, at most so long."""
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def children(pid: int) -> set[int]:
    """Every process that a process has started."""
    import psutil

    return {child.pid for child in psutil.Process(pid).children(recursive=True)}


def is_gone(pid: int) -> bool:
    """Whether a process has ended."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False
