"""read_csv: the rows of tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from .. import values
from ..body import Body as Base
from ..body import Chunk
from ..errors import Failure
from .csv_records import CsvRecords
from .csv_table import Bad, CsvTable, skip_header
from .found_files import files_of_run

_MAX_ROWS = 4_000
_MAX_BYTES = 900_000
_FIRST_ROWS = 500


class Body(Base):
    """State: `files`, those of this run; `at`: [file, place in it, owed].

    Rows go out in pieces: first the good rows of a piece, then the bad ones. `owed` is how many records the piece behind the
    place has, if its good rows are out already.
    """

    fresh = True

    def produce(self) -> Iterator[Chunk | None]:
        """Every row of every file."""
        state = self.ctx.state
        files = files_of_run(self.ctx, self.config["path"])
        first, place, owed = state.get("at") or (0, None, 0)
        for index in range(first, len(files)):
            yield from self._file(index, files[index], place, owed)
            place, owed = None, 0
        # A schedule may run the source again: then from the start.
        state["files"] = state["at"] = None

    def _file(self, index: int, path: str, place: list[Any] | None, owed: int) -> Iterator[Chunk | None]:
        table = CsvTable(path, self.config)
        records = CsvRecords(path, dict(self.config), place)
        try:
            if place is None and self.config["header"]:
                skip_header(records)
            size = owed or _FIRST_ROWS
            while not records.ended:
                if not records.ready():
                    yield None
                    continue
                for chunk in self._piece(index, table, records, size, good_too=not owed):
                    yield chunk
                    size = _fitting(chunk)
                owed = 0
        finally:
            records.close()
        if records.failure is not None:
            raise records.failure

    def _piece(self, index: int, table: CsvTable, records: CsvRecords, size: int, *, good_too: bool) -> Iterator[Chunk]:
        before, number = records.place(), records.number
        piece = records.take(size)
        numbers = records.numbers(piece, number)
        at, contents, bad = table.sort(piece)
        after = [index, records.place(), 0]
        if contents and good_too:
            self.ctx.state["at"] = [index, before, len(piece)] if bad else after
            attributes = [self._origin(records.path, numbers[each]) for each in at] if self.config["attributes"] else None
            yield Chunk(contents, attributes)
        if bad:
            self.ctx.state["at"] = after
            yield self._failed(bad, records.path, numbers)

    def _failed(self, bad: list[Bad], path: str, numbers: Sequence[int]) -> Chunk:
        attributes: list[dict[str, str] | None] = []
        for at, _, reason in bad:
            failure = Failure("BadRow", f"'{path}', line {numbers[at]:,}: {reason}")
            attributes.append({**self._origin(path, numbers[at]), **failure.attributes(self.ctx.step)})
        return Chunk([content for _, content, _ in bad], attributes, port="failure")

    def _origin(self, path: str, number: int) -> dict[str, str]:
        return {"path": path, "line": str(number)}


def _fitting(chunk: Chunk) -> int:
    """How many rows like these make a batch of a bearable size."""
    return max(1, min(_MAX_ROWS, _MAX_BYTES // (1 + len(values.pack(chunk.contents[0])))))
