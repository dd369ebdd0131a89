"""History as the ledger keeps it: MessagePack of entries by number, in pieces of 256 processors or 256 connections at most.

A minute in which nothing changed in a piece has none of it. A piece of connections names all of them that moved or hold
something: one that is not named is empty.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import msgspec
from msgspec import Struct

from engine.ledger.base import HistoryEntry, Ledger
from engine.runtime.series import Entries, Entry, Minute, Parts, Rows, Table, coarser, handy_step

MINUTE_MS = 60_000
_PARTS = 256
_READ_AT_ONCE = 1440
"""Pieces read in one go: nobody else can ask the ledger meanwhile."""
_unpack = msgspec.msgpack.Decoder(dict[int, Entry]).decode


class Span(Struct, frozen=True):
    """Time that is asked about, in whole minutes; `every_s` 0: whatever gives a handy number of rows."""

    since_ms: int
    until_ms: int
    every_s: int = 0


class Piece(Struct, frozen=True):
    """A piece as it was read."""

    number: int
    time_ms: int
    data: bytes


def pieces_of(parts: Parts) -> list[int]:
    """Where parts are."""
    return sorted({*map(_step_piece, parts.steps), *map(_link_piece, parts.links)})


def _step_piece(number: int) -> int:
    return number // _PARTS * 2


def _link_piece(number: int) -> int:
    return number // _PARTS * 2 + 1


def packed(deployment: int, minutes: Iterable[Minute]) -> Iterator[HistoryEntry]:
    """Minutes for the ledger."""
    for minute in minutes:
        pieces: dict[int, dict[int, Entry]] = {}
        for number, entry in minute.entries.steps.items():
            pieces.setdefault(_step_piece(number), {})[number] = entry
        for number, entry in minute.entries.links.items():
            pieces.setdefault(_link_piece(number), {})[number] = entry
        for number, waiting in minute.waiting.items():
            piece = pieces.get(_link_piece(number))
            if piece is not None:
                piece.setdefault(number, (0, 0, *waiting))
        for number, found in pieces.items():
            yield HistoryEntry(deployment, number, minute.time_ms, msgspec.msgpack.encode(found))


def stretches(parts: Parts, span: Span) -> list[tuple[int, int]]:
    """A span in stretches that are read one after the other."""
    length = max(1, _READ_AT_ONCE // max(1, len(pieces_of(parts)))) * MINUTE_MS
    return [(since, min(since + length, span.until_ms)) for since in range(span.since_ms, span.until_ms, length)]


def read(ledger: Ledger, deployment: int, pieces: Sequence[int], since_ms: int, until_ms: int) -> list[Piece]:
    """Everything in a stretch, in the order of time."""
    found = [
        Piece(piece, time_ms, data)
        for piece in pieces
        for time_ms, data in ledger.history(deployment, piece, since_ms, until_ms)
    ]
    return sorted(found, key=lambda piece: piece.time_ms)


def read_before(ledger: Ledger, deployment: int, pieces: Sequence[int], before_ms: int) -> list[Piece]:
    """The last of each piece before a time."""
    found = ((piece, ledger.history_before(deployment, piece, before_ms)) for piece in pieces)
    return [Piece(piece, *entry) for piece, entry in found if entry is not None]


class Assembly:
    """A table made of pieces and of minutes that are not in the ledger yet, which come in the order of time."""

    def __init__(self, parts: Parts, span: Span, before: Iterable[Piece]) -> None:
        self._rows = Rows(parts, MINUTE_MS)
        self._columns = parts.columns
        self._span = span
        self._held: dict[int, set[int]] = {}
        """The queues that hold something, by piece."""
        self._is_known = False
        """Whether anything is known from before."""
        for piece in before:
            self._is_known = True
            self._rows.begin({number: entry[2:] for number, entry in self._entries(piece).links.items()})

    def add(self, pieces: Iterable[Piece]) -> None:
        """What was read."""
        for piece in pieces:
            self._rows.add(piece.time_ms, self._entries(piece))

    def add_minutes(self, minutes: Iterable[Minute]) -> None:
        """What is not in the ledger yet."""
        for minute in minutes:
            if minute.time_ms >= self._span.until_ms:
                continue
            was = {number for held in self._held.values() for number in held}
            stands = {number: minute.waiting.get(number, (0, 0)) for number in was | minute.waiting.keys()}
            self._held = {0: set(minute.waiting)}  # of all pieces: none is read after these
            if minute.time_ms < self._span.since_ms:
                self._rows.begin(stands)
                self._is_known = True
            else:
                links: dict[int, Entry] = {number: (0, 0, *entry) for number, entry in stands.items() if number in was}
                self._rows.add(minute.time_ms, Entries(minute.entries.steps, links | minute.entries.links))

    def _entries(self, piece: Piece) -> Entries:
        entries = _unpack(piece.data)
        if piece.number % 2 == 0:
            return Entries(steps=entries)
        for number in self._held.get(piece.number, set()) - entries.keys():
            entries[number] = (0, 0, 0, 0)
        self._held[piece.number] = {number for number, entry in entries.items() if entry[2] or entry[3]}
        return Entries(links=entries)

    def table(self) -> Table:
        """The rows, from the beginning of the span or of what is known."""
        span, first_ms = self._span, self._rows.first_ms
        if first_ms is None and not self._is_known:
            return Table(span.every_s or MINUTE_MS // 1000, span.until_ms, self._columns, [])
        since_ms = span.since_ms if self._is_known or first_ms is None else max(span.since_ms, first_ms)
        table = self._rows.table(since_ms, span.until_ms)
        return coarser(table, span.every_s or handy_step((span.until_ms - since_ms) / 1000))


def table_of(ledger: Ledger, deployment: int, parts: Parts, span: Span) -> Table:
    """What a ledger that nobody writes to knows of parts."""
    pieces = pieces_of(parts)
    assembly = Assembly(parts, span, read_before(ledger, deployment, pieces, span.since_ms))
    for since_ms, until_ms in stretches(parts, span):
        assembly.add(read(ledger, deployment, pieces, since_ms, until_ms))
    return assembly.table()
