"""Bench, which keeps the host of the last trial for the next one of the same code."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from engine.model.bare import bare_part
from engine.model.flow import Flow, Header, Processor

if TYPE_CHECKING:
    from pathlib import Path

    from engine.client.debugger import Debugging
    from engine.client.task import StepRun

_IDLE_S = 120.0
"""A host that nobody has used for so long is ended."""
Log = Callable[[str, str], None]


class Subject(Struct, frozen=True):
    """What is tried: a processor, the parameters of the flow that holds it, the folder that paths start from."""

    processor: Processor
    parameters: dict[str, Any]
    folder: Path

    @property
    def bare(self) -> Subject:
        """The same without what makes no difference to how it runs."""
        return Subject(bare_part(self.processor), self.parameters, self.folder)

    @property
    def flow(self) -> Flow:
        """The processor alone in a flow, so that nothing else that may be wrong with its own matters."""
        return Flow(
            header=Header(name=self.processor.id), parameters=self.parameters, steps={self.processor.id: self.processor}
        )


class HeldStep:
    """A processor in a host, held open by a task of its own: whatever ends the loop ends the host, too."""

    def __init__(self, subject: Subject, log: Log, debugging: Debugging | None = None) -> None:
        from engine.client.flow import Opened
        from engine.client.task import StepRun

        self.subject = subject.bare
        self.step: StepRun = StepRun(Opened(subject.flow, subject.folder, ""), subject.processor.id, log, debugging)
        self.is_debugged = debugging is not None
        self._release = asyncio.Event()
        self._ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._task = asyncio.ensure_future(self._hold())

    async def _hold(self) -> None:
        try:
            async with self.step:
                self._ready.set_result(None)
                await self._release.wait()
        except BaseException as error:
            if self._ready.done():
                raise
            self._ready.set_exception(error)

    async def ready(self) -> None:
        """Wait until the host is there; raises what keeps it from starting."""
        await asyncio.shield(self._ready)

    async def end(self) -> None:
        """Have the host end by itself."""
        self._release.set()
        await asyncio.shield(self._task)

    async def kill(self) -> None:
        """End the host at once."""
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError, Exception):
            await asyncio.shield(self._task)
        if self._ready.done() and not self._ready.cancelled():
            self._ready.exception()  # whoever waited for it is gone; it is no fault


def prepare() -> None:
    """Import what trials need."""
    import engine.client.flow
    import engine.client.sample  # noqa: F401


class Bench:
    """Lends steps. One that was given back serves the next trial of the same code, with an empty state, without a new start."""

    def __init__(self) -> None:
        self._kept: HeldStep | None = None
        self._clock: asyncio.TimerHandle | None = None
        self._endings: set[asyncio.Future[None]] = set()

    async def lend(self, subject: Subject, log: Log, debugging: Debugging | None = None) -> HeldStep:
        """A step in a host that is ready; one that is debugged has a host of its own."""
        kept = self._take() if debugging is None else None
        if kept is not None:
            if kept.subject == subject.bare and not kept.step.is_gone:
                kept.step.log = log
                kept.step.forget()
                return kept
            self._end(kept)
        held = HeldStep(subject, log, debugging)
        try:
            await held.ready()
        except BaseException:
            await held.kill()
            raise
        return held

    async def give_back(self, held: HeldStep) -> None:
        """A trial went to its end. A source cannot begin anew in the same host."""
        if held.is_debugged or held.step.is_gone or not held.step.inputs or self._kept is not None:
            await held.end()
            return
        self._kept = held
        self._clock = asyncio.get_running_loop().call_later(_IDLE_S, self.clear)

    def clear(self) -> None:
        """Keep none any more."""
        if (kept := self._take()) is not None:
            self._end(kept)

    def _take(self) -> HeldStep | None:
        if self._clock is not None:
            self._clock.cancel()
        kept, self._kept, self._clock = self._kept, None, None
        return kept

    def _end(self, held: HeldStep) -> None:
        ending = asyncio.ensure_future(held.kill())
        self._endings.add(ending)
        ending.add_done_callback(self._endings.discard)
