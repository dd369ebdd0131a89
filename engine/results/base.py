"""A result store's interface: results by call id, each put once, for somebody who may ask much later and elsewhere.

The first result of a call is kept; whoever puts another one for it, because the call's last step was repeated after a crash,
changes nothing. All methods raise StorageError, with nothing lost, while the store cannot be used.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, Sequence

from msgspec import Struct

from engine.errors import StorageError
from engine.results.result import Result, pack, unpack

KEEP_S = 30 * 24 * 3600.0
"""How long results are kept unless something else is said."""


_PATIENCE_S = 60.0
"""How long whoever waits bears with a store that has gone."""


class Entry(Struct, frozen=True):
    """A result that is kept: when it was put (milliseconds since the epoch), its size in bytes, whether the call failed."""

    id: str
    at_ms: int
    size: int
    failed: bool


class ResultStore(ABC):
    """Results by call id. Used from one event loop, which nothing here blocks; `close` when done."""

    first_look_s = 0.01
    """How soon to look again for a result that is not there yet; then less and less often,"""
    last_look_s = 0.25
    """but never less often than this."""

    def __init__(self) -> None:
        self._awaited: dict[str, list[asyncio.Event]] = {}
        self._used_s = float("-inf")
        """When somebody who waits last looked, on the clock of `time.monotonic`."""

    @abstractmethod
    async def put_packed(self, results: Sequence[tuple[str, bytes]]) -> list[bool]:
        """Keep results, as `result.pack` makes them, by call id; whether each is the first of its call, and kept."""

    @abstractmethod
    async def get_packed(self, id: str) -> bytes | None:
        """The result of a call in bytes; None while there is none."""

    @abstractmethod
    async def forget(self, id: str) -> bool:
        """Drop the result of a call; whether there was one."""

    @abstractmethod
    async def expire(self, before_ms: int) -> int:
        """Drop all results that were put before a time; returns how many there were."""

    @abstractmethod
    async def recent(self, limit: int = 100) -> list[Entry]:
        """The results that were put last, the newest first."""

    @abstractmethod
    async def probe(self) -> None:
        """Raise StorageError, with one sentence that names the server, why and the cure, unless the store can be used."""

    @abstractmethod
    async def close(self) -> None:
        """Let go of the server or the file."""

    async def put(self, id: str, result: Result) -> bool:
        """Keep the result of a call; whether it is the first."""
        return (await self.put_packed([(id, pack(result))]))[0]

    async def get(self, id: str) -> Result | None:
        """The result of a call; None while there is none."""
        packed = await self.get_packed(id)
        return None if packed is None else unpack(packed)

    async def wait(self, id: str, timeout_s: float | None = None) -> Result:
        """The result of a call, as soon as there is one. A store that could be used lately may be gone for a while.

        Raises:
            TimeoutError: there is still none after `timeout_s`.
            StorageError: the store cannot be used, and that for long, or from the beginning.
        """
        until_s = None if timeout_s is None else time.monotonic() + timeout_s
        pause_s = self.first_look_s
        async with self._waiting(id) as told:
            while True:
                told.clear()
                try:
                    result = await self.get(id)
                    self._used_s = time.monotonic()
                except StorageError:
                    if time.monotonic() - self._used_s > _PATIENCE_S:
                        raise
                    result = None
                if result is not None:
                    return result
                left_s = pause_s if until_s is None else min(pause_s, until_s - time.monotonic())
                if left_s <= 0:
                    raise TimeoutError(f"the call {id} has no result after {timeout_s:g} s")
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(left_s):
                        await told.wait()
                pause_s = min(self.last_look_s, pause_s * 1.5)

    async def _listen(self) -> None:  # noqa: B027 - there are stores that cannot
        """Have `_tell` called when somebody else puts a result, as far as the store can tell of it."""

    def _tell(self, id: str) -> None:
        """There may be a result of a call: whoever waits for it looks at once."""
        for event in self._awaited.get(id, ()):
            event.set()

    def _tell_all(self) -> None:
        """There may be results of any calls."""
        for id in self._awaited:
            self._tell(id)

    @contextlib.asynccontextmanager
    async def _waiting(self, id: str) -> AsyncGenerator[asyncio.Event]:
        event = asyncio.Event()
        self._awaited.setdefault(id, []).append(event)
        try:
            await self._listen()
            yield event
        finally:
            self._awaited[id].remove(event)
            if not self._awaited[id]:
                del self._awaited[id]


def now_ms() -> int:
    """Milliseconds since the epoch."""
    return int(time.time() * 1000)
