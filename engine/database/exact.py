"""JSON that gives every value back as it was.

Settings and samples are open data: a flow file may hold bytes, integers beyond 64 bits, infinities. Plain JSON changes those
silently, so they are written as a tagged object `{"$": TYPE, "v": DATA}`; everything else stays the plain JSON that any SQL
client can read. A value that has no exact form here is refused. A time keeps its moment; its zone becomes the offset it had.
"""

from __future__ import annotations

import base64
import datetime as dt
import math
from collections.abc import Callable
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

import msgspec

from engine.errors import IntegrityError

_TAG = "$"
_DATA = "v"
_MARK = '"$":'
"""A text without it holds no tagged object: within a string, the quotation mark would have a backslash before it."""
_INT64 = range(-(2**63), 2**63)
_PLAIN = frozenset({str, bool, type(None)})
_EMPTY: dict[str | bytes, Callable[[], Any]] = {"{}": dict, "[]": list}
"""Most open columns hold one of the two, and a flow of 10,000 processors has 80,000 such columns."""

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder()


def encode(value: Any) -> str:
    """Exact JSON text of a value.

    Raises:
        IntegrityError: the value, or one inside it, cannot be kept exactly.
    """
    if not value and value.__class__ in (list, dict):
        return "[]" if value.__class__ is list else "{}"
    try:
        return _encoder.encode(_tagged(value)).decode()
    except RecursionError:
        raise IntegrityError("a value is nested too deeply to be stored; flatten it") from None
    except UnicodeEncodeError:
        raise IntegrityError("a text holds half a surrogate pair, which is no Unicode; remove it") from None


def decode(text: str | bytes) -> Any:
    """The value of a text made by `encode`; drivers give it as text or as its UTF-8."""
    empty = _EMPTY.get(text)
    if empty:
        return empty()
    value = _decoder.decode(text)
    is_marked = _MARK in text if isinstance(text, str) else _MARK.encode() in text
    return _restored(value) if is_marked else value


def _tagged(value: Any) -> Any:
    kind: type[Any] = value.__class__
    if kind in _PLAIN:
        return value
    if kind is int:
        return value if value in _INT64 else _tag("int", hex(value))
    if kind is float:
        return value if math.isfinite(value) else _tag("float", repr(value))
    if kind is list:
        return [_tagged(item) for item in value]
    if kind is dict:
        return _tagged_dict(value)
    writer = _WRITERS.get(kind)
    if writer is None:
        raise IntegrityError(f"a value of type {kind.__name__} cannot be stored exactly; use text, numbers, lists or mappings")
    return writer(value)


def _tagged_dict(value: dict[Any, Any]) -> Any:
    if all(key.__class__ is str for key in value) and _TAG not in value:
        return {key: _tagged(item) for key, item in value.items()}
    return _tag("dict", [[_tagged(key), _tagged(item)] for key, item in value.items()])


def _tag(name: str, data: Any) -> dict[str, Any]:
    return {_TAG: name, _DATA: data}


def _restored(value: Any) -> Any:
    if value.__class__ is list:
        return [_restored(item) for item in value]
    if value.__class__ is dict:
        name = value.get(_TAG)
        if name is None:
            return {key: _restored(item) for key, item in value.items()}
        return _READERS[name](value[_DATA])
    return value


def _items(name: str) -> Callable[[Any], Any]:
    return lambda value: _tag(name, [_tagged(item) for item in value])


def _text(name: str, text: Callable[[Any], str]) -> Callable[[Any], Any]:
    return lambda value: _tag(name, text(value))


def _restored_dict(pairs: Any) -> dict[Any, Any]:
    return {_restored(key): _restored(item) for key, item in cast("list[tuple[Any, Any]]", pairs)}


_WRITERS: dict[type[Any], Callable[[Any], Any]] = {
    bytes: _text("bytes", lambda value: base64.b64encode(value).decode()),
    dt.datetime: _text("datetime", dt.datetime.isoformat),
    dt.date: _text("date", dt.date.isoformat),
    dt.time: _text("time", dt.time.isoformat),
    Decimal: _text("decimal", str),
    UUID: _text("uuid", str),
    tuple: _items("tuple"),
    set: _items("set"),
    frozenset: _items("frozenset"),
}

_READERS: dict[str, Callable[[Any], Any]] = {
    "int": lambda data: int(data, 16),
    "float": float,
    "dict": _restored_dict,
    "bytes": base64.b64decode,
    "datetime": dt.datetime.fromisoformat,
    "date": dt.date.fromisoformat,
    "time": dt.time.fromisoformat,
    "decimal": Decimal,
    "uuid": UUID,
    "tuple": lambda data: tuple(_restored(item) for item in data),
    "set": lambda data: {_restored(item) for item in data},
    "frozenset": lambda data: frozenset(_restored(item) for item in data),
}
