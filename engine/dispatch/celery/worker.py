"""Celery's worker, taught to read tickets while somebody else is the program."""

# Celery has no type information.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any

from amqp.exceptions import ConsumerCancelled
from celery.exceptions import WorkerShutdown, WorkerTerminate
from celery.worker import WorkController
from celery.worker.consumer import Consumer

from engine.dispatch.celery.app import TICKET, TicketApp
from engine.dispatch.celery.broker import RABBITMQ

Take = Callable[[object], None]


class TicketWorker(WorkController):
    """A Celery worker that is no program: it handles no signals, sets up no logs, and is told what to consume while it runs.

    Args:
        app: Its queues are those consumed at first.
        take: Called with what each message says; must not raise.
        look: Called in the worker's loop when it begins and after each `look`.
        ready: Called when it consumes.
    """

    hub: Any
    consumer: Any
    blueprint: Any

    def __init__(self, app: TicketApp, take: Take, look: Callable[[TicketWorker], None], ready: Callable[[], None]) -> None:
        self.take = take
        self._broker = app.broker
        self._on_look = look
        self._on_ready = ready
        self._is_ready = False
        self._error: BaseException | None = None
        super().__init__(
            app,
            pool_cls="solo",
            concurrency=1,
            consumer_cls=_TicketConsumer,
            ready_callback=self._begin,
            without_heartbeat=True,
            without_mingle=True,
            without_gossip=True,
        )

    def look(self) -> None:
        """Have it call `look`; from any thread."""
        self.hub.call_soon(self._look)

    def run(self) -> None:
        """Run until `shut_down`; raises what else ended it."""
        complaints = _Complaints(self)
        complaints.listen()
        try:
            self.blueprint.start(self)
        except (WorkerShutdown, WorkerTerminate) as end:
            if end.__cause__ is not None:
                raise end.__cause__ from None
        finally:
            complaints.leave()
            self._is_ready = False  # closing the loop does what it still has to do, which must not be this
            try:
                self.stop()
            finally:
                self.hub.close()  # Celery leaves it open where it stops for an error

    def fail(self, error: BaseException) -> None:
        """Have it end with an error, soon; from any thread."""
        self._error = error
        self.look()

    def shut_down(self) -> None:
        """End it, from within its loop."""
        raise WorkerShutdown(0)

    @property
    def queues(self) -> frozenset[str]:
        """Those that it consumes."""
        return frozenset(queue.name for queue in self.consumer.task_consumer.queues)

    def consume(self, wanted: frozenset[str]) -> None:
        """Consume these queues and no others, from within its loop."""
        queues = self.consumer.app.amqp.queues
        there = self.queues
        for name in sorted(wanted - there):
            queues.add(self._broker.queue(name))
            self.consumer.add_task_queue(name)
        for name in there - wanted:
            self.consumer.cancel_task_queue(name)
        self._hear_of_deletions()

    def _hear_of_deletions(self) -> None:
        """End when RabbitMQ deletes a queue that is read: Celery reads it no more, and in its first moments does not say so."""
        if self._broker.title == RABBITMQ:
            channel = self.consumer.task_consumer.channel
            channel.cancel_callbacks.update(dict.fromkeys(channel.callbacks, self._on_deleted))

    def _on_deleted(self, tag: str) -> None:
        self.fail(ConsumerCancelled(tag))

    def _shutdown(self, warm: bool = True) -> None:
        """Stop its parts, without the default timeout that Celery gives to all new sockets of the process meanwhile."""
        self.blueprint.stop(self, terminate=not warm)
        self.blueprint.join()

    def _begin(self, _consumer: Consumer) -> None:
        self._is_ready = True
        self._hear_of_deletions()
        self._on_ready()
        self.look()

    def _look(self) -> None:
        if not self._is_ready:
            return
        if self._error is not None:
            raise self._error
        self._on_look(self)


class _TicketConsumer(Consumer):
    """Celery's consumer, which reads tickets instead of running them: there is nothing to run.

    That keeps all else away that a message may ask of Celery (other tasks, delays, callbacks), and whatever is in a message
    ends in `take`, which refuses what is no ticket.
    """

    controller: Any

    class Blueprint(Consumer.Blueprint):
        """Without what Celery does on quorum queues: 28 queues for delays, which no ticket has."""

        default_steps = (
            "celery.worker.consumer.connection:Connection",
            "celery.worker.consumer.events:Events",
            "celery.worker.consumer.tasks:Tasks",
            "celery.worker.consumer.consumer:Evloop",
        )

    def create_task_handler(self, promise: Any = None) -> Callable[..., None]:
        """What is done with a message."""
        return self._read

    def on_decode_error(self, message: Any, exc: Exception) -> None:
        """The client library could not even unpack it."""
        self._take(message, None)

    def _read(self, message: Any) -> None:
        try:
            task, payload = message.headers["task"], message.payload
        except Exception:  # noqa: BLE001 - there is no end to what may be wrong with what others put into a queue
            task, payload = None, None
        match task, payload:
            case str(name), [[text], *_] if name == TICKET:
                self._take(message, text)
            case _:
                self._take(message, None)

    def _take(self, message: Any, text: object) -> None:
        self.controller.take(text)
        # At once, not in the next turn of the loop: what is unacknowledged when Redis dies is otherwise dumped to a file. And
        # not so that an error is logged and forgotten, as Celery does it: on SQS that was seen to end the reading of a queue.
        message.ack()


class _Complaints(logging.Handler):
    """Ends a worker that logs an error: what Celery and kombu log and get over has left a queue unread more than once."""

    def __init__(self, worker: TicketWorker) -> None:
        super().__init__(logging.ERROR)
        self._worker = worker
        self._thread = threading.get_ident()

    def listen(self) -> None:
        """Begin to listen, to what this thread logs."""
        for name in ("celery", "kombu"):
            logging.getLogger(name).addHandler(self)

    def leave(self) -> None:
        """Listen no more."""
        for name in ("celery", "kombu"):
            logging.getLogger(name).removeHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        if record.thread == self._thread:
            error = record.exc_info[1] if record.exc_info else None
            self._worker.fail(error or RuntimeError(record.getMessage()))
