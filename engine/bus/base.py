"""The bus: run-time facts, published to all who listen. Losing one harms nothing; the truth is in the ledger."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

from msgspec import Struct


class Event(Struct, frozen=True):
    """One fact: `kind` is stats, bulletin, log, or state; `at_ms` is milliseconds since the epoch."""

    kind: str
    flow: str
    at_ms: int
    data: dict[str, Any]


class Bus(ABC):
    """Carries events."""

    @abstractmethod
    def publish(self, event: Event) -> None:
        """Tell everybody; never blocks, never raises for a listener's sake."""

    @abstractmethod
    def subscribe(self, listener: Callable[[Event], None]) -> Callable[[], None]:
        """Hear of every event from now on; returns what ends that."""
