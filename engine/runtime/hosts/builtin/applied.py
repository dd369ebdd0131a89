"""What was written, noted in the database it was written to, in the same transaction.

Table `pyfi_applied`: messages `lo` to `hi` of a batch were handled by a step. A batch that is given out again, after a crash
between the database's commit and the ledger's, is recognised; halves of it keep its id, so ranges are compared.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Engine,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    delete,
    insert,
    inspect,
    select,
    text,
)
from sqlalchemy.exc import DBAPIError

from ..errors import Failure
from .sql_database import is_passing, sentence

_PRUNE_S = 600

_TABLE = Table(
    "pyfi_applied",
    MetaData(),
    Column("batch", String(32), primary_key=True),
    Column("lo", Integer, primary_key=True, autoincrement=False),
    Column("hi", Integer, nullable=False),
    Column("step", String(200), primary_key=True),
    Column("at", BigInteger, nullable=False),
    Index("pyfi_applied_at", "at"),
)


class Applied:
    """The notes of one step, kept for `remember_s` seconds."""

    def __init__(self, step: str, remember_s: float) -> None:
        self._step = step[-200:]
        self._remember_s = remember_s
        self._there = False
        self._pruned_s = 0.0

    def prepare(self, database: Engine) -> None:
        """Make the table, if it is not there; in a transaction of its own, so that a refused message does not take it back."""
        if self._there:
            return
        try:
            with database.begin() as connection:
                _TABLE.create(connection, checkfirst=True)
        except DBAPIError as error:
            if is_passing(error):
                raise
            # Another host may have made it at the same time.
            if not inspect(database).has_table(_TABLE.name):
                raise Failure(
                    "CannotNote",
                    f"the table {_TABLE.name} cannot be made ({sentence(error)}); let the database's user make tables, "
                    "or set `exactly_once: false`",
                ) from None
        self._there = True

    def ranges(self, connection: Connection, batches: Collection[bytes]) -> dict[bytes, list[tuple[int, int]]]:
        """What is noted of batches; until this transaction ends nobody else can note anything of them."""
        if connection.dialect.name == "postgresql":
            # Two hosts may have the same batch for a moment, when one has lost its lease: the second waits for the first.
            for batch in sorted(batches):
                key = int.from_bytes(batch[:8], "big", signed=True)
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})
        found: dict[bytes, list[tuple[int, int]]] = {}
        names = {batch.hex(): batch for batch in batches}
        query = select(_TABLE.c.batch, _TABLE.c.lo, _TABLE.c.hi).where(_TABLE.c.step == self._step, _TABLE.c.batch.in_(names))
        for name, lo, hi in connection.execute(query):
            found.setdefault(names[name], []).append((lo, hi))
        return found

    def note(self, connection: Connection, places: Sequence[tuple[bytes, int]]) -> None:
        """Note messages, given as batch and number, as handled."""
        now = time.time()
        runs: list[list[object]] = []
        last: tuple[bytes, int] | None = None
        for batch, number in places:
            if last is not None and last == (batch, number - 1):
                runs[-1][2] = number + 1
            else:
                runs.append([batch.hex(), number, number + 1])
            last = (batch, number)
        if runs:
            rows = [{"batch": name, "lo": lo, "hi": hi, "step": self._step, "at": int(now)} for name, lo, hi in runs]
            connection.execute(insert(_TABLE), rows)
        if now - self._pruned_s > _PRUNE_S:
            self._pruned_s = now
            connection.execute(delete(_TABLE).where(_TABLE.c.step == self._step, _TABLE.c.at < int(now - self._remember_s)))
