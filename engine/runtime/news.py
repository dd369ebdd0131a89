"""That something happened, told to whoever waits, so that nobody misses it."""

from __future__ import annotations

import asyncio


class News:
    """Counts what happened. A waiter says what it has seen: what came after that, even before it began to wait, ends its wait.

    An event that each of several waiters clears before it waits would be lost on one that was about to. For one event loop.
    """

    def __init__(self) -> None:
        self.count = 0
        self._waiting: set[asyncio.Future[None]] = set()

    def tell(self) -> None:
        """Something happened."""
        self.count += 1
        waiting, self._waiting = self._waiting, set()
        for waiter in waiting:
            if not waiter.done():
                waiter.set_result(None)

    async def after(self, seen: int, seconds: float | None = None) -> None:
        """Until something has happened since the count was `seen`, or the time is over."""
        if self.count != seen:
            return
        waiter = asyncio.get_running_loop().create_future()
        self._waiting.add(waiter)
        try:
            await asyncio.wait({waiter}, timeout=seconds)
        finally:
            self._waiting.discard(waiter)
