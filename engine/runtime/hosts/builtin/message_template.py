"""Templates of messages: values whose texts may hold {n}, {uuid} and {time}.

A template is compiled to one list display, because building messages by interpreting it would cost several times as much as
all the rest of a source's work.
"""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Callable
from typing import Any, cast

from .. import values

_PLACE = re.compile(r"\{(n|uuid|time)\}")
_CALLS = {"n": "n", "uuid": "uuid()", "time": "now"}

Builder = Callable[[int, int], list[Any]]


def compile_template(template: Any) -> Builder:
    """A function that makes messages number `first` up to, not including, `last`; no two share a value that could be changed.

    A text that is nothing but {n} becomes the number itself.
    """
    return _compile(template, numbers=True)


def compile_attributes(template: dict[str, str]) -> Builder:
    """The same for attributes, which are text even where they are nothing but {n}."""
    return _compile(template, numbers=False)


def _compile(template: Any, *, numbers: bool) -> Builder:
    if type(template) in values.IMMUTABLE and not (type(template) is str and _PLACE.search(template)):
        return lambda first, last: [template] * (last - first)
    constants: dict[str, Any] = {"uuid": _uuid}
    source = f"lambda first, last, now: [{_expression(template, constants, numbers)} for n in range(first, last)]"
    build = eval(source, constants)
    return lambda first, last: build(first, last, _now())


def _expression(template: Any, constants: dict[str, Any], numbers: bool) -> str:
    """Python source that makes the value anew each time it is evaluated."""
    if isinstance(template, dict):
        items = cast("dict[Any, Any]", template).items()
        return (
            "{"
            + ", ".join(f"{_constant(key, constants)}: {_expression(item, constants, numbers)}" for key, item in items)
            + "}"
        )
    if isinstance(template, list):
        return "[" + ", ".join(_expression(item, constants, numbers) for item in cast("list[Any]", template)) + "]"
    if isinstance(template, str) and _PLACE.search(template):
        return _text(template, numbers)
    return _constant(template, constants)


def _text(template: str, numbers: bool) -> str:
    if template == "{n}" and numbers:
        return "n"
    literals_and_names = _PLACE.split(template)
    for position, piece in enumerate(literals_and_names):
        doubled = piece.replace("{", "{{").replace("}", "}}")
        literals_and_names[position] = f"{{{_CALLS[piece]}}}" if position % 2 else doubled
    return "f" + repr("".join(literals_and_names))


def _constant(value: Any, constants: dict[str, Any]) -> str:
    name = f"c{len(constants)}"
    constants[name] = value
    return name


def _uuid() -> str:
    return str(uuid.uuid4())


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")
