"""CallStore, the rows of a cluster as those need them who call steps there."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Generator

from sqlalchemy import Connection as Transaction
from sqlalchemy import exists, literal, select, text
from sqlalchemy.dialects import postgresql

from engine.database.connect import Database
from engine.database.tables import DeploymentRow, SlotRow
from engine.errors import NotFound
from engine.stores.cluster import CLUSTER, tell


class CallStore:
    """Of a cluster's database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @contextlib.contextmanager
    def alone(self, name: str) -> Generator[None]:
        """Keep others who use this, on any machine, from the deployment of that name; ends with this process."""
        with self._database.write() as transaction:
            transaction.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": f"pyfi {name}"})
            yield

    def changes(self, names: Collection[str]) -> dict[str, tuple[str, int]]:
        """Of the deployments of these names that there are: id, and the number of its last change."""
        row = DeploymentRow
        query = select(row.name, row.id, row.change).where(row.target == CLUSTER, row.name.in_(names))
        with self._database.read() as transaction:
            return {name: (id, change) for name, id, change in transaction.execute(query)}

    def flow_id(self, name: str) -> str:
        """The stored flow behind a deployment; raises NotFound when that was taken away."""
        row = DeploymentRow
        with self._database.read() as transaction:
            found = transaction.scalars(select(row.flow_id).where(row.target == CLUSTER, row.name == name)).one_or_none()
        if found is None:
            raise NotFound(f"there is no deployment '{name}'; deploy the flow first")
        return str(found)

    def wake(self, id: str, stages: Collection[str]) -> None:
        """Have stages of a running deployment be one slot at the least, until its keeper finds that they have nothing to do."""
        with self._database.write() as transaction:
            if sum(_wake(transaction, id, stage) for stage in stages):
                tell(transaction)


def _wake(transaction: Transaction, id: str, stage: str) -> int:
    row, slot = DeploymentRow, SlotRow
    there = exists().where(slot.deployment_id == id, slot.stage == stage)
    empty = {"worker": "", "epoch": 0, "state": "free", "trouble": "", "busy": 0}
    values = [row.id, literal(stage), literal(0), *map(literal, empty.values())]
    first = select(*values).where(row.id == id, row.desired == "running", ~there)
    columns = ["deployment_id", "stage", "number", *empty]
    return transaction.execute(postgresql.insert(slot).from_select(columns, first).on_conflict_do_nothing()).rowcount
