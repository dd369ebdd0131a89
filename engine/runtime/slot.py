"""Slot, room for one host of a stage: starts the host, and hears what it says and asks."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from engine.runtime.debugged import Debugged, HostUnwanted
from engine.runtime.host import Command, Host, HostDied, HostLost

if TYPE_CHECKING:
    from engine.runtime.runner import Runner

_STARTS = 5
"""How often a host that dies before it is ready is started before its stage is given up."""


class Slot:
    """Room for one host of a stage."""

    def __init__(self, runner: Runner, number: int) -> None:
        self._runner = runner
        self.number = number
        self.host: Host | None = None
        self.in_hand = 0
        self.rests = 0
        """Tasks that left something over, of all its hosts."""
        self._rests_before = 0
        """Of those, the ones of the hosts before this one."""
        self._starting = asyncio.Lock()
        self._start_of_debugged: asyncio.Future[Host] | None = None

    async def ensure(self) -> Host:
        """The slot's host, started if need be."""
        async with self._starting:
            if self.host is None:
                runner = self._runner
                command = await runner.command()
                self._rests_before = self.rests
                debugged = self._debugged
                self.host = await (self._start(command) if debugged is None else self._start_debugged(command, debugged))
            return self.host

    @property
    def _debugged(self) -> Debugged | None:
        runner = self._runner
        return runner.deployment.debugged.get(runner.stage.id) if runner.stage.debugged else None

    def rests_of_host(self, rests: int) -> int:
        """How many of so many tasks that left something over were tasks of the present host."""
        return max(0, rests - self._rests_before)

    async def _start(self, command: Command) -> Host:
        spec = self._runner.spec
        for attempt in range(1, _STARTS):
            try:
                return await Host.start(command, spec.head, self, spec.timeout_s)
            except HostLost:
                await asyncio.sleep(0.05 * 2**attempt)
        return await Host.start(command, spec.head, self, spec.timeout_s)

    async def _start_debugged(self, command: Command, debugged: Debugged) -> Host:
        """Start a host that is ready when a debugger has come, which may be never."""
        spec = self._runner.spec
        if self._runner.stopping or self._runner.broken is not None:
            raise HostUnwanted("nothing can be debugged any more")
        head = debugged.head(spec.head)
        start = self._start_of_debugged = asyncio.ensure_future(
            Host.start(command, head, self, spec.timeout_s, debugged.listens)
        )
        try:
            return await start
        except asyncio.CancelledError:
            raise HostUnwanted("the debugging has ended before a debugger came") from None
        finally:
            self._start_of_debugged = None

    def abandon(self) -> None:
        """Wait for a debugger no longer."""
        if self._start_of_debugged is not None:
            self._start_of_debugged.cancel()

    def on_log(self, step: int, level: str, text: str) -> None:
        """A step, or the host itself (-1), says something."""
        runner = self._runner
        runner.deployment.log(runner.spec.steps[step] if step >= 0 else runner.stage.id, level, text)

    async def on_get(self, step: int, keys: list[str] | None, most: int) -> tuple[list[tuple[str, bytes, int]], bool]:
        """A step's state rows, as (key, value, version), and whether these are all."""
        number = self._runner.deployment.registration.steps[self._runner.spec.steps[step]]
        ledger = self._runner.line
        if keys is not None and most:
            rows = await ledger.insist(lambda ledger_: ledger_.read_state(number, most=most + 1))
            if len(rows) <= most:
                return [(key, value, version) for key, (value, version) in rows.items()], True
        rows = await ledger.insist(lambda ledger_: ledger_.read_state(number, keys))
        return [(key, value, version) for key, (value, version) in rows.items()], keys is None

    def on_source(self, head: dict[str, Any], body: memoryview) -> None:
        """A batch of the source, or its failure."""
        if self._runner.source is not None:
            self._runner.source.on_frame(head, body)

    def on_exit(self, error: HostDied) -> None:
        """The host is gone."""
        self.host = None
        runner = self._runner
        if (debugged := self._debugged) is not None:
            debugged.left()
        if not runner.stopping and error.reason != "exited with status 0":
            runner.deployment.log(runner.stage.id, "error", f"the host {error.reason}")
        if runner.source is not None and self.number == 0:
            runner.source.on_exit(error, at_work=self.in_hand > 0)
        runner.wake()
