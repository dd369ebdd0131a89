"""The server that carries tickets, known by its URL."""

from __future__ import annotations

import os
import ssl
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit, urlunsplit

from kombu.entity import Exchange, Queue

from engine.errors import UsageError

RABBITMQ = "RabbitMQ"
REDIS = "Redis"
SQS = "SQS"
_SCHEMES = {
    "amqp": (RABBITMQ, 5672),
    "amqps": (RABBITMQ, 5671),
    "redis": (REDIS, 6379),
    "rediss": (REDIS, 6379),
    "sqs": (SQS, 443),
}
_PARAMETERS = {RABBITMQ: ("ca", "queues"), REDIS: ("ca",), SQS: ("region",)}
_QUEUES = ("classic", "quorum")
_LOOPBACK = ("localhost", "127.0.0.1", "::1")

MOST_WAITING = 16
"""More tickets of one stage need not wait in a broker: whoever takes one of those looks for all the work there is."""
_TICKET_MS = 10 * 60 * 1000
_UNUSED_MS = 24 * 3600 * 1000
"""A queue that nobody has read or declared for so long is deleted by RabbitMQ, should its deployment have ended unnoticed."""
_ANSWER_S = 10
_VISIBLE_AGAIN_S = 30


class Broker:
    """What there is to know about a broker: how to reach it, how its queues are made, how often tickets are sent.

    Args:
        url: `amqp[s]://USER:PASSWORD@HOST:PORT/VHOST?queues=classic|quorum`, `redis[s]://:PASSWORD@HOST:PORT/DB` or
            `sqs://KEY:SECRET@?region=REGION` (without key and secret: by the machine's own role; with a host: another SQS).
            `ca=FILE` names the authority that signed the server's certificate, if not one of the system's.

    Raises:
        UsageError: the URL names no such broker.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        known = _SCHEMES.get(parts.scheme)
        if known is None:
            raise UsageError(
                f"a broker's URL begins with amqp, amqps, redis, rediss or sqs, not with '{parts.scheme}': correct it"
            )
        self.title, default_port = known
        """RabbitMQ, Redis or SQS."""
        try:
            self.host, self.port = parts.hostname, parts.port or default_port
        except ValueError as error:
            raise UsageError(f"the port in the URL of {self.title} is no number: correct it") from error
        if self.host is None and self.title != SQS:
            raise UsageError(f"the URL of {self.title} names no host: write {parts.scheme}://USER:PASSWORD@HOST:PORT/…")
        self._parameters = self._read_parameters(parts.query)
        self._secret = unquote(parts.password or "")
        self.user = unquote(parts.username or "")
        self.place = unquote(parts.path.lstrip("/")) or ("0" if self.title == REDIS else "/")
        """The virtual host, or the number of the database."""
        self.url = urlunsplit(parts._replace(query=""))
        """As Celery takes it, with the password: not for eyes."""
        self.encrypted = parts.scheme in ("amqps", "rediss") or (self.title == SQS and self.host not in _LOOPBACK)
        self.is_quorum = self._parameters.get("queues") == "quorum"
        self.family = "pyfi_quorum" if self.is_quorum else "pyfi"
        """What the names of queues begin with: RabbitMQ lets no queue be another kind than it is."""

    def __repr__(self) -> str:
        return f"<{self}>"

    def __str__(self) -> str:
        return f"{self.title} at {self.server}"

    @property
    def server(self) -> str:
        """HOST:PORT, for messages."""
        return f"{self.host}:{self.port}" if self.host else f"Amazon ({self.region or 'the region of the environment'})"

    @property
    def region(self) -> str | None:
        """The region of SQS, where the URL or the environment names one."""
        return self._parameters.get("region") or os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")

    @property
    def pauses_s(self) -> tuple[float, float]:
        """The shortest and the longest pause between two tickets of a stage; SQS takes a hundred messages a second in all."""
        return (0.5, 0.5) if self.title == SQS else (0.01, 0.05)

    def queue(self, name: str) -> Queue:
        """A queue of tickets; the default exchange leads to it by its name."""
        # The client library would bind a queue, which no queue needs on the default exchange, where the name is the key.
        return Queue(name, Exchange("", type="direct"), routing_key=name, queue_arguments=self._queue_arguments())

    def transport_options(self) -> dict[str, Any]:
        """What kombu is told about this kind of broker."""
        if self.title == RABBITMQ:
            return {
                "confirm_publish": True,
                # A broker that is just coming up was seen not to answer what it was asked about a queue, ever.
                "read_timeout": _ANSWER_S,
                "write_timeout": _ANSWER_S,
                "client_properties": {"connection_name": "pyfi"},
            }
        if self.title == REDIS:
            return {
                # Keeping every popped ticket in a second structure until it is acknowledged costs four commands a ticket, and
                # brings a lost one back after minutes, when it has long been replaced.
                "ack_emulation": False,
                "priority_steps": [0],
                # How long one command waits for a ticket; a queue that is added meanwhile waits for the next. Needs Redis 6.
                "polling_interval": 0.25,
                "health_check_interval": _ANSWER_S,
                "socket_keepalive": True,
                "socket_timeout": _ANSWER_S,
                "socket_connect_timeout": _ANSWER_S,
            }
        return {
            **({"region": self.region} if self.region else {}),
            "is_secure": self.encrypted,
            # A request waits at the server: nothing is gained by waiting here as well.
            "polling_interval": 0,
            "wait_time_seconds": 10,
            "visibility_timeout": _VISIBLE_AGAIN_S,
            "sqs-creation-attributes": {"MessageRetentionPeriod": str(_TICKET_MS // 1000)},
            "client-config": {"connect_timeout": 5, "read_timeout": _ANSWER_S, "retries": {"total_max_attempts": 1}},
        }

    def encryption(self) -> dict[str, Any] | None:
        """How Celery encrypts the connection: never without looking at the server's certificate."""
        if not self.encrypted or self.title == SQS:
            return None
        ca = self._parameters.get("ca")
        if self.title == REDIS:
            return {"ssl_cert_reqs": ssl.CERT_REQUIRED, "ssl_check_hostname": True, **({"ssl_ca_certs": ca} if ca else {})}
        return {"cert_reqs": ssl.CERT_REQUIRED, "server_hostname": self.host, **({"ca_certs": ca} if ca else {})}

    def without_secrets(self, text: str) -> str:
        """`text`, should a library have put the password in it."""
        return text.replace(self._secret, "…") if self._secret else text

    def _queue_arguments(self) -> dict[str, Any] | None:
        if self.title != RABBITMQ:
            return None
        kind = {"x-queue-type": "quorum"} if self.is_quorum else {}
        return {**kind, "x-max-length": MOST_WAITING, "x-message-ttl": _TICKET_MS, "x-expires": _UNUSED_MS}

    def _read_parameters(self, query: str) -> dict[str, str]:
        known = _PARAMETERS[self.title]
        given = {name: values[-1] for name, values in parse_qs(query).items()}
        for name in given:
            if name not in known:
                raise UsageError(f"the URL of {self.title} has a parameter '{name}': it knows {' and '.join(known)} only")
        if given.get("queues", _QUEUES[0]) not in _QUEUES:
            raise UsageError(
                f"the URL of {self.title} asks for queues that are '{given['queues']}': write {' or '.join(_QUEUES)}"
            )
        return given
