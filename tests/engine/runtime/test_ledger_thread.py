"""The ledger's thread: what waits while storage fails, who is told, and how waiting ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from engine.errors import IntegrityError, StorageError
from engine.ledger.base import Ledger, Outcome
from engine.runtime.ledger_thread import LedgerThread
from tests.contract.ledger_case import Case
from tests.engine.runtime.disk import Disk, in_a_loop, until


class Desk:
    """A ledger's thread on a disk, and what it said of its troubles. `case` makes commits; ask it nothing meanwhile."""

    def __init__(self, path: Path) -> None:
        self.disk = Disk()
        ledger = self.disk.open(f"sqlite:///{path}")
        self.case = Case(ledger)
        self.troubles: list[str | None] = []
        self.thread = LedgerThread(ledger, self.troubles.append, lambda orphans: None)

    async def depth(self) -> int:
        """Messages in the queue `a`."""
        depths = await self.thread.call(lambda ledger: ledger.depths(self.case.deployment))
        return depths[self.case.queue("a")].messages

    def putting(self, n: int) -> Callable[[], Awaitable[Outcome]]:
        """Commits `n` messages to the queue `a`, over a line of its own."""
        line = self.thread.line()
        commit = self.case.commit(outputs=[self.case.batch("a", n)])
        return lambda: line.commit(commit)


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[Desk]:
    desk = Desk(folder / "ledger.db")
    try:
        yield desk
    finally:
        desk.disk.heal()
        await desk.thread.close()


def noting(desk: Desk, value: int) -> Callable[[Ledger], None]:
    """A command that leaves a trace."""
    return lambda ledger: ledger.set_facts(desk.case.deployment, {"noted": value})


@in_a_loop
async def test_who_asks_hears_at_once_and_who_must_waits(tmp_path: Path) -> None:
    async with opened(tmp_path) as desk:
        line = desk.thread.line()
        desk.disk.fail()
        commit = asyncio.ensure_future(desk.putting(3)())
        command = asyncio.ensure_future(line.insist(noting(desk, 1)))
        claim = asyncio.ensure_future(line.claim(desk.case.request("a")))
        await desk.disk.refuses("exchange", "set_facts")
        # A question is answered where that is possible, and refused where it is not; neither waits for what waits.
        assert await desk.depth() == 0
        with pytest.raises(StorageError, match="is full"):
            await desk.thread.call(noting(desk, 2))
        assert not any(each.done() for each in (commit, command, claim))
        assert desk.thread.is_stalled
        desk.disk.heal()
        assert await commit is Outcome.DONE
        assert [batch.hi - batch.lo for batch in await claim] == [3]
        await command
        assert (await desk.thread.call(lambda ledger: ledger.facts(desk.case.deployment)))["noted"] == 1
        assert not desk.thread.is_stalled
        await until(lambda: len(desk.troubles) == 2)
        assert desk.troubles == ["the disk of this test is full: empty it", None]


@in_a_loop
async def test_giving_up_ends_the_waiting_of_one_and_of_nobody_else(tmp_path: Path) -> None:
    async with opened(tmp_path) as desk:
        hasty, patient = desk.thread.line(), desk.thread.line()
        desk.disk.fail()
        first = asyncio.ensure_future(hasty.insist(noting(desk, 1)))
        second = asyncio.ensure_future(patient.insist(noting(desk, 2)))
        await desk.disk.refuses("set_facts")
        hasty.give_up()
        with pytest.raises(StorageError):
            await first
        with pytest.raises(StorageError):
            await hasty.insist(noting(desk, 3))
        assert not second.done()
        desk.disk.heal()
        await second
        # Where storage works, one that has given up is served as any other.
        await hasty.insist(noting(desk, 4))


@in_a_loop
async def test_what_nobody_waits_for_any_more_is_not_done(tmp_path: Path) -> None:
    async with opened(tmp_path) as desk:
        desk.disk.fail()
        gone = asyncio.ensure_future(desk.putting(5)())
        stays = asyncio.ensure_future(desk.putting(7)())
        await desk.disk.refuses("exchange")
        gone.cancel()
        await asyncio.wait({gone})
        desk.disk.heal()
        await stays
        assert await desk.depth() == 7


@in_a_loop
async def test_what_is_left_behind_is_done_when_storage_works(tmp_path: Path) -> None:
    async with opened(tmp_path) as desk:
        desk.disk.fail()
        desk.thread.leave(noting(desk, 1))
        await desk.disk.refuses("set_facts")
        desk.disk.heal()
        await until(lambda: not desk.thread.is_stalled)
        assert (await desk.thread.call(lambda ledger: ledger.facts(desk.case.deployment)))["noted"] == 1


@in_a_loop
async def test_a_commit_that_cannot_be_fails_alone(tmp_path: Path) -> None:
    async with opened(tmp_path) as desk:
        batch = desk.case.batch("a", 2)
        twice = [desk.thread.line().commit(desk.case.commit(outputs=[batch])) for _ in range(2)]
        made = await asyncio.gather(*twice, desk.putting(5)(), return_exceptions=True)
        assert made[0] is Outcome.DONE
        assert isinstance(made[1], IntegrityError)
        assert made[2] is Outcome.DONE
        assert await desk.depth() == 7


@in_a_loop
async def test_it_closes_though_storage_fails(tmp_path: Path) -> None:
    async with opened(tmp_path) as desk:
        desk.disk.fail()
        commit = asyncio.ensure_future(desk.putting(1)())
        desk.thread.leave(noting(desk, 1))
        await desk.disk.refuses("exchange")
        await desk.thread.close()
        with pytest.raises(StorageError):
            await commit
        with pytest.raises(StorageError, match="the engine is ending"):
            await desk.depth()


@in_a_loop
async def test_more_than_fits_into_one_transaction_goes_in_turn(tmp_path: Path) -> None:
    async with opened(tmp_path) as desk:
        desk.disk.fail()
        many = [asyncio.ensure_future(desk.putting(1)()) for _ in range(200)]
        await desk.disk.refuses("exchange")
        desk.disk.heal()
        assert set(await asyncio.gather(*many)) == {Outcome.DONE}
        assert await desk.depth() == 200
