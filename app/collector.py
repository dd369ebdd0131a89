"""Collector, which keeps Python's garbage collection to the window's thread, and to moments that nobody notices.

Python collects garbage in whichever thread happens to allocate. Objects of Qt in reference cycles (a graph and its nodes, a
widget and a closure that holds it) would then be destroyed in a thread that validates a flow or asks the database, while the
window's thread uses them: the program crashes.

To look at all objects of a window takes a tenth of a second, of one with ten thousand cards a third. So what has outlived a
full collection, and what was opened at once (a flow), is put aside and not looked at again, until a page is closed or as much
again was put aside.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QCoreApplication, QObject, QTimer

_LOOK_MS = 100
_BULK = 10_000
"""More objects than this from one look to the next are no everyday work: a flow was opened, or modules were loaded."""
_REST_LOOKS = 10
"""What a page held is freed piece by piece after it was closed."""
_MANY = 500_000


class Collector(QObject):
    """Collects garbage as often as Python would, but from a timer; until `close`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        gc.freeze()
        self._looks_to_go = 0
        """Until everything is looked at; 0: not planned."""
        self._most = _MANY
        """When so many objects have gathered aside, everything is looked at."""
        self._gathered = 0
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self.collect)
        self._timer.start()

    def plan_full(self) -> None:
        """Much was closed: look at everything, soon."""
        self._looks_to_go = _REST_LOOKS

    def collect(self) -> None:
        """Collect the generations that are due, by Python's own thresholds."""
        counts = gc.get_count()
        due = [count > most for count, most in zip(counts, gc.get_threshold(), strict=True)]
        if self._looks_to_go:
            self._looks_to_go -= 1
            if not self._looks_to_go:
                self._collect_everything()
        elif counts[0] > _BULK:
            self._put_aside(counts[0])
        elif all(due):
            gc.collect()
            self._put_aside(len(gc.get_objects(generation=2)))
        elif due[0]:
            gc.collect(1 if due[1] else 0)

    def _put_aside(self, count: int) -> None:
        gc.freeze()
        self._gathered += count
        if self._gathered > self._most:
            self.plan_full()

    def _collect_everything(self) -> None:
        gc.unfreeze()
        gc.collect()
        gc.freeze()
        self._gathered, self._most = 0, max(_MANY, gc.get_freeze_count())

    def close(self) -> None:
        """Leave it to Python again."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()


def plan_full_collection() -> None:
    """Have the program's collector, if there is one, look at everything soon."""
    application = QCoreApplication.instance()
    collector = application.findChild(Collector) if application is not None else None
    if collector is not None:
        collector.plan_full()
