"""A stage at work: one task's messages through its steps, with no queue between them.

Steps run one after the other, each over all the rows it has, in the order the plan gives (a step after the one before it,
sinks last). What leaves the stage, waits or failed for good becomes an output; nothing is done to the ledger from here.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from . import claims, values
from .errors import Failure, describe
from .origins import Origins, Span
from .rows import Attributes, Rows

MAX_MESSAGES = 4096
"""Messages in a batch."""
DEAD = -2
"""In a result, the place of a queue number: the step's dead letters."""


class Link:
    """A connection that starts in this stage, or feeds it. `target` is the step behind it, -1 outside."""

    __slots__ = ("crossed", "index", "most", "port", "rank", "size", "target")

    def __init__(self, index: int, spec: Mapping[str, Any]) -> None:
        self.index = index
        self.target: int = spec["to"]
        self.port: str = spec["port"]
        self.rank: str | None = spec.get("rank")
        self.most: int = spec.get("most", MAX_MESSAGES)
        """Messages that a batch for this link may hold: few where several hosts share them."""
        self.crossed = 0
        self.size = 0


class Outgoing:
    """Rows that leave the stage over a link (or to the dead letters of `step`)."""

    __slots__ = ("attempt", "due_ms", "kind", "link", "rank", "rows", "step")

    def __init__(
        self, link: int, step: int, rows: Rows, *, attempt: int = 0, due_ms: int = 0, kind: int = 0, rank: float = 0
    ) -> None:
        self.link = link
        self.step = step
        self.rows = rows
        self.attempt = attempt
        self.due_ms = due_ms
        self.kind = kind
        self.rank = rank


class Mark(NamedTuple):
    """What a step's actions change in the stage."""

    outgoing: int
    agenda: list[int]
    links: list[tuple[int, int]]
    out: dict[str, int]
    failed: int
    sets: int
    given_up: int = 0


class Step(Protocol):
    """One processor in this process."""

    def process(self, port: str, rows: Rows, out: Delivery) -> None:
        """Handle rows that came in at `port`."""
        ...

    def timer(self, out: Delivery) -> None:
        """The time the step asked for has come."""
        ...

    def flush(self, out: Delivery) -> None:
        """Nothing more will come: let go of what waits."""
        ...


class Place:
    """A step's place in the stage: where its outputs lead, how its failures are treated, what it has counted in this task."""

    def __init__(self, index: int, spec: Mapping[str, Any]) -> None:
        self.index = index
        self.id: str = spec["id"]
        self.routes: dict[str, list[int]] = spec["routes"]
        self.dead = frozenset[str](spec["dead"])
        self.several_inputs = len(spec["inputs"]) > 1
        self.attempts: int = spec["retry"][0]
        self.penalty_s: float = spec["retry"][1]
        self.entangles = False
        """Whether what the step sends may share parts: a step in the same host then gets copies, as it would from a queue."""
        self.reset()

    def reset(self) -> None:
        """A task begins."""
        self.received = 0
        self.failed = 0
        self.time_ns = 0
        self.out: dict[str, int] = {}


class Delivery:
    """What a step does with its rows: send, fail, wait. One for every time a step processes rows."""

    __slots__ = ("_given_up", "_stage", "attempts", "link", "place", "rows", "waiting")

    def __init__(self, stage: Stage, place: Place, rows: Rows, link: int, attempts: list[int] | None) -> None:
        self._stage = stage
        self.place = place
        self.rows = rows
        self.link = link
        self.attempts = attempts
        self.waiting: dict[tuple[int, int, int], list[tuple[int, Any, int]]] = {}
        self._given_up: list[tuple[Any, int, Attributes]] = []

    def send(
        self,
        port: str,
        contents: list[Any],
        index: Sequence[int] | None = None,
        attributes: Sequence[Attributes | None] | None = None,
        packed: bytes | None = None,
        origins: Sequence[int] | None = None,
    ) -> None:
        """Send contents to an output; `contents[i]` was made of row `index[i]` (None: i) and has its attributes, or the given.

        `packed`, if given, is `values.pack(contents)`, and no content shares anything with another. `origins`, if given, says
        what each was made of instead of its row alone (see `together`).
        """
        if not contents:
            return
        rows = self.rows
        if attributes is None and rows.attributes is not None:
            attributes = rows.attributes if index is None else [rows.attributes[row] for row in index]
        if origins is None:
            origins = rows.origins if index is None else [rows.origins[row] for row in index]
        sent = Rows(contents, origins, attributes, packed)
        sent.entangled = self.place.entangles and packed is None
        if port in self.place.routes and packed is None:
            try:
                sent.packed = values.pack(contents)
            except values.UnsupportedValue:
                sent = self._without_unsupported(sent, index)
        self._stage.deliver(self.place, port, sent)

    def fail(self, row: int, error: Failure) -> None:
        """A row failed: it waits for another try, or goes to `failure` as it arrived, or to the dead letters."""
        if not self.retry(row, error):
            self.give_up(row, error, self.rows.original(row), self.rows.attributes_of(row))

    def retry(self, row: int, error: Failure, *, content: Any = None, kind: int = 0, origin: int | None = None) -> bool:
        """Put a row back for another try, if it has one left. `content` and `origin` replace its own when `kind` is not 0."""
        if not self.may_retry(row, error):
            return False
        attempt = self.attempts[row] if self.attempts else 0
        self.wait(row, time.time() + self.place.penalty_s, attempt + 1, content=content, kind=kind, origin=origin)
        return True

    def may_retry(self, row: int, error: Failure) -> bool:
        """Whether a row has another try left."""
        return error.retry and (self.attempts[row] if self.attempts else 0) < self.place.attempts

    def give_up(self, row: int, error: Failure, content: Any, attributes: Attributes, origin: int | None = None) -> None:
        """A message failed for good; `origin`, if it is not the row itself."""
        self.place.failed += 1
        marked = {**attributes, **error.attributes(self.place.id)}
        if self.place.several_inputs and self.link >= 0:
            marked["error.port"] = marked.get("join.port") or self._stage.links[self.link].port
        self._given_up.append((content, self.rows.origins[row] if origin is None else origin, marked))
        self._stage.report(self.place, error)

    def wait(
        self,
        row: int,
        due_s: float,
        attempt: int | None = None,
        *,
        content: Any = None,
        kind: int = 0,
        origin: int | None = None,
    ) -> None:
        """A row waits in the queue it came from, until `due_s` (seconds since the epoch); `content` replaces what it holds."""
        if attempt is None:
            attempt = (self.attempts[row] if self.attempts else 0) + 1
        waiting = self.waiting.setdefault((int(due_s * 1000), attempt, kind), [])
        waiting.append((row, content, self.rows.origins[row] if origin is None else origin))

    def spans(self, row: int) -> list[Span]:
        """Where a row came from, to be kept with it while it waits."""
        return self._stage.origins.spans([self.rows.origins[row]])

    def kept(self, rows: Sequence[int]) -> list[Any]:
        """The same for several rows that wait together (see `origins`)."""
        return self._stage.origins.kept([self.rows.origins[row] for row in rows])

    def together(self, spans: Iterable[Span]) -> int:
        """The origin of a message that is made of several."""
        return self._stage.origins.together(spans)

    def mark(self) -> Mark:
        """How things stand, for `roll_back`."""
        return self._stage.mark(self.place)._replace(given_up=len(self._given_up))

    def roll_back(self, mark: Mark) -> None:
        """Take back everything sent and failed since the mark."""
        self.waiting.clear()
        del self._given_up[mark.given_up :]
        self._stage.roll_back(self.place, mark)

    def close(self) -> None:
        """The step is through with its rows: what failed and what waits leaves it, each together."""
        if self._given_up:
            contents, origins, attributes = map(list, zip(*self._given_up, strict=True))
            self._given_up.clear()
            self._stage.deliver(self.place, "failure", Rows(contents, origins, attributes, values.pack(contents)))
        for (due_ms, attempt, kind), waiting in self.waiting.items():
            rows = self.rows.take([row for row, _, _ in waiting])
            if kind:
                rows.contents = [content for _, content, _ in waiting]
                rows.origins = [origin for _, _, origin in waiting]
            rows.packed = values.pack(rows.contents)
            self.place.received -= len(waiting)
            self._stage.outgoing.append(Outgoing(self.link, self.place.index, rows, attempt=attempt, due_ms=due_ms, kind=kind))
        self.waiting.clear()

    def _without_unsupported(self, sent: Rows, index: Sequence[int] | None) -> Rows:
        """The rows that can be carried; the rows whose calls made the others fail."""
        failed: set[int] = set()
        made_of = index if index is not None else range(len(sent.contents))
        for row, content in zip(made_of, sent.contents, strict=True):
            if row in failed:
                continue
            try:
                values.pack([content])  # as deep as it will lie
            except values.UnsupportedValue as error:
                failed.add(row)
                self.fail(row, describe(error))
        good = [position for position, row in enumerate(made_of) if row not in failed]
        rows = Rows(
            [sent.contents[position] for position in good],
            [sent.origins[position] for position in good],
            None if sent.attributes is None else [sent.attributes[position] for position in good],
        )
        rows.packed = values.pack(rows.contents)
        rows.entangled = sent.entangled
        return rows


class Stage:
    """The steps of one host and the links between them."""

    def __init__(self, spec: Mapping[str, Any], report: Callable[[Place, Failure], None], store: claims.Store) -> None:
        self.places = [Place(index, step) for index, step in enumerate(spec["steps"])]
        self.links = [Link(index, link) for index, link in enumerate(spec["links"])]
        self.order: list[int] = spec["order"]
        self.steps: list[Step] = []
        self.report = report
        self.store = store
        self.outgoing: list[Outgoing] = []
        self.origins = Origins()
        self.careful = False
        """Let messages wait in the queue behind every step: a host died, and the step to blame is looked for."""
        self.current = 0
        """The step that is running, for what it prints."""
        self._agenda: list[list[tuple[int, Rows, list[int] | None]]] = [[] for _ in self.places]

    def begin(self) -> None:
        """A task begins."""
        self.outgoing = []
        for place in self.places:
            place.reset()
        for link in self.links:
            link.crossed = link.size = 0
        for agenda in self._agenda:
            agenda.clear()

    def enter(self, link: int, rows: Rows, attempts: list[int] | None) -> None:
        """Rows come in over a link that leads to one of the steps."""
        self._agenda[self.links[link].target].append((link, rows, attempts))

    def condemn(self, link: int, rows: Rows, failure: Failure) -> None:
        """Rows that are to fail without being run: hosts died over them."""
        place = self.places[self.links[link].target]
        place.received += len(rows)
        out = Delivery(self, place, rows, link, None)
        for row in range(len(rows)):
            out.give_up(row, failure, rows.original(row), rows.attributes_of(row))
        out.close()

    def run(self) -> None:
        """Every step does what it has to."""
        for index in self.order:
            agenda = self._agenda[index]
            if agenda:
                for link, rows, attempts in agenda:
                    self._process(index, link, rows, attempts)
                agenda.clear()

    def _process(self, index: int, link: int, rows: Rows, attempts: list[int] | None) -> None:
        place = self.places[index]
        self.current = index
        place.received += len(rows)
        started = time.perf_counter_ns()
        out = Delivery(self, place, rows, link, attempts)
        if self.store.used and (lost := self.store.lost(rows.contents)):
            out = self._without_lost(out, lost)
        if len(out.rows):
            self.steps[index].process(self.links[link].port, out.rows, out)
            out.close()
        place.time_ns += time.perf_counter_ns() - started

    def _without_lost(self, out: Delivery, lost: list[int]) -> Delivery:
        """Fail the rows whose content is gone; the others, still to be processed."""
        for row in lost:
            out.fail(row, Failure("ContentLost", claims.LOST, retry=False))
        out.close()
        gone = set(lost)
        left = [row for row in range(len(out.rows)) if row not in gone]
        rows = out.rows.take(left)
        rows.kind = out.rows.kind
        rows.packed = values.pack(rows.contents)
        return Delivery(self, out.place, rows, out.link, [out.attempts[row] for row in left] if out.attempts else None)

    def mark(self, place: Place) -> Mark:
        """How things stand for a step that is about to act."""
        return Mark(
            len(self.outgoing),
            [len(agenda) for agenda in self._agenda],
            [(link.crossed, link.size) for link in self.links],
            dict(place.out),
            place.failed,
            len(self.origins.sets),
        )

    def roll_back(self, place: Place, mark: Mark) -> None:
        """Make things stand as they did, except for what the step has received."""
        del self.outgoing[mark.outgoing :]
        for agenda, length in zip(self._agenda, mark.agenda, strict=True):
            del agenda[length:]
        for link, (crossed, size) in zip(self.links, mark.links, strict=True):
            link.crossed, link.size = crossed, size
        place.out = dict(mark.out)
        place.failed = mark.failed
        del self.origins.sets[mark.sets :]

    def wake(self, index: int, act: Callable[[Step, Delivery], None]) -> None:
        """A step acts without messages: its timer, or a flush. What it makes of nothing that waited begins here."""
        place = self.places[index]
        self.origins.begin([(0, place.id, 0)])
        self.current = index
        started = time.perf_counter_ns()
        out = Delivery(self, place, Rows([], (0,)), -1, None)
        act(self.steps[index], out)
        out.close()
        place.time_ns += time.perf_counter_ns() - started
        self.run()

    def source(
        self,
        index: int,
        port: str,
        contents: list[Any],
        attributes: Sequence[Attributes | None] | None,
        packed: bytes,
        first: int,
    ) -> None:
        """A source's messages leave it, the batch's from the `first` on; `run` then takes them as far as they can go."""
        self.current = index
        rows = Rows(contents, range(first, first + len(contents)), attributes)
        Delivery(self, self.places[index], rows, -1, None).send(port, contents, packed=packed)

    def deliver(self, place: Place, port: str, rows: Rows) -> None:
        """Rows leave a step: to the steps behind it, out of the stage, to the dead letters, or nowhere on purpose."""
        n = len(rows)
        if not n:
            return
        place.out[port] = place.out.get(port, 0) + n
        if port in place.dead:
            self.outgoing.append(Outgoing(DEAD, place.index, rows))
            return
        targets = place.routes.get(port)
        if not targets:
            return
        packed = rows.packed
        assert packed is not None
        taken = rows.entangled
        for number in targets:
            link = self.links[number]
            link.crossed += n
            link.size += len(packed)
            if link.target < 0 or self.careful:
                self._leave(link, place, rows)
                continue
            self._agenda[link.target].append((number, rows.copy() if taken else rows, None))
            taken = True

    def _leave(self, link: Link, place: Place, rows: Rows) -> None:
        if link.rank is None:
            self.outgoing.append(Outgoing(link.index, place.index, rows))
            return
        by_rank: dict[float, list[int]] = {}
        for row in range(len(rows)):
            by_rank.setdefault(_rank(rows.attributes_of(row).get(link.rank)), []).append(row)
        for rank, members in by_rank.items():
            part = rows.take(members)
            part.packed = values.pack(part.contents)
            self.outgoing.append(Outgoing(link.index, place.index, part, rank=rank))


def _rank(text: str | None) -> float:
    """A priority attribute as a number, lowest first; what is no number comes last."""
    try:
        number = float(text) if text is not None else 1e300
    except ValueError:
        return 1e300
    return number if number == number else 1e300  # noqa: PLR0124 - NaN is not itself
