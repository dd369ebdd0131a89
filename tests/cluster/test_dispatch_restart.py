"""Tickets survive their brokers: what is sent while one is away wakes somebody when it is back."""

# Servers are started in the main thread: the kernel ends them with the thread that started them.

from __future__ import annotations

import asyncio

from engine.dispatch.base import Ticket
from tests.cluster.brokers import TestBroker
from tests.contract.test_bus import until
from tests.contract.test_dispatch import Server

STAGES = [Ticket("flow", f"stage {number}") for number in range(5)]


def kill(broker: TestBroker) -> None:
    """End the server as hard as its kind of queue bears.

    A quorum queue of RabbitMQ 3.10 that has no second node and was made less than a second before a kill never answers again.
    """
    if broker.kind == "rabbitmq-quorum":
        broker.server.end()
    else:
        broker.server.kill()


def test_tickets_sent_while_a_broker_is_dead_arrive_when_it_is_back(broker: TestBroker) -> None:
    async def test() -> None:
        async with broker.dispatcher() as sender, broker.dispatcher() as server:
            served = [Server(server, stage) for stage in STAGES]
            for stage in STAGES:
                sender.send(stage)
            await until(lambda: all(each.woken for each in served))
            kill(broker)
            for stage in STAGES:
                for _ in range(100):
                    sender.send(stage)
            await until(lambda: sender.trouble is not None)
            before = [each.woken for each in served]
            sent = sender.sent
            broker.server.start()
            await until(lambda: all(each.woken > woken for each, woken in zip(served, before, strict=True)))
            await until(lambda: sender.trouble is None and server.trouble is None)
            assert sender.sent == sent + len(STAGES), "each stage keeps one ticket"
            # And on: by tickets, not because the broker is back.
            for stage, each in zip(STAGES, served, strict=True):
                woken = each.woken
                sender.send(stage)
                await until(lambda each=each, woken=woken: each.woken > woken)

    asyncio.run(test())


def test_a_broker_that_is_away_is_named_with_the_cure_and_without_its_password(broker: TestBroker, caplog) -> None:
    async def test() -> None:
        async with broker.dispatcher() as sender, broker.dispatcher() as server:
            served = Server(server)
            sender.send(Ticket("flow", "a"))
            await until(lambda: served.woken > 0)
            kill(broker)
            try:
                sender.send(Ticket("flow", "a"))
                title = {"redis": "Redis", "sqs": "SQS"}.get(broker.kind, "RabbitMQ")
                sentence = (
                    f"{title} at 127.0.0.1:{broker.server.port} refuses the connection: "
                    "start it, or correct host and port in the URL"
                )
                await until(lambda: sender.trouble == server.trouble == sentence)
            finally:
                broker.server.start()
            await until(lambda: sender.trouble is None and server.trouble is None)

    asyncio.run(test())
    assert broker.server.password not in caplog.text
    said = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    assert {text.partition(":")[0] for text in said} <= {"no tickets go", "no tickets come"}
    assert 1 <= len(said) <= 4, said


def test_who_is_served_here_needs_no_broker(broker: TestBroker) -> None:
    async def test() -> None:
        broker.server.kill()
        try:
            async with broker.dispatcher() as dispatcher:
                served = Server(dispatcher)
                dispatcher.send(Ticket("flow", "a"))
                assert served.woken == 1
        finally:
            broker.server.start()

    asyncio.run(test())


def test_a_consumer_that_dies_is_replaced(broker: TestBroker) -> None:
    async def test() -> None:
        async with broker.dispatcher() as sender, broker.dispatcher() as server:
            served = Server(server)
            sender.send(Ticket("flow", "a"))
            await until(lambda: served.woken > 0)
            worker = server._consumer._worker
            assert worker is not None

            def die() -> None:
                raise MemoryError("by the test")

            worker.hub.call_soon(die)
            await until(lambda: server._consumer._worker not in (worker, None) and server.trouble is None)
            woken = served.woken

            def is_woken() -> bool:
                # More than one: SQS may still hand the first to what the dead one had asked for.
                sender.send(Ticket("flow", "a"))
                return served.woken > woken

            await until(is_woken)

    asyncio.run(test())
