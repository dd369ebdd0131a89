"""ClusterStore, what is wanted of a cluster, and how it stands. Every change of it is told to whoever listens (NOTIFY).

The server's clock decides every time here: those of the machines may be wrong.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import uuid4

from msgspec import Struct
from sqlalchemy import Connection as Transaction
from sqlalchemy import Select, and_, delete, exists, func, insert, or_, select, text, update
from sqlalchemy.dialects import postgresql

from engine.database.connect import Database
from engine.database.tables import AgentRow, ClusterSettingRow, DeploymentRow, FlowRow, LogLineRow, NodeRow, SlotRow
from engine.errors import ConflictError, NotFound
from engine.model.flow import Flow
from engine.model.problem import did_you_mean, shown
from engine.stores.journal import Journal
from engine.stores.record import read_flow as thaw
from engine.stores.record import write_flow as freeze
from engine.stores.stored_flow import find_flow
from engine.stores.upsert import upsert

CLUSTER = "cluster"
"""The target in the rows of a cluster's own database, whatever its users call it."""
CHANNEL = "pyfi_cluster"
KEEPER = ""
"""The stage of the slot that looks after a deployment as a whole."""
ONCE = "once:"
"""Before a step: the stage of the slot in which a step that is stopped runs once. The slot is never taken twice."""
ALIVE_S = 10.0
"""An agent that was not heard of for so long is taken for dead."""
NOW = func.clock_timestamp()

Desired = Literal["running", "paused", "stopped"]


class Identity(Struct, frozen=True):
    """A cluster's own name, which its users may have others for, and the key that its tickets are signed with."""

    name: str
    key: str


class Wanted(Struct, frozen=True):
    """What is wanted of a deployment, in short. `change` grows whenever any of it, or what it runs, changes.

    `terminated` has, by step, the change with which it was to end at once: whoever was told of an earlier one last ends it.
    """

    id: str
    name: str
    flow_name: str
    revision: int
    desired: Desired
    ended: bool
    change: int
    version: str
    author: str
    updated_at: datetime
    since_ms: int
    terminated: dict[str, int] = {}


class Order(Struct, frozen=True):
    """All that is needed to run a deployment: its flow as it was frozen, what overrides its parameters, and so on."""

    wanted: Wanted
    flow: Flow
    parameters: dict[str, Any]
    folder: str
    stopped: tuple[str, ...]
    scale: dict[str, int]
    run: str
    base: dict[str, Any]


class Slot(Struct, frozen=True):
    """One replica of a stage, and who holds it; `is_held` says whether the holder's lease lasts."""

    deployment_id: str
    stage: str
    number: int
    agent: str | None
    worker: str
    epoch: int
    is_held: bool
    state: str
    trouble: str
    busy: int

    @property
    def key(self) -> tuple[str, str, int]:
        """What it is."""
        return self.deployment_id, self.stage, self.number


class AgentView(Struct, frozen=True):
    """An agent and its node, as everybody sees them."""

    name: str
    node: str
    address: str
    system: str
    pid: int
    version: str
    state: str
    cpus: int
    memory_bytes: int
    labels: tuple[str, ...]
    enabled: bool
    is_alive: bool
    started_at: datetime
    seen_at: datetime
    most: int = 0
    dedicated: bool = False


class Situation(Struct, frozen=True):
    """How a cluster stands at one moment."""

    now: datetime
    agents: tuple[AgentView, ...]
    deployments: tuple[Wanted, ...]
    slots: tuple[Slot, ...]


class LogLine(Struct, frozen=True):
    """A line of a deployment's log. `id` grows from line to line; 0: it is not kept yet."""

    at: datetime
    flow: str
    step: str
    node: str
    worker: str
    level: str
    text: str
    id: int = 0


class ClusterStore:
    """The cluster's rows, for whoever wants something of it. What agents do with them is `engine.stores.slots`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def identity(self, name: str) -> Identity:
        """What all processes of this cluster have in common; made by the first that asks, who calls it `name`."""
        with self._database.write() as transaction:
            return Identity(_setting(transaction, "name", name), _setting(transaction, "key", secrets.token_hex(32)))

    # -- looking

    def situation(self) -> Situation:
        """How it stands."""
        with self._database.read() as transaction:
            return read_situation(transaction)

    def order(self, name: str) -> Order:
        """Everything about a deployment.

        Raises:
            NotFound: there is none of that name.
        """
        with self._database.read() as transaction:
            return read_order(transaction, find(transaction, name))

    def log(
        self, flow: str = "", *, within: str = "", levels: Sequence[str] = (), limit: int = 200, after: int = 0
    ) -> list[LogLine]:
        """The last lines of a deployment's log, or of all, the newest last.

        Args:
            flow: the deployment's name.
            within: only of this step, or of the steps inside this subflow.
            levels: only at these.
            limit: at most so many.
            after: only those that came after the line of this id.
        """
        row = LogLineRow
        query = select(row.at, row.flow, row.step, row.node, row.worker, row.level, row.text, row.id).where(row.id > after)
        query = query.where(row.flow == flow) if flow else query
        query = query.where(or_(row.step == within, row.step.startswith(f"{within}/", autoescape=True))) if within else query
        query = query.where(row.level.in_(levels)) if levels else query
        with self._database.read() as transaction:
            found = transaction.execute(query.order_by(row.id.desc()).limit(limit)).all()
        return [LogLine(*line) for line in reversed(found)]

    # -- wanting

    def deploy(
        self,
        flow: Flow,
        flow_id: str,
        author: str,
        *,
        name: str,
        parameters: Mapping[str, Any],
        folder: str,
        version: str,
        stages: Mapping[str, int],
        **facts: Any,
    ) -> Wanted:
        """Have a flow of this database run, in the place of what a deployment of that name has run.

        Args:
            flow: the flow as it is to run.
            flow_id: the flow's id in this database.
            author: who wants it.
            name: what the deployment is called.
            parameters: values that override the flow's own.
            folder: what relative paths start from.
            version: the PYFI that planned it.
            stages: how many replicas of every stage are to run, at the least.
            facts: of a deployment that begins anew: its `run`, `since_ms` and `base`.
        """
        with self._database.write() as transaction:
            stored = find_flow(transaction, flow_id)
            at = _now(transaction)
            change = transaction.scalar(select(DeploymentRow.change).where(_is(name)).with_for_update())
            row = {
                "id": uuid4().hex,
                "flow_id": stored.id,
                "revision": stored.revision,
                "target": CLUSTER,
                "name": name,
                "desired": "running",
                "parameters": dict(parameters),
                "frozen": freeze(flow),
                "author": author,
                "created_at": at,
                "updated_at": at,
                "folder": folder,
                "version": version,
                "ended": False,
                "change": (change or 0) + 1,
                **facts,
            }
            upsert(transaction, DeploymentRow, row, ("target", "name"), f"deployment '{name}'", lasting=("id", "created_at"))
            found = find(transaction, name)
            set_slots(transaction, found.id, stages)
            Journal(transaction, stored.id, author, at).record("deploy on cluster", stored.name, stored.revision)
            tell(transaction)
            return found

    def desire(self, name: str, desired: Desired, author: str, **changes: Any) -> Wanted:
        """Say what should become of a deployment; `changes` are other columns to set with that.

        Raises:
            NotFound: there is none of that name.
        """
        with self._database.write() as transaction:
            found = find(transaction, name)
            self._change(transaction, found.id, desired=desired, **({"ended": False} | changes))
            row = SlotRow
            transaction.execute(delete(row).where(row.deployment_id == found.id, row.stage.startswith(ONCE, autoescape=True)))
            self._record(transaction, found, author, f"{desired} on cluster")
            return find(transaction, name)

    def set_stopped(
        self, name: str, stopped: Sequence[str], stages: Mapping[str, int], author: str, *, terminated: Sequence[str] = ()
    ) -> Wanted:
        """Say which steps are not to run, and so which stages there are; those that are `terminated` end at once.

        Raises:
            NotFound: there is no such deployment.
        """
        with self._database.write() as transaction:
            row = DeploymentRow
            known = transaction.execute(select(row.change, row.terminated).where(_is(name)).with_for_update()).first()
            found = find(transaction, name)
            change, before = known or (0, {})
            ended = before | dict.fromkeys(terminated, change + 1)
            self._change(transaction, found.id, stopped=list(stopped), terminated=ended)
            set_slots(transaction, found.id, stages)
            self._record(transaction, found, author, "stop or start steps on cluster")
            return find(transaction, name)

    def scale(self, name: str, stage: str, replicas: int, author: str) -> Wanted:
        """Say how many replicas of a stage are to run from now on.

        Raises:
            NotFound: there is no such deployment.
        """
        with self._database.write() as transaction:
            found = find(transaction, name)
            scale = dict(transaction.scalars(select(DeploymentRow.scale).where(_is(name)).with_for_update()).one())
            self._change(transaction, found.id, scale=scale | {stage: replicas})
            set_replicas(transaction, found.id, stage, replicas)
            self._record(transaction, found, author, f"{replicas} of {stage} on cluster")
            return find(transaction, name)

    def set_replicas(self, id: str, stage: str, replicas: int) -> None:
        """Have a stage of a deployment be so many slots, until somebody else says so."""
        with self._database.write() as transaction:
            if transaction.scalar(select(DeploymentRow.id).where(DeploymentRow.id == id)) is not None:
                set_replicas(transaction, id, stage, replicas)
                tell(transaction)

    def call_all(self, name: str) -> None:
        """Have every worker of a deployment look at what the ledger says of it; raises NotFound."""
        with self._database.write() as transaction:
            self._change(transaction, find(transaction, name).id)

    def open_once(self, id: str, step: str) -> None:
        """Have some node run a step of a deployment once. Nothing changes where one is to do that already."""
        with self._database.write() as transaction:
            set_replicas(transaction, id, ONCE + step, 1)
            tell(transaction)

    def once(self, id: str, step: str) -> Slot | None:
        """The slot in which a step runs once; None: it has, or somebody has ended that."""
        return next((slot for slot in self.situation().slots if slot.key[:2] == (id, ONCE + step)), None)

    def close_once(self, id: str, step: str) -> None:
        """Have nobody run it any more."""
        with self._database.write() as transaction:
            set_replicas(transaction, id, ONCE + step, 0)
            tell(transaction)

    def give_up_once(self, id: str, step: str) -> bool:
        """The same, but only where nobody has taken it; False if somebody has."""
        row = SlotRow
        is_free = or_(row.agent.is_(None), func.coalesce(row.until <= NOW, True))
        with self._database.write() as transaction:
            found = delete(row).where(row.deployment_id == id, row.stage == ONCE + step, is_free)
            given_up = transaction.execute(found).rowcount == 1
            if given_up:
                tell(transaction)
            return given_up

    def end(self, id: str, change: int) -> bool:
        """Note that all a deployment had to do is done; False if something else was wanted of it meanwhile."""
        with self._database.write() as transaction:
            row = DeploymentRow
            current = and_(row.id == id, row.change == change, row.desired == "running")
            done = transaction.execute(
                update(row).where(current).values(desired="stopped", ended=True, change=row.change + 1, updated_at=NOW)
            )
            tell(transaction)
            return done.rowcount == 1

    def delete(self, name: str, author: str) -> Wanted:
        """Take a deployment away; its workers end.

        Raises:
            NotFound: there is none of that name.
        """
        with self._database.write() as transaction:
            found = find(transaction, name)
            self._record(transaction, found, author, "undeploy from cluster")
            transaction.execute(delete(DeploymentRow).where(DeploymentRow.id == found.id))
            return found

    def is_empty_of(self, deployment_id: str) -> bool:
        """Whether no agent that lives holds a slot of a deployment."""
        with self._database.read() as transaction:
            held = exists().where(SlotRow.deployment_id == deployment_id, SlotRow.agent.is_not(None), SlotRow.until > NOW)
            return not transaction.scalar(select(held))

    def enable(self, node: str, *, enabled: bool) -> None:
        """Have a node take slots, or none.

        Raises:
            NotFound: there is no such node.
            ConflictError: that would leave no node.
        """
        with self._database.write() as transaction:
            done = transaction.execute(update(NodeRow).where(NodeRow.name == node).values(enabled=enabled))
            if not done.rowcount:
                raise NotFound(f"there is no node {shown(node)}; `pyfi ls nodes` shows those there are")
            tell(transaction)

    def forget_node(self, node: str) -> None:
        """Drop a node that is no more, with its agents.

        Raises:
            NotFound: there is no such node.
            ConflictError: its agent lives.
        """
        with self._database.write() as transaction:
            alive = [agent for agent in read_situation(transaction).agents if agent.node == node and agent.is_alive]
            if alive:
                raise ConflictError(f"the agent of {shown(node)} lives; stop it first (Ctrl+C where it runs)")
            if not transaction.execute(delete(NodeRow).where(NodeRow.name == node)).rowcount:
                raise NotFound(f"there is no node {shown(node)}; `pyfi ls nodes` shows those there are")

    def _change(self, transaction: Transaction, id: str, **values: Any) -> None:
        row = DeploymentRow
        transaction.execute(update(row).where(row.id == id).values(**values, change=row.change + 1, updated_at=NOW))
        tell(transaction)

    def _record(self, transaction: Transaction, found: Wanted, author: str, what: str) -> None:
        flow_id = transaction.scalars(select(DeploymentRow.flow_id).where(DeploymentRow.id == found.id)).one()
        Journal(transaction, flow_id, author, _now(transaction)).record(what, found.flow_name, found.revision)
        tell(transaction)


# -- in a transaction, also for `engine.stores.slots`


def _setting(transaction: Transaction, name: str, value: str) -> str:
    """A setting of the cluster, or `value` from now on where it has none (a backup without secrets has the row, but no key)."""
    row = ClusterSettingRow
    new = postgresql.insert(row).values(name=name, value=value)
    kept = func.coalesce(row.value, new.excluded.value)
    made = new.on_conflict_do_update(index_elements=["name"], set_={"value": kept}).returning(row.value)
    return str(transaction.scalars(made).one())


def tell(transaction: Transaction) -> None:
    """Have those who listen look, once this is committed."""
    transaction.execute(text("SELECT pg_notify(:channel, '')"), {"channel": CHANNEL})


def set_slots(transaction: Transaction, deployment_id: str, stages: Mapping[str, int]) -> None:
    """Have a deployment's slots be those of its stages, and its keeper's; those that stay keep who holds them."""
    wanted = {KEEPER: 1} | dict(stages)
    row = SlotRow
    transaction.execute(delete(row).where(row.deployment_id == deployment_id, row.stage.not_in(wanted)))
    for stage, replicas in wanted.items():
        set_replicas(transaction, deployment_id, stage, replicas)


def set_replicas(transaction: Transaction, deployment_id: str, stage: str, replicas: int) -> None:
    """Have a stage be so many slots."""
    row = SlotRow
    mine = (row.deployment_id == deployment_id, row.stage == stage)
    transaction.execute(delete(row).where(*mine, row.number >= replicas))
    there = set(transaction.scalars(select(row.number).where(*mine)))
    new = [number for number in range(replicas) if number not in there]
    if new:
        empty = {"worker": "", "epoch": 0, "state": "free", "trouble": "", "busy": 0}
        transaction.execute(
            insert(row), [{"deployment_id": deployment_id, "stage": stage, "number": number, **empty} for number in new]
        )


def find(transaction: Transaction, name: str) -> Wanted:
    """The deployment of that name; raises NotFound."""
    row = transaction.execute(_wanted().where(_is(name))).first()
    if row is None:
        names = transaction.scalars(select(DeploymentRow.name).where(DeploymentRow.target == CLUSTER)).all()
        hint = did_you_mean(name, names) or "; `pyfi ls deployments --target T` shows those there are"
        raise NotFound(f"there is no deployment {shown(name)} on the cluster{hint}")
    return Wanted(*row)


def read_situation(transaction: Transaction) -> Situation:
    """How the cluster stands."""
    agent, node, slot = AgentRow, NodeRow, SlotRow
    is_alive = and_(agent.seen_at > NOW - text(f"interval '{ALIVE_S} seconds'"), agent.state != "stopped")
    agents = transaction.execute(
        select(
            agent.name, node.name, node.address, node.system, agent.pid, agent.version, agent.state, node.cpus,
            node.memory_bytes, node.labels, node.enabled, is_alive, agent.started_at, agent.seen_at,
            node.most, node.dedicated,
        ).join(node, node.name == agent.node).order_by(agent.name)
    )  # fmt: skip
    is_held = and_(slot.agent.is_not(None), func.coalesce(slot.until > NOW, False))
    slots = transaction.execute(
        select(
            slot.deployment_id, slot.stage, slot.number, slot.agent, slot.worker, slot.epoch, is_held, slot.state,
            slot.trouble, slot.busy,
        ).order_by(slot.deployment_id, slot.stage, slot.number)
    )  # fmt: skip
    return Situation(
        _now(transaction),
        tuple(AgentView(*row[:9], tuple(row[9]), *row[10:]) for row in agents),
        tuple(Wanted(*row) for row in transaction.execute(_wanted().order_by(DeploymentRow.name))),
        tuple(Slot(*row) for row in slots),
    )


def read_order(transaction: Transaction, wanted: Wanted) -> Order:
    """Everything about a deployment."""
    row = DeploymentRow
    columns = (row.frozen, row.parameters, row.folder, row.stopped, row.scale, row.run, row.base)
    frozen, parameters, folder, stopped, scale, run, base = transaction.execute(
        select(*columns).where(row.id == wanted.id)
    ).one()
    return Order(wanted, thaw(frozen), parameters, folder, tuple(stopped), scale, run, base)


def _is(name: str) -> Any:
    return and_(DeploymentRow.target == CLUSTER, DeploymentRow.name == name)


def _now(transaction: Transaction) -> datetime:
    found = transaction.scalar(select(NOW))
    assert found is not None
    return found


def _wanted() -> Select[*tuple[Any, ...]]:
    row = DeploymentRow
    columns = [row.id, row.name, FlowRow.name, row.revision, row.desired, row.ended, row.change, row.version, row.author]
    query = select(*columns, row.updated_at, row.since_ms, row.terminated).join(FlowRow, FlowRow.id == row.flow_id)
    return query.where(row.target == CLUSTER)
