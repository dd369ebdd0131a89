"""Messages to the rows of a CSV file."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping, Sequence
from typing import Any, cast

from ..errors import Failure
from .json_text import to_json

_PLAIN = frozenset({str, int, type(None)})
"""Types of cells that the csv module writes as they should be."""


class CsvRows:
    """Turns contents into text. Without columns of its own it takes the keys of the first dict."""

    def __init__(self, config: Mapping[str, Any], columns: list[str]) -> None:
        self.columns = columns
        self._known = frozenset(columns)
        self._strict = config["missing"] == "fail"
        self._ignores = config["extra"] == "ignore"
        self._text = io.StringIO()
        self._writer = csv.writer(self._text, delimiter=config["delimiter"], quotechar=config["quotechar"], lineterminator="\n")

    def settle(self, contents: Sequence[Any]) -> None:
        """Find the columns, if there are none yet."""
        if not self.columns:
            tables = cast("list[dict[Any, Any]]", [content for content in contents if isinstance(content, dict)])
            self.columns = [str(key) for key in tables[0]] if tables else []
            self._known = frozenset(self.columns)

    def header(self) -> str:
        """The names of the columns as a row."""
        return self._written([self.columns]) if self.columns else ""

    def rows(self, contents: list[Any]) -> tuple[str, dict[int, Failure]]:
        """The rows as text, and the failures of those contents that are none."""
        rows: list[list[Any]] = []
        failures: dict[int, Failure] = {}
        for row, content in enumerate(contents):
            try:
                cells = self._cells(content)
                if not _PLAIN.issuperset(map(type, cells)):
                    cells = [cell if type(cell) in _PLAIN else _cell(cell) for cell in cells]
                rows.append(cells)
            except (Failure, TypeError, ValueError) as error:
                failures[row] = error if isinstance(error, Failure) else _failure(str(error))
        return self._written(rows), failures

    def _cells(self, content: Any) -> list[Any]:
        if isinstance(content, dict):
            mapping = cast("dict[Any, Any]", content)
            if not self._ignores and not self._known.issuperset(mapping):
                others = ", ".join(str(key) for key in mapping if key not in self._known)
                raise _failure(f"there is no column for {others}; add it to `columns`, or set `extra: ignore`")
            if self._strict and len(mapping) < len(self.columns):
                absent = ", ".join(name for name in self.columns if name not in mapping)
                raise _failure(f"the message has no {absent}; set `missing: empty` to leave such cells empty")
            get = mapping.get
            return [get(name) for name in self.columns]
        if isinstance(content, (list, tuple)):
            cells = list(cast("list[Any]", content))
            if self.columns and len(cells) != len(self.columns):
                raise _failure(f"the message has {len(cells)} cells for {len(self.columns)} columns")
            return cells
        raise _failure(f"a row is made of a dict or a list, not of {type(content).__name__}")

    def _written(self, rows: list[list[Any]]) -> str:
        self._text.seek(0)
        self._text.truncate()
        self._writer.writerows(rows)
        return self._text.getvalue()


def _cell(value: Any) -> Any:
    """A cell's text: as in JSON, without the quotes around a text."""
    if isinstance(value, str):
        return str(value)
    if isinstance(value, float) and not math.isfinite(value):
        return None
    text = to_json(value).decode()
    return text[1:-1] if text.startswith('"') else text


def _failure(reason: str) -> Failure:
    return Failure("BadRow", reason, retry=False)
