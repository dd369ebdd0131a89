"""The ledger's clock, as a process elsewhere knows it: read now and then, in between counted on."""

from __future__ import annotations

import sys
import time


def steady_s() -> float:
    """Seconds by a clock of this machine, the same in all processes, that nobody sets, and that goes on while it sleeps."""
    # `time.monotonic` stands still meanwhile on Linux: leases would seem to last.
    return time.clock_gettime(time.CLOCK_BOOTTIME) if sys.platform.startswith("linux") else time.monotonic()


class Clock:
    """Before it is set it shows this machine's own time."""

    def __init__(self) -> None:
        self._base_ms = time.time() * 1000 - steady_s() * 1000

    def set(self, ledger_ms: int, asked_s: float, answered_s: float) -> None:
        """The ledger said its time between two moments of `steady_s`."""
        self._base_ms = ledger_ms - (asked_s + answered_s) / 2 * 1000

    def now_ms(self) -> int:
        """Milliseconds since the epoch, by the ledger's clock. Setting this machine's clock does not touch it."""
        return int(self._base_ms + steady_s() * 1000)

    def ahead_ms(self) -> int:
        """How far the ledger's clock is ahead of this machine's."""
        return self.now_ms() - int(time.time() * 1000)
