"""One `pyfi debug --live`: a processor of a flow that an engine runs, until Ctrl+C."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from contextlib import aclosing
from pathlib import Path

from engine.cli.terminal import say
from engine.client.engine import Engine
from engine.client.live_step import LiveStep
from engine.client.steering import open_steering
from engine.errors import HostError
from engine.runtime.debugging import DebugAddress

Listening = Callable[[DebugAddress], None]
"""Hears of each host that listens."""


def debug_live(flow: str, processor: str, port: int, workspace: Path | None, listening: Listening) -> None:
    """Say where to attach, for each host that comes."""
    with open_steering(flow, workspace) as steering:
        name = steering.name
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_debug(name, processor, port, workspace, listening))
    say(f"{processor} is the flow's again")


async def _debug(flow: str, processor: str, port: int, workspace: Path | None, listening: Listening) -> None:
    engine = Engine(workspace)
    try:
        async with LiveStep(engine, flow, processor, port) as live, aclosing(live.hosts()) as hosts:
            async for told in hosts:
                if isinstance(told, HostError):
                    say(str(told))
                else:
                    listening(told)
    finally:
        await engine.close()
