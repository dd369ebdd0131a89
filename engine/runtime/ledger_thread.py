"""The ledger's thread: everything that was asked for while the last transaction ran goes into the next one (group commit).

Whoever asks a question hears at once when storage fails. What the engine itself needs comes over a Line: it waits, and is tried
again until storage works or the asker gives up. So a full disk delays a flow, and ends nothing.
"""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from engine.errors import StorageError
from engine.ledger.base import Claimed, ClaimRequest, Commit, Ledger, Outcome

T = TypeVar("T")
_RETRY_S = 0.5
_MOST = 64
"""Commits and claims in one transaction: more would only make the first of them wait."""


class _Order:
    """Something to do. `line` is None where an error is as good as an answer."""

    __slots__ = ("future", "line", "work")

    def __init__(self, work: Any, line: Line | None, future: asyncio.Future[Any]) -> None:
        self.work = work
        self.line = line
        self.future = future

    @property
    def is_patient(self) -> bool:
        """Whether it waits while storage fails."""
        return self.line is not None and self.line.is_patient

    @property
    def is_void(self) -> bool:
        """Whether whoever asked is gone."""
        return self.future.cancelled()


class Line:
    """Somebody's way to the ledger for what has to be done: while storage fails it waits, and no more work is begun.

    Nothing raises StorageError here before `give_up`.
    """

    def __init__(self, thread: LedgerThread) -> None:
        self._thread = thread
        self.is_patient = True

    async def commit(self, commit: Commit) -> Outcome:
        """Commit one finished task."""
        return await self._thread.ask(commit, self)

    async def claim(self, request: ClaimRequest) -> list[Claimed]:
        """Claim batches; sees everything committed before."""
        return await self._thread.ask(request, self)

    async def insist(self, function: Callable[[Ledger], T]) -> T:
        """Have any other question answered, any other command carried out."""
        return await self._thread.ask(function, self)

    def give_up(self) -> None:
        """Wait no longer: what waits, and whatever is asked from now on, is tried once and then raises StorageError."""
        self.is_patient = False


class LedgerThread:
    """Asks the ledger from an event loop. `trouble` hears when storage fails (a sentence) and when it works again (None)."""

    def __init__(self, ledger: Ledger, trouble: Callable[[str | None], None], orphaned: Callable[[list[str]], None]) -> None:
        self._ledger = ledger
        self._loop = asyncio.get_running_loop()
        self._trouble = trouble
        self._orphaned = orphaned
        self._orders: queue.SimpleQueue[_Order | None] = queue.SimpleQueue()
        self._always = Line(self)
        self._waiting: list[_Order] = []
        self._retry_at_s = 0.0
        self._error: StorageError | None = None
        self.trouble: str | None = None
        """What is wrong with the storage, as far as the last attempt showed."""
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="ledger", daemon=True)
        self._thread.start()

    @property
    def is_stalled(self) -> bool:
        """Whether anything waits because storage fails."""
        return bool(self._waiting)

    def line(self) -> Line:
        """A way to the ledger for somebody who waits while storage fails."""
        return Line(self)

    async def call(self, function: Callable[[Ledger], T]) -> T:
        """Ask a question, or give a command, for somebody who wants to hear at once when storage fails (StorageError)."""
        return await self.ask(function, None)

    def leave(self, function: Callable[[Ledger], object], then: Callable[[], None] = lambda: None) -> None:
        """Have a command carried out when storage works; it is dropped if the engine ends first.

        `then` is called when it was carried out, and also when it came to nothing because of a fault in it.
        """

        def left(done: asyncio.Future[Any]) -> None:
            error = done.exception()
            if not isinstance(error, StorageError):
                then()
            if error is not None and not isinstance(error, StorageError):
                raise error  # nobody waits for it: the loop tells of it

        future: asyncio.Future[Any] = self._loop.create_future()
        future.add_done_callback(left)
        self._orders.put(_Order(function, self._always, future))

    async def ask(self, work: Any, line: Line | None) -> Any:
        """Have work done: a Commit, a ClaimRequest, or a function of the ledger."""
        if self._closing:
            raise StorageError("the engine is ending; start it again, it goes on from the last commit")
        future: asyncio.Future[Any] = self._loop.create_future()
        self._orders.put(_Order(work, line, future))
        return await future

    def _answer(self, answers: list[tuple[_Order, Any]]) -> None:
        for order, answer in answers:
            if not order.future.done():
                order.future.set_result(answer)
            elif isinstance(order.work, ClaimRequest) and answer:
                self._return(answer)

    def _return(self, claimed: list[Claimed]) -> None:
        """Give back what was claimed for somebody who is gone."""
        receipts = [(batch.row, batch.lease) for batch in claimed]
        self.leave(lambda ledger: ledger.release(receipts))

    async def close(self) -> None:
        """Finish what was asked, as far as storage takes it, then let go of the ledger."""
        self._closing = True
        self._always.give_up()
        self._orders.put(None)
        await asyncio.to_thread(self._thread.join)

    # -- in the thread

    def _run(self) -> None:
        open_ = True
        while open_:
            orders, open_ = self._next()
            if self._waiting and open_ and time.monotonic() < self._retry_at_s:
                # It would fail again. Questions may still be answered: a full disk can be read.
                self._waiting += [order for order in orders if order.is_patient]
                self._carry_out([order for order in orders if not order.is_patient])
                continue
            self._error = None
            left = self._carry_out([*self._waiting, *orders])
            self._retry_at_s = time.monotonic() + _RETRY_S
            self._tell()
            self._waiting = left
        self._ledger.close()

    def _next(self) -> tuple[list[_Order], bool]:
        orders: list[_Order] = []
        try:
            order = self._orders.get(timeout=max(0.0, self._retry_at_s - time.monotonic()) if self._waiting else None)
            while order is not None:
                orders.append(order)
                if len(orders) >= _MOST:
                    return orders, True
                order = self._orders.get_nowait()
        except queue.Empty:
            return orders, True
        return orders, False

    def _carry_out(self, orders: Sequence[_Order]) -> list[_Order]:
        """Do what was asked: commits, then claims, then all else; returns what is to be tried again."""
        wanted = [order for order in orders if not order.is_void]
        commits = [order for order in wanted if isinstance(order.work, Commit)]
        claims = [order for order in wanted if isinstance(order.work, ClaimRequest)]
        left: list[_Order] = []
        for together in _pieces([*commits, *claims]):
            left += self._exchange(together)
        for order in wanted:
            if not isinstance(order.work, Commit | ClaimRequest):
                left += self._call(order)
        return left

    def _exchange(self, orders: Sequence[_Order]) -> list[_Order]:
        commits = [order for order in orders if isinstance(order.work, Commit)]
        claims = [order for order in orders if isinstance(order.work, ClaimRequest)]
        try:
            result = self._ledger.exchange([order.work for order in commits], [order.work for order in claims])
        except StorageError as error:
            return self._put_off(orders, error)
        except Exception as error:  # noqa: BLE001 - a fault of one commit must not take the others along
            if len(orders) == 1:
                self._fail(orders[0], error)
                return []
            # Find the commit that cannot be: one at a time.
            return [left for order in (*commits, *claims) for left in self._exchange([order])]
        answers = [*zip(commits, result.outcomes, strict=True), *zip(claims, result.claimed, strict=True)]
        self._loop.call_soon_threadsafe(self._answer, answers)
        if result.orphans:
            self._loop.call_soon_threadsafe(self._orphaned, result.orphans)
        return []

    def _call(self, order: _Order) -> list[_Order]:
        try:
            result = order.work(self._ledger)
        except StorageError as error:
            return self._put_off([order], error)
        except Exception as error:  # noqa: BLE001 - belongs to whoever asked
            self._fail(order, error)
        else:
            self._loop.call_soon_threadsafe(self._answer, [(order, result)])
        return []

    def _put_off(self, orders: Sequence[_Order], error: StorageError) -> list[_Order]:
        """Storage failed: who is patient waits."""
        if self._error is None and any(order.line is not None for order in orders):
            self._error = error
        for order in orders:
            if not order.is_patient or self._closing:
                self._fail(order, error)
        return [order for order in orders if order.is_patient and not self._closing]

    def _fail(self, order: _Order, error: Exception) -> None:
        self._loop.call_soon_threadsafe(_answer_with_error, order, error)

    def _tell(self) -> None:
        """Say how storage does."""
        trouble = str(self._error) if self._error is not None else None
        if trouble != self.trouble:
            self.trouble = trouble
            self._loop.call_soon_threadsafe(self._trouble, trouble)


def _pieces(orders: Sequence[_Order]) -> list[Sequence[_Order]]:
    return [orders[first : first + _MOST] for first in range(0, len(orders), _MOST)]


def _answer_with_error(order: _Order, error: Exception) -> None:
    if not order.future.done():
        order.future.set_exception(error)
