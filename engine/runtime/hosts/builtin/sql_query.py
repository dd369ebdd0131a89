"""sql_query: reads rows of a database, on its own or for every message."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from .. import body
from ..body import Chunk
from ..errors import Failure, NotNow, describe
from ..rows import Rows
from ..stage import Delivery
from ..watch import CallTimeout
from .expression import Evaluator, parse, together
from .sql_database import RETRY_S, as_failure, bound, from_row, is_passing, names_in, open_database, sentence, to_database

_TICK_S = 0.05
_PIECE = 1000


class Body(body.Body):
    """As a source it keeps two things: the cursor's value as of which all rows are out, and how many rows after it are."""

    def __init__(self, config: Mapping[str, Any], ctx: body.BodyContext) -> None:
        super().__init__(config, ctx)
        self._database = open_database(config, ctx)
        self._dialect = self._database.dialect.name
        self._query = text(config["query"])
        self._names = names_in(self._query)
        self._given: list[str] = list(config["values"])
        self._values = Evaluator(together(map(parse, config["values"].values())), ctx)

    def process(self, port: str, rows: Rows, out: Delivery) -> None:
        """Run the query for every message."""
        found, failures = self._values(rows)
        contents: list[Any] = []
        index: list[int] = []
        done: list[None] = []
        self.ctx.progress(done)
        try:
            with self._database.connect() as connection:
                for row, content in enumerate(rows.contents):
                    if row not in failures:
                        try:
                            results = self._results(connection, content, dict(zip(self._given, found[row], strict=True)))
                        except (Exception, CallTimeout) as error:
                            if is_passing(error):
                                raise
                            connection.rollback()
                            failures[row] = as_failure(error) if isinstance(error, Exception) else describe(error)
                        else:
                            made = [results] if self.config["result"] == "list" else results
                            contents.extend(made)
                            index.extend([row] * len(made))
                    done.append(None)
        except DBAPIError as error:
            raise NotNow(f"the database cannot be asked: {sentence(error)}", RETRY_S) from error
        out.send("success", contents, index)
        for row in sorted(failures):
            out.fail(row, failures[row])

    def _results(self, connection: Connection, content: Any, given: Mapping[str, Any]) -> list[dict[str, Any]]:
        values = {name: to_database(value, self._dialect) for name, value in bound(self._names, content, given).items()}
        return [from_row(row) for row in connection.execute(self._query, values).mappings()]

    def produce(self) -> Iterator[Chunk | None]:
        """The rows, in pieces; a database that is not there is asked again."""
        # Having state tells the host that this source finds its place by itself.
        self.ctx.state.setdefault("row", 0)
        while True:
            started = time.time()
            try:
                yield from self._poll()
                due = started + self.config["every"]
                if self.config["once"]:
                    return
            except DBAPIError as error:
                if not is_passing(error):
                    raise as_failure(error) from None
                self.ctx.log(f"the database cannot be asked, next try in {RETRY_S:g} s: {sentence(error)}", "warning")
                due = time.time() + RETRY_S
            while time.time() < due:
                yield None
                time.sleep(_TICK_S)
            yield None

    def _poll(self) -> Iterator[Chunk]:
        """One run of the query."""
        state = self.ctx.state
        place = _Place(self.config["cursor"], state.get("cursor", self.config["start"]))
        skip = state["row"]
        values, failures = self._values(Rows([None], [0]))
        if failures:
            raise failures[0]
        given = {**dict(zip(self._given, values[0], strict=True)), "cursor": place.base}
        with self._database.connect() as connection:
            streaming = connection.execution_options(stream_results=True, yield_per=_PIECE)
            bindings = bound(self._names, None, given)
            result = streaming.execute(
                self._query, {name: to_database(value, self._dialect) for name, value in bindings.items()}
            )
            for piece in result.mappings().partitions(_PIECE):
                contents = [from_row(row) for row in piece]
                for content in contents:
                    place.pass_over(content)
                fresh = contents[skip:]
                skip -= len(contents) - len(fresh)
                if fresh:
                    self._note(place)
                    yield Chunk(fresh)
        place.finish()
        self._note(place)

    def _note(self, place: _Place) -> None:
        if self.config["cursor"] is not None:
            self.ctx.state["cursor"] = place.base
        self.ctx.state["row"] = place.rows


class _Place:
    """Where a reading of rows is: all rows up to the cursor's value `base`, and `rows` rows after it.

    Rows with equal values of the cursor's column may come in two pieces, so a value counts only when another follows.
    """

    def __init__(self, column: str | None, base: Any) -> None:
        self.base = base
        self.rows = 0
        self._column = column
        self._current = base

    def pass_over(self, content: Mapping[str, Any]) -> None:
        """The next row."""
        if self._column is not None:
            if self._column not in content:
                raise Failure(
                    "LookupError", f"the query has no column '{self._column}'; `cursor` must name one that it returns"
                )
            value = content[self._column]
            if self.rows and value != self._current:
                if value is None or value < self._current:
                    raise Failure(
                        "ValueError", f"the rows do not come in the order of '{self._column}'; add ORDER BY {self._column}"
                    )
                self.base, self.rows = self._current, 0
            self._current = value
        self.rows += 1

    def finish(self) -> None:
        """There are no more rows."""
        self.base, self.rows = self._current, 0
