"""Where messages came from, in a form that can wait in state: spans.

A span is [id, lo, hi, lo, hi, ...]: the messages from lo up to hi of the batch `id` (bytes), or of all that the source `id`
(text) has made. Within a task a message's origin is a number: a row of what the task was given, or, below zero, the number of a
set: -1 is the task's first message that was made of several, -2 its second. So the common case carries nothing more.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

Span = list[Any]
Id = bytes | str


class Origins:
    """What one task was given, and the sets it made of it and of what had waited."""

    def __init__(self) -> None:
        self.begin([(0, "", 0)])

    def begin(self, given: Sequence[tuple[int, Id, int]]) -> None:
        """A task begins, with batches laid end to end: (row of the first message, id, index of that message in the batch)."""
        self.sets: list[list[Span]] = []
        self._starts = [start for start, _, _ in given]
        self._given = given

    def spans(self, origins: Iterable[int]) -> list[Span]:
        """What these origins stand for, in order."""
        found: list[Span] = []
        for origin in origins:
            if origin < 0:
                found += self.sets[-1 - origin]
            else:
                start, id, index = self._given[bisect_right(self._starts, origin) - 1]
                index += origin - start
                found.append([id, index, index + 1])
        return joined(found)

    def kept(self, origins: Sequence[int]) -> list[Any]:
        """The same, to be told apart again by `each`: spans if every message has one place, else the spans of every message."""
        if any(origin < 0 for origin in origins):
            return [self.spans([origin]) for origin in origins]
        return self.spans(origins)

    def together(self, spans: Iterable[Span]) -> int:
        """The origin of a message made of all these."""
        self.sets.append(joined(spans))
        return -len(self.sets)


def joined(spans: Iterable[Span]) -> list[Span]:
    """The same places in the same order, in as few numbers as possible."""
    found: list[Span] = []
    for span in spans:
        if not found or found[-1][0] != span[0]:
            found.append(list(span))
            continue
        last = found[-1]
        for position in range(1, len(span), 2):
            lo, hi = span[position : position + 2]
            if last[-1] == lo:
                last[-1] = hi
            else:
                last += [lo, hi]
    return found


def flat(kept: Sequence[Any] | None) -> list[Span]:
    """The spans of messages that waited, of all together; none where an older version kept none."""
    if not kept:
        return []
    return [span for each in kept for span in each] if _is_by_message(kept) else list(kept)


def each(kept: Sequence[Any] | None, n: int) -> list[list[Span]]:
    """The spans of every one of `n` messages that waited."""
    if not kept:
        return [[] for _ in range(n)]
    if _is_by_message(kept):
        return list(kept)
    return [[[id, index, index + 1]] for id, index in places(kept)]


def places(spans: Iterable[Sequence[Any]]) -> Iterator[tuple[Id, int]]:
    """Every place that the spans name."""
    for id, *ranges in spans:
        for position in range(0, len(ranges), 2):
            for index in range(ranges[position], ranges[position + 1]):
                yield id, index


def _is_by_message(kept: Sequence[Any]) -> bool:
    return not kept[0] or isinstance(kept[0][0], list)
