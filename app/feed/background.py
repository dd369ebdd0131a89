"""Work beside everything else, on the loop that runs."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any


def in_background(work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
    """Begin it. A fault of ours in it goes where all faults go, to the loop's exception handler, not into silence."""
    task = asyncio.ensure_future(work)
    task.add_done_callback(_tell_fault)
    return task


async def end(task: asyncio.Task[None] | None) -> None:
    """End it and wait until it has ended."""
    if task is not None:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def _tell_fault(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (fault := task.exception()) is not None:
        message = f"{task.get_coro()} has failed"
        task.get_loop().call_exception_handler({"message": message, "exception": fault, "task": task})
