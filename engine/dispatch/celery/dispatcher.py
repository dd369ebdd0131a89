"""The dispatcher of a cluster: tickets through a broker, and past it within one process."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable

from engine.dispatch.base import Dispatcher, Ticket
from engine.dispatch.celery.broker import Broker
from engine.dispatch.celery.consumer import Consumer
from engine.dispatch.celery.names import Names
from engine.dispatch.celery.publisher import Publisher
from engine.dispatch.celery.refusals import Refusals
from engine.dispatch.celery.seal import BrokenSeal, Seal

Wake = Callable[[], None]
_HELP_S = 0.1
_LOG = logging.getLogger(__name__)


class CeleryDispatcher(Dispatcher):
    """Tickets between the processes of one target. Make it and use it on one event loop; `close` it there.

    A stage that is served in this process is woken at once, without the broker. A ticket goes through the broker all the same,
    but later and more seldom: other processes may serve the stage too, and whoever was woken here may be busy, paused, broken.
    What that costs where it was not needed is one look into the ledger by somebody else, ten times a second at most.

    Of several processes that serve a stage one gets each ticket; within it everybody who serves the stage is woken.

    Args:
        target: The name of the target; processes of one target must agree on it.
        broker_url: See `Broker`.
        key: The target's signing key.

    Raises:
        UsageError: the URL is wrong.
    """

    def __init__(self, target: str, broker_url: str, key: str | bytes) -> None:
        broker = Broker(broker_url)
        self._names = Names(target, broker.family)
        self._seal = Seal(key)
        self._servers: dict[Ticket, list[Wake]] = {}
        self._known: set[Ticket] = set()
        """Tickets whose queues this process may have made."""
        self._loop: asyncio.AbstractEventLoop | None = None
        self._is_telling = False
        self._refusals = Refusals(target, _LOG.warning)
        self._publisher = Publisher(broker, self._names, self._seal)
        self._consumer = Consumer(broker, self._on_message, self._on_back)

    @property
    def trouble(self) -> str | None:
        """Why no tickets go or come just now, in a sentence with the cure; None while all is well."""
        return self._publisher.trouble or self._consumer.trouble

    @property
    def sent(self) -> int:
        """Tickets that this process has put into the broker."""
        return self._publisher.sent

    @property
    def read(self) -> frozenset[str]:
        """The queues that this process reads just now."""
        return self._consumer.read

    def send(self, ticket: Ticket) -> None:
        """Wake who serves the stage: here at once, elsewhere through the broker."""
        self._known.add(ticket)
        servers = self._servers.get(ticket)
        self._publisher.add(ticket, _HELP_S if servers else 0.0)
        self._wake(ticket)

    def serve(self, ticket: Ticket, wake: Wake) -> Callable[[], None]:
        """Have `wake` called for tickets of the stage; returns what ends that."""
        self._loop = asyncio.get_running_loop()
        self._known.add(ticket)
        servers = self._servers.setdefault(ticket, [])
        servers.append(wake)
        self._tell_soon()

        def leave() -> None:
            if wake in servers:
                servers.remove(wake)
            if not servers and self._servers.get(ticket) is servers:
                del self._servers[ticket]
                self._tell_soon()

        return leave

    def forget(self, deployment: str, stages: Iterable[str] = ()) -> None:
        """Delete the queues of a deployment that has ended, when the broker is there.

        RabbitMQ tells nobody what queues it has: there, stages that this process never sent to or served must be named. A queue
        that is not deleted so is deleted by RabbitMQ after a day. SQS makes no queue of the same name for a minute.

        Nobody should serve the stages any more: who reads a quorum queue that is deleted and made again gets nothing.
        """
        known = {ticket.stage for ticket in self._known if ticket.deployment == deployment}
        self._known = {ticket for ticket in self._known if ticket.deployment != deployment}
        self._publisher.forget(deployment, known.union(stages))

    async def close(self) -> None:
        """Send what waits, unless the broker is away, and let go of everything."""
        self._servers.clear()
        self._consumer.end()
        self._publisher.end()
        await asyncio.to_thread(self._consumer.join)
        await asyncio.to_thread(self._publisher.join)

    def _wake(self, ticket: Ticket) -> None:
        for wake in tuple(self._servers.get(ticket, ())):
            wake()

    def _tell_soon(self) -> None:
        """Tell the consumer what is served, once for all that comes and goes in this turn of the loop."""
        if not self._is_telling and self._loop is not None:
            self._is_telling = True
            self._loop.call_soon(self._tell)

    def _tell(self) -> None:
        self._is_telling = False
        self._consumer.want(frozenset(self._names.queue(ticket) for ticket in self._servers))

    # -- in the consumer's thread

    def _on_message(self, text: object) -> None:
        try:
            ticket = self._seal.open(text)
        except BrokenSeal:
            self._refusals.add()
            return
        self._call(lambda: self._arrived(ticket))

    def _on_back(self) -> None:
        """What was sent while the broker was away, and what it lost, is made good for: everybody looks."""
        self._call(lambda: [self._wake(ticket) for ticket in tuple(self._servers)])

    def _call(self, what: Callable[[], object]) -> None:
        assert self._loop is not None
        try:
            self._loop.call_soon_threadsafe(what)
        except RuntimeError:  # the loop is closed: nobody is left to be woken
            return

    def _arrived(self, ticket: Ticket) -> None:
        if ticket in self._servers:
            self._wake(ticket)
        elif ticket in self._known:
            # Whoever was to have it has just left: somebody elsewhere may want it.
            self._publisher.add(ticket)
