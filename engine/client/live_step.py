"""LiveStep, a processor of a running flow that is debugged: its host waits for a debugger, the rest of the flow runs on."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from pathlib import Path
from types import TracebackType
from typing import Self

from engine.client.engine import Engine
from engine.errors import HostError, NotFound, PyfiError
from engine.runtime.debugging import DebugAddress

__all__ = ["LiveStep"]


class LiveStep:
    """Debugged for as long as this is open. Use as an async context manager, on the engine's event loop.

    At its end the flow has the processor back. A message that stands at a breakpoint then is worked on anew.

    Raises:
        NotFound: the flow has no such processor.
        UsageError: it cannot be debugged, or the port is taken.
        ConflictError: it is stopped, or debugged already.
    """

    def __init__(self, engine: Engine, flow: str, step: str, port: int = 0) -> None:
        self._engine = engine
        self._flow = flow
        self._step = step
        self._port = port

    async def __aenter__(self) -> Self:
        asked = asyncio.ensure_future(self._engine.debug(self._flow, self._step, self._port))
        try:
            await asyncio.shield(asked)
        except asyncio.CancelledError:  # the engine does it all the same: what nobody waits for any more is given back
            await asyncio.wait({asked})
            if not asked.cancelled() and asked.exception() is None:
                await self.__aexit__(None, None, None)
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with contextlib.suppress(PyfiError):  # the engine is gone, and with it the debugging; or the flow is
            await asyncio.shield(self._engine.end_debugging(self._flow, self._step))

    async def hosts(self) -> AsyncGenerator[DebugAddress | HostError]:
        """Where each host listens, one after the other, or why there can be none; ends when the debugging does.

        There is another when the code is edited, and when one died.
        """
        seen = 0
        while True:
            try:
                state = await self._engine.debugging(self._flow, self._step, seen)
            except NotFound:
                return
            if state.serial == seen:
                continue  # nothing has happened for a while
            seen = state.serial
            if state.trouble:
                yield HostError(state.trouble)
            elif state.port:
                yield DebugAddress(state.host, state.port, Path(state.file))
