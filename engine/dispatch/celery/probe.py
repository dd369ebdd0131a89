"""Whether a broker can be used, asked before anything relies on it."""

# Celery has no type information.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

from engine.dispatch.celery.app import TicketApp
from engine.dispatch.celery.broker import Broker
from engine.dispatch.celery.failure import explain
from engine.errors import ServerUnreachable


def probe(broker_url: str) -> None:
    """Connect to a broker and leave again; blocks for some seconds at most.

    Raises:
        UsageError: the URL is wrong.
        ServerUnreachable: one sentence: which server, why, and the cure.
    """
    broker = Broker(broker_url)
    connection = TicketApp(broker).connection_for_write(heartbeat=0)
    try:
        # Past kombu's own way of connecting, which waits two seconds and tries again before it says what is wrong.
        transport = connection.transport
        transport.close_connection(transport.establish_connection())
    except Exception as error:
        raise ServerUnreachable(explain(error, broker)) from error
    finally:
        connection.collect()
