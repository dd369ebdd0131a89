"""NodeStore, the machines of a cluster and what runs on them, as they last said themselves."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, TypeVar

from msgspec import Struct
from msgspec.structs import asdict, replace
from sqlalchemy import Select, select

from engine.database.connect import Database
from engine.database.tables import AgentRow, Base, NodeRow, TaskRow, WorkerRow
from engine.stores.upsert import upsert

ProcessState = Literal["starting", "running", "stopping", "stopped"]
Report = TypeVar("Report", bound=Struct)


class Node(Struct, frozen=True, kw_only=True):
    """A machine. `labels` are what processors ask for by `requires`."""

    name: str
    address: str
    system: str
    cpus: int
    memory_bytes: int
    seen_at: datetime
    labels: tuple[str, ...] = ()
    enabled: bool = True


class Agent(Struct, frozen=True, kw_only=True):
    """The process that represents a node."""

    name: str
    node: str
    pid: int
    version: str
    state: ProcessState
    started_at: datetime
    seen_at: datetime


class Worker(Struct, frozen=True, kw_only=True):
    """A process that an agent runs for one stage of a deployment."""

    name: str
    agent: str
    deployment_id: str | None
    stage: str
    pid: int
    state: ProcessState
    started_at: datetime
    seen_at: datetime


class Task(Struct, frozen=True, kw_only=True):
    """One run of a stage on a batch: messages received, sent, failed."""

    id: str
    deployment_id: str
    stage: str
    state: Literal["running", "done", "failed", "lost"]
    started_at: datetime
    worker: str | None = None
    finished_at: datetime | None = None
    received: int = 0
    sent: int = 0
    failed: int = 0
    error: str = ""


_TABLES: dict[type[Struct], type[Base]] = {Node: NodeRow, Agent: AgentRow, Worker: WorkerRow, Task: TaskRow}


class NodeStore:
    """What nodes, agents, workers and tasks report of themselves, newest report only."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, *reports: Node | Agent | Worker | Task) -> None:
        """Keep reports in place of earlier ones of the same name (or task id), all or none.

        Raises:
            IntegrityError: a report refers to something that was never reported, or breaks another rule; names it.
        """
        with self._database.write() as transaction:
            for report in reports:
                row = asdict(report)
                if isinstance(report, Node):
                    row["labels"] = list(report.labels)
                key = "id" if isinstance(report, Task) else "name"
                upsert(transaction, _TABLES[type(report)], row, (key,), f"{type(report).__name__.lower()} '{row[key]}'")

    def nodes(self) -> list[Node]:
        """Every node, by name."""
        found = self._read(Node, select(*_columns(Node)).order_by(NodeRow.name))
        return [replace(node, labels=tuple(node.labels)) for node in found]

    def agents(self, node: str | None = None) -> list[Agent]:
        """Every agent, or those of a node, by name."""
        query = select(*_columns(Agent)).order_by(AgentRow.name)
        return self._read(Agent, query if node is None else query.where(AgentRow.node == node))

    def workers(self, agent: str | None = None) -> list[Worker]:
        """Every worker, or those of an agent, by name."""
        query = select(*_columns(Worker)).order_by(WorkerRow.name)
        return self._read(Worker, query if agent is None else query.where(WorkerRow.agent == agent))

    def tasks(self, deployment_id: str | None = None, limit: int = 100) -> list[Task]:
        """The newest tasks, of all deployments or of one, newest first."""
        query = select(*_columns(Task)).order_by(TaskRow.started_at.desc(), TaskRow.id).limit(limit)
        return self._read(Task, query if deployment_id is None else query.where(TaskRow.deployment_id == deployment_id))

    def _read(self, kind: type[Report], query: Select[*tuple[Any, ...]]) -> list[Report]:
        names = kind.__struct_fields__
        with self._database.read() as transaction:
            return [kind(**dict(zip(names, row, strict=True))) for row in transaction.execute(query)]


def _columns(kind: type[Struct]) -> list[Any]:
    """The columns that hold a report's fields, which have the same names."""
    return [_TABLES[kind].__table__.c[name] for name in kind.__struct_fields__]
