"""The ledger in SQL: SQLite on one machine, PostgreSQL for many."""

# ruff: noqa: D102 - the interface says what each method means

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.ledger.base import (
    Claimed,
    ClaimRequest,
    Commit,
    Counter,
    Depth,
    Exchange,
    HistoryEntry,
    Ledger,
    Outcome,
    Passage,
    QueueSpec,
    Registration,
    Rewrite,
    Source,
)
from engine.ledger.sql import history as on_history
from engine.ledger.sql import queue as on_queue
from engine.ledger.sql import register as on_deployment
from engine.ledger.sql import step as on_step
from engine.ledger.sql.batch import orphans, write_sums
from engine.ledger.sql.claim import claim
from engine.ledger.sql.commit import apply
from engine.ledger.sql.connection import Database
from engine.ledger.sql.judge import Sums
from engine.ledger.sql.plan import Plans
from engine.ledger.sql.rewrite import rewrite
from engine.ledger.sql.schema import prepare
from engine.ledger.sql.session import Session


class SqlLedger(Ledger):
    """A ledger behind `sqlite:///PATH` or `postgresql://...`; created or upgraded when it is opened.

    Several processes may use one at once. `patience_s` is how long to wait for a lock that another one holds.

    A lease that has run out ends when its deployment is next claimed from.

    Raises:
        UsageError: the URL names no ledger.
        NewerDatabase: it was written by a newer PYFI.
        StorageError: it cannot be opened.
    """

    def __init__(self, url: str, *, patience_s: float = 10.0) -> None:
        self._database = Database(url, patience_s)
        self._plans = Plans()
        prepare(self._database)

    def exchange(self, commits: Sequence[Commit], requests: Sequence[ClaimRequest]) -> Exchange:
        durable = any(commit.durable for commit in commits)
        return self._database.write(lambda session: self._exchange(session, commits, requests), durable=durable)

    def _exchange(self, session: Session, commits: Sequence[Commit], requests: Sequence[ClaimRequest]) -> Exchange:
        deployments = sorted({wish.deployment for wish in (*commits, *requests)})
        plans = {deployment: self._plans.current(session, deployment) for deployment in deployments}
        sums = Sums()
        outcomes, dropped = apply(session, commits, plans, sums)
        claimed: list[list[Claimed]] = []
        for request in requests:
            plan, lines = plans[request.deployment]
            claimed.append(claim(session, request, lines, sums, dropped) if plan == request.plan else [])
        write_sums(session, sums)
        return Exchange(outcomes, claimed, orphans(session, dropped) if dropped else [])

    def register(self, deployment: str, queues: Sequence[QueueSpec], steps: Sequence[str], revision: str) -> Registration:
        return self._database.write(lambda session: on_deployment.register(session, deployment, queues, steps, revision))

    def registration(self, deployment: str) -> tuple[Registration, str] | None:
        return self._database.read(lambda session: on_deployment.registration(session, deployment))

    def forget(self, deployment: str) -> list[str]:
        return self._database.write(lambda session: on_deployment.forget(session, deployment))

    def rename(self, deployment: str, name: str) -> None:
        self._database.write(lambda session: on_deployment.rename(session, deployment, name))

    def deployments(self) -> dict[str, int]:
        return self._database.look(on_deployment.deployments)

    def set_facts(self, deployment: int, facts: Mapping[str, Any]) -> None:
        self._database.write(lambda session: on_deployment.set_facts(session, deployment, facts))

    def facts(self, deployment: int) -> dict[str, Any]:
        return self._database.look(lambda session: on_deployment.read_facts(session, deployment))

    def claims(self) -> set[str]:
        return self._database.look(on_deployment.claims)

    def renew(self, receipts: Sequence[tuple[int, int]], until_ms: int) -> int:
        return self._database.write(lambda session: on_queue.renew(session, receipts, until_ms))

    def release(self, receipts: Sequence[tuple[int, int]], *, crashed: bool = False, due_ms: int = 0) -> None:
        self._database.write(lambda session: on_queue.release(session, receipts, crashed=crashed, due_ms=due_ms))

    def split(self, row: int, lease: int) -> None:
        self._database.write(lambda session: on_queue.split(session, row, lease))

    def void(self, deployment: int | None = None) -> int:
        return self._database.write(lambda session: on_queue.void(session, deployment))

    def abandon(self, holder: str) -> int:
        return self._database.write(lambda session: on_queue.abandon(session, holder))

    def now_ms(self) -> int:
        return self._database.look(on_queue.now_ms)

    def depths(self, deployment: int) -> dict[int, Depth]:
        return self._database.look(lambda session: on_queue.depths(session, deployment))

    def next_due(self, deployment: int, now_ms: int) -> int | None:
        return self._database.look(lambda session: on_queue.next_due(session, deployment, now_ms))

    def due_queues(self, deployment: int, now_ms: int) -> set[int]:
        return self._database.look(lambda session: on_queue.due_queues(session, deployment, now_ms))

    def peek(self, queue: int, limit: int, offset: int = 0) -> list[Claimed]:
        return self._database.look(lambda session: on_queue.peek(session, queue, limit, offset))

    def rewrite(self, change: Rewrite) -> tuple[Outcome, list[str]]:
        return self._database.write(lambda session: rewrite(session, change), durable=True)

    def parts(self, queue: int, id: bytes) -> list[tuple[int, int]]:
        return self._database.look(lambda session: on_queue.parts(session, queue, id))

    def purge(self, queue: int) -> tuple[int, list[str]]:
        return self._database.write(lambda session: on_queue.purge(session, queue))

    def move(self, source: int, target: int, *, limit: int | None = None) -> int:
        return self._database.write(lambda session: on_queue.move(session, source, target, limit))

    def due_timers(self, deployment: int, now_ms: int) -> list[tuple[int, int]]:
        return self._database.look(lambda session: on_step.due_timers(session, deployment, now_ms))

    def open_source(self, step: int) -> Source:
        return self._database.write(lambda session: on_step.open_source(session, step))

    def sources(self, deployment: int) -> dict[int, Source]:
        return self._database.look(lambda session: on_step.sources(session, deployment))

    def rewind(self, step: int) -> None:
        self._database.write(lambda session: on_step.rewind(session, step))

    def read_state(self, step: int, keys: Sequence[str] | None = None, *, most: int = 0) -> dict[str, tuple[bytes, int]]:
        return self._database.look(lambda session: on_step.read_state(session, step, keys, most))

    def clear_state(self, step: int) -> list[str]:
        return self._database.write(lambda session: on_step.clear_state(session, step))

    def counters(self, deployment: int) -> tuple[dict[int, Counter], dict[int, Passage]]:
        return self._database.read(lambda session: on_step.counters(session, deployment))

    def lineage(
        self, deployment: int, *, since_ms: int = 0, limit: int = 10_000, newest: bool = False
    ) -> list[tuple[int, bytes]]:
        return self._database.look(lambda session: on_step.read_lineage(session, deployment, since_ms, limit, newest=newest))

    def prune_lineage(self, before_ms: int) -> int:
        return self._database.write(lambda session: on_step.prune_lineage(session, before_ms))

    def add_history(self, entries: Sequence[HistoryEntry]) -> None:
        self._database.write(lambda session: on_history.add(session, entries))

    def history(self, deployment: int, piece: int, since_ms: int, until_ms: int) -> list[tuple[int, bytes]]:
        return self._database.look(lambda session: on_history.read(session, deployment, piece, since_ms, until_ms))

    def history_before(self, deployment: int, piece: int, before_ms: int) -> tuple[int, bytes] | None:
        return self._database.look(lambda session: on_history.read_before(session, deployment, piece, before_ms))

    def prune_history(self, before_ms: int) -> int:
        return self._database.write(lambda session: on_history.prune(session, before_ms))

    def close(self) -> None:
        self._database.close()
