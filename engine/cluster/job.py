"""What an agent and its workers tell each other, over a pipe. Both are of one machine, one user and one PYFI."""

from __future__ import annotations

from msgspec import Struct

from engine.stores.cluster import Identity, Order
from engine.targets import Target


class Job(Struct, frozen=True):
    """What a worker is to do when it starts: run a stage of a deployment on a target."""

    worker: str
    node: str
    target: Target
    identity: Identity
    order: Order
    stage: str
    folder: str
    """The agent's own folder, where a deployment that names none that is there has its files."""
    secrets: dict[str, str]


class NewOrder(Struct, frozen=True):
    """Something else is wanted of the deployment now."""

    order: Order


class End(Struct, frozen=True):
    """Finish what is under way, at most for so long, give the rest back, and exit."""

    patience_s: float


class State(Struct, frozen=True):
    """How a worker does: `starting`, `running` or `broken` with its trouble, and how many tasks it has in hand."""

    state: str
    trouble: str = ""
    busy: int = 0


class Line(Struct, frozen=True):
    """A line of the log. `at_ms` is by the ledger's clock."""

    at_ms: int
    step: str
    level: str
    text: str


Word = State | Line
ToWorker = NewOrder | End
