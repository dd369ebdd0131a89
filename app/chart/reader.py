"""Where the past comes from: a cluster, or the engine that runs, or, when none does, what it has left in the workspace."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from engine.client.answer import History, HistoryPart
from engine.client.cluster_link import ClusterLink
from engine.client.engine import Engine
from engine.errors import EngineGone, NotFound

_NOTHING = History(1, 0, (), [])


async def read(engine: Engine | ClusterLink, flow: str, parts: Sequence[HistoryPart], since_ms: int | None) -> list[History]:
    """What parts of a flow did, in rows of the same times; none of one that has never run.

    Raises:
        PyfiError: it cannot be read.
    """
    try:
        return await engine.histories(flow, parts, since_ms=since_ms)
    except NotFound:
        return [_NOTHING] * len(parts)
    except EngineGone:
        if since_ms is None or isinstance(engine, ClusterLink):  # only the engine knows seconds
            return [_NOTHING] * len(parts)
    return await asyncio.to_thread(_left, engine.folder, flow, parts, since_ms)


def _left(folder: Path, flow: str, parts: Sequence[HistoryPart], since_ms: int) -> list[History]:
    from engine.client.stats import open_stats

    found: list[History] = []
    try:
        with open_stats(folder) as stats:
            for part in parts:
                try:
                    found.append(stats.history(flow, part, since_ms=since_ms))
                except NotFound:
                    found.append(_NOTHING)
    except NotFound:  # no flow has ever run here
        return [_NOTHING] * len(parts)
    return found
