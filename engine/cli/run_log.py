"""Warnings and errors of a running flow: the first of a kind at once, the rest counted."""

from __future__ import annotations

import time
from collections.abc import Callable

_EVERY_S = 2.0
_LINES_A_SECOND = 10
_WIDTH = 500
_Kind = tuple[str, str]


class RunLog:
    """Says what goes wrong without flooding the terminal: a kind is a processor and the type of its error."""

    def __init__(self, say: Callable[[str], None], now: Callable[[], float] = time.monotonic) -> None:
        self._say = say
        self._now = now
        self._known: set[_Kind] = set()
        self._repeated: dict[_Kind, tuple[int, str]] = {}
        self._told = now()
        self._second = 0.0
        self._lines = 0

    def add(self, step: str, text: str) -> None:
        """A processor (or "" for the engine) has something to say."""
        first_line, _, rest = text.partition("\n")
        kind = (step, first_line.partition(":")[0])
        if kind not in self._known and self._may_speak():
            self._known.add(kind)
            self._say(_line(step, text if rest and len(text) <= 4 * _WIDTH else first_line))
        else:
            self._repeated[kind] = (self._repeated.get(kind, (0, ""))[0] + 1, first_line)
        self.tick()

    def tick(self) -> None:
        """Time has passed: say how often things have happened since."""
        if self._repeated and self._now() - self._told >= _EVERY_S:
            self.close()

    def close(self) -> None:
        """Say everything that has not been said."""
        self._told = self._now()
        repeated, self._repeated = self._repeated, {}
        for (step, _), (count, text) in repeated.items():
            self._say(_line(step, text, f" (x{count:,})" if count > 1 else ""))

    def _may_speak(self) -> bool:
        now = self._now()
        if now - self._second >= 1:
            self._second, self._lines = now, 0
        self._lines += 1
        return self._lines <= _LINES_A_SECOND


def _line(step: str, text: str, suffix: str = "") -> str:
    text = text if len(text) <= _WIDTH or "\n" in text else f"{text[:_WIDTH]}..."
    return f"{step}: {text}{suffix}" if step else f"{text}{suffix}"
