"""Collector, which keeps Python's garbage collection to the window's thread.

Python collects garbage in whichever thread happens to allocate. Objects of Qt in reference cycles (a graph and its nodes, a
widget and a closure that holds it) would then be destroyed in a thread that validates a flow or asks the database, while the
window's thread uses them: the program crashes.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

_LOOK_MS = 100


class Collector(QObject):
    """Collects garbage as often as Python would, but from a timer; until `close`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self.collect)
        self._timer.start()

    @staticmethod
    def collect() -> None:
        """Collect the generations that are due, by Python's own thresholds."""
        due = [count > most for count, most in zip(gc.get_count(), gc.get_threshold(), strict=True)]
        if due[0]:
            gc.collect(2 if all(due) else 1 if due[1] else 0)

    def close(self) -> None:
        """Leave it to Python again."""
        self._timer.stop()
        gc.enable()
