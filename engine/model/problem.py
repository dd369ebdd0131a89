"""Problem, one reason why a flow cannot run, and the help to cure it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches

from msgspec import Struct

_WORDS = {
    "int": "a whole number",
    "float": "a number",
    "str": "text",
    "bool": "true or false",
    "object": "a mapping",
    "array": "a list",
    "null": "nothing",
}
_NAMED = re.compile(r"\b(expected|got) `(\w+(?: \| \w+)*)`")


class Problem(Struct, frozen=True):
    """One thing that is wrong.

    `part` names the part for people (`processor 'parse'`), `reason` says what is wrong and how to cure it, `where` is the file.
    `key` is the part's key as in `Change.id`, for whoever wants to show the problem beside the part.
    """

    part: str
    reason: str
    where: str = ""
    key: str = ""

    def __str__(self) -> str:
        return ": ".join(piece for piece in (self.where, self.part, self.reason) if piece)


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """`; did you mean 'x'?` when a known name is close, otherwise nothing."""
    if len(name) > 200:
        return ""
    close = get_close_matches(name, [candidate for candidate in known if len(candidate) <= 200], n=1)
    return f"; did you mean '{close[0]}'?" if close else ""


def shown(value: object, limit: int = 60) -> str:
    """A value as one short line for a message."""
    try:
        text = repr(value)
    except (ValueError, RecursionError):
        return "a value too large to show"
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def listed(names: Iterable[str]) -> str:
    """Names for a message: `'a', 'b'`, shortened when there are many."""
    all_names = list(names)
    text = ", ".join(f"'{name}'" for name in all_names[:8])
    return f"{text} and {len(all_names) - 8} more" if len(all_names) > 8 else text


def in_words(reason: str) -> str:
    """What msgspec says of a value, with the names of types as people say them: "expected a whole number, got text"."""
    return _NAMED.sub(_worded, reason)


def _worded(found: re.Match[str]) -> str:
    return f"{found[1]} {' or '.join(_WORDS.get(name, name) for name in found[2].split(' | '))}"
