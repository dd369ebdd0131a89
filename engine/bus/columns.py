"""Values of many parts as columns: what ten thousand processors have to say costs little to pack, to send and to unpack.

Packed, a table of parts is `{field: column}`. A column is a list with a value for every part; one of a single value stands for
all of them; and of a field that holds a mapping (messages by port) it is a map of columns by key. What is nil is not there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import repeat
from operator import itemgetter
from typing import Any, TypeVar

from msgspec import NODEFAULT, Struct
from msgspec.structs import FieldInfo, fields

Packed = dict[str, Any]
"""A table of parts as it is sent: columns by field."""
Rows = Mapping[str, Mapping[str, Any]]
_S = TypeVar("_S", bound=Struct)


class Columns(Mapping[str, dict[str, Any]]):
    """Values by part, as a mapping like any other: `columns["parse"]["in"]`. Whoever takes all of a field takes its column.

    `names` are the parts. A column has as many values, None where a part has none.
    """

    def __init__(self, names: Sequence[str], columns: dict[str, list[Any]]) -> None:
        self.names = names
        self.columns = columns
        self._numbers: dict[str, int] | None = None

    @classmethod
    def unpacked(cls, names: Sequence[str], packed: Packed) -> Columns:
        """The parts of these names, made of what was packed."""
        return cls(names, {field: _unpacked(column, len(names)) for field, column in packed.items()})

    def __getitem__(self, name: str) -> dict[str, Any]:
        if self._numbers is None:
            self._numbers = {each: number for number, each in enumerate(self.names)}
        number = self._numbers[name]
        return {field: column[number] for field, column in self.columns.items() if column[number] is not None}

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)

    def structs(self, kind: type[_S]) -> dict[str, _S]:
        """Every part as a struct of this kind. Of ten times the speed of `msgspec.convert`, but it believes the types."""
        made = map(kind, *(self._values(field) for field in fields(kind)))
        return dict(zip(self.names, made, strict=True)) if self.names else {}

    def _values(self, field: FieldInfo) -> Any:
        column = self.columns.get(field.encode_name)
        if column is None:
            if (make := field.default_factory) is NODEFAULT:
                return repeat(field.default, len(self.names))
            return [make() for _ in self.names]
        if field.default is None or None not in column:
            return column
        return [_default(field) if value is None else value for value in column]


def pack(rows: Sequence[Mapping[str, Any]]) -> Packed:
    """Columns of the values of some parts."""
    if not rows:
        return {}
    try:
        found = _alike(rows)
    except KeyError:
        keys = dict.fromkeys(key for row in rows for key in row)
        found = {key: [row.get(key) for row in rows] for key in keys}
    return {key: _packed(column) for key, column in found.items()}


def _alike(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """Columns of parts with the same fields, as those of a kind have as a rule: at twice the speed. KeyError: they have not."""
    keys = rows[0].keys()
    found = {key: list(map(itemgetter(key), rows)) for key in keys}
    if max(map(len, rows)) > len(keys):
        raise KeyError
    return found


def rows_of(columns: Columns) -> dict[str, dict[str, Any]]:
    """The same as a plain dictionary, of which every part may be changed."""
    if not columns.columns:
        return {name: {} for name in columns.names}
    every = zip(columns.names, zip(*columns.columns.values(), strict=True), strict=True)
    keys = list(columns.columns)
    return {name: {key: value for key, value in zip(keys, row, strict=True) if value is not None} for name, row in every}


def plain(data: Mapping[str, Any]) -> dict[str, Any]:
    """What an event holds, as JSON can tell it: with columns as what they stand for."""
    return {key: rows_of(value) if isinstance(value, Columns) else value for key, value in data.items()}


def _packed(column: list[Any]) -> list[Any] | Packed:
    first, last = column[0], column[-1]
    if isinstance(first, Mapping) and all(issubclass(kind, Mapping) for kind in set(map(type, column))):
        return pack(column)
    return [first] if first == last and column.count(first) == len(column) else column


def _unpacked(column: list[Any] | Packed, count: int) -> list[Any]:
    if isinstance(column, list):
        return column if len(column) == count else column * count
    rows: list[dict[str, Any]] = [{} for _ in range(count)]
    for key, inner in column.items():
        for row, value in zip(rows, _unpacked(inner, count), strict=True):
            if value is not None:
                row[key] = value
    return rows


def _default(field: FieldInfo) -> Any:
    if field.default_factory is not NODEFAULT:
        return field.default_factory()
    return field.default
