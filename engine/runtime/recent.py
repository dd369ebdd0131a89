"""The last input of every processor, to be processed again: kept in the engine's memory, and nowhere else.

A batch that a task took is in memory anyway; it is held on to until the processor takes the next one. That costs the work
nothing, and how much it holds is bounded. The engine that is started after this one knows nothing of it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Sequence

from engine.ledger.base import Claimed

MOST_BYTES = 16 << 20
"""Of all processors together; those that took nothing for the longest time give way."""


class Recent:
    """What was taken last, by the key of the connection that it was taken from."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._taken: OrderedDict[str, list[Claimed]] = OrderedDict()
        self._bytes = 0
        self._at_ms: dict[str, int] = {}

    def note(self, key: str, taken: Sequence[Claimed], at_ms: int = 0) -> None:
        """A task that took these from a connection is committed. What a step has put back half done does not count."""
        whole = [each for each in taken if not each.kind]
        if whole:
            self._bytes += _size(whole) - _size(self._taken.pop(key, ()))
            self._taken[key] = whole
            self._at_ms[key] = at_ms
            while self._bytes > self._most_bytes:
                self._bytes -= _size(self._taken.popitem(last=False)[1])

    def clear(self) -> None:
        """A flow begins anew: what was before is no business of it."""
        self._taken.clear()
        self._bytes = 0

    def last(self, keys: Collection[str]) -> tuple[str, list[Claimed]] | None:
        """Of these connections the one that was taken from last, and what."""
        found = [key for key in self._taken if key in keys]
        return (found[-1], self._taken[found[-1]]) if found else None

    def last_ms(self, keys: Collection[str]) -> int:
        """When that was; 0: nothing that was taken from these connections is kept."""
        found = self.last(keys)
        return 0 if found is None else self._at_ms[found[0]]


def _size(taken: Sequence[Claimed]) -> int:
    return sum(len(each.body) for each in taken)
