"""One processor alone in a host: what is left of it when nobody waits any more."""

from __future__ import annotations

import asyncio
from pathlib import Path

import psutil
import pytest

from engine.client.flow import Opened
from engine.client.task import StepRun
from engine.model.flow import Flow, Header, Processor

LOADING = """
import os, pathlib, time
pathlib.Path({there!r}).write_text(str(os.getpid()))
while True:
    time.sleep(1)
def process(x):
    return x
"""
RUNNING = """
import os, pathlib
def process(x):
    pathlib.Path({there!r}).write_text(str(os.getpid()))
    while True:
        pass
"""


@pytest.mark.parametrize("code", [LOADING, RUNNING], ids=["loading", "running"])
def test_a_cancelled_run_leaves_no_process(tmp_path: Path, code: str) -> None:
    there = tmp_path / "pid"
    step = Processor(id="p", type="python", code=code.format(there=str(there)))
    flow = Flow(header=Header(name="f"), steps={"p": step})

    async def run() -> None:
        async with StepRun(Opened(flow, tmp_path, "f"), "p", lambda level, text: None) as alone:
            await alone.call([1])

    async def cancel_when_begun() -> None:
        task = asyncio.ensure_future(run())
        while not there.exists() or not there.read_text():
            assert not task.done(), task.exception()
            await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancel_when_begun())

    assert not psutil.pid_exists(int(there.read_text()))
