"""Texts of table cells to values: by the types that the user gives, or by what the first rows look like.

An empty cell of a column that is not text is None.
"""

from __future__ import annotations

import datetime as dt
import decimal
import re
from collections.abc import Callable, Sequence
from typing import Any

_TRUE = frozenset({"true", "yes", "1"})
_FALSE = frozenset({"false", "no", "0"})
_LEADING_ZERO = re.compile(r"[+-]?0\d")

Convert = Callable[[str], Any]


def _bool(text: str) -> bool:
    lowered = text.strip().lower()
    if lowered in _TRUE:
        return True
    if lowered in _FALSE:
        return False
    raise ValueError


def _decimal(text: str) -> decimal.Decimal:
    try:
        return decimal.Decimal(text)
    except decimal.InvalidOperation:
        raise ValueError from None


CONVERT: dict[str, Convert] = {
    "int": int,
    "float": float,
    "decimal": _decimal,
    "bool": _bool,
    "date": lambda text: dt.date.fromisoformat(text.strip()),
    "datetime": lambda text: dt.datetime.fromisoformat(text.strip()),
}
_INFERRED = ("int", "float", "bool", "date", "datetime")


def infer(rows: Sequence[Sequence[str]], width: int) -> list[str]:
    """For each column the narrowest type that fits every cell that is not empty; numbers with leading zeros are text."""
    types: list[str] = []
    for column in range(width):
        cells = [row[column] for row in rows if len(row) == width and row[column]]
        types.append(next((name for name in _INFERRED if cells and _fits(name, cells)), "text"))
    return types


def _fits(name: str, cells: Sequence[str]) -> bool:
    if name in ("int", "float") and any(_LEADING_ZERO.match(cell) or "_" in cell for cell in cells):
        return False
    try:
        for cell in cells:
            CONVERT[name](cell)
    except ValueError:
        return False
    return True


class BadCell(ValueError):
    """A cell that is not of its column's type."""


class Converter:
    """Turns the cells of rows into values. Columns are told by their place; `names` are for messages."""

    def __init__(self, types: Sequence[str], names: Sequence[str]) -> None:
        self._columns = [(at, CONVERT[name], name) for at, name in enumerate(types) if name != "text"]
        self._names = names

    def convert(self, row: list[Any]) -> list[Any]:
        """The row, converted; raises BadCell."""
        row = row.copy()
        for at, convert, kind in self._columns:
            text = row[at]
            try:
                row[at] = convert(text) if text else None
            except ValueError:
                raise BadCell(f"column '{self._names[at]}' holds '{text[:100]}', which is no {kind}") from None
        return row
