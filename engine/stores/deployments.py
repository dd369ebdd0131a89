"""DeploymentStore, frozen revisions of flows and what should become of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import uuid4

from msgspec import Struct
from sqlalchemy import Connection as Transaction
from sqlalchemy import Select, delete, select, update

from engine.database.connect import Database
from engine.database.tables import DeploymentRow, FlowRow
from engine.errors import NotFound
from engine.model.flow import Flow
from engine.stores.journal import Journal
from engine.stores.reader import read_flow
from engine.stores.record import read_flow as thaw
from engine.stores.record import write_flow as freeze
from engine.stores.stored_flow import find_flow
from engine.stores.upsert import upsert

Desired = Literal["running", "paused", "stopped"]


class Deployment(Struct, frozen=True):
    """A revision of a flow on a target, under a name that is unique there."""

    id: str
    name: str
    target: str
    flow_id: str
    flow_name: str
    revision: int
    desired: Desired
    parameters: dict[str, Any]
    author: str
    created_at: datetime
    updated_at: datetime


class DeploymentStore:
    """Deployments by target and name. This is the desired state; whoever runs them reconciles towards it."""

    def __init__(self, database: Database, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._database = database
        self._now = now

    def deploy(
        self,
        flow: str,
        target: str,
        author: str,
        *,
        name: str = "",
        parameters: Mapping[str, Any] | None = None,
        desired: Desired = "running",
    ) -> Deployment:
        """Freeze a flow as it is now and put it on a target, in the place of an earlier deployment of the same name there.

        Args:
            flow: the flow's name or id.
            target: where it is to run.
            author: who wants it, for the record.
            name: what the deployment is called there; the flow's name if empty.
            parameters: values that override the flow's own.
            desired: what should become of it.

        Raises:
            NotFound: there is no such flow.
        """
        with self._database.write() as transaction:
            stored = find_flow(transaction, flow)
            at = self._now()
            name = name or stored.name
            row = {
                "id": uuid4().hex,
                "flow_id": stored.id,
                "revision": stored.revision,
                "target": target,
                "name": name,
                "desired": desired,
                "parameters": dict(parameters or {}),
                "frozen": freeze(read_flow(transaction, stored.id, stored.name)),
                "author": author,
                "created_at": at,
                "updated_at": at,
            }
            upsert(transaction, DeploymentRow, row, ("target", "name"), f"deployment '{name}'", lasting=("id", "created_at"))
            Journal(transaction, stored.id, author, at).record(f"deploy on {target}", stored.name, stored.revision)
            return _find(transaction, name, target)

    def list(self, target: str | None = None) -> list[Deployment]:
        """Every deployment, or those on a target, by target and name."""
        query = _select().order_by(DeploymentRow.target, DeploymentRow.name)
        with self._database.read() as transaction:
            rows = transaction.execute(query if target is None else query.where(DeploymentRow.target == target))
            return [Deployment(*row) for row in rows]

    def find(self, name: str, target: str) -> Deployment:
        """One deployment.

        Raises:
            NotFound: there is none of that name on the target.
        """
        with self._database.read() as transaction:
            return _find(transaction, name, target)

    def flow(self, name: str, target: str) -> Flow:
        """The flow as it was deployed.

        Raises:
            NotFound: there is no such deployment.
        """
        with self._database.read() as transaction:
            found = _find(transaction, name, target)
            return thaw(transaction.scalars(select(DeploymentRow.frozen).where(DeploymentRow.id == found.id)).one())

    def desire(self, name: str, target: str, desired: Desired, author: str) -> Deployment:
        """Say what should become of a deployment.

        Raises:
            NotFound: there is no such deployment.
        """
        with self._database.write() as transaction:
            found = _find(transaction, name, target)
            at = self._now()
            row = DeploymentRow
            transaction.execute(update(row).where(row.id == found.id).values(desired=desired, updated_at=at))
            Journal(transaction, found.flow_id, author, at).record(f"{desired} on {target}", found.flow_name, found.revision)
            return _find(transaction, name, target)

    def delete(self, name: str, target: str, author: str) -> None:
        """Take a deployment away, with the records of its workers and tasks.

        Raises:
            NotFound: there is no such deployment.
        """
        with self._database.write() as transaction:
            found = _find(transaction, name, target)
            transaction.execute(delete(DeploymentRow).where(DeploymentRow.id == found.id))
            journal = Journal(transaction, found.flow_id, author, self._now())
            journal.record(f"undeploy from {target}", found.flow_name, found.revision)


def _find(transaction: Transaction, name: str, target: str) -> Deployment:
    row = transaction.execute(_select().where(DeploymentRow.name == name, DeploymentRow.target == target)).first()
    if row is None:
        raise NotFound(f"there is no deployment '{name}' on {target}; `pyfi ls deployments` shows those there are")
    return Deployment(*row)


def _select() -> Select[*tuple[Any, ...]]:
    row = DeploymentRow
    columns = [row.id, row.name, row.target, row.flow_id, FlowRow.name, row.revision, row.desired, row.parameters]
    return select(*columns, row.author, row.created_at, row.updated_at).join(FlowRow, FlowRow.id == row.flow_id)
