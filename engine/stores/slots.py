"""SlotStore, an agent's side of a cluster's rows: who it is, which slots it holds, and what became of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection as Transaction
from sqlalchemy import and_, delete, insert, or_, select, text, tuple_, update

from engine.database.connect import Database
from engine.database.tables import AgentRow, LogLineRow, NodeRow, SlotRow, WorkerRow
from engine.errors import Replaced
from engine.stores.cluster import ALIVE_S, NOW, LogLine, Order, Situation, find, read_order, read_situation, tell
from engine.stores.upsert import upsert

LEASE_S = 10.0
"""How long a slot is held without being renewed."""
Key = tuple[str, str, int]
_SLOT = (SlotRow.deployment_id, SlotRow.stage, SlotRow.number)


class Me(Struct, frozen=True):
    """An agent, as it introduces itself. `most` is how many workers it runs, 0 for any number.

    A `dedicated` one runs only what asks for one of its labels.
    """

    name: str
    node: str
    address: str
    system: str
    pid: int
    version: str
    cpus: int
    memory_bytes: int
    labels: tuple[str, ...] = ()
    most: int = 0
    dedicated: bool = False


class Taken(Struct, frozen=True):
    """A slot that was taken: by which number of taking, and after whom, if that one did not give it back."""

    key: Key
    epoch: int
    before: str


class Report(Struct, frozen=True):
    """How a worker does."""

    key: Key
    worker: str
    state: str
    trouble: str = ""
    busy: int = 0


class SlotStore:
    """Used by one agent, in one thread."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def join(self, me: Me) -> datetime:
        """Be known, as an agent that starts: whatever one of this name held before is held no more. Returns when that was."""
        with self._database.write() as transaction:
            now: datetime = _time(transaction)
            node = {
                "name": me.node, "address": me.address, "system": me.system, "cpus": me.cpus, "memory_bytes": me.memory_bytes,
                "labels": list(me.labels), "most": me.most, "dedicated": me.dedicated, "enabled": True,
                "seen_at": now,
            }  # fmt: skip
            upsert(transaction, NodeRow, node, ("name",), f"node '{me.node}'", lasting=("enabled",))
            agent = {
                "name": me.name, "node": me.node, "pid": me.pid, "version": me.version, "state": "running",
                "started_at": now, "seen_at": now,
            }  # fmt: skip
            upsert(transaction, AgentRow, agent, ("name",), f"agent '{me.name}'")
            transaction.execute(delete(WorkerRow).where(WorkerRow.agent == me.name))
            # Not freed but run out: whoever takes one over has to end the leases of the worker that held it.
            transaction.execute(update(SlotRow).where(SlotRow.agent == me.name).values(until=NOW, state="free"))
            tell(transaction)
            return now

    def last_word(self, me: Me) -> datetime | None:
        """When an agent of this name that may live was last heard of; None: there is none."""
        row = AgentRow
        recent = row.seen_at > NOW - text(f"interval '{ALIVE_S} seconds'")
        with self._database.read() as transaction:
            return transaction.scalar(select(row.seen_at).where(row.name == me.name, row.state == "running", recent))

    def beat(
        self, me: Me, since: datetime, held: Mapping[Key, str], reports: Sequence[Report], lines: Sequence[LogLine]
    ) -> tuple[Situation, set[Key]]:
        """Live on: renew slots, say how the workers do. Returns how all stands, and which of the slots are still held.

        Args:
            me: the agent.
            since: when it joined.
            held: by slot, the worker for which it holds it.
            reports: how the workers do.
            lines: for the log.

        Raises:
            Replaced: another agent of this name has joined since.
        """
        with self._database.write() as transaction:
            row = AgentRow
            mine = (row.name == me.name, row.started_at == since)
            if not transaction.execute(update(row).where(*mine).values(seen_at=NOW, state="running")).rowcount:
                if transaction.scalar(select(row.name).where(row.name == me.name)) is not None:
                    raise Replaced(f"another agent called '{me.name}' has joined; give one of the two another --node")
                return read_situation(transaction), set()  # somebody forgot the node meanwhile
            kept = _renewed(transaction, me.name, held) if held else set[Key]()
            for report in reports:
                if report.key in kept:
                    _note(transaction, report)
            if lines:
                transaction.execute(insert(LogLineRow), [_row(line) for line in lines])
            return read_situation(transaction), kept

    def take(self, me: Me, wanted: Mapping[Key, str]) -> list[Taken]:
        """Take slots that nobody holds, each for a worker; those that somebody else took meanwhile are not among the result."""
        taken: list[Taken] = []
        with self._database.write() as transaction:
            free = select(*_SLOT, SlotRow.worker, SlotRow.agent).where(
                tuple_(*_SLOT).in_(list(wanted)), or_(SlotRow.agent.is_(None), SlotRow.until.is_(None), SlotRow.until <= NOW)
            )
            for *key, before, agent in transaction.execute(free.with_for_update(skip_locked=True)).all():
                slot: Key = (str(key[0]), str(key[1]), int(key[2]))
                values = {
                    "agent": me.name,
                    "worker": wanted[slot],
                    "until": _until(),
                    "state": "starting",
                    "trouble": "",
                    "busy": 0,
                }
                epoch = transaction.scalars(
                    update(SlotRow).where(_is(slot)).values(**values, epoch=SlotRow.epoch + 1).returning(SlotRow.epoch)
                ).one()
                taken.append(Taken(slot, epoch, before if agent is not None else ""))
                transaction.execute(insert(WorkerRow), [_worker(transaction, me, slot, wanted[slot])])
        return taken

    def started(self, worker: str, pid: int) -> None:
        """A worker's process is there."""
        with self._database.write() as transaction:
            transaction.execute(update(WorkerRow).where(WorkerRow.name == worker).values(pid=pid, state="running", seen_at=NOW))

    def give_back(self, key: Key, worker: str) -> None:
        """A slot is free again: its worker has ended in good order, or all it had leased was given back."""
        with self._database.write() as transaction:
            values = {"agent": None, "until": None, "state": "free", "busy": 0}
            transaction.execute(update(SlotRow).where(_is(key), SlotRow.worker == worker).values(**values))
            transaction.execute(delete(WorkerRow).where(WorkerRow.name == worker))
            tell(transaction)

    def leave(self, me: Me, since: datetime) -> None:
        """Be gone, in good order."""
        with self._database.write() as transaction:
            mine = (AgentRow.name == me.name, AgentRow.started_at == since)
            transaction.execute(update(AgentRow).where(*mine).values(state="stopped", seen_at=NOW))
            tell(transaction)

    def order(self, name: str) -> Order:
        """Everything about a deployment; raises NotFound."""
        with self._database.read() as transaction:
            return read_order(transaction, find(transaction, name))

    def prune(self, days: int) -> None:
        """Drop log lines that are older."""
        with self._database.write() as transaction:
            transaction.execute(delete(LogLineRow).where(LogLineRow.at < NOW - text(f"interval '{int(days)} days'")))


def _renewed(transaction: Transaction, agent: str, held: Mapping[Key, str]) -> set[Key]:
    those = tuple_(*_SLOT, SlotRow.worker).in_([(*key, worker) for key, worker in held.items()])
    mine = and_(SlotRow.agent == agent, those, SlotRow.until > NOW)
    rows = transaction.execute(update(SlotRow).where(mine).values(until=_until()).returning(*_SLOT)).all()
    return {(row[0], row[1], row[2]) for row in rows}


def _note(transaction: Transaction, report: Report) -> None:
    values = {"state": report.state, "trouble": report.trouble, "busy": report.busy}
    transaction.execute(update(SlotRow).where(_is(report.key), SlotRow.worker == report.worker).values(**values))
    transaction.execute(update(WorkerRow).where(WorkerRow.name == report.worker).values(seen_at=NOW))


def _worker(transaction: Transaction, me: Me, key: Key, worker: str) -> dict[str, Any]:
    at = _time(transaction)
    return {
        "name": worker, "agent": me.name, "deployment_id": key[0], "stage": key[1], "pid": 0, "state": "starting",
        "started_at": at, "seen_at": at,
    }  # fmt: skip


def _row(line: LogLine) -> dict[str, Any]:
    return {name: getattr(line, name) for name in LogLine.__struct_fields__ if name != "id"}


def _is(key: Key) -> Any:
    return and_(SlotRow.deployment_id == key[0], SlotRow.stage == key[1], SlotRow.number == key[2])


def _until() -> Any:
    return NOW + text(f"interval '{LEASE_S} seconds'")


def _time(transaction: Transaction) -> Any:
    return transaction.scalar(select(NOW))
