"""What happens on this machine or on a cluster, as a stream of events: the same for both."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from pathlib import Path
from typing import Protocol

from engine.bus.base import Event
from engine.bus.columns import Columns, plain
from engine.bus.websocket import KINDS
from engine.targets import LOCAL, Target, Targets

__all__ = ["KINDS", "Columns", "Event", "Stream", "events_of", "plain", "target_events"]


class Stream(Protocol):
    """Events, for ever; it comes back by itself. `close` when done."""

    def __aiter__(self) -> AsyncIterator[Event]: ...

    async def close(self) -> None:
        """Hear no more."""
        ...


async def events_of(
    target: str,
    *,
    workspace: Path | None = None,
    flows: Collection[str] | None = None,
    kinds: Collection[str] = KINDS,
) -> Stream:
    """What happens in some flows (None: in all) on a target; on `local`, in a workspace (None: the user's own).

    Raises:
        NotFound: there is no such target.
        PyfiError: its bus cannot be used; says why, and the cure.
    """
    if target == LOCAL:
        from engine.client.engine import Engine

        return Engine(workspace).events(flows, kinds)
    from engine.bus.redis_link import probe

    found = Targets().find(target)
    await probe(found.bus)
    return target_events(found, flows=flows, kinds=kinds)


def target_events(target: Target, *, flows: Collection[str] | None = None, kinds: Collection[str] = KINDS) -> Stream:
    """What happens on a cluster, whether or not its bus can be reached now."""
    from engine.bus.redis_events import RedisEvents

    return RedisEvents(target.bus, target.name, flows=flows, kinds=kinds)
