"""Work beside the user interface: coroutines on a loop in a thread of their own."""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

_END_S = 5.0


class Work(QObject):
    """A coroutine on its way. Its signals come in the thread of the user interface."""

    done = Signal(object)
    """It ended with this result."""
    failed = Signal(object)
    """It ended with this exception."""
    cancelled = Signal()
    _ended = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._future: Future[Any] | None = None
        # Queued, because a short one may have ended before whoever starts it listens.
        self._ended.connect(self._on_ended, Qt.ConnectionType.QueuedConnection)

    def start(self, coroutine: Coroutine[Any, Any, Any]) -> None:
        """Begin."""
        self._future = begin(coroutine)
        self._future.add_done_callback(self._tell)
        self.destroyed.connect(self._future.cancel)  # nobody waits for it any more

    def cancel(self) -> None:
        """Have it end soon."""
        if self._future is not None:
            self._future.cancel()

    def _tell(self, future: Future[Any]) -> None:
        with contextlib.suppress(RuntimeError):  # whoever asked is gone
            self._ended.emit(future)

    def _on_ended(self, future: Future[Any]) -> None:
        if future.cancelled():
            self.cancelled.emit()
            return
        error = future.exception()
        if error is not None:
            self.failed.emit(error)
        else:
            self.done.emit(future.result())


def begin(coroutine: Coroutine[Any, Any, Any]) -> Future[Any]:
    """Run a coroutine on the loop."""
    return asyncio.run_coroutine_threadsafe(coroutine, _loop())


def soon(act: Callable[[], None]) -> None:
    """Do something on the loop, without waiting for it."""
    _loop().call_soon_threadsafe(act)


_lock = threading.Lock()
_running: list[asyncio.AbstractEventLoop] = []


def _loop() -> asyncio.AbstractEventLoop:
    """The loop, started on first use."""
    with _lock:
        if not _running:
            loop = asyncio.new_event_loop()
            thread = threading.Thread(target=_run, args=(loop,), name="editor", daemon=True)
            thread.start()
            atexit.register(_end, loop, thread)
            _running.append(loop)
        return _running[0]


def _run(loop: asyncio.AbstractEventLoop) -> None:
    asyncio.set_event_loop(loop)
    loop.run_forever()
    tasks = asyncio.all_tasks(loop)
    for task in tasks:
        task.cancel()
    loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
    loop.run_until_complete(loop.shutdown_default_executor())
    loop.close()


def _end(loop: asyncio.AbstractEventLoop, thread: threading.Thread) -> None:
    """Cancel what runs, so that its processes end with the program."""
    loop.call_soon_threadsafe(loop.stop)
    thread.join(_END_S)
