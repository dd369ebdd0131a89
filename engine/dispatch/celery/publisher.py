"""Sends tickets, in a thread of its own: whoever sends never waits for a broker."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Iterable, Sequence

from msgspec import Struct

from engine.dispatch.base import Ticket
from engine.dispatch.celery.broker import Broker
from engine.dispatch.celery.failure import explain
from engine.dispatch.celery.line import Line
from engine.dispatch.celery.names import Names
from engine.dispatch.celery.pace import Pace
from engine.dispatch.celery.seal import Seal

_FIRST_RETRY_S = 0.1
_LAST_RETRY_S = 1.0
_PARTING_S = 2.0
"""How long what still waits is tried when all ends."""
_MOST_TRIES = 5
_LOG = logging.getLogger(__name__)


class _Deletion(Struct):
    """Queues that are to go."""

    prefix: str
    names: Sequence[str]
    tries: int = 0


class Publisher:
    """The way out for tickets. While the broker is away each stage keeps one ticket, which goes when it is back.

    Args:
        broker: Where the tickets go.
        names: The names of the queues there.
        seal: What the tickets are sealed with.
    """

    def __init__(self, broker: Broker, names: Names, seal: Seal) -> None:
        self.trouble: str | None = None
        """Why tickets cannot be sent just now."""
        self.sent = 0
        """Tickets that were put into the broker."""
        self.spared = 0
        """Tickets that were not, because enough of them waited there."""
        self._broker = broker
        self._names = names
        self._seal = seal
        self._pace = Pace(*broker.pauses_s)
        self._deletions: deque[_Deletion] = deque()
        self._news = threading.Condition()
        self._end_s: float | None = None
        self._failures = 0
        """How often it failed since it last went well."""
        self._retry_s = 0.0
        self._thread = threading.Thread(target=self._run, name=f"tickets to {broker}", daemon=True)
        self._thread.start()

    def add(self, ticket: Ticket, delay_s: float = 0.0) -> None:
        """Send a ticket soon; never blocks."""
        with self._news:
            if self._pace.add(ticket, time.monotonic(), delay_s):
                self._news.notify()

    def forget(self, deployment: str, stages: Iterable[str]) -> None:
        """Send none of a deployment's tickets that wait, and delete its queues once the broker is there."""
        names = [self._names.queue(Ticket(deployment, stage)) for stage in stages]
        with self._news:
            self._pace.forget(deployment)
            self._deletions.append(_Deletion(self._names.prefix(deployment), names))
            self._news.notify()

    def end(self) -> None:
        """Send what waits, if that is soon done, and end. `join` waits for it."""
        with self._news:
            self._end_s = time.monotonic() + _PARTING_S
            self._news.notify()

    def join(self) -> None:
        """Wait until the thread has ended."""
        self._thread.join()

    # -- in the thread

    def _run(self) -> None:
        line = Line(self._broker)
        while True:
            try:
                line.open()  # also before there is anything to send: the first ticket shall go at once
                self._work(line)
                self._failures, self.trouble = 0, None
            except Exception as error:  # noqa: BLE001 - whatever a broker or its library does, tickets must go on
                line.close()
                self._note(error)
            if not self._wait():
                break
        line.close()

    def _note(self, error: Exception) -> None:
        """It failed. The first time that may only be a connection that was lost while nobody used it."""
        pause_s = min(_FIRST_RETRY_S * 2 ** (self._failures - 1), _LAST_RETRY_S) if self._failures else 0.0
        self._retry_s = time.monotonic() + pause_s
        self._failures += 1
        if self._failures > 1:
            said, self.trouble = self.trouble, explain(error, self._broker)
            _LOG.log(logging.DEBUG if said == self.trouble else logging.WARNING, "no tickets go: %s", self.trouble)
        _LOG.debug("a ticket could not be sent", exc_info=error)

    def _wait(self) -> bool:
        """Wait until there is something to do; False when that is to end."""
        with self._news:
            while True:
                now_s = time.monotonic()
                wait_s = 0.0 if self._deletions else self._pace.wait_s(now_s)
                if self._end_s is not None and (wait_s is None or now_s >= self._end_s):
                    return False
                if self._failures:
                    wait_s = max(wait_s or 0.0, self._retry_s - now_s)
                if wait_s is not None and wait_s <= 0:
                    return True
                left_s = None if self._end_s is None else self._end_s - now_s
                self._news.wait(min((each for each in (wait_s, left_s) if each is not None), default=None))

    def _work(self, line: Line) -> None:
        with self._news:
            deletions = len(self._deletions)
            tickets = deque(self._pace.take(time.monotonic()))
        try:
            # Deletions come first, and only those asked for before the tickets: none of these may go with what is forgotten.
            for _ in range(deletions):
                self._delete(line, self._deletions[0])
                self._deletions.popleft()
            while tickets:
                if line.send(self._names.queue(tickets[0]), self._seal.close(tickets[0])):
                    self.sent += 1
                else:
                    self.spared += 1
                tickets.popleft()
        finally:
            tickets.rotate(-1)  # the one that failed comes last: should it alone be to blame, the others go
            with self._news:
                self._pace.put_back(tickets, time.monotonic())

    def _delete(self, line: Line, deletion: _Deletion) -> None:
        try:
            line.delete(deletion.prefix, deletion.names)
        except Exception as error:
            deletion.tries += 1
            if deletion.tries < _MOST_TRIES:
                raise
            _LOG.warning("queues that begin with %s could not be deleted: %s", deletion.prefix, explain(error, self._broker))
            line.close()
