"""Plain values to YAML text, made to be read and compared by people.

A value is written on its line while it fits there; a longer mapping or list gets one entry a line, text of several lines
becomes a literal block. The same value always gives the same text.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable
from typing import Any, cast

from engine.model.scalar import block, fits_a_block, quoted, write_number, write_text

WIDTH = 120
_LONGEST_KEY = 500
"""YAML readers look at most 1024 characters ahead for the colon of a key; longer ones need a `?`."""


def entry_lines(key: str, value: Any, indent: int, lead: str | None = None) -> list[str]:
    """The lines of `key: value` at an indent. `lead` stands in place of the first line's spaces (`- `)."""
    pad = " " * indent
    written = write_text(key)
    if len(written) > _LONGEST_KEY:
        lines = _value_lines(f"{pad}:", value, indent)
        return [f"{lead or pad}? {written}", *lines]
    return _value_lines(f"{lead or pad}{written}:", value, indent, is_code=key == "code")


def item_lines(value: Any, indent: int) -> list[str]:
    """The lines of `- value` at an indent."""
    lead = f"{' ' * indent}- "
    if isinstance(value, dict) and inline(value, WIDTH - len(lead)) is None:
        return mapping_lines(cast("dict[str, Any]", value), indent + 2, lead)
    return _value_lines(lead[:-1], value, indent)


def mapping_lines(mapping: dict[str, Any], indent: int, lead: str | None = None) -> list[str]:
    """The lines of a mapping, one entry or more each."""
    lines: list[str] = []
    for key, value in mapping.items():
        lines.extend(entry_lines(key, value, indent, lead))
        lead = None
    return lines


def _value_lines(head: str, value: Any, indent: int, *, is_code: bool = False) -> list[str]:
    if isinstance(value, str) and (is_code or "\n" in value.strip("\n")) and fits_a_block(value):
        header, lines = block(value, indent + 2)
        return [f"{head} {header}", *lines]
    text = inline(value, WIDTH - len(head))
    if text is not None:
        return [f"{head} {text}"]
    lines = [head]
    if isinstance(value, dict):
        lines.extend(mapping_lines(cast("dict[str, Any]", value), indent + 2))
    else:
        for item in value:
            lines.extend(item_lines(item, indent + 2))
    return lines


def inline(value: Any, room: int) -> str | None:
    """A value on one line; None when a mapping or list does not fit into `room` characters or holds what deserves lines."""
    if isinstance(value, dict):
        if not value:
            return "{}"
        entries = cast("dict[str, Any]", value).items()
        return _joined("{", (_inline_entry(key, item, room) for key, item in entries), "}", room)
    if isinstance(value, list | tuple):
        return _joined("[", (_inline_item(item, room) for item in cast("list[Any]", value)), "]", room)
    return scalar(value)


def _joined(opening: str, pieces: Iterable[str | None], closing: str, room: int) -> str | None:
    taken: list[str] = []
    room -= 2
    for piece in pieces:
        if piece is None or (room := room - len(piece) - 2) < -2:
            return None
        taken.append(piece)
    return opening + ", ".join(taken) + closing


def _inline_entry(key: str, value: Any, room: int) -> str | None:
    written = write_text(key)
    text = _inline_item(value, room - len(written)) if len(written) < room else None
    return None if text is None else f"{written}: {text}"


def _inline_item(value: Any, room: int) -> str | None:
    if isinstance(value, str) and ("\n" in value.strip("\n") and fits_a_block(value)):
        return None
    return inline(value, room - 2) if room > 0 else None


def scalar(value: Any) -> str:
    """A single value on one line."""
    if isinstance(value, str):
        return write_text(value)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return write_number(value)
    if isinstance(value, bytes | bytearray):
        return f"!!binary {quoted(base64.b64encode(value).decode())}"
    raise TypeError(f"{type(value).__name__} has no place in a flow file")
