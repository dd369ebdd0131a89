"""Completion from the words of the text, where nothing knows better."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

_WORD = re.compile(r"[^\W\d]\w{2,}")
_PREFIX = re.compile(r"[^\W\d]\w*$")
_MOST = 200


def prefix_of(before: str) -> str:
    """The part of a word that stands at the end of a text."""
    match = _PREFIX.search(before)
    return match.group() if match else ""


def words_for(text: str, prefix: str, more: Iterable[str] = ()) -> list[str]:
    """Words of the text and others that begin with the prefix, those used most first. Case of the prefix does not count."""
    start = prefix.casefold()
    counts = Counter(_WORD.findall(text))
    counts[prefix] -= 1  # the one that is being written
    for word in more:
        counts[word] += 1
    fitting = [word for word, count in counts.items() if count > 0 and word != prefix and word.casefold().startswith(start)]
    return sorted(fitting, key=lambda word: (-counts[word], word.casefold()))[:_MOST]
