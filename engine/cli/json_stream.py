"""JSON values out of a stream: one a line, or spread over several, as long as white space parts them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from engine.errors import UsageError

_NEAR = 16
"""An error this close to the end may be a value that is not complete yet."""


class JsonStream:
    """Takes text in pieces and gives the values that are complete."""

    def __init__(self) -> None:
        self._text = ""
        self._line = 1
        self._enough = 0
        self._decoder = json.JSONDecoder()

    def feed(self, text: str, *, is_last: bool = False) -> Iterator[Any]:
        """The values that are complete with this piece.

        Raises:
            UsageError: what came is not JSON; names the line.
        """
        self._text += text
        at = 0
        while True:
            at = self._skip(at)
            if at == len(self._text) or (not is_last and len(self._text) - at < self._enough):
                break
            try:
                value, end = self._decoder.raw_decode(self._text, at)
            except (json.JSONDecodeError, RecursionError) as error:
                self._check(error, is_last=is_last)
                self._enough = 2 * (len(self._text) - at)
                break
            if end == len(self._text) and not is_last and self._text[end - 1] not in '}]"':
                break  # a number or a word may go on
            self._line += self._text.count("\n", at, end)
            self._enough = 0
            at = end
            yield value
        self._text = self._text[at:]

    def _skip(self, at: int) -> int:
        start = at
        while at < len(self._text) and self._text[at] in " \t\r\n":
            at += 1
        self._line += self._text.count("\n", start, at)
        return at

    def _check(self, error: json.JSONDecodeError | RecursionError, *, is_last: bool) -> None:
        """A value that has begun may be completed by the next piece; anything else is wrong."""
        if isinstance(error, RecursionError):
            raise UsageError(f"the data in line {self._line} is nested too deeply; flatten it") from None
        text = self._text.rstrip()
        incomplete = error.msg.startswith("Unterminated string") or error.pos >= len(text) - _NEAR
        if is_last or not incomplete:
            raise UsageError(
                f"the data in line {self._line} is not JSON ({error.msg}); give JSON values, or --lines for lines of text"
            ) from None
