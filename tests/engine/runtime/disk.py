"""A disk that fills up when a test says so, under the real ledger."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable, Coroutine
from typing import Any, ParamSpec

from engine.errors import StorageFull
from engine.ledger.sql import SqlLedger

P = ParamSpec("P")
WRITES = (
    "exchange", "register", "forget", "renew", "release", "split", "void", "open_source", "rewind", "clear_state", "purge",
    "move", "set_facts",
)  # fmt: skip
READS = ("depths", "read_state")


class Disk:
    """Works until it is told to `fail`. `refused` names what was tried in vain since."""

    def __init__(self) -> None:
        self.refused: list[str] = []
        self._refuses: frozenset[str] = frozenset()

    def open(self, url: str) -> SqlLedger:
        """The ledger at a URL, on this disk."""
        ledger = SqlLedger(url)
        for name in (*WRITES, *READS):
            setattr(ledger, name, self._guarded(name, getattr(ledger, name)))
        return ledger

    def fail(self, *names: str) -> None:
        """From now on these fail; everything that writes, if none is named."""
        self.refused.clear()
        self._refuses = frozenset(names or WRITES)

    def heal(self) -> None:
        """All is well again."""
        self._refuses = frozenset()

    async def refuses(self, *names: str) -> None:
        """Wait until all of these have been tried in vain."""
        await until(lambda: set(names) <= set(self.refused))

    def _guarded(self, name: str, act: Callable[..., Any]) -> Callable[..., Any]:
        def guarded(*args: Any, **more: Any) -> Any:
            if name in self._refuses:
                self.refused.append(name)
                raise StorageFull("the disk of this test is full: empty it")
            return act(*args, **more)

        return guarded


async def until(happened: Callable[[], bool]) -> None:
    """Wait for something to happen."""
    async with asyncio.timeout(60):
        while not happened():  # noqa: ASYNC110 - tests look at things that tell nobody
            await asyncio.sleep(0.01)


def in_a_loop(test: Callable[P, Coroutine[Any, Any, None]]) -> Callable[P, None]:
    """Run a test that is a coroutine."""

    @functools.wraps(test)
    def run(*args: P.args, **more: P.kwargs) -> None:
        asyncio.run(test(*args, **more))

    return run
