"""A network within this machine: a bridge, and hosts that are namespaces of the kernel, each with a link that can be cut."""

from __future__ import annotations

import os
import random
import secrets
import shutil
import subprocess
from contextlib import ExitStack
from types import TracebackType
from typing import Self

import pytest


class Network:
    """Use as a context manager; skips the test where making networks is not permitted. Nothing leads out of it."""

    def __init__(self) -> None:
        self._tag = secrets.token_hex(3)
        # What RFC 2544 sets aside for tests: no real network uses it.
        self._net = f"198.18.{random.randrange(256)}"
        self._undo = ExitStack()
        self._hosts: list[str] = []

    @property
    def address(self) -> str:
        """This machine's own address in the network: where its servers listen."""
        return f"{self._net}.1"

    def __enter__(self) -> Self:
        if os.geteuid() != 0 or shutil.which("ip") is None:
            pytest.skip("making a network needs root and the program `ip` (Debian: iproute2)")
        try:
            self._make("link", "add", self._bridge, "type", "bridge", undo=("link", "del", self._bridge))
        except subprocess.CalledProcessError as error:
            pytest.skip(f"making a network is not permitted here: {error.stderr.strip()}")
        self._make("addr", "add", f"{self.address}/24", "dev", self._bridge)
        self._make("link", "set", self._bridge, "up")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._undo.close()

    def host(self, name: str) -> list[str]:
        """Add a host; what its commands begin with."""
        self._hosts.append(name)
        space, outer = self._space(name), self._outer(name)
        self._make("netns", "add", space, undo=("netns", "del", space))
        self._make("link", "add", outer, "type", "veth", "peer", "name", "eth0", "netns", space, undo=("link", "del", outer))
        self._make("link", "set", outer, "master", self._bridge, "up")
        self._make("-n", space, "addr", "add", f"{self._net}.{len(self._hosts) + 1}/24", "dev", "eth0")
        for device in ("lo", "eth0"):
            self._make("-n", space, "link", "set", device, "up")
        return ["ip", "netns", "exec", space]

    def cut(self, name: str) -> None:
        """Pull the plug of a host: what is sent to it or by it is lost, without a word."""
        self._make("link", "set", self._outer(name), "down")

    def mend(self, name: str) -> None:
        """Put it in again."""
        self._make("link", "set", self._outer(name), "up")

    @property
    def _bridge(self) -> str:
        return f"pyfi-{self._tag}"

    def _space(self, name: str) -> str:
        return f"pyfi-{self._tag}-{name}"

    def _outer(self, name: str) -> str:
        return f"py{self._tag}-{name}"

    def _make(self, *arguments: str, undo: tuple[str, ...] = ()) -> None:
        subprocess.run(["ip", *arguments], check=True, capture_output=True, text=True)
        if undo:
            # A link goes with its namespace, so it may be gone by then.
            self._undo.callback(subprocess.run, ["ip", *undo], check=False, capture_output=True)
