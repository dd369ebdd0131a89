"""What is no ticket of the target wakes nobody, is taken out of the queue, and is said in one sentence."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest
from kombu.connection import Connection

from engine.dispatch.base import Ticket
from engine.dispatch.celery.app import TICKET, TicketApp
from engine.dispatch.celery.broker import Broker
from engine.dispatch.celery.names import Names
from engine.dispatch.celery.seal import Seal
from tests.cluster.brokers import KEY, TestBroker
from tests.contract.test_bus import until
from tests.contract.test_dispatch import Server

STAGE = Ticket("flow", "a")
SENTENCE = (
    "a ticket was refused that did not bear the signature of target '{}': "
    "see that all its agents have the same key, and that nobody else sends to its queues"
)
_EMBED = {"callbacks": None, "errbacks": None, "chain": None, "chord": None}
_HEADERS = {"task": TICKET, "id": "1", "lang": "py"}

FORGED: dict[str, tuple[Any, dict[str, Any]]] = {
    "no text": ([[7], {}, _EMBED], {"headers": _HEADERS}),
    "no signature": ([['["flow","a"]'], {}, _EMBED], {"headers": _HEADERS}),
    "a signature of nothing": ([[".x"], {}, _EMBED], {"headers": _HEADERS}),
    "no arguments": ([[], {}, _EMBED], {"headers": _HEADERS}),
    "no task's body": ({"a": 1}, {"headers": _HEADERS}),
    "another task": ([["x"], {}, _EMBED], {"headers": {**_HEADERS, "task": "celery.chord"}}),
    "a task of no name": ([["x"], {}, _EMBED], {"headers": {**_HEADERS, "task": ["x"]}}),
    "a task of the old kind": ({"task": TICKET, "id": "1", "args": ["x"], "kwargs": {}}, {}),
    "not JSON": ("not JSON", {"headers": _HEADERS, "content_type": "application/json", "content_encoding": "utf-8"}),
    "pickle": (
        b"\x80\x04N.",
        {"headers": _HEADERS, "content_type": "application/x-python-serialize", "content_encoding": "binary"},
    ),
    "an encoding of no name": (b"[]", {"headers": _HEADERS, "content_type": "application/json", "content_encoding": "no such"}),
    "a ticket with another's key": ([[Seal("another key").close(STAGE)], {}, _EMBED], {"headers": _HEADERS}),
    "a ticket for later": (
        [[Seal("another key").close(STAGE)], {}, _EMBED],
        {"headers": {**_HEADERS, "eta": "2999-01-01T00:00:00", "timelimit": [None, None]}},
    ),
}


def put(broker: TestBroker, body: Any, options: dict[str, Any]) -> None:
    """Put a message into the stage's queue as somebody who has the broker's password can."""
    known = Broker(broker.url)
    queue = known.queue(Names(broker.target, known.family).queue(STAGE))
    connection: Connection
    with TicketApp(known).connection_for_write() as connection:
        bound = queue.bind(connection.default_channel)
        bound.queue_declare()
        producer = connection.Producer(serializer=None if "content_type" in options else "json", auto_declare=False)
        producer.publish(body, routing_key=queue.name, exchange="", retry=False, **options)


@pytest.mark.parametrize("what", FORGED)
def test_what_is_no_ticket_of_the_target_wakes_nobody(broker: TestBroker, what: str, caplog) -> None:
    caplog.set_level(logging.INFO)

    async def test() -> None:
        async with broker.dispatcher() as sender, broker.dispatcher() as server:
            served = Server(server)
            for _ in range(3):
                await asyncio.to_thread(put, broker, *FORGED[what])
            await until(lambda: bool(refusals(caplog)))
            await until(lambda: server._refusals._unsaid == 2)
            assert served.woken == 0
            assert server.trouble is None
            sender.send(STAGE)
            await until(lambda: served.woken > 0)
        await until(lambda: not any(broker.queues().values()))

    asyncio.run(test())
    said = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
    assert said == refusals(caplog)
    assert said == [SENTENCE.format(broker.target)]


def test_a_node_with_another_key_wakes_nobody_but_itself(broker: TestBroker, caplog) -> None:
    async def test() -> None:
        async with broker.dispatcher("another key") as stranger, broker.dispatcher(KEY) as server:
            served = Server(server)
            stranger.send(STAGE)
            await until(lambda: bool(refusals(caplog)))
            assert served.woken == 0
            here = Server(stranger)
            stranger.send(STAGE)
            assert here.woken == 1

    asyncio.run(test())


def refusals(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if "refused that did not bear" in record.getMessage()]
