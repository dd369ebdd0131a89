"""Garbage of the window is collected in the window's thread, whoever makes it."""

from __future__ import annotations

import gc
import threading
import weakref

from PySide6.QtCore import QObject

from app.collector import Collector


class Knot(QObject):
    """Holds itself, so that only the collector can free it; tells in which thread it was."""

    def __init__(self, freed: list[threading.Thread]) -> None:
        super().__init__()
        self.itself = self
        weakref.finalize(self, lambda: freed.append(threading.current_thread()))


def make_garbage() -> None:
    for _ in range(3):
        _ = [[] for _ in range(50_000)]


def test_a_thread_that_allocates_frees_nothing_of_the_window(qtbot):
    freed: list[threading.Thread] = []
    collector = Collector()
    try:
        gc.collect()
        Knot(freed)
        thread = threading.Thread(target=make_garbage)
        thread.start()
        thread.join()
        assert freed == []
        kept = [[] for _ in range(2000)]  # the timer finds that something is due, as ever
        qtbot.waitUntil(lambda: bool(freed))
        assert freed == [threading.main_thread()]
        assert len(kept) == 2000
    finally:
        collector.close()
    assert gc.isenabled()
