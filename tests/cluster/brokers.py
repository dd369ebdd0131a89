"""The brokers that tickets go through, for tests that all of them must pass."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import AsyncIterator, Iterator
from typing import Any

import boto3
import pytest

from engine.dispatch.celery import CeleryDispatcher
from tests.servers import Moto, RabbitMQ, Redis, Server

KEY = "the target's own key"
KINDS = [pytest.param(kind, marks=pytest.mark.servers) for kind in ("redis", "rabbitmq-classic", "rabbitmq-quorum", "sqs")]


class TestBroker:
    """A private server, and a target on it that is the test's own."""

    __test__ = False

    def __init__(self, kind: str, server: Server) -> None:
        self.kind = kind
        self.server = server
        self.target = f"test_{secrets.token_hex(6)}"
        if isinstance(server, Moto):
            self.url = server.sqs_url
        else:
            self.url = server.url + ("?queues=quorum" if kind == "rabbitmq-quorum" else "")

    @contextlib.asynccontextmanager
    async def dispatcher(self, key: str = KEY) -> AsyncIterator[CeleryDispatcher]:
        """A dispatcher of the target."""
        made = CeleryDispatcher(self.target, self.url, key)
        try:
            yield made
        finally:
            await made.close()

    def queues(self) -> dict[str, int]:
        """The target's queues and how many messages are ready in each."""
        return dict(self._list())

    def _list(self) -> Iterator[tuple[str, int]]:
        if isinstance(self.server, RabbitMQ):
            for line in self.server.control("list_queues", "name", "messages_ready", "--quiet").splitlines()[1:]:
                name, ready = line.split()
                if self.target in name:
                    yield name, int(ready)
        elif isinstance(self.server, Redis):
            for name in self.server.ask_all(f"KEYS *{self.target}*"):
                yield name, int(self.server.ask(f"LLEN {name}")[1:])
        else:
            assert isinstance(self.server, Moto)
            with contextlib.closing(self.sqs()) as client:
                for url in client.list_queues().get("QueueUrls", ()):
                    if self.target in url:
                        with contextlib.suppress(client.exceptions.QueueDoesNotExist):  # deleted just now
                            asked = client.get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])
                            yield url.rpartition("/")[2], int(asked["Attributes"]["ApproximateNumberOfMessages"])

    def sqs(self) -> Any:
        """A client of the private SQS."""
        assert isinstance(self.server, Moto)
        return boto3.client(
            "sqs",
            endpoint_url=self.server.url,
            region_name=self.server.region,
            aws_access_key_id="test",
            aws_secret_access_key=self.server.password,
        )


def open_broker(kind: str, request: pytest.FixtureRequest) -> TestBroker:
    """The broker of a kind, started with the first test that asks for it."""
    fixture = {"redis": "redis_server", "sqs": "moto_server"}.get(kind, "rabbitmq_server")
    return TestBroker(kind, request.getfixturevalue(fixture))
