"""Takes tickets from the broker, by a Celery worker in a thread of its own."""

from __future__ import annotations

import logging
import threading
import time
import warnings
from collections.abc import Callable

from kombu.asynchronous import set_event_loop

from engine.dispatch.celery.app import TicketApp
from engine.dispatch.celery.broker import SQS, Broker
from engine.dispatch.celery.failure import explain
from engine.dispatch.celery.worker import Take, TicketWorker

_FIRST_RETRY_S = 0.1
_LAST_RETRY_S = 1.0
_LIVED_S = 5.0
"""A worker that ends sooner is not replaced at once."""
_LOG = logging.getLogger(__name__)
_MAKING = threading.Lock()
"""kombu keeps the event loop that it made last in a global: two workers must not be made at once, or they would share one."""
_SQS_TURN = threading.Lock()
"""On SQS kombu asks for that global again and again, so a process takes tickets from one SQS at a time."""


class Consumer:
    """The way in for tickets: consumes the queues that are wanted, and goes on doing so whatever happens to the broker.

    A Celery worker lives no longer than its connection: it has faults when it connects anew (it hangs, it forgets queues, its
    prefetch sticks), and can end when Redis is restarted. A new one costs some 10 ms.

    Args:
        broker: Where the queues are.
        take: Called in the consumer's thread with what each message says; must not raise.
        back: Called in that thread when the broker is there again after it was away.
    """

    def __init__(self, broker: Broker, take: Take, back: Callable[[], None]) -> None:
        self.trouble: str | None = None
        """Why no tickets can be taken just now."""
        self.read: frozenset[str] = frozenset()
        """The queues that are consumed just now, which follows what is wanted soon after."""
        self._broker = broker
        self._take = take
        self._back = back
        self._wanted: frozenset[str] = frozenset()
        self._stir = threading.Event()
        """Something is wanted, or all is to end."""
        self._ending = False
        self._has_failed = False
        self._worker: TicketWorker | None = None
        self._thread: threading.Thread | None = None

    def want(self, queues: frozenset[str]) -> None:
        """Consume these queues and no others from now on; never blocks."""
        self._wanted = queues
        if self._thread is None and queues:
            self._thread = threading.Thread(target=self._run, name=f"tickets from {self._broker}", daemon=True)
            self._thread.start()
        self._poke()

    def end(self) -> None:
        """Consume no more. `join` waits for it."""
        self._ending = True
        self._poke()

    def join(self) -> None:
        """Wait until the thread has ended."""
        if self._thread is not None:
            self._thread.join()

    def _poke(self) -> None:
        self._stir.set()
        if (worker := self._worker) is not None:
            worker.look()

    # -- in the thread

    def _run(self) -> None:
        if self._broker.title == SQS:
            # WORKAROUND kombu 5.7: its curl client uses what pycurl calls old (IOCTLFUNCTION, socket_all); drop with one that
            # does not.
            warnings.filterwarnings("ignore", category=DeprecationWarning, module=r"kombu\.asynchronous\.http\.curl")
            while not _SQS_TURN.acquire(timeout=_LAST_RETRY_S):
                self.trouble = (
                    "this process takes tickets from one SQS already, and cannot from two: serve the other target in another"
                )
                if self._ending:
                    return
            try:
                self._supervise()
            finally:
                _SQS_TURN.release()
        else:
            self._supervise()

    def _supervise(self) -> None:
        """Run one worker after the other."""
        retry_s = _FIRST_RETRY_S
        while not self._ending:
            self._stir.clear()
            wanted = self._wanted
            if not wanted:
                self._stir.wait()
                continue
            began_s = time.monotonic()
            try:
                self._consume(wanted)
            except Exception as error:  # noqa: BLE001 - whatever ends a worker, another takes its place
                self._note(error)
                has_lived = time.monotonic() - began_s > _LIVED_S
                retry_s = _FIRST_RETRY_S if has_lived else min(2 * retry_s, _LAST_RETRY_S)
                if not self._ending:
                    time.sleep(retry_s)

    def _note(self, error: Exception) -> None:
        """A worker has ended: say why, once."""
        self._has_failed = True
        said, self.trouble = self.trouble, explain(error, self._broker)
        _LOG.log(logging.DEBUG if said == self.trouble else logging.WARNING, "no tickets come: %s", self.trouble)
        _LOG.debug("a worker has ended", exc_info=error)

    def _on_ready(self) -> None:
        self.trouble = None
        if self._has_failed:
            self._has_failed = False
            self._back()

    def _consume(self, queues: frozenset[str]) -> None:
        """Consume until all is to end; raises what ended it otherwise."""
        app = TicketApp(self._broker, [self._broker.queue(name) for name in sorted(queues)])
        app.set_current()  # of this thread
        with _MAKING:
            set_event_loop(None)
            worker = TicketWorker(app, self._take, self._look, self._on_ready)
        self._worker = worker
        try:
            worker.run()
        finally:
            self._worker = None
            self.read = frozenset()
            app.close()

    def _look(self, worker: TicketWorker) -> None:
        """In the worker's loop: do what was asked for since."""
        if self._ending:
            worker.shut_down()
        wanted = self._wanted
        if self._broker.is_quorum and worker.queues - wanted:
            worker.shut_down()  # its channel would get nothing from a queue of the same name that is made later
        worker.consume(wanted)
        self.read = wanted
