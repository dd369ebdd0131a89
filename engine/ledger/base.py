"""The ledger's interface: claim, run, commit.

A queue row is a batch. A worker claims batches (a lease), runs them outside any transaction, and commits: the inputs are
deleted only if the lease is still its own, and in the same transaction outputs are inserted and state, source position,
timers, counters and lineage are written. Batches are opaque: the ledger moves bytes and never decodes a message.

Times are integer milliseconds since the epoch, given by the caller (so that tests decide the time). Methods are synchronous
and not thread-safe: one thread uses one Ledger object. All raise `StorageError` (full, read-only, gone) with nothing lost.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any

from msgspec import Struct, field

DEAD = "dead:"
"""Key prefix of the queue that keeps a step's dead letters: `dead:parse`."""


class Order(Enum):
    """Which batch of a queue is best."""

    FIFO = "fifo"
    LIFO = "lifo"
    OLDEST = "oldest"
    """By the time the messages entered the system."""
    RANK = "rank"
    """By the batch's rank, lowest first, then FIFO."""


class QueueSpec(Struct, frozen=True):
    """A queue as the plan wants it. `key` is unique in a deployment (`a.p->b.q`, `dead:a`)."""

    key: str
    order: Order = Order.FIFO
    expire_ms: int = 0
    limit_messages: int = 0
    limit_bytes: int = 0


class Registration(Struct, frozen=True):
    """A deployment as the ledger knows it: numbers of its queues and steps by key, and the number of its plan."""

    deployment: int
    plan: int
    queues: Mapping[str, int]
    steps: Mapping[str, int]


class Claimed(Struct):
    """A batch, leased. `row` and `lease` are its receipt; messages `lo:hi` of the body are meant: halves keep their id."""

    row: int
    lease: int
    queue: int
    id: bytes
    lo: int
    hi: int
    size: int
    born_ms: int
    attempt: int
    crashes: int
    kind: int
    body: bytes


class NewBatch(Struct):
    """A batch to insert. `id` has 16 bytes; `claims` names the files that hold content too large for a row.

    `attempt` counts tries already made of the step behind the queue; `due_ms` hides the batch until then; `kind` is the
    host's own mark (0: messages).
    """

    queue: int
    id: bytes
    n: int
    size: int
    born_ms: int
    body: bytes | memoryview
    due_ms: int = 0
    rank: float = 0.0
    attempt: int = 0
    kind: int = 0
    claims: Sequence[str] = ()


class StateWrite(Struct):
    """One key of a step's state: `value` None deletes. `seen` is the version it was read at (0: absent).

    `version` is the one it is to have: a random number that the writer chooses, so that it can go on writing before it hears of
    the commit, and a key that was deleted and made again is never taken for the old one. 0 leaves the choice to the ledger.
    """

    step: int
    key: str
    value: bytes | None
    seen: int
    version: int = 0
    claims: Sequence[str] = ()


class SourceWrite(Struct):
    """A source's progress: commits only if `epoch` and `seq` are current; `seq` then grows by one, `yielded` by the given."""

    step: int
    epoch: int
    seq: int
    yielded: int
    done: bool = False


class TimerWrite(Struct):
    """A step asks to be woken at `due_ms`; None withdraws."""

    step: int
    due_ms: int | None


class Counter(Struct):
    """What a step did, summed: messages in, failed, expired, out by port, tasks, and task time in nanoseconds."""

    received: int = 0
    failed: int = 0
    tasks: int = 0
    time_ns: int = 0
    out: dict[str, int] = field(default_factory=dict[str, int])


class Passage(Struct):
    """What crossed a connection, summed: messages, bytes, and messages expired in its queue."""

    messages: int = 0
    size: int = 0
    expired: int = 0


class Commit(Struct):
    """Everything one finished task changes. `inputs` are (row, lease) receipts; a lost one drops the whole task.

    `rest` is (row, lease, done) of a batch of which only the first `done` messages were worked on: it goes back to its place,
    shortened by those. `timer` is (step, due) of the timer that the task answered: it must still stand, and is
    removed before `timers` are set.
    `counters` are by step number, `passages` by queue number. `lineage` is (parents, children) packed by the caller.
    """

    deployment: int
    plan: int
    inputs: Sequence[tuple[int, int]] = ()
    rest: tuple[int, int, int] | None = None
    outputs: Sequence[NewBatch] = ()
    state: Sequence[StateWrite] = ()
    source: SourceWrite | None = None
    timer: tuple[int, int] | None = None
    timers: Sequence[TimerWrite] = ()
    counters: Mapping[int, Counter] = {}
    passages: Mapping[int, Passage] = {}
    lineage: bytes = b""
    durable: bool = False
    now_ms: int = 0


class Outcome(Enum):
    """What became of a commit."""

    DONE = "done"
    LEASE_LOST = "lease lost"
    CONFLICT = "conflict"
    """A state key, the source or the timer was changed by somebody else."""
    STALE_PLAN = "stale plan"
    TAKEN = "taken"
    """Somebody works on the batch that was to be rewritten."""


class ClaimRequest(Struct):
    """What a worker wants: batches of the first of `queues` that has any, best first, at least one whatever its size.

    Batches of one claim are of one queue, one `attempt`, one `kind` and one `crashes` count, and were born within
    `born_window_ms` of the first. Batches with `crashes` above zero come alone. Expired batches are removed and counted.
    """

    deployment: int
    plan: int
    queues: Sequence[int]
    messages: int
    size: int
    lease_ms: int
    now_ms: int
    holder: str = ""
    born_window_ms: int = 1000


class Depth(Struct, frozen=True):
    """What waits in a queue, leased batches included. `oldest_ms` is the birth of the oldest, 0 when empty."""

    messages: int = 0
    size: int = 0
    batches: int = 0
    oldest_ms: int = 0


class Source(Struct, frozen=True):
    """Where a source stands: committed batches (`seq`), committed messages (`yielded`), whether it ended."""

    epoch: int
    seq: int
    yielded: int
    done: bool


class HistoryEntry(Struct, frozen=True):
    """What some parts of a deployment did from `time_ms` on, packed by the caller. `piece` is the caller's number of these.

    Large deployments have their history in pieces, so that reading what one part did does not read what all did.
    """

    deployment: int
    piece: int
    time_ms: int
    packed: bytes


class Rewrite(Struct):
    """Another body for a batch that waits, which keeps its id, place, birth and tries. It must be as it was `seen` by a peek.

    `size` is what the batch has from now on, `claims` are all files that it refers to.
    """

    seen: Claimed
    body: bytes
    size: int
    claims: Sequence[str] = ()
    lineage: bytes = b""
    now_ms: int = 0


class Exchange(Struct):
    """The result of one transaction: an outcome per commit, a list of batches per request, files nobody refers to any more."""

    outcomes: list[Outcome]
    claimed: list[list[Claimed]]
    orphans: list[str]


def unknown(deployment: str) -> str:
    """The sentence for a deployment that is not there."""
    return f"there is no deployment '{deployment}': list the deployments to see which there are"


def taken(deployment: str) -> str:
    """The sentence for a name that another deployment has."""
    return f"there is another deployment called '{deployment}': remove that first, or choose another name"


class Ledger(ABC):
    """Queues, leases and commits of any number of deployments."""

    @abstractmethod
    def register(self, deployment: str, queues: Sequence[QueueSpec], steps: Sequence[str], revision: str) -> Registration:
        """Make the deployment's queues and steps known under a new plan number; parts no longer named keep their rows."""

    @abstractmethod
    def registration(self, deployment: str) -> tuple[Registration, str] | None:
        """The deployment as last registered, with its revision."""

    @abstractmethod
    def forget(self, deployment: str) -> list[str]:
        """Remove a deployment and everything it holds; returns files nobody refers to any more."""

    @abstractmethod
    def rename(self, deployment: str, name: str) -> None:
        """Give a deployment another name; everything it holds stays its own.

        Raises:
            NotFound: there is none of the old name.
            ConflictError: there is one of the new name.
        """

    @abstractmethod
    def exchange(self, commits: Sequence[Commit], requests: Sequence[ClaimRequest]) -> Exchange:
        """One transaction: every commit in order, each whole or not at all, then every claim (which sees their outputs)."""

    @abstractmethod
    def renew(self, receipts: Sequence[tuple[int, int]], until_ms: int) -> int:
        """Prolong leases; returns how many were still held."""

    @abstractmethod
    def release(self, receipts: Sequence[tuple[int, int]], *, crashed: bool = False, due_ms: int = 0) -> None:
        """Give leases back; `crashed` counts a crash against the batches, `due_ms` hides them until then."""

    @abstractmethod
    def split(self, row: int, lease: int) -> None:
        """Halve a leased batch of several messages into two rows with the same id and split range, unleased, crash counted."""

    @abstractmethod
    def void(self, deployment: int | None = None) -> int:
        """End every lease at once (the holders are known to be dead); returns how many there were."""

    @abstractmethod
    def abandon(self, holder: str) -> int:
        """End the leases of one holder that is known to be dead; returns how many there were."""

    @abstractmethod
    def now_ms(self) -> int:
        """The time by the ledger's own clock, which all that share it go by, however wrong their own clocks are."""

    @abstractmethod
    def depths(self, deployment: int) -> dict[int, Depth]:
        """What waits in every queue of the deployment."""

    @abstractmethod
    def next_due(self, deployment: int, now_ms: int) -> int | None:
        """The earliest time after `now_ms` at which a hidden batch, a timer or a lease end falls due."""

    @abstractmethod
    def due_queues(self, deployment: int, now_ms: int) -> set[int]:
        """The queues that hold a batch which may be claimed now."""

    @abstractmethod
    def due_timers(self, deployment: int, now_ms: int) -> list[tuple[int, int]]:
        """(step, due) of every timer that is due."""

    @abstractmethod
    def open_source(self, step: int) -> Source:
        """Take a source over: raises its epoch, so that whoever ran it before can no longer commit."""

    @abstractmethod
    def sources(self, deployment: int) -> dict[int, Source]:
        """Every source that was ever opened, by step."""

    @abstractmethod
    def rewind(self, step: int) -> None:
        """Forget that a source ended and what it yielded (a schedule starts it again); its state stays."""

    @abstractmethod
    def read_state(self, step: int, keys: Sequence[str] | None = None, *, most: int = 0) -> dict[str, tuple[bytes, int]]:
        """Values and versions of the keys that exist; every key when `keys` is None, or the first `most` of them, if given."""

    @abstractmethod
    def clear_state(self, step: int) -> list[str]:
        """Forget a step's state, source position and timer; returns files nobody refers to any more."""

    @abstractmethod
    def counters(self, deployment: int) -> tuple[dict[int, Counter], dict[int, Passage]]:
        """All-time sums by step and by queue, as committed."""

    @abstractmethod
    def peek(self, queue: int, limit: int, offset: int = 0) -> list[Claimed]:
        """The next batches of a queue in claiming order, without a lease (`lease` is 0), leased ones included."""

    @abstractmethod
    def rewrite(self, change: Rewrite) -> tuple[Outcome, list[str]]:
        """Give a waiting batch another body, durably; returns files nobody refers to any more.

        The outcome is `TAKEN` while somebody works on the batch, `CONFLICT` when it is gone or is not as it was seen; then
        nothing is changed.
        """

    @abstractmethod
    def parts(self, queue: int, id: bytes) -> list[tuple[int, int]]:
        """The parts `lo:hi` of a batch that are in a queue, leased ones included; none if it is not there."""

    @abstractmethod
    def purge(self, queue: int) -> tuple[int, list[str]]:
        """Delete every unleased batch; returns messages deleted and files nobody refers to any more."""

    @abstractmethod
    def move(self, source: int, target: int, *, limit: int | None = None) -> int:
        """Move unleased batches to another queue with fresh attempts; returns messages moved."""

    @abstractmethod
    def lineage(
        self, deployment: int, *, since_ms: int = 0, limit: int = 10_000, newest: bool = False
    ) -> list[tuple[int, bytes]]:
        """(time, packed lineage) of commits, oldest first; of more than `limit` the oldest ones, or the `newest`."""

    @abstractmethod
    def prune_lineage(self, before_ms: int) -> int:
        """Drop lineage older than the given time; returns rows dropped."""

    @abstractmethod
    def add_history(self, entries: Sequence[HistoryEntry]) -> None:
        """Keep entries, in one transaction. Those of a deployment that is gone are left out; equal ones stand side by side."""

    @abstractmethod
    def history(self, deployment: int, piece: int, since_ms: int, until_ms: int) -> list[tuple[int, bytes]]:
        """(time, packed) of a piece's entries from `since_ms` on and before `until_ms`, oldest first."""

    @abstractmethod
    def history_before(self, deployment: int, piece: int, before_ms: int) -> tuple[int, bytes] | None:
        """(time, packed) of a piece's last entry before a time."""

    @abstractmethod
    def prune_history(self, before_ms: int) -> int:
        """Drop history older than the given time; returns entries dropped."""

    @abstractmethod
    def claims(self) -> set[str]:
        """Every file that a batch or a state value refers to."""

    @abstractmethod
    def close(self) -> None:
        """Let go of the database."""

    @abstractmethod
    def set_facts(self, deployment: int, facts: Mapping[str, Any]) -> None:
        """Keep small named JSON facts about a deployment: when its run started, the file it came from ...; None removes one."""

    @abstractmethod
    def facts(self, deployment: int) -> dict[str, Any]:
        """The facts kept about a deployment."""

    @abstractmethod
    def deployments(self) -> dict[str, int]:
        """Every deployment by name."""
