"""How often something that keeps failing is tried again."""

from __future__ import annotations

from collections import deque

WITHIN_S = 60.0
MOST = 5
_FIRST_S = 0.2
_LONGEST_S = 5.0


class Patience:
    """Pauses that grow with every failure of the last minute, until there were too many. Times are seconds, the caller's."""

    def __init__(self) -> None:
        self._failures: deque[float] = deque()

    @property
    def failures(self) -> int:
        """Failures of the minute before the last one, that one included."""
        return len(self._failures)

    def fail(self, now_s: float) -> float | None:
        """Take note of a failure; returns how long to wait before the next try, None to give up."""
        self._failures.append(now_s)
        while now_s - self._failures[0] > WITHIN_S:
            self._failures.popleft()
        if len(self._failures) >= MOST:
            return None
        return min(_LONGEST_S, _FIRST_S * 2.0 ** (len(self._failures) - 1))
