"""Content from JSON as `readable` writes it: an object with a `$type` becomes the value that it stands for."""

from __future__ import annotations

import base64
import datetime as dt
import decimal
import math
import uuid
from collections.abc import Callable
from typing import Any, cast

from engine.errors import UsageError
from engine.model.problem import did_you_mean, shown
from engine.runtime.readable import TYPE


def from_json(value: Any) -> Any:
    """The value that some JSON stands for.

    Raises:
        UsageError: an object's `$type` is unknown, what is in it is not right, or not all of it is there.
    """
    if isinstance(value, list):
        return [from_json(item) for item in cast("list[Any]", value)]
    if not isinstance(value, dict):
        return value
    given = cast("dict[str, Any]", value)
    return _typed(given) if TYPE in given else {key: from_json(item) for key, item in given.items()}


def _typed(given: dict[str, Any]) -> Any:
    name = given[TYPE]
    if given.get("cut") or name == "claim":
        raise UsageError("only a part of this content is shown; give all of it, for instance from a file")
    make = _MADE.get(name) if isinstance(name, str) else None
    if make is None:
        raise UsageError(f"content cannot have the `$type` {shown(str(name))}{did_you_mean(str(name), _MADE)}")
    try:
        return make(given)
    except KeyError as error:
        raise UsageError(f"an object with the `$type` {shown(name)} needs `{error.args[0]}`") from None
    except (TypeError, ValueError, ArithmeticError) as error:
        raise UsageError(f"an object with the `$type` {shown(name)} is not right: {error}") from None


def _bytes(given: dict[str, Any]) -> bytes:
    if "text" in given:
        return given["text"].encode()
    if "hex" in given:
        return bytes.fromhex(given["hex"])
    return base64.b64decode(given["base64"], validate=True)


def _number(value: Any) -> float:
    """A part of a complex number, which JSON may not be able to write."""
    number = from_json(value)
    if type(number) not in (int, float):
        raise TypeError("its parts must be numbers")
    return float(number)


def _float(given: dict[str, Any]) -> float:
    number = float(given["value"])
    return number if not math.isnan(number) else math.nan


def _items(given: dict[str, Any]) -> list[Any]:
    items = from_json(given["items"])
    if not isinstance(items, list):
        raise TypeError("`items` must be an array")
    return cast("list[Any]", items)


_MADE: dict[str, Callable[[dict[str, Any]], Any]] = {
    "bytes": _bytes,
    "str": lambda given: str(given["text"]),
    "int": lambda given: int(given["value"], 0),
    "float": _float,
    "Decimal": lambda given: decimal.Decimal(given["value"]),
    "UUID": lambda given: uuid.UUID(given["value"]),
    "datetime": lambda given: dt.datetime.fromisoformat(given["value"]),
    "date": lambda given: dt.date.fromisoformat(given["value"]),
    "time": lambda given: dt.time.fromisoformat(given["value"]),
    "timedelta": lambda given: dt.timedelta(seconds=given["seconds"]),
    "complex": lambda given: complex(_number(given["real"]), _number(given["imag"])),
    "tuple": lambda given: tuple(_items(given)),
    "set": lambda given: set(_items(given)),
    "frozenset": lambda given: frozenset(_items(given)),
    "dict": lambda given: dict(_items(given)),
}
