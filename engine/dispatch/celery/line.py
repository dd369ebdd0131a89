"""A connection on which tickets go out."""

# Celery has no type information.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any, cast

from kombu.connection import Connection

from engine.dispatch.celery.app import TICKET, TicketApp
from engine.dispatch.celery.broker import MOST_WAITING, RABBITMQ, REDIS, SQS, Broker

_CONFIRM_S = 10
_DECLARE_AGAIN_S = 3600.0
_TRANSIENT = 1


class Line:
    """Opened when it is needed, closed by whoever meets an error; used by one thread. Raises what client libraries do."""

    def __init__(self, broker: Broker) -> None:
        self._broker = broker
        self._app = TicketApp(broker)
        self._connection: Connection | None = None
        self._producer: Any = None
        self._declared: dict[str, float] = {}
        """When each queue was declared on this connection."""

    def open(self) -> None:
        """Connect, unless that is done."""
        if self._producer is None:
            self._connection = self._app.connection_for_write(heartbeat=0)
            self._producer = self._connection.Producer(self._connection.channel(), auto_declare=False)

    def close(self) -> None:
        """Let go of the connection, in whatever state it is."""
        connection, producer = self._connection, self._producer
        self._connection = self._producer = None
        self._declared.clear()
        if producer is not None and self._broker.title == SQS:
            producer.channel.sqs().close()  # kombu leaves that to the garbage collector
        if connection is not None:
            connection.collect()

    def send(self, queue: str, text: str) -> bool:
        """Put a ticket in a queue; False: so many wait there that one more would say nothing new."""
        self.open()
        if self._declare(queue) >= MOST_WAITING:
            return False
        options: dict[str, Any] = {"confirm_timeout": _CONFIRM_S} if self._broker.title == RABBITMQ else {}
        self._app.send_task(
            TICKET,
            args=(text,),
            argsrepr="()",
            producer=self._producer,
            queue=self._broker.queue(queue),
            declare=(),
            # It need not survive its broker: whoever reads the queue looks for work when the broker is back.
            delivery_mode=_TRANSIENT,
            retry=False,
            ignore_result=True,
            **options,
        )
        return True

    def delete(self, prefix: str, names: Sequence[str]) -> None:
        """Delete the queues whose names begin so; where a broker does not tell what queues it has, those with these names."""
        self.open()
        channel = self._producer.channel
        if self._broker.title == RABBITMQ:
            for name in names:
                channel.queue_delete(name)
        elif self._broker.title == REDIS:
            if keys := list(channel.client.scan_iter(match=prefix + "*")):
                channel.client.delete(*keys)
        else:
            client = channel.sqs()
            for url in client.list_queues(QueueNamePrefix=prefix).get("QueueUrls", ()):
                client.delete_queue(QueueUrl=url)
            self.close()  # it remembers where queues are, also those that are no more
        self._declared.clear()

    def _declare(self, queue: str) -> int:
        """See that a queue is there; returns how many tickets are known to wait in it."""
        now_s = time.monotonic()
        if self._broker.title != REDIS and self._declared.get(queue, -_DECLARE_AGAIN_S) > now_s - _DECLARE_AGAIN_S:
            return 0
        # Redis bounds no list by itself and has nothing to declare: there, this asks for the length, which takes 0.1 ms.
        declared = cast("Any", self._broker.queue(queue).bind(self._producer.channel)).queue_declare()
        self._declared[queue] = now_s
        return int(declared.message_count)
