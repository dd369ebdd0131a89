"""Catcher, which hears of every exception that nobody expected, wherever it was raised."""

from __future__ import annotations

import asyncio
import logging
import sys
import threading
import traceback
from types import TracebackType
from typing import Any

from PySide6.QtCore import QObject, Signal

_log = logging.getLogger("app.crash")


class Catcher(QObject):
    """Tells of each kind of fault once, in the window's thread; all are logged and written to stderr, as ever.

    Whatever is raised at the same line by the same kind of exception is the same fault, however often. `close` gives the
    hooks back.
    """

    caught = Signal(object, str)
    """An exception that was not met before, and its trace as text."""
    _heard = Signal(object, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._known: dict[tuple[str, str, int], int] = {}
        self._before = (sys.excepthook, threading.excepthook, sys.unraisablehook)
        sys.excepthook = self._on_exception
        threading.excepthook = self._on_thread_exception
        sys.unraisablehook = self._on_unraisable
        self._heard.connect(self._on_heard)  # comes to this object's thread, from whichever it was raised in

    def close(self) -> None:
        """Listen no more."""
        sys.excepthook, threading.excepthook, sys.unraisablehook = self._before

    def _on_exception(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        self._before[0](kind, error, trace)
        self._hear(error)

    def _on_thread_exception(self, hooked: threading.ExceptHookArgs) -> None:
        self._before[1](hooked)
        if hooked.exc_value is not None:
            self._hear(hooked.exc_value)

    def _on_unraisable(self, hooked: Any) -> None:
        self._before[2](hooked)
        if isinstance(hooked.exc_value, Exception):
            self._hear(hooked.exc_value)

    def on_loop_fault(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """For `loop.set_exception_handler`: a task or a callback failed, or something was left undone."""
        error = context.get("exception")
        if isinstance(error, BaseException):
            sys.stderr.write("".join(traceback.format_exception(error)))
            self._hear(error)
        else:
            _log.warning("%s", context.get("message"))

    def _hear(self, error: BaseException) -> None:
        if isinstance(error, KeyboardInterrupt | SystemExit | asyncio.CancelledError):
            return
        self._heard.emit(error, "".join(traceback.format_exception(error)))

    def _on_heard(self, error: BaseException, trace: str) -> None:
        place = _place_of(error)
        self._known[place] = self._known.get(place, 0) + 1
        if self._known[place] == 1:
            _log.error("unexpected: %s", trace.rstrip())
            self.caught.emit(error, trace)
        elif self._known[place] & (self._known[place] - 1) == 0:  # the 2nd, 4th, 8th … time: the log stays readable
            _log.error("the same again, %d times by now: %s at %s:%d", self._known[place], *place)


def _place_of(error: BaseException) -> tuple[str, str, int]:
    """The kind of an exception, and the file and line where it was raised."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return type(error).__name__, "", 0
    return type(error).__name__, trace.tb_frame.f_code.co_filename, trace.tb_lineno
