"""Keepers, those of the deployments whose keeper's slot this agent holds. They run in the agent: no user code is in them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress

from engine.cluster.books import Books, Known
from engine.cluster.keeper import Keeper
from engine.cluster.surroundings import Surroundings
from engine.errors import StorageError
from engine.stores.cluster import ClusterStore, Situation, Slot
from engine.stores.slots import Key, SlotStore


class Keepers:
    """One agent's. `changed` is called when one has changed what is wanted."""

    def __init__(self, around: Surroundings, wants: ClusterStore, store: SlotStore, changed: Callable[[], None]) -> None:
        self._around = around
        self._wants = wants
        self._store = store
        self._changed = changed
        self._keepers: dict[Key, Keeper] = {}
        self._running: dict[Key, asyncio.Task[None]] = {}
        self.workers: dict[Key, str] = {}
        """By slot, the name under which it is held."""
        self._doing: set[asyncio.Task[None]] = set()

    def begin(self, key: Key, known: Known, worker: str, slots: Callable[[], Sequence[Slot]]) -> None:
        """Keep a deployment."""
        keeper = Keeper(
            known.order,
            known.made,
            self._around,
            slots=slots,
            scale=lambda id, stage, replicas: self._later(lambda: self._wants.set_replicas(id, stage, replicas)),
            end=lambda id, change: self._later(lambda: self._wants.end(id, change)),
        )
        self._keepers[key] = keeper
        self.workers[key] = worker
        self._running[key] = asyncio.create_task(keeper.run())

    def obey(self, books: Books) -> None:
        """Have them go by the newest orders."""
        for key, keeper in self._keepers.items():
            known = books.get(key[0])
            if known is not None and known.order.wanted.change != keeper.change:
                keeper.take(known.order, known.made)

    async def tidy(self, situation: Situation, *, leaving: bool) -> None:
        """Drop those of deployments that do not run any more, and those that have failed; all if the node is to run nothing."""
        running = {wanted.id for wanted in situation.deployments if wanted.desired != "stopped"}
        gone = [key for key, task in self._running.items() if leaving or task.done() or key[0] not in running]
        # Beside each other: a ledger that answers late must not keep the agent from its beat once for each of them.
        await asyncio.gather(*(self.drop(key, situation) for key in gone))

    async def drop(self, key: Key, situation: Situation | None) -> None:
        """Keep a deployment no longer, if this does."""
        keeper, task, worker = self._keepers.pop(key, None), self._running.pop(key, None), self.workers.pop(key, "")
        if keeper is None or task is None:
            return
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await keeper.close()
        wanted = next((each for each in situation.deployments if each.id == key[0]), None) if situation is not None else None
        if wanted is None or wanted.desired == "stopped":
            keeper.tell_end("removed" if wanted is None else "ended" if wanted.ended else "stopped")
        if wanted is None:
            self._around.dispatcher.forget(keeper.name, keeper.stages)
        if wanted is None or wanted.desired != "stopped":
            # It is gone, or another agent tells of it from now on.
            self._around.bus.forget(keeper.name)
        await asyncio.to_thread(self._store.give_back, key, worker)

    def kill(self) -> None:
        """Have them do nothing more, at once."""
        for task in self._running.values():
            task.cancel()

    async def close(self, situation: Situation | None) -> None:
        """Give all back."""
        await asyncio.gather(*(self.drop(key, situation) for key in list(self._keepers)))
        await asyncio.gather(*self._doing, return_exceptions=True)

    def _later(self, what: Callable[[], object]) -> None:
        async def do() -> None:
            with suppress(StorageError):  # the keeper asks again
                await asyncio.to_thread(what)
            self._changed()

        task = asyncio.create_task(do())
        self._doing.add(task)
        task.add_done_callback(self._doing.discard)
