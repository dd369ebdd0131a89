"""Publication, what one publisher has said of a flow: what is to be said next, and what somebody who comes late must know.

A message tells whole parts that changed, as columns, and parts by number; the names of parts that are new come with it. A whole
message tells everything. Messages are numbered, so that a listener knows whether it has missed one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import msgspec
from msgspec import Raw, Struct

from engine.bus.base import Event
from engine.bus.columns import Columns, Rows, pack, rows_of

_DELTAS = 64
"""Messages that are kept after a whole one: whoever comes late has to read them all."""
_encoder = msgspec.msgpack.Encoder(enc_hook=repr)


class TableNews(Struct, array_like=True):
    """Parts of a table that changed: `names` of those nobody has heard of yet, numbers of all of them (None: every part)."""

    names: list[str]
    rows: list[int] | None
    columns: Raw


class FlowNews(Struct, array_like=True):
    """What is different in a flow; what is `whole` replaces all that its publisher has said before."""

    publisher: str
    number: int
    at_ms: int
    tables: dict[str, TableNews]
    facts: dict[str, Any]
    whole: bool


class Fact(Struct, array_like=True):
    """A state, or a line of a log. `number` counts what the publisher said on the same channel."""

    publisher: str
    number: int
    at_ms: int
    data: dict[str, Any]


class Issue(Struct, frozen=True):
    """A message to be sent, and `base`, a whole one to be kept in place of all that were kept (None: keep the message, too)."""

    number: int
    message: bytes
    base: bytes | None


def encoded(message: FlowNews | Fact) -> bytes:
    """A message as bytes. What is no plain value is told by its representation: an event never fails for what it holds."""
    return _encoder.encode(message)


class _Table:
    """The newest values of every part, and which of them are to be said."""

    def __init__(self) -> None:
        self._rows: dict[str, Mapping[str, Any]] = {}
        self._numbers: dict[str, int] = {}
        self._changed: dict[str, Mapping[str, Any]] = {}
        self._told = 0
        self._all: Raw | None = None
        """The columns of all parts, if those were packed last."""

    def __bool__(self) -> bool:
        return bool(self._changed)

    def update(self, values: Rows) -> None:
        rows = rows_of(values) if isinstance(values, Columns) else values
        if not rows.keys() <= self._numbers.keys():
            for name in rows:
                self._numbers.setdefault(name, len(self._numbers))
        self._rows.update(rows)
        self._changed.update(rows)
        self._all = None

    def take(self) -> TableNews:
        """What changed."""
        if len(self._changed) == len(self._rows):
            return self.whole(self._told)
        changed, self._changed = self._changed, {}
        rows = [self._numbers[name] for name in changed]
        news = TableNews(self._new(self._told), rows, _columns(list(changed.values())))
        self._told = len(self._rows)
        return news

    def whole(self, told: int = 0) -> TableNews:
        """Everything, for listeners who know the names of so many parts."""
        if self._all is None:
            self._all = _columns([self._rows[name] for name in self._numbers])
        self._changed = {}
        self._told = len(self._rows)
        return TableNews(self._new(told), None, self._all)

    def _new(self, told: int) -> list[str]:
        return list(self._numbers)[told:] if told < len(self._numbers) else []


class Publication:
    """Takes a publisher's events of one flow, keeps the newest values of each part, and issues messages of what changed."""

    def __init__(self, publisher: str) -> None:
        self._publisher = publisher
        self._tables: dict[str, _Table] = {}
        self._facts: dict[str, Any] = {}
        self._at_ms = 0
        self._number = 0
        self._is_new = True
        self._base_bytes = 0
        self._kept_bytes = 0
        self._kept = 0

    @property
    def has_news(self) -> bool:
        """Whether there is anything to be said."""
        return self._is_new or any(self._tables.values())

    def renew(self) -> None:
        """Say everything anew: the server may have forgotten it."""
        self._is_new = True

    def note(self, event: Event) -> None:
        """Take in a `stats`, `snapshot` or `state` event. A snapshot voids what was said before."""
        if event.kind == "snapshot":
            self._tables, self._facts, self._is_new = {}, {}, True
        self._at_ms = event.at_ms
        for key, value in event.data.items():
            if isinstance(value, Mapping):
                self._tables.setdefault(key, _Table()).update(cast("Rows", value))
            else:
                self._facts[key] = value

    def take(self) -> Issue:
        """The next message."""
        self._number += 1
        if self._is_new:
            self._is_new = False
            message = self._whole()
            return Issue(self._number, message, message)
        tables = {key: table.take() for key, table in self._tables.items() if table}
        message = encoded(FlowNews(self._publisher, self._number, self._at_ms, tables, {}, whole=False))
        self._kept += 1
        self._kept_bytes += len(message)
        # Kept messages never take more room than what they change, so that to keep them costs the server no more than that.
        is_base_due = self._kept_bytes > self._base_bytes or self._kept > _DELTAS
        return Issue(self._number, message, self._whole() if is_base_due else None)

    def _whole(self) -> bytes:
        tables = {key: table.whole() for key, table in self._tables.items()}
        message = encoded(FlowNews(self._publisher, self._number, self._at_ms, tables, self._facts, whole=True))
        self._base_bytes, self._kept_bytes, self._kept = len(message), 0, 0
        return message


def _columns(rows: list[Mapping[str, Any]]) -> Raw:
    return Raw(_encoder.encode(pack(rows)))
