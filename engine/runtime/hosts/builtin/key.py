"""Keys: what an expression finds in a message, as the name of a state row."""

from __future__ import annotations

import hashlib
from typing import Any, cast

from .. import values
from ..errors import Failure, describe
from ..rows import Rows
from .expression import Evaluator

_SHOWN = 100


def key_text(value: Any) -> str:
    """A text that is the same for equal values of the same type, and else another; short and printable in every database."""
    kind = cast("type[Any]", type(value))
    if kind is str and len(value) <= _SHOWN and value.isprintable():
        return "s" + value
    if kind is int and -(1 << 63) <= value < 1 << 63:
        return f"i{value}"
    return "h" + hashlib.blake2b(values.pack(value), digest_size=16).hexdigest()


def key_texts(
    evaluate: Evaluator, rows: Rows, contents: list[Any] | None = None
) -> tuple[list[str | None], dict[int, Failure]]:
    """The key of every row (None where there is none), and the failures of those rows."""
    found, failures = evaluate(rows, contents)
    texts: list[str | None] = []
    for row, value in enumerate(found):
        text = None
        if row not in failures:
            try:
                text = key_text(value)
            except values.UnsupportedValue as error:
                failures[row] = describe(error)
        texts.append(text)
    return texts, failures
