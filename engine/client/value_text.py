"""Single values as a flow file has them."""

from __future__ import annotations

from typing import Any, cast

from engine.errors import PyfiError
from engine.model.emit import entry_lines, inline, item_lines, mapping_lines
from engine.model.scalar import resolve
from engine.model.tree import read_tree

_WIDTH = 44
"""Longer values get a line for each entry."""


def value_text(value: Any) -> str:
    """A value as it would stand behind a key; texts without quotes where they can only be read as this text."""
    if isinstance(value, str) and _is_plain(value):
        return value
    if isinstance(value, str):
        return "\n".join(entry_lines("value", value, 0)).removeprefix("value: ")
    short = inline(value, _WIDTH)
    if short is not None:
        return short
    if isinstance(value, dict):
        return "\n".join(mapping_lines(cast("dict[str, Any]", value), 0))
    return "\n".join(line for item in value for line in item_lines(item, 0))


def read_value_text(text: str) -> tuple[Any, str | None]:
    """The value of a text, and what is wrong with it (then the value is None)."""
    if "\n" not in text.strip() and _is_plain(text.strip()):
        return text.strip(), None
    try:
        value, problems = read_tree(text, "")
    except PyfiError as error:
        return None, str(error).removeprefix(": ")
    return (None, problems[0].reason) if problems else (value, None)


def _is_plain(text: str) -> bool:
    """Whether a line of text is text to YAML too, or is plainly meant as such: `${name} and more`."""
    if not text or text != text.strip() or "\n" in text or text[0] in "\"'[{&*!|>%@`#" or ": " in text or " #" in text:
        return False
    if text.startswith(("- ", "? ")) or text in ("-", "?") or text.endswith(":"):
        return False
    try:
        return isinstance(resolve(text), str)
    except ValueError:
        return False
