"""A debugger at the host of a trial, as the user interface sees it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Coroutine, Sequence
from typing import Any

from msgspec import Struct
from PySide6.QtCore import QObject, Qt, Signal

from app.editor.background import begin, soon
from engine.client.debugger import DebugAddress, Debugger, Debugging, Frame, Step, Stop, Variable
from engine.errors import PyfiError


class Standing(Struct, frozen=True):
    """Code that stands: where, and the local variables of the innermost call."""

    stop: Stop
    variables: tuple[Variable, ...]


class DebugSession(QObject):
    """Attaches as soon as the host listens.

    All its talk with the host is on the loop of trials; its signals come in the thread of the user interface.
    """

    listening = Signal(object)
    """The host listens at this DebugAddress."""
    stopped = Signal(object)
    """The code stands: a Standing."""
    resumed = Signal()
    """It goes on."""
    looked_into = Signal(object, object)
    """A Frame or the reference of a Variable, and the Variables in it."""
    left = Signal(object)
    """Nothing is at the host any more: it has ended, or is left to itself."""
    failed = Signal(str)
    """The debugger could not attach."""
    _came = Signal(object, object)

    def __init__(self, lines: Sequence[int], parent: QObject) -> None:
        super().__init__(parent)
        self._lines = tuple(lines)
        self._debugger: Debugger | None = None
        self._stop: Stop | None = None
        self._tasks: set[asyncio.Future[None]] = set()
        self.debugging = Debugging(self._on_listening)
        self._came.connect(self._on_came, Qt.ConnectionType.QueuedConnection)

    def go(self, step: Step) -> None:
        """Continue, or go one step; nothing while the code runs."""
        stop, debugger = self._stop, self._debugger
        if stop is not None and debugger is not None:
            self._stop = None
            self.resumed.emit()
            self._do(lambda: debugger.go_on(stop, step))

    def look_into(self, place: Frame | int) -> None:
        """Ask for the local variables of a call, or for what is inside a variable."""
        debugger = self._debugger
        if debugger is not None and self._stop is not None:
            self._do(lambda: self._look(debugger, place))

    def set_lines(self, address: DebugAddress, lines: Sequence[int]) -> None:
        """Stop at these lines from now on."""
        self._lines = tuple(lines)
        debugger = self._debugger
        if debugger is not None:
            self._do(lambda: debugger.set_breakpoints(address.file, lines))

    def _do(self, ask: Any) -> None:
        soon(lambda: self._begin(ask()))

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        """On the loop: do it, and keep hold of it meanwhile."""
        task = asyncio.ensure_future(self._guarded(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _guarded(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except PyfiError as error:
            self._tell("failed", str(error))

    def attach(self, address: DebugAddress) -> None:
        """A host listens there: be at it from now on."""
        soon(lambda: self._on_listening(address))

    async def leave(self) -> None:
        """Let the code go on, and wait until it does; for the loop of the user interface."""
        await asyncio.wrap_future(begin(self._leave()))

    async def _leave(self) -> None:
        if self._debugger is not None:
            await self._debugger.detach()

    def _on_listening(self, address: DebugAddress) -> None:
        self._tell("listening", address)
        self._begin(self._attend(address))

    async def _attend(self, address: DebugAddress) -> None:
        """Tell of every stop, until the host has ended."""
        debugger = self._debugger = await Debugger.attach(address, self._lines)
        try:
            while (stop := await debugger.stopped()) is not None:
                variables = await debugger.locals(stop.frames[0]) if stop.frames else []
                self._tell("stopped", Standing(stop, tuple(variables)))
        finally:
            await debugger.detach()
            self._tell("left", None)

    async def _look(self, debugger: Debugger, place: Frame | int) -> None:
        found = await (debugger.locals(place) if isinstance(place, Frame) else debugger.variables(place))
        self._tell("looked_into", (place, found))

    def _tell(self, what: str, about: object) -> None:
        with contextlib.suppress(RuntimeError):  # whoever debugs is gone
            self._came.emit(what, about)

    def _on_came(self, what: str, about: Any) -> None:
        self._stop = about.stop if what == "stopped" else None if what == "left" else self._stop
        if what == "looked_into":
            self.looked_into.emit(*about)
        else:
            getattr(self, what).emit(about)
