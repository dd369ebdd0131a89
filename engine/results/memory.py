"""Results in memory, for tests and for engines that keep nothing."""

# ruff: noqa: D102 - the interface says what each method means

from __future__ import annotations

from collections.abc import Sequence

from engine.results.base import Entry, ResultStore, now_ms
from engine.results.result import has_failed


class MemoryResults(ResultStore):
    """Gone with the object."""

    def __init__(self) -> None:
        super().__init__()
        self._kept: dict[str, tuple[int, bytes]] = {}

    async def probe(self) -> None:
        """Memory is always there."""

    async def put_packed(self, results: Sequence[tuple[str, bytes]]) -> list[bool]:
        first: list[bool] = []
        for id, packed in results:
            first.append(id not in self._kept)
            self._kept.setdefault(id, (now_ms(), packed))
            self._tell(id)
        return first

    async def get_packed(self, id: str) -> bytes | None:
        found = self._kept.get(id)
        return None if found is None else found[1]

    async def forget(self, id: str) -> bool:
        return self._kept.pop(id, None) is not None

    async def expire(self, before_ms: int) -> int:
        old = [id for id, (at_ms, _) in self._kept.items() if at_ms < before_ms]
        for id in old:
            del self._kept[id]
        return len(old)

    async def recent(self, limit: int = 100) -> list[Entry]:
        newest = list(reversed(self._kept.items()))[:limit]
        return [Entry(id, at_ms, len(packed), has_failed(packed)) for id, (at_ms, packed) in newest]

    async def close(self) -> None:
        self._kept.clear()
