"""A sample as it is typed: JSON, or plain text."""

from __future__ import annotations

import json
import math
from typing import Any

from PySide6.QtCore import QCoreApplication

translate = QCoreApplication.translate
_LONGEST = 10_000


def read_sample(text: str) -> Any:
    """The value that a text means: JSON if it is that, otherwise the text itself."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def kind_of(text: str) -> str:
    """In a word, what a text means."""
    value = read_sample(text)
    if value is text:
        return translate("Sample", "text")
    if isinstance(value, dict):
        return translate("Sample", "JSON object")
    if isinstance(value, list):
        return translate("Sample", "JSON list")
    return translate("Sample", "JSON text") if isinstance(value, str) else translate("Sample", "JSON value")


def shown(value: Any) -> str:
    """A value for people: text as it is, everything else as JSON if it can be; no more of it than anybody reads."""
    text = value if isinstance(value, str) else _json(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _json(value: Any) -> str:
    """The beginning of a value as JSON; in Python's words where JSON has none."""
    pieces: list[str] = []
    length = 0
    try:
        for piece in json.JSONEncoder(ensure_ascii=False, indent=2, default=_plain).iterencode(value):
            pieces.append(piece)
            length += len(piece)
            if length > _LONGEST:
                break
    except (TypeError, ValueError, RecursionError):
        return repr(value)
    return "".join(pieces)


def short_time(seconds: float) -> str:
    """A time for people."""
    if seconds < 1:
        milliseconds = seconds * 1000
        return f"{milliseconds:.0f} ms" if milliseconds >= 10 else f"{max(milliseconds, 0.1):.1f} ms"
    return f"{seconds:.{0 if seconds >= 100 else 1}f} s" if math.isfinite(seconds) else "?"


def _plain(value: Any) -> Any:
    if isinstance(value, bytes | bytearray | memoryview):
        return repr(bytes(value))
    if isinstance(value, set | frozenset):
        return list(value)
    return str(value)
