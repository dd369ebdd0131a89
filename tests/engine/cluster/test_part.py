"""A stage that goes over to another plan, whatever becomes of whoever asked for that."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from engine.bus.memory import MemoryBus
from engine.cluster.part import Part
from engine.cluster.planning import Planned
from engine.dispatch.local import LocalDispatcher
from engine.errors import StorageError
from engine.runtime.command import command
from engine.runtime.deployment import Place
from engine.runtime.ledger_thread import LedgerThread
from tests.engine.runtime.disk import Disk, in_a_loop, until
from tests.engine.runtime.running import flow
from tests.engine.runtime.test_replan import planned

STEPS = """
- id: source
  type: python
  inputs: []
  outputs: [success]
  code: |
    def source():
        yield VALUE
- id: work
  type: python
  code: |
    import os
    import time

    def work(value):
        open(f"begun-{value}", "w").close()
        while not os.path.exists("open"):
            time.sleep(0.01)
"""


def made(value: int) -> Planned:
    text = flow(STEPS.replace("VALUE", str(value)), "source.success -> work.in", "auto_terminate: [work.success]\n")
    return Planned(planned(text), str(value))


class Stage:
    """A stage whose host is in the midst of a message until it is let go, and the disk under its ledger."""

    def __init__(self, part: Part, place: Place, disk: Disk) -> None:
        self.part = part
        self.place = place
        self.disk = disk

    async def going_over(self, order: Planned) -> asyncio.Task[None]:
        """Somebody has deployed another plan, and the stage is about to end what it is at."""
        queues, steps = order.plan.queues(), list(order.plan.steps)
        await self.place.ledger.call(lambda ledger: ledger.register("flow", queues, steps, order.revision))
        going = asyncio.create_task(self.part.go_over(order, self.place))
        await until(lambda: self.part.is_planning)
        return going

    def let_go(self) -> None:
        """The message is done."""
        (self.place.folder / "open").touch()


@asynccontextmanager
async def busy(folder: Path) -> AsyncIterator[Stage]:
    disk, order = Disk(), made(1)
    thread = LedgerThread(disk.open(f"sqlite:///{folder / 'ledger.db'}"), lambda trouble: None, lambda orphans: None)
    place = Place(
        thread,
        LocalDispatcher(),
        folder=folder,
        claims=None,
        bus=MemoryBus(),
        find_command=lambda stage, say: command("flow", stage, {}, folder, say),
    )
    await thread.call(lambda ledger: ledger.register("flow", order.plan.queues(), list(order.plan.steps), order.revision))
    part = await Part.attach("flow", order, "run", place, stage="source", base={})
    await part.start()
    try:
        await until((folder / "begun-1").exists)
        yield Stage(part, place, disk)
    finally:
        (folder / "open").touch()
        await part.stop(0.0)
        await thread.close()


@in_a_loop
async def test_another_order_in_the_midst_of_it_leaves_no_stage_with_the_code_of_before(tmp_path: Path) -> None:
    async with busy(tmp_path) as stage:
        part, order, before = stage.part, made(2), stage.part.runner
        going = await stage.going_over(order)
        going.cancel()
        await asyncio.wait([going])
        stage.let_go()
        if part.revision != order.revision:  # so a worker asks before it obeys the next order
            await part.go_over(order, stage.place)
        assert part.plan is order.plan
        await until((tmp_path / "begun-2").exists)
        assert before is not None
        assert before is not part.runner
        assert before.slots[0].host is None


@in_a_loop
async def test_where_storage_fails_it_has_not_gone_over(tmp_path: Path) -> None:
    async with busy(tmp_path) as stage:
        part, order = stage.part, made(2)
        going = await stage.going_over(order)
        stage.disk.fail("depths")
        stage.let_go()
        with pytest.raises(StorageError):
            await going
        assert part.revision == "1"
        stage.disk.heal()
        await part.go_over(order, stage.place)
        assert (part.revision, part.plan) == ("2", order.plan)
