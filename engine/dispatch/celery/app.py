"""The Celery application of a target: one factory, no global app."""

# Celery has no type information.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from celery import Celery
from celery.app.amqp import AMQP
from kombu.connection import Connection
from kombu.entity import Queue

from engine.dispatch.celery.broker import Broker

TICKET = "pyfi.ticket"
"""The name of the task that a ticket is."""
_HEARTBEAT_S = 10
_CONNECT_S = 5
_LOG = logging.getLogger(__name__)


class TicketApp(Celery):
    """Celery that connects to its target's broker, and to no other that the environment may name."""

    amqp_cls = f"{__name__}:TicketAMQP"

    def __init__(self, broker: Broker, queues: Sequence[Queue] = ()) -> None:
        self.broker = broker
        super().__init__("pyfi", set_as_current=False, fixups=[], autofinalize=True)
        self.conf.update(_settings(broker, queues))
        _keep_quiet()

    def connection_for_read(self, url: str | None = None, **options: Any) -> Connection:
        """Celery prefers `CELERY_BROKER_URL` to its settings: that of another program would get our tickets."""
        return super().connection_for_read(url or self.broker.url, **options)

    def connection_for_write(self, url: str | None = None, **options: Any) -> Connection:
        """The same for what is sent."""
        return super().connection_for_write(url or self.broker.url, **options)


class TicketConnection(Connection):
    """A connection that leaves the sockets of others alone."""

    def collect(self, socket_timeout: float | None = None) -> None:
        """Let go of the connection, in whatever state it is; `socket_timeout` means nothing."""
        # WORKAROUND kombu 5.7: meanwhile it changes the default timeout of all sockets of the process. One that another thread
        # makes then does not block, nor does any from then on where two threads do this at once: so hosts got a socket that
        # they could not read. Drop with one that leaves the default as it is.
        if hasattr(self._transport, "_collect"):  # pyright: ignore[reportUnknownArgumentType]
            super().collect(socket_timeout)
        else:
            self._do_close_self()
            self._do_close_transport()


class TicketAMQP(AMQP):
    """What Celery makes its connections with."""

    Connection = TicketConnection


def _settings(broker: Broker, queues: Sequence[Queue]) -> dict[str, Any]:
    return {
        "broker_url": broker.url,
        "broker_transport_options": broker.transport_options(),
        "broker_use_ssl": broker.encryption(),
        "broker_heartbeat": _HEARTBEAT_S,
        "broker_connection_timeout": _CONNECT_S,
        # Whoever uses the app connects anew by itself, with a new one: celery #10205, #9512, #9462 are faults of reconnecting.
        "broker_connection_retry": False,
        "broker_connection_retry_on_startup": False,
        "broker_channel_error_retry": True,
        "broker_pool_limit": None,
        "task_queues": list(queues),
        "task_create_missing_queues": False,
        "task_serializer": "json",
        "accept_content": ["json"],
        "result_backend": "disabled://",
        "task_ignore_result": True,
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        "task_acks_on_failure_or_timeout": True,
        "worker_prefetch_multiplier": 1,
        "worker_enable_remote_control": False,
        "worker_hijack_root_logger": False,
        "worker_redirect_stdouts": False,
        "worker_cancel_long_running_tasks_on_connection_loss": True,
    }


class _Undertone(logging.Handler):
    """Passes what Celery says on at the level of debugging: what matters of it is said by us, once and with the cure."""

    def emit(self, record: logging.LogRecord) -> None:
        _LOG.debug("%s: %s", record.name, record.getMessage())


def _keep_quiet() -> None:
    """Celery's own loggers and those of its parts speak to nobody but `_Undertone`; no other logger is touched."""
    for name in ("celery", "kombu", "amqp"):
        logger = logging.getLogger(name)
        logger.propagate = False
        if not any(isinstance(handler, _Undertone) for handler in logger.handlers):
            logger.addHandler(_Undertone())
