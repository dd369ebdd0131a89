"""Picture, what one publisher has said of a flow, as a listener knows it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from engine.bus.columns import Columns, Packed, rows_of
from engine.bus.publication import FlowNews, TableNews

_columns = msgspec.msgpack.Decoder(dict[str, Any])
news_of = msgspec.msgpack.Decoder(FlowNews).decode


class Gap(Exception):
    """A message is missing between this one and what is known: read again what is kept of the flow."""


class _Table:
    """The newest values of every part."""

    def __init__(self) -> None:
        self._names: list[str] = []
        self._columns: dict[str, list[Any]] = {}
        self._are_lent = False
        """Whether somebody was given these very columns, so that they are to stay as they are."""

    def take(self, news: TableNews) -> Columns:
        """Take in what changed; returns just that."""
        if news.names:
            self._names = self._names + news.names  # not in place: those that were handed out stay as they are
        packed: Packed = _columns.decode(news.columns)
        if news.rows is None:
            told = Columns.unpacked(self._names, packed)
            self._columns, self._are_lent = dict(told.columns), True
        else:
            told = Columns.unpacked([self._names[row] for row in news.rows], packed)
            self._put(news.rows, told.columns)
        return told

    def _put(self, rows: list[int], columns: dict[str, list[Any]]) -> None:
        count = len(self._names)
        if self._are_lent:
            self._columns, self._are_lent = {field: list(column) for field, column in self._columns.items()}, False
        for field in self._columns.keys() | columns.keys():
            known = self._columns.setdefault(field, [])
            known.extend([None] * (count - len(known)))
            values = columns.get(field)
            for place, row in enumerate(rows):
                known[row] = values[place] if values is not None else None

    def all(self) -> Columns:
        self._are_lent = True
        return Columns(self._names, dict(self._columns))


class Picture:
    """Takes a publisher's messages of one flow in their order."""

    def __init__(self) -> None:
        self.number = 0
        self.at_ms = 0
        self.facts: dict[str, Any] = {}
        self.facts_at_ms = 0
        self.tables: dict[str, _Table] = {}

    def take_state(self, data: dict[str, Any], at_ms: int) -> None:
        """Take in a state, which comes by itself."""
        self.facts, self.facts_at_ms = {**self.facts, **data}, at_ms

    def take(self, news: FlowNews) -> dict[str, Any] | None:
        """Take a message in; returns what changed, None if that is known already.

        Raises:
            Gap: there were others before it that never came.
        """
        if news.number <= self.number:
            return None
        if news.whole:
            self.facts, self.facts_at_ms, self.tables = dict(news.facts), news.at_ms, {}
        elif news.number != self.number + 1:
            raise Gap
        self.number, self.at_ms = news.number, news.at_ms
        return {key: self.tables.setdefault(key, _Table()).take(table) for key, table in news.tables.items()}


def standing(pictures: Iterable[Picture]) -> dict[str, Any]:
    """How a flow stands, after all that its publishers have said: of what several have told, whoever spoke last is right."""
    known = list(pictures)
    found: dict[str, Any] = {}
    for picture in sorted(known, key=lambda picture: picture.facts_at_ms):
        found.update(picture.facts)
    for picture in sorted(known, key=lambda picture: picture.at_ms):
        for key, table in picture.tables.items():
            found[key] = _merged(found[key], table.all()) if key in found else table.all()
    return found


def _merged(before: Columns | dict[str, Any], after: Columns) -> dict[str, Any]:
    known = rows_of(before) if isinstance(before, Columns) else before
    return {**known, **rows_of(after)}
