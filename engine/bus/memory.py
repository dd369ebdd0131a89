"""A bus within one process."""

from __future__ import annotations

from collections.abc import Callable

from engine.bus.base import Bus, Event


class MemoryBus(Bus):
    """Calls its listeners one after the other; one that raises is dropped."""

    def __init__(self) -> None:
        self._listeners: dict[int, Callable[[Event], None]] = {}
        self._next = 0

    def publish(self, event: Event) -> None:
        """Call every listener."""
        for key, listener in list(self._listeners.items()):
            try:
                listener(event)
            except Exception:  # noqa: BLE001 - one bad listener must not stop the flow
                self._listeners.pop(key, None)

    def subscribe(self, listener: Callable[[Event], None]) -> Callable[[], None]:
        """Hear of every event from now on; returns what ends that."""
        self._next += 1
        key = self._next
        self._listeners[key] = listener
        return lambda: self._listeners.pop(key, None) and None
