"""Rings at the earliest of the times it was given."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

_LATE_S = 0.001
"""A little late, so that what is due then surely is."""


class Alarm:
    """Calls `ring` once, at the earliest time it was set to since it last rang. Used from one event loop."""

    def __init__(self, ring: Callable[[], None], now_ms: Callable[[], int]) -> None:
        self._ring = ring
        self._now_ms = now_ms
        self._timer: asyncio.TimerHandle | None = None
        self._due_ms = 0

    def set(self, due_ms: int) -> None:
        """Ring at this time (milliseconds since the epoch, by `now_ms`), unless it rings before anyway."""
        if self._timer is not None and self._due_ms <= due_ms:
            return
        self.stop()
        self._due_ms = due_ms
        delay_s = max(0, due_ms - self._now_ms()) / 1000 + _LATE_S
        self._timer = asyncio.get_running_loop().call_later(delay_s, self._on_due)

    def stop(self) -> None:
        """Do not ring."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _on_due(self) -> None:
        self._timer = None
        self._ring()
