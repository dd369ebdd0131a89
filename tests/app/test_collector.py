"""Garbage of the window is collected in the window's thread, whoever makes it."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject

from app.collector import Collector, plan_full_collection


class Knot(QObject):
    """Holds itself, so that only the collector can free it; tells in which thread it was."""

    def __init__(self, freed: list[threading.Thread]) -> None:
        super().__init__()
        self.itself = self
        weakref.finalize(self, lambda: freed.append(threading.current_thread()))


def make_garbage() -> None:
    for _ in range(3):
        _ = [[] for _ in range(50_000)]


@pytest.fixture
def collector(qapp) -> Iterator[Collector]:
    made = Collector(qapp)
    yield made
    made.close()
    made.setParent(None)  # type: ignore[arg-type]
    assert gc.isenabled()
    assert not gc.get_freeze_count()


def test_a_thread_that_allocates_frees_nothing_of_the_window(qtbot, collector):
    freed: list[threading.Thread] = []
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


def test_what_is_opened_at_once_is_put_aside_and_looked_at_when_something_was_closed(qtbot, collector):
    # Given a flow that is opened: many objects at once
    gc.collect()
    opened = [[] for _ in range(200_000)]
    qtbot.waitUntil(lambda: gc.get_freeze_count() > 200_000)
    # When it is closed, and something of it holds itself
    freed: list[threading.Thread] = []
    Knot(freed)
    gc.freeze()
    opened.clear()
    collect_all(collector)
    assert freed == []
    plan_full_collection()
    # Then that is found
    qtbot.waitUntil(lambda: freed == [threading.main_thread()])


def test_everything_is_looked_at_when_as_much_again_was_put_aside(qtbot, collector):
    freed: list[threading.Thread] = []
    Knot(freed)
    gc.freeze()
    gathered: list[object] = []
    while not freed:
        gathered += ([] for _ in range(40_000))
        collect_all(collector)
        qtbot.wait(1)
    assert freed == [threading.main_thread()]


def collect_all(collector: Collector) -> None:
    """Have every generation be due once."""
    for _ in range(150):
        made = [[] for _ in range(800)]
        collector.collect()
        made.clear()
