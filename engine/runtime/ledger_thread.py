"""The ledger's thread: everything that was asked for while the last transaction ran goes into the next one (group commit)."""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

from engine.errors import PyfiError, StorageError
from engine.ledger.base import Claimed, ClaimRequest, Commit, Ledger, Outcome

T = TypeVar("T")
_RETRY_S = 0.5
_MOST = 64
"""Commits in one transaction: more would only make the first of them wait."""


class _Order:
    __slots__ = ("future", "work")

    def __init__(self, work: Any, future: asyncio.Future[Any]) -> None:
        self.work = work
        self.future = future


class LedgerThread:
    """Asks the ledger from an event loop. `trouble` hears when storage fails (a sentence) and when it works again (None)."""

    def __init__(self, ledger: Ledger, trouble: Callable[[str | None], None], orphaned: Callable[[list[str]], None]) -> None:
        self._ledger = ledger
        self._loop = asyncio.get_running_loop()
        self._trouble = trouble
        self._orphaned = orphaned
        self._orders: queue.SimpleQueue[_Order | None] = queue.SimpleQueue()
        self._failing = False
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="ledger", daemon=True)
        self._thread.start()

    async def commit(self, commit: Commit) -> Outcome:
        """Commit one finished task. While storage fails this waits: nothing is lost, and no more work is begun."""
        return await self._ask(commit)

    async def claim(self, request: ClaimRequest) -> list[Claimed]:
        """Claim batches; sees everything committed before."""
        return await self._ask(request)

    async def call(self, function: Callable[[Ledger], T]) -> T:
        """Run any other question or command in the ledger's thread."""
        return await self._ask(function)

    async def close(self) -> None:
        """Finish what was asked, then let go of the ledger."""
        self._closing = True
        self._orders.put(None)
        await asyncio.to_thread(self._thread.join)

    async def _ask(self, work: Any) -> Any:
        future: asyncio.Future[Any] = self._loop.create_future()
        self._orders.put(_Order(work, future))
        return await future

    def _run(self) -> None:
        open_ = True
        while open_:
            orders, open_ = self._next()
            commits = [order for order in orders if isinstance(order.work, Commit)]
            claims = [order for order in orders if isinstance(order.work, ClaimRequest)]
            if commits or claims:
                self._exchange(commits, claims)
            for order in orders:
                if not isinstance(order.work, Commit | ClaimRequest):
                    self._call(order)
        self._ledger.close()

    def _next(self) -> tuple[list[_Order], bool]:
        orders: list[_Order] = []
        order = self._orders.get()
        while order is not None:
            orders.append(order)
            if len(orders) >= _MOST:
                return orders, True
            try:
                order = self._orders.get_nowait()
            except queue.Empty:
                return orders, True
        return orders, False

    def _exchange(self, commits: list[_Order], claims: list[_Order]) -> None:
        while True:
            try:
                result = self._ledger.exchange([order.work for order in commits], [order.work for order in claims])
            except StorageError as error:
                if self._closing:
                    self._fail([*commits, *claims], error)
                    return
                self._failing = True
                self._loop.call_soon_threadsafe(self._trouble, str(error))
                time.sleep(_RETRY_S)
                continue
            except Exception as error:  # noqa: BLE001 - a fault of one commit must not take the others along
                self._apart(commits, claims, error)
                return
            break
        if self._failing:
            self._failing = False
            self._loop.call_soon_threadsafe(self._trouble, None)
        answers = [*zip(commits, result.outcomes, strict=True), *zip(claims, result.claimed, strict=True)]
        self._loop.call_soon_threadsafe(_answer_all, answers)
        if result.orphans:
            self._loop.call_soon_threadsafe(self._orphaned, result.orphans)

    def _apart(self, commits: list[_Order], claims: list[_Order], error: Exception) -> None:
        """Find the commit that cannot be: one at a time."""
        if len(commits) + len(claims) == 1:
            self._fail([*commits, *claims], error)
            return
        for order in commits:
            self._exchange([order], [])
        for order in claims:
            self._exchange([], [order])

    def _call(self, order: _Order) -> None:
        try:
            result = order.work(self._ledger)
        except PyfiError as error:
            self._fail([order], error)
        except Exception as error:  # noqa: BLE001 - belongs to whoever asked
            self._fail([order], error)
        else:
            self._loop.call_soon_threadsafe(_answer_all, [(order, result)])

    def _fail(self, orders: list[_Order], error: Exception) -> None:
        def tell() -> None:
            for order in orders:
                if not order.future.done():
                    order.future.set_exception(error)

        self._loop.call_soon_threadsafe(tell)


def _answer_all(answers: list[tuple[_Order, Any]]) -> None:
    for order, answer in answers:
        if not order.future.done():
            order.future.set_result(answer)
