"""What every dispatcher must do, run on all of them."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable

import pytest

from engine.dispatch.base import Dispatcher, Ticket
from engine.dispatch.local import LocalDispatcher
from tests.contract.test_bus import until

STAGE = Ticket("flow", "a")
KINDS = ["local"]


class Server:
    """Somebody who serves a stage and counts how often that was woken."""

    def __init__(self, dispatcher: Dispatcher, ticket: Ticket = STAGE) -> None:
        self.woken = 0
        self.leave = dispatcher.serve(ticket, self._on_woken)

    def _on_woken(self) -> None:
        self.woken += 1


@contextlib.asynccontextmanager
async def open_dispatcher(kind: str) -> AsyncIterator[Dispatcher]:
    assert kind == "local"
    yield LocalDispatcher()


@pytest.fixture(params=KINDS)
def run(request) -> Callable[..., None]:
    """Runs a test's coroutine on a dispatcher of each kind."""

    def run(test: Callable[[Dispatcher], object]) -> None:
        async def within() -> None:
            async with open_dispatcher(request.param) as dispatcher:
                await test(dispatcher)  # type: ignore[misc]

        asyncio.run(within())

    return run


def test_a_ticket_wakes_who_serves_its_stage_and_nobody_else(run):
    async def test(dispatcher: Dispatcher) -> None:
        served, other_stage, other_flow = (
            Server(dispatcher, ticket) for ticket in (STAGE, Ticket("flow", "b"), Ticket("other", "a"))
        )
        dispatcher.send(STAGE)
        await until(lambda: served.woken > 0)
        assert (other_stage.woken, other_flow.woken) == (0, 0)

    run(test)


def test_after_every_ticket_there_is_a_wake_up(run):
    async def test(dispatcher: Dispatcher) -> None:
        served = Server(dispatcher)
        for _ in range(3):
            before = served.woken
            dispatcher.send(STAGE)
            await until(lambda before=before: served.woken > before)

    run(test)


def test_everybody_who_serves_a_stage_is_woken(run):
    async def test(dispatcher: Dispatcher) -> None:
        servers = [Server(dispatcher) for _ in range(3)]
        dispatcher.send(STAGE)
        await until(lambda: all(server.woken for server in servers))

    run(test)


def test_who_has_left_is_woken_no_more_and_may_leave_again(run):
    async def test(dispatcher: Dispatcher) -> None:
        gone, there = Server(dispatcher), Server(dispatcher)
        gone.leave()
        gone.leave()
        dispatcher.send(STAGE)
        await until(lambda: there.woken > 0)
        assert gone.woken == 0

    run(test)


def test_a_server_may_leave_and_another_come_while_a_ticket_is_delivered(run):
    async def test(dispatcher: Dispatcher) -> None:
        heirs: list[Server] = []
        leaves: list[Callable[[], None]] = []

        def hand_over() -> None:
            leaves.pop()()
            heirs.append(Server(dispatcher))

        leaves.append(dispatcher.serve(STAGE, hand_over))
        dispatcher.send(STAGE)
        await until(lambda: bool(heirs))
        before = heirs[0].woken
        dispatcher.send(STAGE)
        await until(lambda: heirs[0].woken > before)
        assert len(heirs) == 1

    run(test)


def test_a_ticket_that_nobody_waits_for_harms_nothing(run):
    async def test(dispatcher: Dispatcher) -> None:
        dispatcher.send(STAGE)
        late = Server(dispatcher)
        dispatcher.send(STAGE)
        await until(lambda: late.woken > 0)

    run(test)
