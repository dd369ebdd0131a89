"""Runs an agent: this machine becomes a node of a cluster."""

from __future__ import annotations

import asyncio
import os
import platform
import signal
import socket
from collections.abc import Callable, Sequence
from pathlib import Path

import psutil

from engine.client.place import secrets
from engine.client.version import version
from engine.database.session import open_database
from engine.settings import data_folder
from engine.stores.cluster import ClusterStore
from engine.stores.slots import Me
from engine.targets import Target


def introduction(node: str, labels: Sequence[str], *, cpus: int = 0, most: int = 0, dedicated: bool = False) -> Me:
    """This machine, as an agent of it introduces itself.

    Args:
        node: its name; the machine's own if empty.
        labels: what processors may ask for.
        cpus: how much it takes on, against others; its processors if 0.
        most: how many workers it runs; any number if 0.
        dedicated: whether it runs only what asks for one of its labels.
    """
    node = node or socket.gethostname()
    return Me(
        name=node,
        node=node,
        address=socket.gethostname(),
        system=f"{platform.system()} {platform.release()}, Python {platform.python_version()}",
        pid=os.getpid(),
        version=version(),
        cpus=cpus or len(os.sched_getaffinity(0)),
        memory_bytes=psutil.virtual_memory().total,
        labels=tuple(sorted({"node:" + node, *labels})),
        most=most,
        dedicated=dedicated,
    )


async def run_agent(target: Target, me: Me, *, folder: Path | None, say: Callable[[str], None]) -> None:
    """Be an agent until SIGTERM or SIGINT; a second one ends at once.

    Raises:
        UsageError: an agent of that name lives.
        StorageError: the database cannot be reached.
    """
    from engine.cluster.agent import Agent

    database = await asyncio.to_thread(open_database, target.database, create=True)
    try:
        identity = await asyncio.to_thread(ClusterStore(database).identity, target.name)
        place = folder or data_folder() / "agents" / me.name
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
        agent = Agent(target, identity, me, database, folder=str(place), secrets=secrets())
        agent.say = say
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, _leave, agent.leave, number)
        say(f"agent '{me.name}' joins target '{target.name}' ({me.cpus} processors, labels {', '.join(me.labels)})")
        await agent.run()
        say(f"agent '{me.name}' has left")
    finally:
        database.close()


def _leave(leave: Callable[[], None], number: signal.Signals) -> None:
    asyncio.get_running_loop().remove_signal_handler(number)
    signal.signal(number, signal.SIG_DFL)
    leave()
