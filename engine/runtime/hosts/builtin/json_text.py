"""Values as compact JSON.

JSON lacks many of the values a message may hold. The rules, which the manual repeats: date, time and datetime become ISO 8601
text, timedelta an ISO 8601 duration, Decimal and UUID their text, bytes Base64, tuples and sets lists, NaN and the infinities
null. Keys become text. A complex number has no JSON.
"""

from __future__ import annotations

import base64
import datetime as dt
import decimal
import json
import math
import uuid
from collections.abc import Callable
from typing import Any, cast

try:
    import msgspec
except ImportError:  # an environment of the user's without it: slower, the same text
    msgspec = None

_COMPACT = (",", ":")


def to_json(value: Any) -> bytes:
    """A value as JSON; raises TypeError or ValueError, with the reason, where there is none."""
    try:
        return _encode(value)
    except (TypeError, ValueError, OverflowError, RecursionError):
        # Slowly, and with the reason.
        return _plain_encode(value)


def to_json_lines(values: list[Any]) -> bytes:
    """Values as JSON, each on a line of its own; raises an error of any kind if one of them has none."""
    return _encode_lines(values)


def _plain_encode(value: Any) -> bytes:
    try:
        return json.dumps(_adapt(value), ensure_ascii=False, allow_nan=False, separators=_COMPACT).encode()
    except RecursionError:
        raise ValueError("the value is nested too deeply for JSON; make it flatter") from None


def _plain_encode_lines(values: list[Any]) -> bytes:
    return b"".join([_plain_encode(value) + b"\n" for value in values])


def _adapt(value: Any) -> Any:
    """The value with everything JSON lacks replaced."""
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {_key(key): _adapt(item) for key, item in cast("dict[Any, Any]", value).items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_adapt(item) for item in cast("list[Any]", value)]
    return _as_text(value)


def _as_text(value: Any) -> Any:
    if isinstance(value, (bytes, bytearray)):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, (decimal.Decimal, uuid.UUID)):
        return str(value)
    if isinstance(value, (dt.datetime, dt.time)):
        text = value.isoformat()
        return text.removesuffix("+00:00") + "Z" if text.endswith("+00:00") else text
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, dt.timedelta):
        return _duration(value)
    return _adapt(_other(value))


def _other(value: Any) -> Any:
    """What neither way knows: scalars of numpy and its like become numbers."""
    item = getattr(value, "item", None)
    if callable(item) and getattr(value, "shape", None) == ():
        return item()
    raise TypeError(f"a value of type {type(value).__name__} has no JSON; make it text or a number first")


def _key(key: Any) -> str:
    if isinstance(key, str):
        return key
    if isinstance(key, (int, float)) and not isinstance(key, bool):
        return str(key)
    text: Any = None if key is None or isinstance(key, (bool, tuple)) else _as_text(key)
    if type(text) is not str:
        raise TypeError(f"the key {key!r:.50} has no JSON; use text for keys")
    return text


def _duration(value: dt.timedelta) -> str:
    sign = "-" if value < dt.timedelta(0) else ""
    value = abs(value)
    seconds = f"{value.seconds}.{value.microseconds:06}".rstrip("0").rstrip(".") if value.microseconds else f"{value.seconds}"
    days = f"{value.days}D" if value.days or seconds == "0" else ""
    return f"{sign}P{days}" + (f"T{seconds}S" if seconds != "0" else "")


_encode: Callable[[Any], bytes] = _plain_encode
_encode_lines: Callable[[list[Any]], bytes] = _plain_encode_lines
if msgspec is not None:
    _encoder = msgspec.json.Encoder(enc_hook=_other)
    _encode, _encode_lines = _encoder.encode, _encoder.encode_lines
