"""EngineSupervisor, which keeps the engine process alive."""

from __future__ import annotations

import asyncio
import contextlib
import time

from PySide6.QtCore import QObject, Signal

from app.feed.background import end, in_background
from app.feed.patience import Patience
from engine.client.engine import Engine
from engine.errors import EngineGone, PyfiError

STOPPED, STARTING, RUNNING, RESTARTING, FAILED = "stopped", "starting", "running", "restarting", "failed"
_LOOK_S = 0.5


class EngineSupervisor(QObject):
    """Starts the engine when it is first needed, notices when it dies, and starts it again; flows go on where they were.

    An engine that was started elsewhere is looked after just so. One that was ended in good order (`pyfi serve` and Ctrl+C) is
    left alone until it is needed again, one that dies again and again is given up. `start` it on the running event loop, and
    `close` it before that ends: the engine goes on.
    """

    engine_changed = Signal(str, str)
    """State and a sentence for people. `stopped`: none runs; `starting`; `running`; `restarting`: it died and is started again;
    `failed`: it cannot be started, or died too often. `need` tries again."""

    def __init__(self, engine: Engine, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.engine = engine
        self._state = STOPPED
        self._text = ""
        self._patience = Patience()
        self._starting = asyncio.Lock()
        self._watching: asyncio.Task[None] | None = None
        self._closed = False

    @property
    def state(self) -> str:
        """How the engine is: see `engine_changed`."""
        return self._state

    @property
    def text(self) -> str:
        """The same for people."""
        return self._text

    def start(self) -> None:
        """Begin to look after the engine, should one run or be started by somebody. Starts none."""
        if self._watching is None and not self._closed:
            self._watching = in_background(self._watch())

    async def need(self) -> Engine:
        """The engine, started if none runs.

        Raises:
            PyfiError: it cannot be started; says why, and the cure.
        """
        async with self._starting:
            if self._state == RUNNING and self.engine.is_serving:
                return self.engine
            await self._look_away()
            self._patience = Patience()
            try:
                if not self.engine.is_serving:
                    self._tell(STARTING, self.tr("The engine is being started."))
                await self._launch()
            except PyfiError as error:
                self._tell(FAILED, str(error))
                raise
            finally:
                self.start()
            return self.engine

    async def shut_down(self, patience_s: float | None = None) -> None:
        """End the engine in good order, and at once after `patience_s`. What runs goes on when it is started again."""
        async with self._starting:
            await self._look_away()
            await self.engine.shut_down(patience_s)
            self._tell(STOPPED, self.tr("The engine was ended."))
            self.start()

    async def close(self) -> None:
        """Look after it no more. It goes on, and so do its flows."""
        self._closed = True
        await self._look_away()

    async def _look_away(self) -> None:
        task, self._watching = self._watching, None
        await end(task)

    async def _watch(self) -> None:
        while True:
            while not self.engine.is_serving:  # noqa: ASYNC110 - whoever starts one elsewhere tells nobody
                await asyncio.sleep(_LOOK_S)
            if self._state != RUNNING:
                with contextlib.suppress(EngineGone):
                    await self._launch()
            if not await self.engine.ended():
                await self._restart()
            elif not self.engine.is_serving:
                self._tell(STOPPED, self.tr("The engine was ended from outside; it is started again when a flow is to run."))

    async def _restart(self) -> None:
        """After it died: start it again, after a pause that grows, until it is given up."""
        self._tell(RESTARTING, self.tr("The engine died. It is started again, and flows go on where they were."))
        given_up = self.tr(
            "The engine died {} times within a minute and is started no more. {} holds what it wrote; run a flow to try again."
        )
        while (pause_s := self._patience.fail(time.monotonic())) is not None:
            await asyncio.sleep(pause_s)
            try:
                await self._launch()
            except PyfiError as error:
                given_up = str(error)
                continue
            return
        self._tell(FAILED, given_up.format(self._patience.failures, self.engine.output))

    async def _launch(self) -> None:
        health = await self.engine.launch()
        self._tell(RUNNING, self.tr("The engine runs (process {}).").format(health.pid))

    def _tell(self, state: str, text: str) -> None:
        if (state, text) != (self._state, self._text):
            self._state, self._text = state, text
            self.engine_changed.emit(state, text)
