"""The desktop's event loop in tests: Qt's and asyncio's in one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import qasync
from PySide6.QtWidgets import QApplication


def run(application: QApplication, work: Coroutine[Any, Any, None]) -> None:
    """Run some work on a loop like the application's. A fault in the background fails the test."""
    faults: list[dict[str, Any]] = []
    application.setQuitOnLastWindowClosed(False)  # as the desktop does: closing a window must not end the loop
    with qasync.QEventLoop(application) as loop:
        loop.set_exception_handler(lambda _, context: faults.append(context))
        loop.run_until_complete(work)
    assert faults == []


async def until(happened: Callable[[], bool], seconds: float = 60) -> None:
    """Wait for something to happen."""
    async with asyncio.timeout(seconds):
        while not happened():  # noqa: ASYNC110 - nobody tells the test
            await asyncio.sleep(0.02)
