"""Order, the keys of a list of parts, out of which and into which keys go in no time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

_EDGE = ""
"""Stands before the first key and behind the last: no part's key is empty."""


class Order:
    """Keys in a row. What is said of a key that is not there is said of the end."""

    def __init__(self, keys: Iterable[str]) -> None:
        ring = [_EDGE, *keys, _EDGE]
        self._following = dict(pairwise(ring))
        self._leading = {following: key for key, following in pairwise(ring)}

    def __iter__(self) -> Iterator[str]:
        """The keys, the first one first."""
        key = self._following[_EDGE]
        while key != _EDGE:
            yield key
            key = self._following[key]

    def __contains__(self, key: str) -> bool:
        """Whether a key is in the row."""
        return key != _EDGE and key in self._following

    def remove(self, key: str) -> str:
        """Take a key out; returns the one that followed it, "" for none."""
        leading, following = self._leading.pop(key), self._following.pop(key)
        self._following[leading], self._leading[following] = following, leading
        return following

    def insert(self, key: str, ahead_of: str = "") -> None:
        """Put a key in front of another one, or at the end."""
        following = ahead_of if ahead_of in self else _EDGE
        leading = self._leading[following]
        self._following[leading], self._leading[following] = key, key
        self._following[key], self._leading[key] = following, leading
