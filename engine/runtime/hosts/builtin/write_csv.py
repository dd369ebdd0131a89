"""write_csv: one row a message."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from ..body import Body as Base
from ..body import BodyContext
from ..errors import Failure
from ..rows import Rows
from ..stage import Delivery
from .csv_rows import CsvRows
from .file_sink import FileSink


class Body(Base):
    """State beside the sink's: `columns`, once they are known."""

    fresh = True

    def __init__(self, config: Mapping[str, Any], ctx: BodyContext) -> None:
        super().__init__(config, ctx)
        self._sink = FileSink(ctx, config["path"], append=config["append"], sync=config["sync"])
        self._encoding: str = config["encoding"]

    def process(self, port: str, rows: Rows, out: Delivery) -> None:
        """Write the rows, and pass them on."""
        table = CsvRows(self.config, self.config["columns"] or self.ctx.state.get("columns", []))
        settled = table.columns
        table.settle(rows.contents)
        text, failures = table.rows(rows.contents)
        header = table.header() if self.config["header"] and self._sink.open() == 0 else ""
        try:
            data = (header + text).encode(self._encoding)
        except UnicodeEncodeError:
            text, failures = self._one_by_one(table, rows.contents)
            data = (header + text).encode(self._encoding)
        if text:
            self._sink.write(data)
        if table.columns != settled:
            self.ctx.state["columns"] = table.columns
        self._send(rows, failures, out)

    def _send(self, rows: Rows, failures: dict[int, Failure], out: Delivery) -> None:
        if not failures:
            out.send("success", rows.contents, packed=cast("bytes | None", rows.packed))
            return
        for row, failure in failures.items():
            out.fail(row, failure)
        good = [row for row in range(len(rows)) if row not in failures]
        out.send("success", [rows.contents[row] for row in good], good)

    def _one_by_one(self, table: CsvRows, contents: list[Any]) -> tuple[str, dict[int, Failure]]:
        """The same row by row, to find those that the encoding lacks."""
        texts: list[str] = []
        failures: dict[int, Failure] = {}
        for row, content in enumerate(contents):
            text, failed = table.rows([content])
            try:
                text.encode(self._encoding)
                texts.append(text)
            except UnicodeEncodeError as error:
                reason = (
                    f"{error.object[error.start : error.end]!r} cannot be written in {self._encoding}; set `encoding: utf-8`"
                )
                failures[row] = Failure("UnicodeEncodeError", reason, retry=False)
            if failed:
                failures[row] = failed[0]
        return "".join(texts), failures

    def flush(self, out: Delivery) -> None:
        """The run ends: the file is made whole."""
        self._sink.finish()

    def close(self) -> None:
        """Make the file whole, as far as this process goes."""
        self._sink.close()
