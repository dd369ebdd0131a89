"""The keys a step has seen lately: looked up in memory, kept as state rows that are only ever added or dropped.

`keys:N` is [time of its last key, keys in the order in which they came]; `seen` is [first row, last row, keys ever seen]. The
memory mirrors the state: where `seen` is not what it was left at (a restart, a task that was dropped), it is built anew.
"""

from __future__ import annotations

import time
from collections.abc import MutableMapping, Sequence
from typing import Any

_ROW_KEYS = 256
_AGE_SHARE = 100
"""Keys of one row are forgotten together, at most a hundredth of the age late."""


class SeenKeys:
    """At most `count` keys, each for `age_s` seconds (0: for good)."""

    def __init__(self, state: MutableMapping[str, Any], count: int, age_s: float) -> None:
        self._state = state
        self._count = count
        self._age_s = age_s
        self._known: dict[str, int] = {}
        self._left: dict[int, int] = {}
        self._seen = [0, -1, 0]

    def admit(self, keys: Sequence[str | None], now: float | None = None) -> list[bool | None]:
        """For each key whether it is new (None for none); it is known from then on."""
        now = time.time() if now is None else now
        if list(self._state.get("seen", [0, -1, 0])) != self._seen:
            self._rebuild()
        self._forget_old(now)
        verdicts: list[bool | None] = []
        fresh: list[str] = []
        known = self._known
        row, start, room = self._open_row(now)
        for key in keys:
            if key is None:
                verdicts.append(None)
            elif key in known:
                verdicts.append(False)
            else:
                verdicts.append(True)
                if room == 0:
                    self._write(row, start, fresh, now)
                    row, start, fresh, room = row + 1, [], [], _ROW_KEYS
                fresh.append(key)
                room -= 1
                known[key] = row
                self._left[row] = self._left.get(row, 0) + 1
                if len(known) > self._count:
                    self._forget_first()
        if True in verdicts:
            self._write(row, start, fresh, now)
            self._seen = [min(self._left), row, self._seen[2] + verdicts.count(True)]
            self._state["seen"] = self._seen
            self._drop_empty()
        return verdicts

    def _open_row(self, now: float) -> tuple[int, list[str], int]:
        """The row to add to, what it holds, and how many more keys it takes."""
        last = self._seen[1]
        if self._left.get(last):
            since, held = self._state[f"keys:{last}"]
            young = not self._age_s or now - since <= self._age_s / _AGE_SHARE
            if len(held) < _ROW_KEYS and young:
                return last, held, _ROW_KEYS - len(held)
        return last + 1, [], _ROW_KEYS

    def _write(self, row: int, start: list[str], fresh: list[str], now: float) -> None:
        self._state[f"keys:{row}"] = [now, start + fresh]

    def _forget_first(self) -> None:
        first = next(iter(self._known))
        self._left[self._known.pop(first)] -= 1

    def _forget_old(self, now: float) -> None:
        if self._age_s:
            while self._left:
                row = next(iter(self._left))
                if self._state[f"keys:{row}"][0] + self._age_s > now:
                    break
                while self._left[row]:
                    self._forget_first()
                self._drop_empty()

    def _drop_empty(self) -> None:
        """Delete the rows of which nothing is known any more."""
        while self._left and not self._left[row := next(iter(self._left))]:
            del self._left[row]
            self._state.pop(f"keys:{row}", None)

    def _rebuild(self) -> None:
        self._seen = list(self._state.get("seen", [0, -1, 0]))
        self._known = {}
        self._left = {}
        rows = sorted(int(name[5:]) for name in self._state if name.startswith("keys:"))
        for row in rows:
            self._left[row] = 0
            for key in self._state[f"keys:{row}"][1]:
                if key in self._known:  # forgotten, then seen again
                    self._left[self._known.pop(key)] -= 1
                self._known[key] = row
                self._left[row] += 1
        while len(self._known) > self._count:
            self._forget_first()
