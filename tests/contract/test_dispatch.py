"""What every dispatcher must do, run on all of them."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from typing import NamedTuple

import pytest

from engine.dispatch.base import Dispatcher, Ticket
from engine.dispatch.celery import CeleryDispatcher
from engine.dispatch.local import LocalDispatcher
from tests.cluster.brokers import KINDS as BROKERS
from tests.cluster.brokers import open_broker
from tests.contract.test_bus import until

STAGE = Ticket("flow", "a")
KINDS = ["local", *BROKERS, pytest.param("redis, one process", marks=pytest.mark.servers)]


class Server:
    """Somebody who serves a stage and counts how often that was woken."""

    def __init__(self, dispatcher: Dispatcher, ticket: Ticket = STAGE) -> None:
        self.woken = 0
        self.leave = dispatcher.serve(ticket, self._on_woken)

    def _on_woken(self) -> None:
        self.woken += 1


class Pair(NamedTuple):
    """Somebody who sends and somebody who serves, in one process or, for all they know of each other, in two."""

    sender: Dispatcher
    server: Dispatcher


@contextlib.asynccontextmanager
async def open_pair(kind: str, request: pytest.FixtureRequest) -> AsyncIterator[Pair]:
    if kind == "local":
        dispatcher = LocalDispatcher()
        yield Pair(dispatcher, dispatcher)
        await dispatcher.close()
        return
    name, _, alone = kind.partition(", ")
    broker = open_broker(name, request)
    async with broker.dispatcher() as sender, broker.dispatcher() as server:
        yield Pair(server, server) if alone else Pair(sender, server)
        for deployment in ("flow", "other"):
            server.forget(deployment)


@pytest.fixture(params=KINDS)
def run(request) -> Callable[..., None]:
    """Runs a test's coroutine on dispatchers of each kind."""

    def run(test: Callable[[Dispatcher, Dispatcher], object]) -> None:
        async def within() -> None:
            async with open_pair(request.param, request) as pair:
                await test(*pair)  # type: ignore[misc]

        asyncio.run(within())

    return run


def test_a_ticket_wakes_who_serves_its_stage_and_nobody_else(run):
    async def test(sender: Dispatcher, server: Dispatcher) -> None:
        served, other_stage, other_flow = (
            Server(server, ticket) for ticket in (STAGE, Ticket("flow", "b"), Ticket("other", "a"))
        )
        sender.send(STAGE)
        await until(lambda: served.woken > 0)
        assert (other_stage.woken, other_flow.woken) == (0, 0)

    run(test)


def test_after_every_ticket_there_is_a_wake_up(run):
    async def test(sender: Dispatcher, server: Dispatcher) -> None:
        served = Server(server)
        for _ in range(3):
            before = served.woken
            sender.send(STAGE)
            await until(lambda before=before: served.woken > before)

    run(test)


def test_everybody_who_serves_a_stage_is_woken(run):
    async def test(sender: Dispatcher, server: Dispatcher) -> None:
        servers = [Server(server) for _ in range(3)]
        sender.send(STAGE)
        await until(lambda: all(each.woken for each in servers))

    run(test)


def test_who_has_left_is_woken_no_more_and_may_leave_again(run):
    async def test(sender: Dispatcher, server: Dispatcher) -> None:
        gone, there = Server(server), Server(server)
        gone.leave()
        gone.leave()
        sender.send(STAGE)
        await until(lambda: there.woken > 0)
        assert gone.woken == 0

    run(test)


def test_a_server_may_leave_and_another_come_while_a_ticket_is_delivered(run):
    async def test(sender: Dispatcher, server: Dispatcher) -> None:
        heirs: list[Server] = []
        leaves: list[Callable[[], None]] = []

        def hand_over() -> None:
            leaves.pop()()
            heirs.append(Server(server))

        leaves.append(server.serve(STAGE, hand_over))
        sender.send(STAGE)
        await until(lambda: bool(heirs))
        before = heirs[0].woken
        sender.send(STAGE)
        await until(lambda: heirs[0].woken > before)
        assert len(heirs) == 1

    run(test)


def test_a_ticket_that_nobody_waits_for_harms_nothing(run):
    async def test(sender: Dispatcher, server: Dispatcher) -> None:
        sender.send(STAGE)
        late = Server(server)
        sender.send(STAGE)
        await until(lambda: late.woken > 0)

    run(test)


def test_nobody_is_woken_after_the_end(run):
    async def test(sender: Dispatcher, server: Dispatcher) -> None:
        served = Server(server)
        sender.send(STAGE)
        await until(lambda: served.woken > 0)
        assert (sender.trouble, server.trouble) == (None, None)
        await server.close()
        before = served.woken
        sender.send(STAGE)
        await sender.close()
        await asyncio.sleep(0)
        assert served.woken == before

    run(test)


def test_what_is_forgotten_may_come_again(run):
    async def test(sender: Dispatcher, server: Dispatcher) -> None:
        served = Server(server)
        sender.send(STAGE)
        await until(lambda: served.woken > 0)
        served.leave()
        if isinstance(server, CeleryDispatcher):
            await until(lambda: not server.read)
        sender.forget(STAGE.deployment, [STAGE.stage])
        again = Server(server)
        sender.send(STAGE)
        await until(lambda: again.woken > 0)

    run(test)
