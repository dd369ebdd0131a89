"""Lately, what all parts of a flow did in the last minutes, as columns: what an app that was started just now wants to know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.runtime.series import STANDS

Entries = Mapping[int, Sequence[float]]
"""What parts did in a second, by number, in the order of the columns; those that did nothing are left out."""


_AS_TOLD = 3
"""Digits of seconds in events: counters that came out smaller in the next event would be taken for set to zero."""


class Lately:
    """A look at a history that goes on meanwhile: `seconds`, the newest last, the counters `now` after them, at `until_s`.

    `numbers` are those of the parts by key. A column in STANDS does not add up: of several seconds the last counts. One called
    `seconds` is in nanoseconds here.
    """

    def __init__(
        self, seconds: Sequence[Entries], now: Entries, numbers: Mapping[str, int], until_s: int, columns: Sequence[str]
    ) -> None:
        self._seconds = seconds
        self._now = now
        self._numbers = numbers
        self._until_s = until_s
        self._columns = columns
        self._levels = [column in STANDS for column in columns]

    def page(self, *, every_s: int, after: str, most: int) -> dict[str, Any]:
        """So many parts, in the order of their keys, after the one that is called `after`.

        `parts` are their keys, `now` by column their counters at `until_ms`. What they did since `from_ms` are entries, each
        with a number in `part` (whose it is, the first being 0), in `ago` (intervals of `every_s` before the one that holds
        `until_ms`; they begin at multiples of `every_s` since the epoch), and in each column of `values`. `more` tells
        whether there are parts behind the last.
        """
        keys = sorted(key for key, number in self._numbers.items() if number in self._now and key > after)
        parts = keys[:most]
        places = {self._numbers[key]: place for place, key in enumerate(parts)}
        newest = self._until_s // every_s
        sums: dict[tuple[int, int], list[float]] = {}
        for second, entries in enumerate(self._seconds, self._until_s - len(self._seconds) + 1):
            ago = newest - second // every_s
            for part in entries.keys() & places.keys():
                self._add(sums, (places[part], ago), entries[part])
        rows = sorted(sums)
        return {
            "every_s": every_s,
            "from_ms": (self._until_s - len(self._seconds)) * 1000,
            "until_ms": self._until_s * 1000,
            "parts": parts,
            "now": self._by_column([self._now[self._numbers[key]] for key in parts], _AS_TOLD),
            "part": [part for part, _ in rows],
            "ago": [ago for _, ago in rows],
            "values": self._by_column([sums[row] for row in rows]),
            "more": len(keys) > most,
        }

    def _add(self, sums: dict[tuple[int, int], list[float]], row: tuple[int, int], entry: Sequence[float]) -> None:
        found = sums.get(row)
        if found is None:
            sums[row] = list(entry)
            return
        for column, value in enumerate(entry):
            found[column] = value if self._levels[column] else found[column] + value

    def _by_column(self, rows: Sequence[Sequence[float]], digits: int = 6) -> dict[str, list[float]]:
        return {
            name: [round(row[column] / 1e9, digits) if name == "seconds" else row[column] for row in rows]
            for column, name in enumerate(self._columns)
        }
