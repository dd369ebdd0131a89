"""Values as a form shows them."""

from __future__ import annotations

from typing import Any

from engine.client.setting import Kind, Setting
from engine.model.quantity import format_duration, format_size

_ESCAPES = {"\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r", "\0": "\\0"}
_MEANT = {"\\": "\\", "n": "\n", "t": "\t", "r": "\r", "0": "\0"}


def shown_value(kind: Kind, value: Any) -> str:
    """One value in a line of text, as it would be typed."""
    if value is None or isinstance(value, bool):
        return {None: "", True: "yes", False: "no"}[value]
    if kind is Kind.DURATION and isinstance(value, int | float):
        return format_duration(value)
    if kind is Kind.SIZE and isinstance(value, int):
        return format_size(value)
    if kind is Kind.SEPARATOR and isinstance(value, str):
        return escaped(value)
    if isinstance(value, float):
        return f"{value:.15g}"
    if isinstance(value, list):
        return ", ".join(shown_value(Kind.TEXT, item) for item in value)
    if isinstance(value, dict):
        return ", ".join(f"{key}: {shown_value(Kind.TEXT, item)}" for key, item in value.items())
    return str(value)


def shown_default(setting: Setting) -> str:
    """A setting's default, "" where it says nothing."""
    return shown_value(setting.kind, setting.default)


def escaped(text: str) -> str:
    r"""Text whose characters can all be seen: a line end is `\n`."""
    return "".join(_ESCAPES.get(character, character) for character in text)


def unescaped(text: str) -> str:
    r"""What `escaped` was made from; a backslash before anything else stands for itself."""
    found: list[str] = []
    at = 0
    while at < len(text):
        pair = text[at : at + 2]
        if len(pair) == 2 and pair[0] == "\\" and pair[1] in _MEANT:
            found.append(_MEANT[pair[1]])
            at += 2
        else:
            found.append(text[at])
            at += 1
    return "".join(found)


def sentence(reason: str) -> str:
    """The end of a sentence as one of its own."""
    return reason[:1].upper() + reason[1:]
