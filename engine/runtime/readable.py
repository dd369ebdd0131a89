"""Content as JSON, for people and programs that look into queues.

What JSON lacks becomes an object with a `$type`, so that nothing is shown as what it is not:

| value | shown as |
|---|---|
| bytes that are UTF-8 text | `{"$type": "bytes", "size": 5, "text": "hello"}` |
| other bytes | `{"$type": "bytes", "size": 4, "base64": "AAECAw=="}` |
| content kept in a file of its own | `{"$type": "claim", "size": 2000000, "of": "bytes"}` |
| NaN and infinities | `{"$type": "float", "value": "nan"}` |
| integers beyond 64 bits | `{"$type": "int", "value": "0x20000000000000000"}` (of any length, so in hexadecimal) |
| Decimal, UUID, datetime, date, time | `{"$type": "Decimal", "value": "1.50"}` |
| timedelta | `{"$type": "timedelta", "seconds": 1.5}` |
| complex | `{"$type": "complex", "real": 1.0, "imag": 2.0}` |
| tuple, set, frozenset | `{"$type": "tuple", "items": [1, 2]}` |
| a dict with keys that are not text, or with a key `$type` | `{"$type": "dict", "items": [[1, "one"]]}` |
| text or bytes that were cut | also `"cut": true`; `size` is the whole length |
"""

from __future__ import annotations

import base64
import codecs
import datetime as dt
import decimal
import json
import math
import uuid
from collections.abc import Callable
from typing import Any, cast

from engine.runtime.hosts.values import Claim

TYPE = "$type"
_INT64 = range(-(1 << 63), 1 << 64)


def as_file(content: Any) -> tuple[str, bytes]:
    """Whole content with its media type: bytes and text as they are, anything else as JSON."""
    if isinstance(content, bytes):
        return "application/octet-stream", content
    if isinstance(content, str):
        return "text/plain; charset=utf-8", content.encode()
    return "application/json", json.dumps(as_json(content, 1 << 40), ensure_ascii=False).encode()


def as_json(value: Any, longest: int = 1 << 20) -> Any:
    """A value as JSON; texts and bytes longer than `longest` are cut."""
    kind = cast("type[Any]", type(value))
    if value is None or kind is bool:
        return value
    shown = _SHOWN.get(kind)
    if shown is not None:
        return shown(value, longest)
    if kind is dict:
        return _dict(value, longest)
    if kind is list:
        return [as_json(item, longest) for item in value]
    return {TYPE: kind.__name__, "items": [as_json(item, longest) for item in value]}


def _dict(value: dict[Any, Any], longest: int) -> Any:
    if TYPE not in value and all(type(key) is str for key in value):
        return {key: as_json(item, longest) for key, item in value.items()}
    return {TYPE: "dict", "items": [[as_json(key, longest), as_json(item, longest)] for key, item in value.items()]}


def _text(value: str, longest: int) -> Any:
    return value if len(value) <= longest else {TYPE: "str", "size": len(value), "text": value[:longest], "cut": True}


def _bytes(value: bytes, longest: int) -> Any:
    part = value[:longest]
    cut = {"cut": True} if len(value) > longest else {}
    try:
        # Not final where it was cut: the cut may have split the last character.
        text = codecs.getincrementaldecoder("utf-8")().decode(part, final=not cut)
    except UnicodeDecodeError:
        return {TYPE: "bytes", "size": len(value), "base64": base64.b64encode(part).decode("ascii"), **cut}
    return {TYPE: "bytes", "size": len(value), "text": text, **cut}


def _named(name: str) -> Callable[[Any, int], Any]:
    return lambda value, _: {TYPE: name, "value": str(value)}


def _iso(name: str) -> Callable[[Any, int], Any]:
    return lambda value, _: {TYPE: name, "value": value.isoformat()}


_SHOWN: dict[type[Any], Callable[[Any, int], Any]] = {
    str: _text,
    bytes: _bytes,
    int: lambda value, _: value if value in _INT64 else {TYPE: "int", "value": hex(value)},
    float: lambda value, _: value if math.isfinite(value) else {TYPE: "float", "value": str(value)},
    Claim: lambda value, _: {TYPE: "claim", "size": value.size, "of": "bytes" if value.type == "bytes" else "value"},
    decimal.Decimal: _named("Decimal"),
    uuid.UUID: _named("UUID"),
    dt.datetime: _iso("datetime"),
    dt.date: _iso("date"),
    dt.time: _iso("time"),
    dt.timedelta: lambda value, _: {TYPE: "timedelta", "seconds": value.total_seconds()},
    complex: lambda value, _: {TYPE: "complex", "real": as_json(value.real), "imag": as_json(value.imag)},
}
