"""A dispatcher that is closed, a deployment that is forgotten: nothing is left of them. And Celery keeps to itself."""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
import subprocess
import sys
import threading
import warnings

import psutil
import pytest

from engine.dispatch.base import Ticket
from engine.dispatch.celery import probe
from engine.dispatch.celery.broker import MOST_WAITING
from engine.errors import ServerUnreachable
from tests.cluster.brokers import TestBroker
from tests.contract.test_bus import until
from tests.contract.test_dispatch import Server
from tests.servers import free_port

STAGES = [Ticket("flow/of mine", "sub/a"), Ticket("flow/of mine", "b"), Ticket("flow/of mine", "ü" * 100)]
OTHER = Ticket("flow", "a")


def test_forget_leaves_no_queue_but_those_of_others(broker: TestBroker) -> None:
    async def test() -> None:
        async with broker.dispatcher() as sender, broker.dispatcher() as other:
            for stage in (*STAGES, OTHER):
                sender.send(stage)
            await until(lambda: sender.sent == 4)
            await until(lambda: sum(broker.queues().values()) == 4)
            # By a process that has never heard of the stages but from who asks it.
            other.forget("flow/of mine", [stage.stage for stage in STAGES])
            await until(lambda: len(broker.queues()) == 1)
            sender.forget("flow")
            await until(lambda: broker.queues() == {})

    asyncio.run(test())


def test_tickets_of_what_is_forgotten_go_no_more(broker: TestBroker) -> None:
    async def test() -> None:
        async with broker.dispatcher() as sender:
            for _ in range(MOST_WAITING):
                sender.send(OTHER)
            sender.forget("flow")
        assert broker.queues() == {}

    asyncio.run(test())


def test_what_waits_is_sent_before_the_end(broker: TestBroker) -> None:
    async def test() -> None:
        async with broker.dispatcher() as sender:
            for stage in STAGES:
                sender.send(stage)
        await until(lambda: sum(broker.queues().values()) == len(STAGES))

    asyncio.run(test())


def test_no_thread_process_or_connection_is_left(broker: TestBroker) -> None:
    def connections() -> int:
        port = broker.server.port
        return sum(
            1
            for each in psutil.Process().net_connections("tcp")
            if each.raddr and each.raddr.port == port and each.status == psutil.CONN_ESTABLISHED
        )

    async def test() -> None:
        async with broker.dispatcher() as sender, broker.dispatcher() as server:
            served = Server(server)
            sender.send(OTHER)
            await until(lambda: served.woken > 0)
            await until(lambda: connections() > 0)

    threads = set(threading.enumerate())
    children = set(psutil.Process().children(recursive=True))
    asyncio.run(test())
    assert set(threading.enumerate()) <= threads
    assert set(psutil.Process().children(recursive=True)) <= children
    asyncio.run(until(lambda: connections() == 0))


@pytest.mark.usefixtures("impatient")
def test_a_dispatcher_without_a_broker_ends(broker: TestBroker) -> None:
    with socket.socket() as deaf:  # answers nobody
        deaf.bind(("127.0.0.1", 0))
        deaf.listen()

        async def test() -> None:
            broker.url = broker.url.replace(str(broker.server.port), str(deaf.getsockname()[1]))
            async with broker.dispatcher() as dispatcher:
                Server(dispatcher)
                dispatcher.send(OTHER)
                await asyncio.sleep(0)

        asyncio.run(test())
    assert [thread.name for thread in threading.enumerate() if thread.name.startswith("tickets")] == []


def test_celery_changes_nothing_of_the_process(broker: TestBroker, monkeypatch: pytest.MonkeyPatch) -> None:
    # Not for a moment: sockets that others make meanwhile would have the time limit.
    limits: list[float | None] = []
    monkeypatch.setattr(socket, "setdefaulttimeout", limits.append)

    def state() -> object:
        root = logging.getLogger()
        return (
            [signal.getsignal(number) for number in signal.valid_signals()],
            list(root.handlers),
            root.level,
            sys.stdout,
            sys.stderr,
            sys.excepthook,
            warnings.showwarning,
            list(limits),
        )

    async def test() -> None:
        before = state()
        async with broker.dispatcher() as sender, broker.dispatcher() as server:
            served = Server(server)
            sender.send(OTHER)
            await until(lambda: served.woken > 0)
            assert state() == before
            with pytest.raises(ServerUnreachable):
                probe(broker.url.replace(f":{broker.server.port}", f":{free_port()}"))
        assert state() == before

    asyncio.run(test())


@pytest.mark.parametrize(
    "module", ["engine.cli.main", "engine.runtime.engine", "engine.client.engine", "engine.dispatch.local"]
)
def test_who_uses_no_cluster_imports_no_celery(module: str) -> None:
    program = f"import sys, {module}; print([name for name in ('celery', 'kombu', 'boto3') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
