"""Says that tickets were refused, no more than once a minute."""

from __future__ import annotations

import time
from collections.abc import Callable

_EVERY_S = 60.0


class Refusals:
    """Counts what is refused, and says so: the first at once, then the number of a minute in one sentence."""

    def __init__(self, target: str, say: Callable[[str], None], clock: Callable[[], float] = time.monotonic) -> None:
        self._target = target
        self._say = say
        self._clock = clock
        self._unsaid = 0
        self._next_s = 0.0

    def add(self) -> None:
        """One more was refused."""
        self._unsaid += 1
        now_s = self._clock()
        if now_s < self._next_s:
            return
        what = "a ticket was" if self._unsaid == 1 else f"{self._unsaid} tickets were"
        self._next_s, self._unsaid = now_s + _EVERY_S, 0
        self._say(
            f"{what} refused that did not bear the signature of target '{self._target}': "
            "see that all its agents have the same key, and that nobody else sends to its queues"
        )
