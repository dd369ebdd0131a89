"""How full every queue of a deployment is, kept in memory beside the ledger's truth, and who must wait because of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet

from engine.ledger.base import Claimed, Depth, NewBatch, QueueSpec


class Depths:
    """Messages and bytes by queue number. `freed` hears of a queue that fell below its limit, `filled` of one that got work."""

    def __init__(self, numbers: Mapping[str, int], specs: Iterable[QueueSpec]) -> None:
        self._keys = {number: key for key, number in numbers.items()}
        self._numbers = dict(numbers)
        self._limits = {numbers[spec.key]: (spec.limit_messages, spec.limit_bytes) for spec in specs}
        self._messages: dict[int, int] = {}
        self._bytes: dict[int, int] = {}
        self._deferred: dict[int, int] = {}
        """Of the messages in a queue, those whose time has not come."""
        self._reloaded: set[str] = set()
        self.freed: Callable[[str], None] = lambda key: None
        self.filled: Callable[[str], None] = lambda key: None

    def load(self, depths: Mapping[int, Depth], ready: AbstractSet[int] | None = None) -> None:
        """Take the ledger's word for it. Queues that are not `ready` hold nothing that may be claimed now (None: not known)."""
        waiting = depths.items() if ready is not None else ()
        put_off = self._deferred
        self._deferred = {number: depth.messages for number, depth in waiting if number not in (ready or ())}
        full = {number for number in self._keys if self._is_full(number)}
        before = self._messages
        self._messages = {number: depth.messages for number, depth in depths.items()}
        self._bytes = {number: depth.size for number, depth in depths.items()}
        self._reloaded.update(key for number, key in self._keys.items() if before.get(number) != self._messages.get(number))
        for number in full:
            if not self._is_full(number):
                self.freed(self._keys[number])
        for number, messages in self._messages.items():
            known = before.get(number, 0) - (put_off.get(number, 0) if number in (ready or ()) else 0)
            if messages > 0 and known <= 0 and number in self._keys:
                self.filled(self._keys[number])

    def take_reloaded(self) -> set[str]:
        """The queues of which the ledger said something new, since this was last asked."""
        reloaded, self._reloaded = self._reloaded, set()
        return reloaded

    def messages(self, key: str) -> int:
        """Messages in a queue, those being worked on included."""
        return self._messages.get(self._numbers[key], 0)

    def ready(self, key: str) -> int:
        """Messages in a queue, but for those that wait for their time."""
        number = self._numbers[key]
        return self._messages.get(number, 0) - self._deferred.get(number, 0)

    def size(self, key: str) -> int:
        """Bytes in a queue."""
        return self._bytes.get(self._numbers[key], 0)

    def is_blocked(self, keys: Iterable[str]) -> bool:
        """Whether any of the queues is at its limit."""
        return any(self._is_full(self._numbers[key]) for key in keys)

    def settle(self, taken: Sequence[Claimed], added: Sequence[NewBatch]) -> None:
        """A task was committed: its inputs are gone, its outputs are there."""
        for batch in added:
            self._messages[batch.queue] = self._messages.get(batch.queue, 0) + batch.n
            self._bytes[batch.queue] = self._bytes.get(batch.queue, 0) + batch.size
            if batch.due_ms:
                self._deferred[batch.queue] = self._deferred.get(batch.queue, 0) + batch.n
        for batch in taken:
            was_full = self._is_full(batch.queue)
            self._messages[batch.queue] = self._messages.get(batch.queue, 0) - (batch.hi - batch.lo)
            self._bytes[batch.queue] = self._bytes.get(batch.queue, 0) - batch.size
            if batch.attempt:
                self._deferred[batch.queue] = max(0, self._deferred.get(batch.queue, 0) - (batch.hi - batch.lo))
            if was_full and not self._is_full(batch.queue):
                self.freed(self._keys[batch.queue])
        for batch in added:
            if not batch.due_ms:
                self.filled(self._keys[batch.queue])

    def _is_full(self, number: int) -> bool:
        limit_messages, limit_bytes = self._limits.get(number, (0, 0))
        return (0 < limit_messages <= self._messages.get(number, 0)) or (0 < limit_bytes <= self._bytes.get(number, 0))
