"""sql_write: writes messages to a database."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import Any, cast

from sqlalchemy import Connection, Executable, column, table, text
from sqlalchemy.exc import DBAPIError

from .. import body
from ..errors import Failure, NotNow, describe
from ..rows import Rows
from ..stage import Delivery
from ..watch import CallTimeout
from .applied import Applied
from .expression import Evaluator, parse, together
from .sql_database import RETRY_S, as_failure, bound, is_passing, names_in, open_database, sentence, to_database

Values = dict[str, Any]


class Body(body.Body):
    """A task's messages are one transaction, and so is the note that they were written (see `applied`)."""

    def __init__(self, config: Mapping[str, Any], ctx: body.BodyContext) -> None:
        super().__init__(config, ctx)
        self._database = open_database(config, ctx).execution_options(pyfi_writes=True)
        self._dialect = self._database.dialect.name
        self._applied = Applied(ctx.step, config["remember"]) if config["exactly_once"] else None
        self._statement = text(config["statement"]) if config["statement"] is not None else None
        self._names = names_in(self._statement) if self._statement is not None else []
        self._given: list[str] = list(config["values"])
        self._values = Evaluator(together(map(parse, config["values"].values())), ctx)
        self._statements: dict[tuple[str, ...], Executable] = {}

    def process(self, port: str, rows: Rows, out: Delivery) -> None:
        """Write what was not written before; a message the database refuses fails for itself."""
        found, failures = self._values(rows)
        values: dict[int, Values] = {}
        for row, content in enumerate(rows.contents):
            if row not in failures:
                try:
                    values[row] = self._row(content, dict(zip(self._given, found[row], strict=True)))
                except Failure as failure:
                    failures[row] = failure
        try:
            if self._applied is not None:
                self._applied.prepare(self._database)
            self._write(values, failures)
        except DBAPIError as error:
            raise NotNow(f"the database cannot be written: {sentence(error)}", RETRY_S) from error
        good = [row for row in range(len(rows)) if row not in failures]
        if len(good) == len(rows):
            out.send("success", rows.contents, packed=bytes(rows.packed) if rows.packed is not None else None)
        else:
            out.send("success", [rows.contents[row] for row in good], good)
        for row in sorted(failures):
            out.fail(row, failures[row])

    def _row(self, content: Any, given: Values) -> Values:
        """What is to be bound for a message."""
        if self._statement is not None:
            found = bound(self._names, content, given)
        elif given:
            found = given
        elif type(content) is dict and all(type(name) is str for name in cast("Values", content)):
            columns: Sequence[str] = self.config["columns"]
            found = bound(list(columns), cast("Values", content), {}) if columns else cast("Values", content)
        else:
            raise Failure(
                "TypeError", "only mappings of column to value can be written; name the columns under `values`", retry=False
            )
        if not found and self._statement is None:
            raise Failure("ValueError", "the message has no field to write", retry=False)
        return {name: to_database(value, self._dialect) for name, value in found.items()}

    def _write(self, values: dict[int, Values], failures: dict[int, Failure]) -> None:
        """All in one go; if that fails, one by one in one transaction, so that each refusal is its own message's."""
        try:
            with self._database.begin() as connection:
                pending = self._pending(connection, values)
                self._execute(connection, [values[row] for row in pending])
                self._note(connection, pending)
        except (Exception, CallTimeout) as error:
            if is_passing(error):
                raise
            self._write_singly(values, failures)

    def _write_singly(self, values: dict[int, Values], failures: dict[int, Failure]) -> None:
        done: list[None] = []
        self.ctx.progress(done)
        with self._database.begin() as connection:
            written: list[int] = []
            for row in self._pending(connection, values):
                try:
                    with connection.begin_nested():
                        self._execute(connection, [values[row]])
                except (Exception, CallTimeout) as error:
                    if is_passing(error):
                        raise
                    failures[row] = as_failure(error) if isinstance(error, Exception) else describe(error)
                else:
                    written.append(row)
                done.append(None)
            self._note(connection, written)

    def _pending(self, connection: Connection, values: dict[int, Values]) -> list[int]:
        """The rows that were not written before."""
        if self._applied is None or not self.ctx.batches:
            return list(values)
        known = self._applied.ranges(connection, {batch for batch, _, _ in self.ctx.batches})
        pending: list[int] = []
        for row in values:
            batch, number = self._place(row)
            if not any(lo <= number < hi for lo, hi in known.get(batch, ())):
                pending.append(row)
        return pending

    def _note(self, connection: Connection, written: list[int]) -> None:
        if self._applied is not None and self.ctx.batches:
            self._applied.note(connection, [self._place(row) for row in written])

    def _place(self, row: int) -> tuple[bytes, int]:
        """A row's batch and its number there."""
        segment = bisect_right(self.ctx.batch_rows, row) - 1
        batch, first, _ = self.ctx.batches[segment]
        return batch, first + row - self.ctx.batch_rows[segment]

    def _execute(self, connection: Connection, values: list[Values]) -> None:
        """Run the statement for all values; rows with the same columns together, in the order of the messages."""
        start = 0
        while start < len(values):
            columns = tuple(values[start])
            end = start + 1
            while end < len(values) and tuple(values[end]) == columns:
                end += 1
            connection.execute(self._statement_for(columns), values[start:end])
            start = end

    def _statement_for(self, columns: tuple[str, ...]) -> Executable:
        if self._statement is not None:
            return self._statement
        if columns not in self._statements:
            self._statements[columns] = self._insert(columns)
        return self._statements[columns]

    def _insert(self, columns: tuple[str, ...]) -> Executable:
        schema, _, name = self.config["table"].rpartition(".")
        target = table(name, *map(column, columns), schema=schema or None)
        key: Sequence[str] = self.config["key"]
        if not key:
            return target.insert()
        others = [name for name in columns if name not in key]
        if self._dialect in ("sqlite", "postgresql"):
            if self._dialect == "sqlite":
                from sqlalchemy.dialects.sqlite import insert
            else:
                from sqlalchemy.dialects.postgresql import insert
            statement = insert(target)
            if not others:
                return statement.on_conflict_do_nothing(index_elements=list(key))
            return statement.on_conflict_do_update(
                index_elements=list(key), set_={name: statement.excluded[name] for name in others}
            )
        if self._dialect in ("mysql", "mariadb"):
            from sqlalchemy.dialects.mysql import insert as insert_mysql

            replacing = insert_mysql(target)
            return replacing.on_duplicate_key_update({name: replacing.inserted[name] for name in others or key})
        raise Failure("ValueError", f"`key` does not work with {self._dialect}; write a `statement` that updates", retry=False)
