"""Books, what an agent knows of the deployments: what is wanted of each, and the plan that it comes to."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from msgspec import Struct

from engine.cluster.once import stage_of
from engine.cluster.planning import Planned, labels, planned
from engine.cluster.versions import is_other_version
from engine.errors import NotFound, PyfiError
from engine.stores.cluster import KEEPER, Order, Situation, Slot, Wanted
from engine.stores.slots import SlotStore


class Known(Struct, frozen=True):
    """A deployment's order and what it comes to."""

    order: Order
    made: Planned


class Books:
    """One agent's. `refuse` hears, once each, of deployments that cannot be run here, and why."""

    def __init__(self, version: str, store: SlotStore, refuse: Callable[[Wanted, str], None]) -> None:
        self._version = version
        self._store = store
        self._refuse = refuse
        self._known: dict[str, Known] = {}
        self._refused: set[tuple[str, int]] = set()
        self._said: set[tuple[str, str]] = set()

    def get(self, id: str) -> Known | None:
        """A deployment by its id, if it is known."""
        return self._known.get(id)

    def __getitem__(self, id: str) -> Known:
        return self._known[id]

    async def learn(self, situation: Situation) -> None:
        """Know the newest order of every deployment."""
        for wanted in situation.deployments:
            known = self._known.get(wanted.id)
            if (known is None or known.order.wanted.change != wanted.change) and (
                wanted.id,
                wanted.change,
            ) not in self._refused:
                await self._read(wanted)
        there = {wanted.id for wanted in situation.deployments}
        self._known = {id: known for id, known in self._known.items() if id in there}

    async def _read(self, wanted: Wanted) -> None:
        if is_other_version(wanted.version, self._version):
            # Two might not agree on what a plan means.
            reason = f"it was deployed by PYFI {wanted.version}, and this is {self._version}; install the same on both"
            self._give_up(wanted, reason)
            return
        try:
            order = await asyncio.to_thread(self._store.order, wanted.name)
            self._known[wanted.id] = Known(order, await asyncio.to_thread(planned, order))
        except NotFound:
            return  # it went meanwhile
        except (PyfiError, ValueError, KeyError) as error:
            self._give_up(wanted, f"its order cannot be read here ({error})")

    def _give_up(self, wanted: Wanted, reason: str) -> None:
        self._refused.add((wanted.id, wanted.change))
        self._known.pop(wanted.id, None)
        if (wanted.id, reason) not in self._said:
            self._said.add((wanted.id, reason))
            self._refuse(wanted, reason)

    def labels(self, slot: Slot) -> frozenset[str] | None:
        """What a slot asks for of a node; None where the deployment is not known as it is now."""
        known = self._known.get(slot.deployment_id)
        if known is None or slot.stage == KEEPER:
            return None if known is None else frozenset()
        stage = stage_of(known.made.plan, slot.stage)
        return labels(known.made.plan, stage) if stage is not None else None

    def steps(self, id: str, stage: str) -> tuple[str, ...]:
        """The steps of a slot's stage, by what is known now."""
        known = self._known.get(id)
        found = stage_of(known.made.plan, stage) if known is not None else None
        return found.steps if found is not None else ()
