"""Debugged, a processor of a running flow with a debugger at its host."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from engine.errors import HostError
from engine.runtime.debugging import code_file, debug_head
from engine.runtime.hosts.debugger import LOOPBACK
from engine.runtime.news import News

LEASE_S = 60.0
"""For so long a processor is debugged after anybody asked for it last: whoever debugs may be gone without a word."""


class HostUnwanted(HostError):
    """A host that was starting is not needed any more."""


class DebugState(Struct, frozen=True):
    """Where the present host of a debugged processor listens for a debugger; no port: it is only starting, or has ended.

    `serial` counts what changes, from 1. `file` holds the code: breakpoints are set in it. `trouble`: why there can be no host.
    """

    serial: int = 0
    host: str = ""
    port: int = 0
    file: str = ""
    trouble: str = ""


class Debugged:
    """Tells each host of the processor how to be debugged, and whoever debugs where it listens."""

    def __init__(self, step: str, port: int = 0) -> None:
        self.step = step
        self._port = port
        self._folder = tempfile.TemporaryDirectory(prefix="pyfi-debug-")
        self._news = News()
        self._state = DebugState(serial=1)
        self._asked_s = time.monotonic()
        self.is_over = False

    @property
    def is_forgotten(self) -> bool:
        """Whether nobody has asked for it for long."""
        return time.monotonic() - self._asked_s > LEASE_S

    def renew(self) -> None:
        """Have it debugged for as long again as after somebody asked for it."""
        self._asked_s = time.monotonic()

    def head(self, head: Mapping[str, Any]) -> dict[str, Any]:
        """What a host is told that is to wait for a debugger; raises UsageError where the port is taken."""
        step = dict(head["steps"][0])
        step["file"] = str(code_file(step, Path(self._folder.name)))
        self._tell(file=step["file"])
        return {**head, "steps": [step], "debug": debug_head(self._port)}

    def listens(self, port: int) -> None:
        """The host listens."""
        self._tell(host=LOOPBACK, port=port, file=self._state.file)

    def left(self) -> None:
        """The host has ended."""
        self._tell(file=self._state.file, trouble=self._state.trouble)

    def failed(self, trouble: str) -> None:
        """There can be no host until the code is another."""
        self._tell(file=self._state.file, trouble=trouble)

    def end(self) -> None:
        """It is debugged no more."""
        self.is_over = True
        self._news.tell()
        self._folder.cleanup()

    async def state(self, after: int, wait_s: float) -> DebugState:
        """How it stands, as soon as that is another than number `after`, or the time is over."""
        until_s = time.monotonic() + wait_s
        while not self.is_over and self._state.serial <= after and (left_s := until_s - time.monotonic()) > 0:
            self._asked_s = time.monotonic()
            await self._news.after(self._news.count, left_s)
        self._asked_s = time.monotonic()
        return self._state

    def _tell(self, *, host: str = "", port: int = 0, file: str = "", trouble: str = "") -> None:
        self._state = DebugState(self._state.serial + 1, host, port, file, trouble)
        self._news.tell()
