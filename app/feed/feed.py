"""Feed, the engine's events as signals."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from typing import Any, NamedTuple, Protocol

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from app.feed.activity import EVERY_MS
from app.feed.background import end, in_background
from app.feed.figures import Figures, FlowFigures
from engine.client.answer import Lately
from engine.client.engine import Event
from engine.errors import PyfiError

CONNECTING, CONNECTED, LOST = "connecting", "connected", "lost"
_LINKS = {"hello": CONNECTED, "lost": LOST}
TELL_MS = 100
"""What changes is told at most ten times a second: nobody sees more, and painting is what costs."""
_LINES = 1000
"""Lines kept for the next telling; of more the oldest are left out, and counted."""


class Line(NamedTuple):
    """A line of a flow's log."""

    at_ms: int
    step: str
    level: str
    text: str


class Source(Protocol):
    """Where events come from: an engine, or a target."""

    def events(self) -> AbstractAsyncContextManager[AsyncIterator[Event]]:
        """What happens, from now on."""
        ...

    def lately(self, flow: str, *, of: str = "processor") -> AsyncIterator[Lately]:
        """What parts of a flow did before."""
        ...


class Feed(QObject):
    """Follows the engine of a workspace through its restarts, and tells what became different, the newest of each part only.

    `start` it on the running event loop, `close` it before that ends. The figures themselves are read from `flow`.
    """

    figures_changed = Signal(str, object, object)
    """Flow, list of processors' ids, list of connections' keys: their figures, or what they did lately, are different. A part
    that is no more is told, too; it is not in `flow` then."""

    state_changed = Signal(str, str, str)
    """Flow, state, trouble ("" if none). A flow that is no more is `removed`."""

    lines_logged = Signal(str, object)
    """Flow, list of `Line`s: all that it said since this was last told."""

    lines_missed = Signal(int)
    """So many lines were left out, because there were too many at once, or the engine was away for long; its logs have them."""

    link_changed = Signal(str)
    """`connecting` until the first connection, then `connected` or `lost`. It comes back by itself."""

    trouble_changed = Signal(str)
    """Why nothing can be heard just now, as far as the source says; empty: all is well."""

    def __init__(self, source: Source, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._source = source
        self._figures = Figures()
        self._lines: deque[tuple[str, Line]] = deque()
        self._missed = 0
        self._link = CONNECTING
        self.trouble = ""
        """See `trouble_changed`."""
        self._task: asyncio.Task[None] | None = None
        self._recalling: set[asyncio.Task[None]] = set()
        self._told_s = 0.0
        self._teller = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._teller.timeout.connect(self._on_tell_due)
        self._clock = QTimer(self, interval=EVERY_MS)
        self._clock.timeout.connect(self._on_interval_passed)

    @property
    def link(self) -> str:
        """Whether there is a connection: see `link_changed`."""
        return self._link

    @property
    def flows(self) -> list[str]:
        """The flows that the engine knows."""
        return list(self._figures.flows)

    def flow(self, name: str) -> FlowFigures | None:
        """How a flow stands; None when the engine does not know it."""
        return self._figures.flows.get(name)

    def start(self) -> None:
        """Begin to follow."""
        if self._task is None:
            self._task = in_background(self._follow())
            self._clock.start()
            self.link_changed.emit(self._link)

    async def close(self) -> None:
        """Follow no more; what was heard is told first."""
        task, self._task = self._task, None
        self._clock.stop()
        await end(task)
        for recalling in list(self._recalling):
            await end(recalling)
        self._teller.stop()
        self._tell()

    async def _follow(self) -> None:
        async with self._source.events() as stream:
            async for event in stream:
                self._take(event)

    def _take(self, event: Event) -> None:
        match event.kind:
            case "log" | "bulletin":
                self._take_line(event)
            case "gap":
                self._missed += event.data["missed"]
            case _:
                self._figures.take(event)
        if event.kind in _LINKS:
            self._set_link(_LINKS[event.kind])
            self._set_trouble(event.data.get("trouble") or "")
        for flow in self._figures.take_unrecalled():
            recalling = in_background(self._recall(flow))
            self._recalling.add(recalling)
            recalling.add_done_callback(self._recalling.discard)
        self._tell_soon()

    async def _recall(self, flow: str) -> None:
        """Learn what a flow did before this heard of it."""
        with contextlib.suppress(PyfiError):  # the engine is gone again, or so old that it does not tell
            for kind in ("processor", "connection"):
                async for lately in self._source.lately(flow, of=kind):
                    self._figures.recall(flow, kind, lately)
                    self._tell_soon()

    def _take_line(self, event: Event) -> None:
        data: dict[str, Any] = event.data
        self._lines.append((event.flow, Line(event.at_ms, data["step"], data["level"], data["text"])))
        if len(self._lines) > _LINES:
            self._lines.popleft()
            self._missed += 1

    def _set_link(self, link: str) -> None:
        # Nothing is lost that was not there: an engine that is yet to be started is waited for.
        if link != self._link and not (link == LOST and self._link == CONNECTING):
            self._link = link
            self.link_changed.emit(link)

    def _set_trouble(self, trouble: str) -> None:
        if trouble != self.trouble:
            self.trouble = trouble
            self.trouble_changed.emit(trouble)

    def _tell_soon(self) -> None:
        if not self._teller.isActive() and (self._figures.has_news or self._lines or self._missed):
            passed_ms = int((time.monotonic() - self._told_s) * 1000)
            self._teller.start(max(0, TELL_MS - passed_ms))

    def _on_tell_due(self) -> None:
        self._tell()

    def _on_interval_passed(self) -> None:
        self._figures.advance(int(time.time() * 1000))
        self._tell_soon()

    def _tell(self) -> None:
        self._told_s = time.monotonic()
        for news in self._figures.take_news():
            if news.state:
                state, trouble = self._figures.state_of(news.flow)
                self.state_changed.emit(news.flow, state, trouble or "")
            if news.processors or news.connections:
                self.figures_changed.emit(news.flow, news.processors, news.connections)
        missed, self._missed = self._missed, 0
        if missed:
            self.lines_missed.emit(missed)
        told: dict[str, list[Line]] = {}
        while self._lines:
            flow, line = self._lines.popleft()
            told.setdefault(flow, []).append(line)
        for flow, lines in told.items():
            self.lines_logged.emit(flow, lines)
