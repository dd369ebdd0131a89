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
        self._task = asyncio.ensure_future(self._run())

    def end(self) -> None:
        """Let the code go on, and give the processor back."""
        self._task.cancel()

    async def _run(self) -> None:
        reason = ""
        try:
            async with self._open_step() as live, aclosing(live.hosts()) as hosts:
                try:
                    async for told in hosts:
                        if isinstance(told, HostError):
                            self.session.failed.emit(str(told))
                        else:
                            self.session.attach(told)
                    reason = self.tr("The flow has ended")
                finally:
                    await self.session.leave()  # what stands goes on, and is through before the host ends
        except asyncio.CancelledError:
            pass
        except PyfiError as error:
            reason = str(error)
        self.ended.emit(reason)
