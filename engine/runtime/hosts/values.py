"""Content values in bytes and back, with the exact type they had.

MessagePack, with extension types for what it lacks. A value that cannot come back as itself is refused (`UnsupportedValue`),
never silently changed; the few exceptions (subclasses of dict, list, str, int, float; enum
members; numpy scalars; bytearray) become the plain value.
The manual's table of values is this file.

| code | type | data |
|---|---|---|
| 1 | Decimal | its text |
| 2 | UUID | 16 bytes |
| 3, 4, 5 | datetime, date, time | ISO 8601 text (a zone becomes its offset, `fold` is not kept) |
| 6 | timedelta | packed [days, seconds, microseconds] |
| 7 | int beyond 64 bits | its hexadecimal text |
| 8, 9, 10 | tuple, set, frozenset | packed list |
| 11 | dict with keys that are not text | packed list of [key, value] |
| 12 | complex | packed [real, imaginary] |
| 20 | content kept in a file (see `claims`) | packed [id, size, type] |
"""

from __future__ import annotations

import datetime as dt
import decimal
import functools
import threading
import uuid
from collections.abc import Callable
from typing import Any, cast

try:
    import ormsgpack as _codec
except ImportError:  # an environment of the user's without it: slower, the same bytes
    from . import plain_msgpack as _codec  # type: ignore[no-redef]

DECIMAL, UUID, DATETIME, DATE, TIME, TIMEDELTA, BIG_INT, TUPLE, SET, FROZENSET, MAP, COMPLEX = range(1, 13)
CLAIM = 20

_TOO_DEEP = "the value is nested too deeply, or holds itself; return a flatter one"
_DEEPEST = 255
_DEEPEST_EXTENSION = 50
"""Extensions within extensions: each takes several frames of Python's stack, here and where the value is unpacked."""

_OPTIONS = (
    _codec.OPT_PASSTHROUGH_DATETIME
    | _codec.OPT_PASSTHROUGH_UUID
    | _codec.OPT_PASSTHROUGH_TUPLE
    | _codec.OPT_PASSTHROUGH_DATACLASS
    | _codec.OPT_PASSTHROUGH_SUBCLASS
    | _codec.OPT_PASSTHROUGH_BIG_INT
)
_PLAIN: tuple[type[Any], ...] = (str, int, float, bytes)
_MAX_INT_BITS = 8_000_000
"""Larger integers are refused: they are almost surely a mistake, and a megabyte of digits serves nobody."""

IMMUTABLE = frozenset({str, bytes, int, float, bool, type(None)})
"""Types whose values may be shared by two branches of a flow without a copy."""


class UnsupportedValue(TypeError):
    """A value that cannot cross a queue and come back as itself."""


class Claim:
    """Content that is kept in a file of the claims folder instead of the batch."""

    __slots__ = ("id", "size", "type")
    met = False
    """Whether this process has met one yet: until then nobody needs to look for any."""

    def __init__(self, id: str, size: int, type: str) -> None:
        Claim.met = True
        self.id = id
        self.size = size
        self.type = type

    def __repr__(self) -> str:
        return f"Claim({self.id!r}, {self.size}, {self.type!r})"


def pack(value: Any) -> bytes:
    """`value` in bytes; raises UnsupportedValue."""
    try:
        return _codec.packb(value, _extend, _OPTIONS)
    except (TypeError, ValueError, RecursionError) as error:
        try:
            return _pack_again(value, error)
        finally:
            _trouble.refusal = None


def unpack(data: bytes | bytearray | memoryview) -> Any:
    """The value behind bytes that `pack` made."""
    return _codec.unpackb(data, ext_hook=_restore)


def snapshot(value: Any) -> Any:
    """The value as it is now, sharing nothing with it."""
    return value if type(value) in IMMUTABLE else unpack(pack(value))


def pack_list(packed: list[bytes]) -> bytes:
    """What `pack` makes of a list, from its items packed one by one."""
    n = len(packed)
    if n < 16:
        head = bytes((0x90 | n,))
    elif n < 1 << 16:
        head = b"\xdc" + n.to_bytes(2, "big")
    else:
        head = b"\xdd" + n.to_bytes(4, "big")
    return head + b"".join(packed)


def is_shareable(values: list[Any]) -> bool:
    """Whether no value of the list can be changed in place."""
    return IMMUTABLE.issuperset(map(type, values))


class _Trouble(threading.local):
    """What a thread meets while packing: how deep it is in extensions, and the first refusal, which the codec would replace."""

    depth = 0
    refusal: str | None = None


_trouble = _Trouble()


def _refuse(reason: str) -> UnsupportedValue:
    """The error to raise."""
    if _trouble.refusal is None:
        _trouble.refusal = reason
    return UnsupportedValue(_trouble.refusal)


def _pack_again(value: Any, error: Exception) -> bytes:
    """After a failure: with extensions for dicts whose keys are not text, if it was one of these, else refused."""
    if _trouble.refusal is None and str(error).startswith("Dict key"):
        try:
            return _codec.packb(_adapt(value, 0), _extend, _OPTIONS)
        except (TypeError, ValueError, RecursionError) as second:
            error = second
    raise _refuse(_reason(error)) from error


def _pack_inside(code: int, parts: list[Any]) -> Any:
    """An extension that holds packed values. It fails only once, however deep: what is around it does not try again."""
    _trouble.depth += 1
    try:
        if _trouble.depth > _DEEPEST_EXTENSION:
            raise _refuse(_TOO_DEEP)
        return _codec.Ext(code, _codec.packb(parts, _extend, _OPTIONS))
    except (TypeError, ValueError, RecursionError) as error:
        return _codec.Ext(code, _pack_again(parts, error))
    finally:
        _trouble.depth -= 1


def _reason(error: BaseException) -> str:
    text = str(error)
    if "UTF-8" in text or "surrogate" in text:
        return "text with lone surrogates cannot be carried; decode it with errors='replace' or return bytes"
    if "recurs" in text.lower() or isinstance(error, RecursionError):
        return _TOO_DEEP
    return f"the value cannot be carried ({text}); return dicts, lists, text, numbers or bytes"


def _extend(value: Any) -> Any:
    """What the codec does not know, as an extension; also the parts of such a value."""
    kind = cast("type[Any]", type(value))
    known = _EXTENSIONS.get(kind)
    if known is not None:
        return known(value)
    plain = next((plain for plain in _PLAIN if isinstance(value, plain)), None)
    if plain is not None:
        return plain(value)
    if isinstance(value, dict):
        return _adapt(cast("dict[Any, Any]", value), 0)
    if isinstance(value, list):
        return list(cast("list[Any]", value))
    if isinstance(value, tuple):
        return _pack_inside(TUPLE, list(cast("tuple[Any, ...]", value)))
    if isinstance(value, bytearray):
        return bytes(value)
    item = getattr(value, "item", None)
    if callable(item) and getattr(value, "shape", None) == ():
        return item()
    raise _refuse(f"a value of type {kind.__name__} cannot be carried; return dicts, lists, text, numbers or bytes")


def _adapt(value: Any, depth: int, maps: int = 0) -> Any:
    """A copy in which every dict with keys that are not text has become an extension."""
    if depth > _DEEPEST or maps > _DEEPEST_EXTENSION:
        raise _refuse(_TOO_DEEP)
    if isinstance(value, dict):
        items = cast("dict[Any, Any]", value).items()
        if all(type(key) is str for key, _ in items):
            return {key: _adapt(item, depth + 1, maps) for key, item in items}
        return _pack_inside(MAP, [[key, _adapt(item, depth + 1, maps + 1)] for key, item in items])
    if isinstance(value, list):
        return [_adapt(item, depth + 1, maps) for item in cast("list[Any]", value)]
    return value


def _packed(code: int, parts: Callable[[Any], list[Any]]) -> Callable[[Any], Any]:
    return lambda value: _pack_inside(code, parts(value))


def _text(code: int, text: Callable[[Any], str]) -> Callable[[Any], Any]:
    return lambda value: _codec.Ext(code, text(value).encode("ascii"))


def _digits(value: int) -> str:
    if value.bit_length() > _MAX_INT_BITS:
        raise _refuse(f"an integer of {value.bit_length()} bits is too large to carry; return it as bytes")
    return hex(value)


_EXTENSIONS: dict[type[Any], Callable[[Any], Any]] = {
    decimal.Decimal: _text(DECIMAL, str),
    uuid.UUID: lambda value: _codec.Ext(UUID, value.bytes),
    dt.datetime: _text(DATETIME, dt.datetime.isoformat),
    dt.date: _text(DATE, dt.date.isoformat),
    dt.time: _text(TIME, dt.time.isoformat),
    dt.timedelta: _packed(TIMEDELTA, lambda value: [value.days, value.seconds, value.microseconds]),
    int: _text(BIG_INT, _digits),
    tuple: _packed(TUPLE, list),
    set: _packed(SET, list),
    frozenset: _packed(FROZENSET, list),
    complex: _packed(COMPLEX, lambda value: [value.real, value.imag]),
    Claim: _packed(CLAIM, lambda value: [value.id, value.size, value.type]),
}

_RESTORERS: dict[int, Callable[[bytes], Any]] = {
    DECIMAL: lambda data: decimal.Decimal(data.decode("ascii")),
    UUID: lambda data: uuid.UUID(bytes=bytes(data)),
    DATETIME: lambda data: dt.datetime.fromisoformat(data.decode("ascii")),
    DATE: lambda data: dt.date.fromisoformat(data.decode("ascii")),
    TIME: lambda data: dt.time.fromisoformat(data.decode("ascii")),
    TIMEDELTA: lambda data: dt.timedelta(*unpack(data)),
    BIG_INT: lambda data: int(data.decode("ascii"), 16),
    TUPLE: lambda data: tuple(unpack(data)),
    SET: lambda data: set(unpack(data)),
    FROZENSET: lambda data: frozenset(unpack(data)),
    MAP: lambda data: {key: item for key, item in unpack(data)},  # noqa: C416 - the pairs are lists
    COMPLEX: lambda data: complex(*unpack(data)),
    CLAIM: lambda data: Claim(*unpack(data)),
}


def _restore(code: int, data: bytes) -> Any:
    return _RESTORERS[code](data)


pack_plain: Callable[[Any], bytes] = functools.partial(_codec.packb, default=_extend, option=_OPTIONS)
"""`pack` without its cost, for ordinary values; raises TypeError or ValueError where `pack` would look closer."""
