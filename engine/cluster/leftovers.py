"""What is left outside of a deployment's rows: queues, what the bus keeps, files of large content, results of calls."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from pathlib import Path

from engine.bus.base import Event
from engine.bus.redis import RedisBus
from engine.dispatch.celery import CeleryDispatcher
from engine.results.base import KEEP_S
from engine.results.url import open_results
from engine.stores.cluster import Identity
from engine.targets import Target


def broker_url(target: Target) -> str:
    """The URL of a target's broker, with the kind of queues that it is to have."""
    url = target.broker
    if not url.startswith("amqp") or target.queues == "classic":
        return url
    return f"{url}{'&' if '?' in url else '?'}queues={target.queues}"


def claims_folder(target: Target) -> Path | None:
    """Where content goes that is too large for a row: a folder that all nodes have. Without one it stays in rows."""
    return Path(target.shared[0]) / ".pyfi-claims" if target.shared else None


def remove_claims(target: Target, ids: Iterable[str]) -> None:
    """Delete files that no message refers to any more."""
    folder = claims_folder(target)
    if folder is not None:
        for id in ids:
            (folder / id[:2] / id).unlink(missing_ok=True)


async def expire_results(target: Target, keep_s: float = KEEP_S) -> int:
    """Drop results of calls that were kept for so long; returns how many.

    Raises:
        UsageError: what reaches their store is not installed.
        StorageError: it cannot be reached.
    """
    results = open_results(target.results_url)
    try:
        return await results.expire(int((time.time() - keep_s) * 1000))
    finally:
        await results.close()


def sweep(target: Target, identity: Identity, deployment: str, stages: Iterable[str], *, at_ms: int) -> None:
    """Delete the queues of a deployment, and have the bus forget it. A server that is away is left alone after a moment."""
    asyncio.run(_sweep(target, identity, deployment, tuple(stages), at_ms))


async def _sweep(target: Target, identity: Identity, deployment: str, stages: tuple[str, ...], at_ms: int) -> None:
    dispatcher = CeleryDispatcher(identity.name, broker_url(target), identity.key)
    bus = RedisBus(target.bus, identity.name)
    dispatcher.forget(deployment, stages)
    bus.publish(Event("state", deployment, at_ms, {"state": "removed", "trouble": None, "key": ""}))
    await asyncio.gather(dispatcher.close(), bus.close())
