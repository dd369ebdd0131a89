"""Tickets between processes: each is taken by one of those that serve its stage."""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

from engine.dispatch.base import Ticket
from tests.cluster.brokers import KEY, TestBroker
from tests.contract.test_bus import until
from tests.contract.test_dispatch import Server

ROOT = Path(__file__).resolve().parents[2]
STAGE = Ticket("flow", "a")


class ServerProcess:
    """Somebody who serves the stage in a process of its own."""

    def __init__(self, broker: TestBroker) -> None:
        arguments = [broker.target, broker.url, KEY, STAGE.deployment, STAGE.stage]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.cluster.ticket_server", *arguments],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.woken = 0
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            assert line.startswith("woken "), line
            self.woken += 1

    def close(self) -> str:
        """End it; returns what it printed as errors."""
        with self.process as process:
            assert process.stdin is not None
            assert process.stderr is not None
            process.stdin.close()
            errors = process.stderr.read()
            self._reader.join()
        return errors


@contextlib.contextmanager
def two_servers(broker: TestBroker) -> Iterator[list[ServerProcess]]:
    servers = [ServerProcess(broker) for _ in range(2)]
    try:
        yield servers
    finally:
        errors = [server.close() for server in servers]
    assert errors == ["", ""]


def test_each_ticket_is_taken_by_one_process_and_all_take_part(broker: TestBroker) -> None:
    async def test(servers: list[ServerProcess]) -> None:
        async with broker.dispatcher() as sender:
            sent = 0
            while not all(server.woken for server in servers):
                sender.send(STAGE)
                sent += 1
                await until(lambda sent=sent: sum(server.woken for server in servers) >= sent)
                await until(lambda sent=sent: sender.sent == sent)
            assert sum(server.woken for server in servers) == sent

    with two_servers(broker) as servers:
        asyncio.run(test(servers))
        assert sum(server.woken for server in servers) >= 2


def test_who_serves_a_stage_itself_leaves_tickets_to_others_too(broker: TestBroker) -> None:
    async def test(servers: list[ServerProcess]) -> None:
        async with broker.dispatcher() as sender:
            here = Server(sender)
            sent = 0
            while not any(server.woken for server in servers):
                before = here.woken
                sender.send(STAGE)
                assert here.woken == before + 1
                sent += 1
                await until(lambda sent=sent: sender.sent >= sent)

    with two_servers(broker) as servers:
        asyncio.run(test(servers))
