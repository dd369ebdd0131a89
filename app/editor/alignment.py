"""Two texts line by line: which stand beside each other, and what differs in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import NamedTuple

_MOST_LINES = 20_000
"""Of more, whatever differs is one piece: comparing them line by line would be felt."""


class Pair(NamedTuple):
    """Lines that stand beside each other, by number from 0; None: there is nothing beside the other one."""

    left: int | None
    right: int | None
    is_equal: bool


def aligned(before: Sequence[str], after: Sequence[str]) -> list[Pair]:
    """How two lists of lines stand beside each other, each line once and in its order."""
    pairs: list[Pair] = []
    for kind, left, left_end, right, right_end in _pieces(before, after):
        lines = zip_longest(range(left, left_end), range(right, right_end))
        pairs += (Pair(one, other, kind == "equal") for one, other in lines)
    return pairs


def _pieces(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[str, int, int, int, int]]:
    """Pieces that are equal or not. What both begin and end with need not be compared in the long way."""
    most = min(len(before), len(after))
    start = next((n for n in range(most) if before[n] != after[n]), most)
    end = next((n for n in range(most - start) if before[-1 - n] != after[-1 - n]), most - start)
    old, new = before[start : len(before) - end], after[start : len(after) - end]
    yield "equal", 0, start, 0, start
    if len(old) + len(new) > _MOST_LINES:
        yield "replace", start, start + len(old), start, start + len(new)
    else:
        for kind, left, left_end, right, right_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            yield kind, start + left, start + left_end, start + right, start + right_end
    yield "equal", len(before) - end, len(before), len(after) - end, len(after)


def changed_span(line: str, other: str) -> tuple[int, int]:
    """From where to where a line differs from the other, in characters; the same twice: it lacks something there."""
    most = min(len(line), len(other))
    start = next((n for n in range(most) if line[n] != other[n]), most)
    end = next((n for n in range(most - start) if line[-1 - n] != other[-1 - n]), most - start)
    return start, len(line) - end


def counts(pairs: Sequence[Pair]) -> tuple[int, int]:
    """How many lines came and how many went."""
    came = sum(pair.right is not None and not pair.is_equal for pair in pairs)
    return came, sum(pair.left is not None and not pair.is_equal for pair in pairs)
