"""The records of CSV files, in pieces that a restart finds again.

A record may be many lines, so places are counted in lines: those that the reader has taken by the end of a record. As when
reading lines, only where a block begins is known in bytes.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple

from ..errors import Failure
from .line_text import LineText, NotText
from .read_ahead import ReadAhead

_MAX_FIELD = 1 << 20
_WAIT_S = 0.05


class Broken(NamedTuple):
    """A record that could not be read: why, the line where that was noticed, and its number."""

    reason: str
    line: str
    number: int


class _Block(NamedTuple):
    """Lines that begin at byte `start`; `first` counts those since reading began."""

    first: int
    start: int
    lines: list[str]


Record = list[Any] | Broken


class CsvRecords:
    """One file's records. `saved` is a place that `place()` gave."""

    def __init__(self, path: str, config: dict[str, Any], saved: list[Any] | None = None) -> None:
        start, skip, number, encoding = saved or (0, 0, 0, config["encoding"])
        self.path = path
        self.failure: Failure | None = None
        """Why there are no more records, if that is not because the file ends."""
        self.ended = False
        self._text = LineText(path, encoding, config["errors"])
        self._ahead = ReadAhead(path, start)
        self._start: int = start
        self._skip: int = skip
        self._number: int = number
        self._waiting: bytes | None = None
        self._blocks: list[_Block] = []
        self._loaded = 0
        csv.field_size_limit(_MAX_FIELD)
        self._reader = csv.reader(self._lines(), delimiter=config["delimiter"], quotechar=config["quotechar"], strict=True)

    def close(self) -> None:
        """No more is wanted."""
        self._ahead.close()

    def ready(self) -> bool:
        """Whether the next records are there; waits for a moment."""
        if self._waiting is None and not self.ended:
            try:
                self._waiting = self._ahead.next(_WAIT_S)
            except Failure as failure:
                self.failure = failure
                self._waiting = b""
        return self._waiting is not None or self.ended

    def place(self) -> list[Any]:
        """Where the last record given out ends: [byte where a block begins, lines after it, line number, encoding]."""
        done = self._skip + self._reader.line_num
        while len(self._blocks) > 1 and self._blocks[1].first <= done:
            del self._blocks[0]
        if not self._blocks:
            return [self._start, self._skip, self._number, self._text.encoding]
        block = self._blocks[0]
        return [block.start, done - block.first, self.number, self._text.encoding]

    @property
    def number(self) -> int:
        """How many lines of the file are done."""
        return self._number + self._reader.line_num

    def take(self, n: int) -> list[Record]:
        """The next records, `n` of them unless the file ends (`ended`) or fails (`failure`)."""
        records: list[Record] = []
        while len(records) < n and not self.ended:
            try:
                records.extend(islice(self._reader, n - len(records)))
                self.ended = len(records) < n
            except csv.Error as error:
                records.append(Broken(str(error), self._last_line(), self.number))
            except Failure as failure:
                self.failure = failure
                self.ended = True
        return records

    def numbers(self, records: list[Record], before: int) -> Sequence[int]:
        """The number of the last line of each record; `before` lines were done before them."""
        if self.number - before == len(records):
            return range(before + 1, self.number + 1)
        numbers: list[int] = []
        for record in records:
            before = record.number if isinstance(record, Broken) else before + 1 + sum(cell.count("\n") for cell in record)
            numbers.append(before)
        return numbers

    def _last_line(self) -> str:
        done = self._skip + self._reader.line_num - 1
        return next((block.lines[done - block.first] for block in reversed(self._blocks) if block.first <= done), "")

    def _lines(self) -> Iterator[str]:
        skip = self._skip
        while (lines := self._next_block()) is not None:
            if skip < len(lines):
                yield from lines[skip:] if skip else lines
            skip = max(0, skip - len(lines))

    def _next_block(self) -> list[str] | None:
        while True:
            if self.failure is not None:
                raise self.failure
            while not self.ready():
                pass
            block, self._waiting = self._waiting, None
            if not block:
                self._waiting = b""
                return self._cut(self._text.rest()) if self.failure is None else None
            if self._start == 0 and not self._loaded:
                mark = self._text.begin(block)
                block, self._start = block[mark:], mark
            lines = self._cut(self._text.push(block))
            if lines is not None:
                return lines

    def _cut(self, whole: bytes) -> list[str] | None:
        if not whole:
            return None
        try:
            text = self._text.decode(whole)
        except NotText as error:
            text = self._text.decode(whole[: error.sound])
            number = self._number + self._loaded - self._skip + text.count("\n") + 1
            self.failure = Failure(
                "UnicodeDecodeError",
                f"'{self.path}', line {number:,}: is not {self._text.encoding} ({error.reason}); "
                "set `encoding`, or `errors: replace`",
            )
        lines = [line + "\n" for line in text.split("\n")]
        lines[-1] = lines[-1][:-1]
        if not lines[-1]:
            lines.pop()
        self._blocks.append(_Block(self._loaded, self._start, lines))
        self._loaded += len(lines)
        self._start += len(whole)
        return lines
