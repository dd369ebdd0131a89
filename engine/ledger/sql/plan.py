"""Deployments as a transaction sees them: the plan that is current, and what its queues want."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct
from sqlalchemy import select

from engine.ledger.base import DEAD, NewBatch, Order
from engine.ledger.sql.session import Session
from engine.ledger.sql.statement import parameter
from engine.ledger.sql.tables import deployment, queue

# On PostgreSQL the lock makes a new plan wait until every exchange under the old one has ended.
_PLAN = (
    select(deployment.c.plan).where(deployment.c.id == parameter(deployment.c.id)).with_for_update(read=True, key_share=True)
)
_QUEUES = select(queue.c.id, queue.c.key, queue.c.sort, queue.c.expire_ms).where(
    queue.c.deployment == parameter(queue.c.deployment)
)


class Line(Struct, frozen=True):
    """What an exchange must know of a queue. `expire_ms` is 0 where nothing expires."""

    key: str
    order: Order
    expire_ms: int


Lines = Mapping[int, Line]


class Plans:
    """The queues of deployments, read once for each plan: they change only with its number."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[int, Lines]] = {}

    def current(self, session: Session, deployment: int) -> tuple[int, Lines]:
        """The number of the current plan and every queue of the deployment; plan 0 when there is no such deployment."""
        found = session.row(_PLAN, {"id": deployment})
        if found is None:
            return 0, {}
        known = self._known.get(deployment)
        if known is None or known[0] != found[0]:
            known = self._known[deployment] = (found[0], lines(session, deployment))
        return known


def lines(session: Session, deployment: int) -> Lines:
    """Every queue of a deployment, by number."""
    return {
        number: Line(key, Order(sort), 0 if key.startswith(DEAD) else expire_ms)
        for number, key, sort, expire_ms in session.rows(_QUEUES, {"deployment": deployment})
    }


def place(order: Order, turn: int, born_ms: int, rank: float) -> float:
    """The position of a batch in its queue, the smallest claimed first (LIFO: the largest)."""
    if order is Order.RANK:
        return rank
    return float(born_ms if order is Order.OLDEST else turn)


def place_of(order: Order, turn: int, made: NewBatch) -> float:
    """The position of a batch that is to be inserted."""
    return place(order, turn, made.born_ms, made.rank)
