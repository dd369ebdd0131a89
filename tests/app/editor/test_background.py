"""Work beside the user interface tells how it ended, however soon."""

from __future__ import annotations

import asyncio
import threading

import pytest

from app.editor.background import Work

LONG_MS = 30_000


@pytest.fixture
def new_work(qapp):
    return Work


async def answer(value: object) -> object:
    if isinstance(value, Exception):
        raise value
    return value


def test_a_result_comes_in_the_thread_of_the_interface_after_start_returned(new_work, qtbot):
    for number in range(50):
        work = new_work()
        heard: list[object] = []
        coroutine = answer(number)
        work.start(coroutine)
        while not work._future.done():
            pass
        work.done.connect(lambda value, heard=heard: heard.append((value, threading.current_thread())))
        qtbot.waitUntil(lambda heard=heard: bool(heard), timeout=LONG_MS)
        assert heard == [(number, threading.main_thread())]


def test_an_exception_comes_as_it_is(new_work, qtbot):
    work = new_work()
    with qtbot.waitSignal(work.failed, timeout=LONG_MS) as failed:
        work.start(answer(ValueError("no")))
    assert str(failed.args[0]) == "no"


def test_what_is_cancelled_or_forgotten_ends(new_work, qtbot):
    begun, ended = threading.Event(), threading.Event()

    async def forever() -> None:
        begun.set()
        try:
            await asyncio.sleep(3600)
        finally:
            ended.set()

    work = new_work()
    work.start(forever())
    assert begun.wait(30)
    with qtbot.waitSignal(work.cancelled, timeout=LONG_MS):
        work.cancel()
    assert ended.wait(30)
    begun.clear()
    ended.clear()
    work = new_work()
    work.start(forever())
    assert begun.wait(30)
    work.deleteLater()
    qtbot.waitUntil(ended.is_set, timeout=LONG_MS)
