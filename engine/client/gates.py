"""Opens the way to the target that is named, and asks there after calls."""

from __future__ import annotations

import contextlib
from pathlib import Path

from engine.client.gate import Gate
from engine.client.local_gate import LocalGate
from engine.results.standing import CallState
from engine.targets import LOCAL


def open_gate(target: str, workspace: Path | None = None) -> Gate:
    """The way to a target; `workspace` is that of `local`.

    Raises:
        NotFound: there is no such target.
    """
    if target == LOCAL:
        return LocalGate(workspace)
    from engine.client.cluster_gate import ClusterGate
    from engine.targets import Targets

    return ClusterGate(Targets().find(target))


async def show_call(id: str, target: str, workspace: Path | None) -> CallState:
    """How a call stands; raises NotFound if there is no such call."""
    async with contextlib.aclosing(open_gate(target, workspace)) as gate:
        return await gate.show(id)


async def list_calls(workspace: Path | None, target: str = LOCAL, limit: int = 100) -> list[CallState]:
    """Open calls, and those that were answered last."""
    async with contextlib.aclosing(open_gate(target, workspace)) as gate:
        return await gate.list_calls(limit)
