"""LiveDebug, the debugging of a processor in the flow that runs: on real messages, while the rest of the flow goes on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, aclosing
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from engine.errors import HostError, PyfiError

if TYPE_CHECKING:
    from app.editor.debug_session import DebugSession
    from engine.client.live_step import LiveStep

OpenStep = Callable[[], AbstractAsyncContextManager["LiveStep"]]
"""Has the flow hand a processor over for as long as it is open."""


class LiveDebug(QObject):
    """Has a session attach to each host of the processor; on the loop of the user interface."""

    ended = Signal(str)
    """The flow has its processor back; says why, if nobody here wished it."""

    def __init__(self, open_step: OpenStep, session: DebugSession, parent: QObject) -> None:
        super().__init__(parent)
        self.session = session
        self._open_step = open_step
        self._reason = ""
        self._is_ending = False
        self._task = asyncio.ensure_future(self._run())
        self._task.add_done_callback(self._on_done)  # also of a task that is cancelled before it begins

    def end(self) -> None:
        """Let the code go on, and give the processor back."""
        if not self._is_ending:  # a second time would break off the giving back
            self._is_ending = True
            self._task.cancel()

    async def settled(self, seconds: float) -> None:
        """Wait until the processor is given back, but no longer than that."""
        await asyncio.wait({self._task}, timeout=seconds)

    def _on_done(self, task: asyncio.Task[None]) -> None:
        self.ended.emit(self._reason)
        if not task.cancelled():
            task.result()  # a bug is told as every other is

    async def _run(self) -> None:
        try:
            async with self._open_step() as live, aclosing(live.hosts()) as hosts:
                try:
                    async for told in hosts:
                        if isinstance(told, HostError):
                            self.session.failed.emit(str(told))
                        else:
                            self.session.attach(told)
                    self._reason = self.tr("The flow has ended")
                finally:
                    await self.session.leave()  # what stands goes on, and is through before the host ends
        except PyfiError as error:
            self._reason = str(error)
