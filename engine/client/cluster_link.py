"""ClusterLink, a target as an event loop uses it: asked in threads, heard from its bus. Nothing of it blocks the loop."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from engine.client.answer import Content, History, HistoryPart, Lately, LogLine, Ran
from engine.errors import StorageError
from engine.targets import Target

if TYPE_CHECKING:
    from engine.client.cluster import Cluster
    from engine.client.cluster_events import ClusterEvents
    from engine.client.cluster_past import ClusterPast
    from engine.ledger.base import Ledger
    from engine.runtime.editing import Edit
    from engine.runtime.kept_state import StepState
    from engine.runtime.queues import Page, Queue
    from engine.runtime.trace import Event as LineageEvent
    from engine.runtime.trace import Trace

_T = TypeVar("_T")
_AT_ONCE = 3
"""Threads: one order that takes long holds up neither another nor the looks."""
_AT_LENGTH = 8
"""Threads for what waits until a node has done something: however many, it can be stopped."""

_PATIENCE_S = 3.0


class ClusterLink:
    """A target. `close` it when done: what runs there goes on.

    What can be asked about queues is what an `Engine` can be asked, so that the same dialogs show both. Everything raises the
    PyfiError that the target answers with; StorageError while its database cannot be reached.
    """

    def __init__(self, target: Target) -> None:
        self.target = target
        self.watched: Collection[str] = ()
        """The deployments whose rows are looked at where the bus does not tell of them."""
        self._events: ClusterEvents | None = None
        self._past: ClusterPast | None = None
        self._idle: list[Cluster] = []
        self._lock = threading.Lock()
        self._is_closed = False
        self._threads = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix=f"target {target.name}")
        self._patient = ThreadPoolExecutor(_AT_LENGTH, thread_name_prefix=f"waiting for target {target.name}")

    async def ask(self, work: Callable[[Cluster], _T]) -> _T:
        """Have something done with the target, in a thread."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._do, work)

    async def _wait_for(self, work: Callable[[Cluster], _T]) -> _T:
        """Have something done that waits for nodes."""
        return await asyncio.get_running_loop().run_in_executor(self._patient, self._do, work)

    async def identity(self) -> str:
        """The cluster's own name, by which its bus is found."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, _identity, self.target)

    def events(self) -> ClusterEvents:
        """What happens there; see `ClusterEvents`."""
        from engine.client.cluster_events import ClusterEvents

        self._events = ClusterEvents(self)
        return self._events

    def watch(self, flows: Collection[str]) -> None:
        """Look at the rows of these from now on, where the bus does not tell of them."""
        self.watched = flows
        self.look()

    def look(self) -> None:
        """Look at them now."""
        if self._events is not None:
            self._events.look()

    async def close(self) -> None:
        """Let go of the servers. What is under way is waited for a moment: a server that is away may not answer for long."""
        with self._lock:
            self._is_closed = True
            idle, self._idle = self._idle, []
        pools = (self._threads, self._patient)
        for pool in pools:
            pool.shutdown(wait=False, cancel_futures=True)
        closing = asyncio.gather(asyncio.to_thread(_close, idle), *(asyncio.to_thread(pool.shutdown) for pool in pools))
        await asyncio.wait([closing], timeout=_PATIENCE_S)

    # -- what is wanted of deployments, as an engine is told

    async def start(self, name: str) -> None:
        """Have a deployment run: it goes on where it stopped, or begins anew if it had ended."""
        await self._order(lambda cluster: cluster.start(name))

    async def stop(self, name: str) -> None:
        """Have it stop; everything waits where it is."""
        await self._order(lambda cluster: cluster.stop(name))

    async def pause(self, name: str) -> None:
        """Have it begin nothing more, with hosts kept ready."""
        await self._order(lambda cluster: cluster.pause(name))

    async def resume(self, name: str) -> None:
        """Have it go on after a pause."""
        await self._order(lambda cluster: cluster.resume(name))

    async def start_steps(self, name: str, steps: Sequence[str]) -> None:
        """Start some processors, or all in some subflows."""
        from engine.client.cluster_steps import set_steps

        await self._order(lambda cluster: set_steps(cluster, name, steps, running=True))

    async def stop_steps(self, name: str, steps: Sequence[str]) -> None:
        """Stop some; the rest runs on."""
        from engine.client.cluster_steps import set_steps

        await self._order(lambda cluster: set_steps(cluster, name, steps, running=False))

    async def scale(self, name: str, step: str, workers: int) -> None:
        """Have the stage of a processor run on so many workers."""
        from engine.client.cluster_steps import scale

        await self._order(lambda cluster: scale(cluster, name, step, workers))

    async def terminate(self, name: str, steps: Sequence[str]) -> None:
        """Stop some processors, or all in some subflows, and end what they are at, at once: it goes back to its queues."""
        from engine.client.cluster_steps import terminate

        await self._order(lambda cluster: terminate(cluster, name, steps))

    async def run_once(
        self, name: str, steps: Sequence[str], *, messages: int | None = None, timeout_s: float = 60.0
    ) -> list[Ran]:
        """One task of each of some processors that are stopped; see `engine.client.cluster_steps.run_once`.

        Raises:
            ConflictError: one of them is running.
        """
        from engine.client.cluster_steps import run_once

        ran = await self._wait_for(lambda cluster: run_once(cluster, name, steps, messages=messages, timeout_s=timeout_s))
        self.look()
        return ran

    async def replay_last(self, name: str, step: str, messages: int = 1) -> dict[str, int]:
        """Have a processor work once more on what it took last; returns messages by connection.

        Raises:
            NotFound: what it took is not kept; says why.
            ConflictError: nobody runs it just now.
        """
        from engine.client.cluster_steps import replay_last

        return await self._wait_for(lambda cluster: replay_last(cluster, name, step, messages))

    async def undeploy(self, name: str) -> None:
        """Take a deployment away with everything it holds."""
        await self._order(lambda cluster: cluster.undeploy(name))

    async def _order(self, work: Callable[[Cluster], object]) -> None:
        await self.ask(work)
        self.look()

    # -- as an engine is asked

    async def deployed_text(self, name: str) -> str:
        """The flow as it was deployed, as a flow file."""
        from engine.model.codec import dump_flow

        return await self.ask(lambda cluster: dump_flow(cluster.order(name).flow))

    async def queues(self, flow: str) -> list[Queue]:
        """The queues of a deployment, and what waits in them."""
        return await self.ask(lambda cluster: cluster.queues(flow))

    async def messages(self, flow: str, queue: str, *, limit: int = 100, at: str = "") -> Page:
        """A page of the messages of a queue; nothing is taken out."""
        return await self.ask(lambda cluster: cluster.peek(flow, queue, limit=limit, at=at))

    async def content(self, flow: str, queue: str, id: str, at: str = "") -> Content:
        """The whole content of a message.

        Raises:
            NotFound: it has moved on.
            UsageError: it is kept in a folder that this machine does not have.
        """
        from engine.client.cluster_inside import content_of

        return await self.ask(lambda cluster: content_of(cluster, flow, queue, id, at))

    async def state(self, flow: str, step: str, *, limit: int = 1000) -> StepState:
        """The rows that a processor keeps, in the order of their keys."""
        from engine.runtime.kept_state import read_state

        return await self._look_up(lambda ledger: read_state(ledger, flow, step, limit=limit))

    async def clear_state(self, flow: str, step: str) -> int:
        """Have a processor that is stopped forget what it keeps; raises ConflictError if it is not."""
        from engine.client.cluster_inside import forget_state

        return await self.ask(lambda cluster: forget_state(cluster, flow, step))

    async def trace(self, flow: str, message: str) -> Trace:
        """Where a message came from, and what became of it; raises NotFound if nothing is known of it any more."""
        from engine.runtime.trace import trace

        return await self._look_up(lambda ledger: trace(ledger, flow, message))

    async def lineage_events(self, flow: str, step: str, *, limit: int = 200) -> list[LineageEvent]:
        """The messages that came to a processor and left it lately, the newest first."""
        from engine.runtime.trace import events

        return await self._look_up(lambda ledger: events(ledger, flow, step, limit=limit))

    async def release(self, name: str, connection: str, messages: int | None = None) -> int:
        """Let so many messages go that are held at a breakpoint (None: all that wait now); returns how many.

        Raises:
            ConflictError: the flow does not run, or nobody runs what is behind the connection.
            UsageError: the connection has no breakpoint.
        """
        from engine.client.cluster_inside import release

        return await self.ask(lambda cluster: release(cluster, name, connection, messages))

    async def _look_up(self, question: Callable[[Ledger], _T]) -> _T:
        return await self.ask(lambda cluster: cluster.ask(question))

    async def logs(self, flow: str, *, limit: int = 200) -> list[LogLine]:
        """The last lines of a deployment's log, the newest last."""
        found = await self.ask(lambda cluster: cluster.log(flow, limit=limit))
        return [LogLine(line.flow, int(line.at.timestamp() * 1000), line.step, line.level, line.text) for line in found]

    async def histories(self, flow: str, parts: Sequence[HistoryPart], *, since_ms: int | None = None) -> list[History]:
        """What several parts of a deployment did, in rows of the same times; see `ClusterPast.histories`."""
        if self._past is None:
            from engine.client.cluster_past import ClusterPast

            self._past = ClusterPast()
        past = self._past
        return await self.ask(lambda cluster: past.histories(cluster, flow, parts, since_ms))

    async def edit(self, flow: str, queue: str, wanted: Edit) -> None:
        """Give a message that waits other content or other attributes.

        Raises:
            NotFound: it has moved on.
            ConflictError: it is being worked on, or was edited meanwhile.
        """
        from engine.client.cluster_inside import edit

        await self.ask(lambda cluster: edit(cluster, flow, queue, wanted))

    async def purge(self, flow: str, queue: str) -> int:
        """Delete the messages of a queue that nobody is working on; returns how many."""
        return await self.ask(lambda cluster: cluster.purge(flow, queue))

    async def replay(self, flow: str, step: str, *, to: str = "", limit: int | None = None) -> dict[str, int]:
        """Give dead letters of a step another try; returns messages by the queue that they went to."""
        return await self.ask(lambda cluster: cluster.replay(flow, step, to=to, limit=limit))

    async def lately(self, flow: str, *, of: str = "processor", every_s: int = 5) -> AsyncIterator[Lately]:
        """What parts did before this listened, by the second: a cluster keeps minutes only."""
        for known in ():
            yield known

    # -- in a thread

    def _do(self, work: Callable[[Cluster], _T]) -> _T:
        cluster = self._take()
        try:
            found = work(cluster)
        except StorageError:
            cluster.close()  # who asks next connects anew
            raise
        except BaseException:
            self._give_back(cluster)
            raise
        self._give_back(cluster)
        return found

    def _take(self) -> Cluster:
        with self._lock:
            if self._idle:
                return self._idle.pop()
        from engine.client.cluster import Cluster

        return Cluster(self.target)

    def _give_back(self, cluster: Cluster) -> None:
        with self._lock:
            if not self._is_closed:
                self._idle.append(cluster)
                return
        cluster.close()


def _close(clusters: list[Cluster]) -> None:
    for cluster in clusters:
        cluster.close()


def _identity(target: Target) -> str:
    from engine.database.session import open_database
    from engine.stores.cluster import ClusterStore

    database = open_database(target.database, create=True)
    try:
        return ClusterStore(database).identity(target.name).name
    finally:
        database.close()
