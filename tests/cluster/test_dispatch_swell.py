"""However many tickets are sent, few messages go through a broker, and few wait there."""

from __future__ import annotations

import asyncio
import time

from engine.dispatch.base import Ticket
from engine.dispatch.celery.broker import MOST_WAITING
from tests.cluster.brokers import TestBroker
from tests.contract.test_bus import until
from tests.contract.test_dispatch import Server

STAGE = Ticket("flow", "a")


def test_a_swell_of_tickets_makes_few_messages(broker: TestBroker) -> None:
    async def test() -> None:
        async with broker.dispatcher() as sender, broker.dispatcher() as server:
            sender.send(STAGE)
            await until(lambda: sender.sent == 1)
            began_s = time.monotonic()
            for number in range(10_000):
                sender.send(STAGE)
                if number % 1000 == 0:
                    await asyncio.sleep(0)
            until_s = time.monotonic() - began_s
            served = Server(server)
            await until(lambda: served.woken > 0)
            least_s = 0.5 if broker.kind == "sqs" else 0.01
            assert 1 <= sender.sent <= 3 + until_s / least_s
            assert sender.sent < 100

    asyncio.run(test())


def test_every_stage_has_its_ticket_in_a_swell(broker: TestBroker) -> None:
    stages = [Ticket("flow", f"s{number}") for number in range(20)]

    async def test() -> None:
        async with broker.dispatcher() as sender, broker.dispatcher() as server:
            served = [Server(server, stage) for stage in stages]
            for _ in range(500):
                for stage in stages:
                    sender.send(stage)
            await until(lambda: all(each.woken for each in served))

    asyncio.run(test())


def test_tickets_that_nobody_takes_do_not_pile_up(broker: TestBroker) -> None:
    # SQS cannot be told how many may wait, only how long: there, that all that is sent waits is all there is to see.
    most = 3 if broker.kind == "sqs" else MOST_WAITING

    async def test() -> None:
        async with broker.dispatcher() as sender:
            for number in range(most if broker.kind == "sqs" else 3 * most):
                sender.send(STAGE)
                asked = number + 1
                await until(lambda asked=asked: sender.sent + sender._publisher.spared >= asked)
            await until(lambda: list(broker.queues().values()) == [most])

    asyncio.run(test())
