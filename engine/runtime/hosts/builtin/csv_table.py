"""What the rows of a CSV file become: its columns, their types, and which rows are good."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from ..errors import Failure
from .csv_records import Broken, CsvRecords, Record
from .typed_columns import BadCell, Converter, infer

_INFER_ROWS = 1_000

Bad = tuple[int, Any, str]
"""Which of the records, what is kept of it, why it is bad."""


class CsvTable:
    """Columns and types of a file, from the config and the file's first rows; the same whenever it is asked."""

    def __init__(self, path: str, config: Mapping[str, Any]) -> None:
        self._path = path
        names: list[str] = list(config["columns"])
        types: Mapping[str, str] = config["types"]
        first: list[list[Any]] = []
        if config["header"] or config["infer"]:
            header, first = self._look(config)
            names = names or header
        self.names = names
        self._check(types)
        inferred = infer(first, len(names) or max(map(len, first), default=0)) if config["infer"] else []
        width = max(len(names), len(inferred), *(int(name) for name in types if name.isdecimal()), 0)
        shown = names or [str(number) for number in range(1, width + 1)]
        kinds = [types.get(name, inferred[at] if at < len(inferred) else "text") for at, name in enumerate(shown)]
        self._converter = Converter(kinds, shown)
        self._typed = any(kind != "text" for kind in kinds)

    def _look(self, config: Mapping[str, Any]) -> tuple[list[str], list[list[Any]]]:
        """The header, if there is to be one, and the first rows."""
        records = CsvRecords(self._path, dict(config))
        try:
            header = self._header(skip_header(records)) if config["header"] else []
            rows = records.take(_INFER_ROWS) if config["infer"] else []
        finally:
            records.close()
        return header, [row for row in rows if isinstance(row, list) and row]

    def _header(self, record: Record | None) -> list[str]:
        if isinstance(record, Broken):
            raise Failure("BadHeader", f"the header of '{self._path}' cannot be read: {record.reason}; check `delimiter`")
        names = [name.strip() or f"column_{number}" for number, name in enumerate(record or [], 1)]
        for name, following in pairwise(sorted(names)):
            if name == following:
                reason = f"the header of '{self._path}' has two columns '{name}'; give other names in `columns`"
                raise Failure("BadHeader", reason)
        return names

    def _check(self, types: Mapping[str, str]) -> None:
        unknown = [name for name in types if self.names and name not in self.names]
        unknown = unknown or [name for name in types if not self.names and not name.isdecimal()]
        if unknown:
            known = ", ".join(self.names) or "1, 2, 3 ... as it has no header"
            raise Failure("UnknownColumn", f"`types` names '{unknown[0]}', but the columns of '{self._path}' are {known}")

    def sort(self, records: list[Record]) -> tuple[list[int], list[Any], list[Bad]]:
        """Which records are good, what they become, and the bad ones; blank lines are neither."""
        index: list[int] = []
        rows: list[list[Any]] = []
        bad: list[Bad] = []
        width = len(self.names)
        for at, record in enumerate(records):
            if isinstance(record, Broken):
                bad.append((at, record.line.rstrip("\r\n"), record.reason))
            elif width and len(record) != width:
                if record:
                    bad.append((at, record, f"there are {len(record)} cells for {width} columns"))
            elif record:
                index.append(at)
                rows.append(record)
        if self._typed:
            index, rows = self._convert(index, rows, bad)
        names = self.names
        return index, [dict(zip(names, row, strict=True)) for row in rows] if names else rows, bad

    def _convert(self, index: list[int], rows: list[list[Any]], bad: list[Bad]) -> tuple[list[int], list[list[Any]]]:
        kept_index: list[int] = []
        kept: list[list[Any]] = []
        for at, row in zip(index, rows, strict=True):
            try:
                kept.append(self._converter.convert(row))
                kept_index.append(at)
            except BadCell as error:
                bad.append((at, row, str(error)))
        bad.sort(key=lambda each: each[0])
        return kept_index, kept


def skip_header(records: CsvRecords) -> Record | None:
    """Take the first record that is no blank line."""
    while record := records.take(1):
        if record[0]:
            return record[0]
    return None
