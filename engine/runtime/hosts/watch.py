"""Watches the calls of user code from a thread of its own, so that a call costs nothing more for being watched.

A step says where its calls are counted: a list that grows by one with every call. A call that lasts longer than allowed is
interrupted by a signal, whose handler raises CallTimeout where the call stands. Code that ignores even that ends the process;
code that never lets this thread run is the engine's to kill.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from types import FrameType
from typing import Any, TypeVar

T = TypeVar("T")
TICK_S = 0.05
GRACE_S = 2.0
ALIVE_S = 1.0
EXIT_TIMEOUT = 75


def unstopped(thread: threading.Thread) -> threading.Thread:
    """The same thread, of which a debugger knows nothing: it works while user code stands at a breakpoint."""
    thread.__dict__.update(pydev_do_not_trace=True, is_pydev_daemon_thread=True)
    return thread


class CallTimeout(BaseException):
    """A call took longer than its processor allows. Not an Exception, so that user code does not swallow it by accident."""


class Watch:
    """`alive(calls)` is told about once a second that a long task is getting on."""

    def __init__(self, alive: Callable[[int], None]) -> None:
        self._alive = alive
        self._calls: Sequence[Any] | None = None
        self._timeout_s = 0.0
        self._serial = 0
        self._suspect: tuple[int, int] | None = None
        self._waited_s = 0.0
        self._waits_since: float | None = None
        self._main = threading.main_thread().ident
        signal.signal(signal.SIGUSR2, self._on_signal)
        unstopped(threading.Thread(target=self._run, name="watch", daemon=True)).start()

    def enter(self, calls: Sequence[Any], timeout_s: float) -> None:
        """Calls begin; `calls` grows by one with each that ends."""
        self._timeout_s = timeout_s
        self._serial += 1
        self._calls = calls

    def leave(self) -> None:
        """The calls are over."""
        self._calls = None

    def wait(self, get: Callable[[], T]) -> T:
        """Wait for the engine, at no cost to the time of the call: its disk may be full for hours."""
        began = self._waits_since = time.monotonic()
        try:
            return get()
        finally:
            self._waited_s += time.monotonic() - began
            self._waits_since = None

    def _waited(self, now: float) -> float:
        """For how long all calls together have waited for the engine."""
        since = self._waits_since
        return self._waited_s + (now - since if since is not None else 0.0)

    def _mark(self) -> tuple[int, int] | None:
        calls = self._calls
        return None if calls is None else (self._serial, len(calls))

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        if self._suspect is not None and self._mark() == self._suspect:
            self._suspect = None
            raise CallTimeout(f"the call took longer than {self._timeout_s:g} s")

    def _run(self) -> None:
        last: tuple[int, int] | None = None
        since = told = time.monotonic()
        waited = 0.0
        while True:
            time.sleep(TICK_S)
            mark, now = self._mark(), time.monotonic()
            if mark != last or mark is None:
                if mark is not None and now - told > ALIVE_S:
                    told = now
                    self._alive(mark[1])
                last, since, waited = mark, now, self._waited(now)
            elif 0 < self._timeout_s < now - since - (self._waited(now) - waited):
                self._interrupt(mark)
                last = None

    def _interrupt(self, mark: tuple[int, int]) -> None:
        assert self._main is not None
        self._suspect = mark
        signal.pthread_kill(self._main, signal.SIGUSR2)
        deadline = time.monotonic() + GRACE_S
        while self._mark() == mark:
            if time.monotonic() > deadline:
                os._exit(EXIT_TIMEOUT)
            time.sleep(TICK_S)
