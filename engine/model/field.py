"""Readers of one value of a flow file each, strict about its type.

A reader takes a plain value and returns the model's; what does not fit raises `FieldError` with everything that is wrong in it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from engine.model.problem import did_you_mean, shown
from engine.model.quantity import parse_duration, parse_size

Reader = Callable[[Any], Any]
Fields = Mapping[str, tuple[str, Reader]]
"""Key in the file to (name in the struct, reader)."""

MOST_LAYERS = 1_000_000
"""Up, and as many down."""


class FieldError(Exception):
    """What is wrong with a value: (path to it, end of a sentence that begins with the path) each."""

    def __init__(self, *reasons: tuple[str, str]) -> None:
        super().__init__(*reasons)
        self.reasons = reasons


def wrong(expected: str, value: object) -> FieldError:
    """A value of the wrong type or shape."""
    return FieldError(("", f"must be {expected}, not {_described(value)}"))


def _described(value: object) -> str:
    if value is None:
        return "empty"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    return f"text {shown(value)}" if isinstance(value, str) else str(shown(value)).lower()


def text(value: Any) -> str:
    """Text; numbers and truth values must be put in quotes."""
    if value.__class__ is str:
        return value
    if isinstance(value, bool | int | float):
        raise FieldError(("", f"must be text, not {_described(value)}; put it in quotes"))
    raise wrong("text", value)


def name(value: Any) -> str:
    """Text that is not empty."""
    if text(value):
        return value
    raise FieldError(("", "must not be empty"))


def nothing_or(reader: Reader) -> Reader:
    """What `reader` reads, or nothing at all."""
    return lambda value: None if value is None else reader(value)


def flag(value: Any) -> bool:
    """A truth value."""
    if value.__class__ is bool:
        return value
    raise wrong("true or false", value)


def whole(value: Any) -> int:
    """A whole number that a database column holds."""
    if value.__class__ is not int:
        raise wrong("a whole number", value)
    if not -(2**63) <= value < 2**63:
        raise FieldError(("", "is too large a number"))
    return value


def layer(value: Any) -> int:
    """How far up something lies on the canvas."""
    if not -MOST_LAYERS <= whole(value) <= MOST_LAYERS:
        raise wrong(f"a whole number from {-MOST_LAYERS} to {MOST_LAYERS}", value)
    return int(value)


def number(value: Any) -> float:
    """A finite number."""
    if value.__class__ is int:
        value = float(whole(value))
    if value.__class__ is not float:
        raise wrong("a number", value)
    if not math.isfinite(value):
        raise wrong("a finite number", value)
    return value


def share(value: Any) -> float:
    """A part of a whole."""
    if not 0.0 <= number(value) <= 1.0:
        raise wrong("a number from 0 to 1", value)
    return float(value)


def duration(value: Any) -> float:
    """Seconds, from `30s` or a number."""
    return _quantity(value, parse_duration) if value.__class__ is str else number(value)


def size(value: Any) -> int:
    """Bytes, from `1GB` or a whole number."""
    return whole(_quantity(value, parse_size)) if value.__class__ is str else whole(value)


def _quantity(value: str, parse: Callable[[str], Any]) -> Any:
    try:
        return parse(value)
    except ValueError as error:
        raise FieldError(("", f"{error}, not {shown(value)}")) from None


def one_of(*allowed: str) -> Reader:
    """One of a few words."""

    def read(value: Any) -> str:
        if text(value) in allowed:
            return value
        choice = " or ".join(f"'{word}'" for word in allowed)
        raise FieldError(("", f"must be {choice}, not {shown(value)}{did_you_mean(value, allowed)}"))

    return read


def mapping(value: Any) -> dict[str, Any]:
    """A mapping of anything."""
    if value.__class__ is dict:
        return value
    raise wrong("a mapping", value)


def sequence(value: Any) -> list[Any]:
    """A list of anything."""
    if value.__class__ is list:
        return value
    raise wrong("a list", value)


def many(reader: Reader) -> Reader:
    """A list whose every item `reader` reads, as a tuple."""

    def read(value: Any) -> tuple[Any, ...]:
        return tuple(_each(enumerate(sequence(value), start=1), reader))

    return read


def lists(reader: Reader) -> Reader:
    """Like `many`, as a list."""
    return lambda value: list(many(reader)(value))


def mapping_of(reader: Reader) -> Reader:
    """A mapping whose every value `reader` reads."""

    def read(value: Any) -> dict[str, Any]:
        return dict(zip(mapping(value), _each(value.items(), reader), strict=True))

    return read


def _each(items: Any, reader: Reader) -> list[Any]:
    found: list[Any] = []
    reasons: list[tuple[str, str]] = []
    for key, value in items:
        try:
            found.append(reader(value))
        except FieldError as error:
            reasons.extend(_below(str(key), error))
    if reasons:
        raise FieldError(*reasons)
    return found


def pair(value: Any) -> tuple[float, float]:
    """Two numbers: a position or a size on the canvas."""
    if value.__class__ is list and len(value) == 2:
        return (number(value[0]), number(value[1]))
    raise wrong("two numbers [x, y]", value)


def struct(kind: type, fields: Fields, required: tuple[str, ...] = ()) -> Reader:
    """A mapping with known keys, as a frozen struct."""

    def read(value: Any) -> Any:
        return kind(**read_fields(mapping(value), fields, required))

    return read


def read_fields(raw: dict[str, Any], fields: Fields, required: tuple[str, ...] = ()) -> dict[str, Any]:
    """The struct fields that a mapping gives.

    Raises:
        FieldError: keys that are unknown or missing, and values that do not fit; all of them.
    """
    found: dict[str, Any] = {}
    reasons: list[tuple[str, str]] = []
    for key, value in raw.items():
        field = fields.get(key)
        if field is None:
            reasons.append(("", unknown_key(key, fields)))
            continue
        try:
            found[field[0]] = field[1](value)
        except FieldError as error:
            reasons.extend(_below(key, error))
    reasons.extend(("", f"`{key}` is missing") for key in required if key not in raw)
    if reasons:
        raise FieldError(*reasons)
    return found


def unknown_key(key: str, known: Mapping[str, object]) -> str:
    """What to say of a key that means nothing here."""
    return f"{shown(key)} is not a known key{did_you_mean(key, known) or '; remove it'}"


def _below(key: str, error: FieldError) -> list[tuple[str, str]]:
    """The reasons of an inner value, with the key that leads to it in front."""
    short = key if len(key) <= 60 else f"{key[:59]}…"
    return [(f"{short}.{path}" if path else short, reason) for path, reason in error.reasons]


def sentences(error: FieldError) -> list[str]:
    """The reasons as sentences."""
    return [f"`{path}` {reason}" if path else reason for path, reason in error.reasons]
