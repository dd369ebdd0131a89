"""Rows of a column store: numbers that stay with a key as long as it is there, and are given out again afterwards."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Indices = npt.NDArray[np.intp]


class Rows:
    """Gives every key a row. `capacity` grows by doubling; `alive` tells the rows in use."""

    def __init__(self, capacity: int = 64) -> None:
        self.capacity = capacity
        self.alive = np.zeros(capacity, bool)
        self.keys: list[str] = [""] * capacity
        self._row_of: dict[str, int] = {}
        self._free: list[int] = []
        self._used = 0

    def __len__(self) -> int:
        return len(self._row_of)

    def __contains__(self, key: str) -> bool:
        return key in self._row_of

    def __getitem__(self, key: str) -> int:
        """The row of a key; raises KeyError."""
        return self._row_of[key]

    def get(self, key: str) -> int:
        """The row of a key, -1 when it has none."""
        return self._row_of.get(key, -1)

    def take(self, key: str) -> int:
        """A row for a new key. The columns must be grown when `capacity` has changed."""
        if self._free:
            row = self._free.pop()
        else:
            row = self._used
            self._used += 1
            if row >= self.capacity:
                self._grow(row + 1)
        self._row_of[key] = row
        self.alive[row] = True
        self.keys[row] = key
        return row

    def reserve(self, count: int) -> None:
        """Make room for so many more rows at once."""
        needed = self._used - len(self._free) + count
        if needed > self.capacity:
            self._grow(needed)

    def give_back(self, key: str) -> int:
        """Let go of a key's row; returns it."""
        row = self._row_of.pop(key)
        self.alive[row] = False
        self.keys[row] = ""
        self._free.append(row)
        return row

    def all(self) -> Indices:
        """The rows in use."""
        return np.nonzero(self.alive[: self._used])[0]

    @property
    def used(self) -> int:
        """One more than the highest row that was ever in use."""
        return self._used

    def _grow(self, least: int) -> None:
        capacity = max(least, self.capacity * 2)
        self.alive = np.concatenate([self.alive, np.zeros(capacity - self.capacity, bool)])
        self.keys.extend([""] * (capacity - self.capacity))
        self.capacity = capacity


def grown(column: npt.NDArray[np.generic], capacity: int) -> npt.NDArray[np.generic]:
    """A column with room for `capacity` rows, zeros in the new ones."""
    if len(column) >= capacity:
        return column
    larger = np.zeros((capacity, *column.shape[1:]), column.dtype)
    larger[: len(column)] = column
    return larger
