"""MessagePack in plain Python: the part of ormsgpack that `values` uses, byte for byte the same.

For user environments that lack ormsgpack. An integer beyond 64 bits, a tuple and a subclass of a built-in type always go to
`default`, as the OPT_PASSTHROUGH options ask of ormsgpack; the options are accepted so that the callers need not differ.
"""

from __future__ import annotations

import enum
import struct
from collections.abc import Callable
from typing import Any, cast

OPT_PASSTHROUGH_DATETIME = 1
OPT_PASSTHROUGH_UUID = 2
OPT_PASSTHROUGH_TUPLE = 4
OPT_PASSTHROUGH_DATACLASS = 8
OPT_PASSTHROUGH_SUBCLASS = 16
OPT_PASSTHROUGH_BIG_INT = 32

Default = Callable[[Any], Any]
Put = Callable[[bytes], None]

_DEEPEST_PACKED = 255
_DEEPEST_UNPACKED = 300
"""More than can be packed; ormsgpack reads 1,022 levels, for which Python's own stack is too small."""
_MOST_DEFAULTS = 254
_TOO_DEEP = "Recursion limit reached"
_FIXEXT = {1: 0xD4, 2: 0xD5, 4: 0xD6, 8: 0xD7, 16: 0xD8}

_B = struct.Struct(">B")
_BB = struct.Struct(">BB")
_BH = struct.Struct(">BH")
_BI = struct.Struct(">BI")
_BQ = struct.Struct(">BQ")
_Bb = struct.Struct(">Bb")
_Bh = struct.Struct(">Bh")
_Bi = struct.Struct(">Bi")
_Bq = struct.Struct(">Bq")
_Bd = struct.Struct(">Bd")
_H, _I, _Q = struct.Struct(">H"), struct.Struct(">I"), struct.Struct(">Q")
_SIGNED, _SH, _SI, _SQ = struct.Struct(">b"), struct.Struct(">h"), struct.Struct(">i"), struct.Struct(">q")
_F, _D = struct.Struct(">f"), struct.Struct(">d")


class Ext:
    """An extension: its type (0 to 127) and its data."""

    __slots__ = ("data", "tag")

    def __init__(self, tag: int, data: bytes) -> None:
        self.tag = tag
        self.data = data


def packb(value: Any, default: Default | None = None, option: int | None = None) -> bytes:
    """`value` as MessagePack; raises TypeError. What MessagePack lacks is replaced by what `default` returns for it."""
    parts: list[bytes] = []
    _pack(value, parts.append, default, 0, 0)
    return b"".join(parts)


def unpackb(data: bytes | bytearray | memoryview, *, ext_hook: Callable[[int, bytes], Any] | None = None) -> Any:
    """The value behind MessagePack; raises ValueError. An extension becomes what `ext_hook` returns for its type and data."""
    view = memoryview(data)
    try:
        return _Reader(view if view.format == "B" else view.cast("B"), ext_hook).read(0)
    except (IndexError, struct.error):
        raise ValueError("unexpected end of file") from None
    except UnicodeDecodeError:
        raise ValueError("invalid UTF-8 string") from None


def _pack(value: Any, put: Put, default: Default | None, depth: int, defaults: int) -> None:
    _PACKERS.get(cast("type[Any]", type(value)), _put_other)(value, put, default, depth, defaults)


def _put_map(value: dict[Any, Any], put: Put, default: Default | None, depth: int, _defaults: int) -> None:
    if depth >= _DEEPEST_PACKED:
        raise TypeError(_TOO_DEEP)
    put(_sized(len(value), 0x80, 15, 0, 0xDE))
    for key, item in value.items():
        if type(key) is not str:
            raise TypeError("Dict key must be str")
        _put_text(key, put)
        _pack(item, put, default, depth + 1, 0)


def _put_array(value: list[Any], put: Put, default: Default | None, depth: int, _defaults: int) -> None:
    if depth >= _DEEPEST_PACKED:
        raise TypeError(_TOO_DEEP)
    put(_sized(len(value), 0x90, 15, 0, 0xDC))
    for item in value:
        _pack(item, put, default, depth + 1, 0)


def _put_text(text: str, put: Put, *_: Any) -> None:
    try:
        data = text.encode("utf-8")
    except UnicodeEncodeError:
        raise TypeError("string contains surrogates") from None
    put(_sized(len(data), 0xA0, 31, 0xD9, 0xDA))
    put(data)


def _put_float(value: float, put: Put, *_: Any) -> None:
    put(_Bd.pack(0xCB, value))


def _put_constant(value: bool | None, put: Put, *_: Any) -> None:
    put(b"\xc0" if value is None else b"\xc3" if value else b"\xc2")


def _put_bytes(value: bytes | bytearray | memoryview, put: Put, *_: Any) -> None:
    if isinstance(value, memoryview) and not value.contiguous:
        raise TypeError("Failed to get buffer from memoryview")
    data = bytes(value)
    put(_sized(len(data), 0, -1, 0xC4, 0xC5))
    put(data)


def _put_extension(value: Ext, put: Put, *_: Any) -> None:
    if not 0 <= value.tag <= 127:
        raise TypeError("Extension type out of range")
    size = len(value.data)
    fixed = _FIXEXT.get(size)
    put(_B.pack(fixed) if fixed is not None else _sized(size, 0, -1, 0xC7, 0xC8))
    put(_B.pack(value.tag))
    put(value.data)


def _put_integer(value: int, put: Put, default: Default | None, depth: int, defaults: int) -> None:
    if -32 <= value < 128:
        put(_B.pack(value & 0xFF))
    elif value >= 0:
        if value < 1 << 8:
            put(_BB.pack(0xCC, value))
        elif value < 1 << 16:
            put(_BH.pack(0xCD, value))
        elif value < 1 << 32:
            put(_BI.pack(0xCE, value))
        elif value < 1 << 64:
            put(_BQ.pack(0xCF, value))
        else:
            _put_replaced(value, put, default, depth, defaults)
    elif value >= -(1 << 7):
        put(_Bb.pack(0xD0, value))
    elif value >= -(1 << 15):
        put(_Bh.pack(0xD1, value))
    elif value >= -(1 << 31):
        put(_Bi.pack(0xD2, value))
    elif value >= -(1 << 63):
        put(_Bq.pack(0xD3, value))
    else:
        _put_replaced(value, put, default, depth, defaults)


def _put_other(value: Any, put: Put, default: Default | None, depth: int, defaults: int) -> None:
    if isinstance(value, enum.Enum):
        _pack(value.value, put, default, depth, defaults)
    else:
        _put_replaced(value, put, default, depth, defaults)


def _put_replaced(value: Any, put: Put, default: Default | None, depth: int, defaults: int) -> None:
    if default is None:
        raise TypeError(f"Type is not msgpack serializable: {type(value).__name__}")
    if defaults >= _MOST_DEFAULTS:
        raise TypeError("Recursion limit for default hook reached")
    try:
        replaced = default(value)
    except Exception as error:
        raise TypeError(f"Type is not msgpack serializable: {type(value).__name__}") from error
    _pack(replaced, put, default, depth, defaults + 1)


_PACKERS: dict[type[Any], Callable[..., None]] = {
    str: _put_text,
    int: _put_integer,
    dict: _put_map,
    list: _put_array,
    float: _put_float,
    bool: _put_constant,
    type(None): _put_constant,
    bytes: _put_bytes,
    bytearray: _put_bytes,
    memoryview: _put_bytes,
    Ext: _put_extension,
}


def _sized(size: int, fix: int, fix_most: int, byte: int, short: int) -> bytes:
    """A head with a size: in itself (up to `fix_most`), in one byte more (`byte`), in two (`short`) or four (`short` + 1)."""
    if size <= fix_most:
        return _B.pack(fix | size)
    if byte and size < 1 << 8:
        return _BB.pack(byte, size)
    if size < 1 << 16:
        return _BH.pack(short, size)
    if size < 1 << 32:
        return _BI.pack(short + 1, size)
    raise TypeError("too large for MessagePack")


class _Reader:
    """Reads one value from a view, front to back."""

    __slots__ = ("_at", "_hook", "_view")

    def __init__(self, view: memoryview, hook: Callable[[int, bytes], Any] | None) -> None:
        self._view = view
        self._hook = hook
        self._at = 0

    def read(self, depth: int) -> Any:
        """The next value."""
        code = self._view[self._at]
        self._at += 1
        if code < 0x80:
            return code
        if code < 0x90:
            return self.map(code & 15, depth)
        if code < 0xA0:
            return self.array(code & 15, depth)
        if code < 0xC0:
            return self.text(code & 31)
        if code >= 0xE0:
            return code - 256
        reader = _READERS.get(code)
        if reader is None:
            raise ValueError("invalid type Reserved")
        return reader(self, depth)

    def number(self, form: struct.Struct) -> Any:
        """A number of a fixed width."""
        (value,) = form.unpack_from(self._view, self._at)
        self._at += form.size
        return value

    def data(self, size: int) -> bytes:
        """That many bytes."""
        found = bytes(self._view[self._at : self._at + size])
        if len(found) < size:
            raise IndexError
        self._at += size
        return found

    def text(self, size: int) -> str:
        """Text of that many bytes."""
        return self.data(size).decode("utf-8")

    def array(self, size: int, depth: int) -> list[Any]:
        """That many values."""
        if depth >= _DEEPEST_UNPACKED:
            raise ValueError(_TOO_DEEP)
        found: list[Any] = []
        for _ in range(size):
            found.append(self.read(depth + 1))  # noqa: PERF401 - a comprehension would take another frame of the stack
        return found

    def map(self, size: int, depth: int) -> dict[str, Any]:
        """That many keys and values."""
        if depth >= _DEEPEST_UNPACKED:
            raise ValueError(_TOO_DEEP)
        found: dict[str, Any] = {}
        for _ in range(size):
            key = self.read(depth + 1)
            if type(key) is not str:
                raise ValueError("a map's key is not text")
            found[key] = self.read(depth + 1)
        return found

    def ext(self, size: int) -> Any:
        """An extension with that many bytes of data."""
        tag = self.number(_SIGNED)
        data = self.data(size)
        if self._hook is None:
            raise ValueError("ext_hook missing")
        return self._hook(tag, data)


def _by_code() -> dict[int, Callable[[_Reader, int], Any]]:
    """How to go on after each of the codes 0xc0 to 0xdf."""
    readers: dict[int, Callable[[_Reader, int], Any]] = {
        0xC0: lambda _, __: None,
        0xC2: lambda _, __: False,
        0xC3: lambda _, __: True,
    }
    for code, number in enumerate((_F, _D, _B, _H, _I, _Q, _SIGNED, _SH, _SI, _SQ), 0xCA):
        readers[code] = lambda reader, _, number=number: reader.number(number)
    for offset, size in enumerate((_B, _H, _I)):
        readers[0xC4 + offset] = lambda reader, _, size=size: reader.data(reader.number(size))
        readers[0xC7 + offset] = lambda reader, _, size=size: reader.ext(reader.number(size))
        readers[0xD9 + offset] = lambda reader, _, size=size: reader.text(reader.number(size))
    for fixed, code in _FIXEXT.items():
        readers[code] = lambda reader, _, fixed=fixed: reader.ext(fixed)
    for offset, size in enumerate((_H, _I)):
        readers[0xDC + offset] = lambda reader, depth, size=size: reader.array(reader.number(size), depth)
        readers[0xDE + offset] = lambda reader, depth, size=size: reader.map(reader.number(size), depth)
    return readers


_READERS = _by_code()
