"""Exceptions that nobody expected are heard of, wherever they are raised, each kind once."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Iterator

import pytest

from app.crash.catcher import Catcher
from tests.app.desk import until

pytestmark = pytest.mark.qt_no_exception_capture


@pytest.fixture
def catcher(qapp, monkeypatch) -> Iterator[Catcher]:
    monkeypatch.setattr(sys, "excepthook", lambda *_: None)
    monkeypatch.setattr(threading, "excepthook", lambda _: None)
    made = Catcher()
    yield made
    made.close()
    made.deleteLater()


@pytest.fixture
def caught(catcher) -> list[BaseException]:
    found: list[BaseException] = []
    catcher.caught.connect(lambda error, trace: found.append(error))
    return found


def fail(number: int) -> None:
    raise ValueError(f"fault {number}")


def in_hook(number: int) -> None:
    try:
        fail(number)
    except ValueError as error:
        sys.excepthook(type(error), error, error.__traceback__)


def test_the_same_fault_is_told_once_however_often(catcher, caught, caplog):
    for number in range(9):
        in_hook(number)
    assert [str(error) for error in caught] == ["fault 0"]
    assert "the same again, 8 times by now" in caplog.text


def test_another_fault_is_told_too(catcher, caught):
    in_hook(1)
    sys.excepthook(KeyError, KeyError("other"), None)
    assert [type(error) for error in caught] == [ValueError, KeyError]


def test_a_thread_and_a_loop_tell_in_the_thread_of_the_window(catcher, caught, qtbot):
    threads: list[int] = []
    catcher.caught.connect(lambda *_: threads.append(threading.get_ident()))
    thread = threading.Thread(target=fail, args=(3,))
    thread.start()
    thread.join()
    until(lambda: bool(caught))
    loop = asyncio.new_event_loop()
    catcher.on_loop_fault(loop, {"message": "a task failed", "exception": KeyError("task")})
    catcher.on_loop_fault(loop, {"message": "Task was destroyed but it is pending!"})
    catcher.on_loop_fault(loop, {"message": "over", "exception": asyncio.CancelledError()})
    loop.close()
    assert [type(error) for error in caught] == [ValueError, KeyError]
    assert set(threads) == {threading.get_ident()}


def test_the_hooks_are_given_back(qapp):
    before = (sys.excepthook, threading.excepthook, sys.unraisablehook)
    made = Catcher()
    assert sys.excepthook is not before[0]
    made.close()
    assert (sys.excepthook, threading.excepthook, sys.unraisablehook) == before
