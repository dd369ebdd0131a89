"""FirstPaint, which puts off what a window can do without until it has been painted: it is there sooner, and to be used."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget

_AT_LATEST_MS = 2000
"""A window that is never painted, because it is covered or minimised, does it all the same."""


class FirstPaint(QObject):
    """Does jobs, in their order, after the first paint of a window; each in a turn of its own of the event loop."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._jobs: deque[Callable[[], object]] = deque()
        self._is_painted = False
        window.installEventFilter(self)
        QTimer.singleShot(_AT_LATEST_MS, self, self._begin)

    def then(self, job: Callable[[], object]) -> None:
        """Do something after the paint; soon, if that was."""
        self._jobs.append(job)
        if self._is_painted and len(self._jobs) == 1:
            QTimer.singleShot(0, self, self._go_on)

    def stop(self) -> None:
        """Do nothing more: the window goes."""
        self._jobs.clear()
        self._begin()

    @property
    def is_through(self) -> bool:
        """Whether everything is done."""
        return self._is_painted and not self._jobs

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """The window is painted, and all that is in it, before the next turn of the loop."""
        if event.type() == QEvent.Type.Paint:
            self._begin()
        return False

    def _begin(self) -> None:
        if not self._is_painted:
            self._is_painted = True
            self._window.removeEventFilter(self)
            QTimer.singleShot(0, self, self._go_on)

    def _go_on(self) -> None:
        if not self._jobs:
            return
        job = self._jobs[0]
        try:
            job()
        finally:
            if self._jobs:
                self._jobs.popleft()
            if self._jobs:
                QTimer.singleShot(0, self, self._go_on)
