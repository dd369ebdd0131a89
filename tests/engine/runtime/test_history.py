"""What parts did, in seconds and in minutes: every row is what a plain reckoning says, also over a restart of the engine."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import NotFound
from engine.ledger.base import Counter, Depth, Passage, QueueSpec, Registration
from engine.ledger.memory import MemoryLedger
from engine.runtime.deployment import Deployment
from engine.runtime.depths import Depths
from engine.runtime.history import History
from engine.runtime.pieces import Assembly, Span, packed, pieces_of, read, read_before, table_of
from engine.runtime.series import Table, coarser, handy_step, parts_of
from engine.runtime.summary import Totals

STEPS = ("a", "sub/b", "sub/c")
LINKS = ("a.success->sub/b.in", "sub/b.success->sub/c.in")
START_S = 60_000
WHOLE = ("in", "out", "failed", "tasks", "seconds", "passed", "queued", "bytes", "queued_bytes")


class Counting:
    """As much of a deployment as is counted: its sums, how full its queues are, and what the ledger calls its parts."""

    def __init__(self, known: Registration) -> None:
        self.registration = known
        self.plan = SimpleNamespace(links=dict.fromkeys(LINKS))
        self.totals = Totals()
        self.depths = Depths(known.queues, [])
        self.settled = 0
        self.stands: dict[str, int] = {}

    @property
    def deployment(self) -> Deployment:
        return cast("Deployment", self)

    def work(self, step: str, messages: int) -> None:
        """A task of so many messages."""
        counter = Counter(messages, 1, 1, 10**9, {"success": messages})
        self.totals.add({step: counter}, {}, START_S)
        self.settled += 1

    def cross(self, link: str, messages: int, waiting: int) -> None:
        """So many messages cross a connection; then so many wait."""
        self.totals.add({}, {link: Passage(messages, 10 * messages)}, START_S)
        self.stands[link] = waiting
        self.fill()

    def fill(self) -> None:
        numbers = self.registration.queues
        self.depths.load({numbers[link]: Depth(n, 10 * n) for link, n in self.stands.items()})
        self.settled += 1


def registered(ledger: MemoryLedger) -> Registration:
    return ledger.register("flow", [QueueSpec(key) for key in (*LINKS, "dead:a")], STEPS, "1")


def column(table: Table, name: str) -> list[float]:
    return [row[table.columns.index(name)] for row in table.rows]


def begun(now_s: float = START_S) -> tuple[MemoryLedger, Counting, History]:
    ledger = MemoryLedger()
    counting = Counting(registered(ledger))
    history = History()
    history.begin(counting.deployment, now_s)
    return ledger, counting, history


def write(ledger: MemoryLedger, known: Registration, history: History) -> None:
    """What the engine does every minute."""
    ledger.add_history(list(packed(known.deployment, history.minutes(history.written)[:-1])))
    history.written = history.ended


# Seconds


def test_seconds_have_what_was_done_in_them():
    _, counting, history = begun()
    counting.work("a", 10)
    counting.cross(LINKS[0], 9, 9)
    history.sample(counting.deployment, START_S + 1.2)
    counting.work("a", 5)
    history.sample(counting.deployment, START_S + 1.9)  # the same second: it is looked at in the next
    history.sample(counting.deployment, START_S + 4.5)
    table = history.seconds().table(parts_of(counting.registration, processor="a"))
    assert (table.every_s, table.until_ms) == (1, (START_S + 4) * 1000)
    assert table.rows == [[10, 10, 1, 1, 1.0], [0] * 5, [0] * 5, [5, 5, 1, 1, 1.0]]
    link = history.seconds().table(parts_of(counting.registration, connection=LINKS[0]))
    assert (link.columns, link.rows) == (("passed", "queued", "bytes", "queued_bytes"), [[9, 9, 90, 90], *[[0, 9, 0, 90]] * 3])


def test_a_queue_that_stands_still_is_full_in_every_second():
    _, counting, history = begun()
    counting.cross(LINKS[0], 7, 7)
    for second in range(1, 400):
        history.sample(counting.deployment, START_S + second)
    table = history.seconds().table(parts_of(counting.registration, connection=LINKS[0]))
    assert column(table, "queued") == [7] * 300
    assert column(table, "passed") == [0] * 300


def test_what_a_deployment_has_counted_before_it_was_opened_was_not_done_now():
    ledger = MemoryLedger()
    counting = Counting(registered(ledger))
    counting.work("a", 100)
    counting.cross(LINKS[0], 100, 40)
    history = History()
    history.begin(counting.deployment, START_S)
    history.sample(counting.deployment, START_S + 1)
    # A fresh start sets its counters to zero and empties its queues.
    fresh = Counting(counting.registration)
    history.begin(fresh.deployment, START_S + 1.5)
    fresh.work("a", 3)
    history.sample(fresh.deployment, START_S + 2)
    whole = history.seconds().table(parts_of(counting.registration))
    assert column(whole, "in") == [0, 3]
    assert column(whole, "queued") == [40, 0]


def test_a_connection_that_comes_back_has_not_passed_everything_again():
    _, counting, history = begun()
    counting.cross(LINKS[1], 50, 0)
    history.sample(counting.deployment, START_S + 1)
    links = counting.plan.links
    counting.plan.links = {LINKS[0]: None}
    counting.settled += 1
    history.sample(counting.deployment, START_S + 2)
    counting.plan.links = links
    counting.cross(LINKS[1], 2, 0)
    history.sample(counting.deployment, START_S + 3)
    table = history.seconds().table(parts_of(counting.registration, connection=LINKS[1]))
    assert column(table, "passed") == [50, 0, 2]


def test_a_clock_that_is_set_back_begins_anew():
    _, counting, history = begun()
    history.sample(counting.deployment, START_S + 1)
    counting.work("a", 4)
    history.sample(counting.deployment, START_S - 7200)
    table = history.seconds().table(parts_of(counting.registration, processor="a"))
    assert (table.until_ms, column(table, "in")) == ((START_S - 7200) * 1000, [4])


# Parts


def test_a_subflow_is_what_is_in_it_and_the_flow_is_all():
    _, counting, history = begun()
    counting.work("a", 1)
    counting.work("sub/b", 10)
    counting.work("sub/c", 100)
    counting.cross(LINKS[0], 3, 3)
    counting.cross(LINKS[1], 5, 5)
    history.sample(counting.deployment, START_S + 1)
    seconds = history.seconds()
    for named, received, passed in (("sub", 110, 5), ("", 111, 8)):
        table = seconds.table(parts_of(counting.registration, processor=named))
        assert table.columns == WHOLE
        assert (column(table, "in"), column(table, "passed")) == ([received], [passed])


def test_parts_that_are_not_there_are_told_with_what_may_be_meant():
    known = registered(MemoryLedger())
    close = f"there is no connection 'a.success->sub/b.on' in this flow; did you mean '{LINKS[0]}'?"
    with pytest.raises(NotFound, match="there is no processor 'sub/d' in this flow; did you mean 'sub/"):
        parts_of(known, processor="sub/d")
    with pytest.raises(NotFound, match=re.escape(close)):
        parts_of(known, connection="a.success->sub/b.on")
    with pytest.raises(NotFound, match="there is no connection 'dead:a'"):
        parts_of(known, connection="dead:a")


# Minutes

ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("work"), st.sampled_from(STEPS), st.integers(1, 50)),
        st.tuples(st.just("cross"), st.sampled_from(LINKS), st.integers(1, 50), st.integers(0, 50)),
        st.tuples(st.just("pass"), st.integers(1, 150)),
        st.tuples(st.just("write")),
        st.tuples(st.just("restart")),
    ),
    max_size=40,
)


@settings(max_examples=200)
@given(ACTS, st.sampled_from(["a", "sub", ""]), st.integers(0, 10), st.sampled_from([60, 120, 600]))
def test_minutes_are_what_was_done_however_they_are_written(acts: list[Any], named: str, late: int, every_s: int):
    ledger, counting, history = begun()
    now_s, done, stood = START_S, {}, {}
    known = counting.registration
    steps = [step for step in STEPS if step == named or step.startswith(f"{named}/") or not named]
    links = [] if named == "a" else [link for link in LINKS if not named or link.startswith("sub/")]
    for act in acts:
        match act:
            case ("work", step, messages):
                counting.work(step, messages)
                if step in steps:
                    done[now_s // 60] = done.get(now_s // 60, 0) + messages
            case ("cross", link, messages, waiting):
                counting.cross(link, messages, waiting)
            case ("pass", seconds):
                for _ in range(seconds):
                    now_s += 1
                    history.sample(counting.deployment, now_s)
                    stood[(now_s - 1) // 60] = sum(counting.stands.get(link, 0) for link in links)
            case ("write",):
                write(ledger, known, history)
            case _:
                # The engine ends in good order, and another one begins: in the same second.
                history.end(counting.deployment, now_s)
                write(ledger, known, history)
                now_s += 1
                stood[(now_s - 1) // 60] = sum(counting.stands.get(link, 0) for link in links)
                history = History()
                history.begin(counting.deployment, now_s)
    now_s += 1
    history.sample(counting.deployment, now_s)
    stood[(now_s - 1) // 60] = sum(counting.stands.get(link, 0) for link in links)
    first = START_S // 60 + late
    span = Span(first * 60_000, ((now_s - 1) // 60 + 1) * 60_000, 60)
    if span.since_ms >= span.until_ms:
        return
    parts = parts_of(known, processor=named)
    places = pieces_of(parts)
    assembly = Assembly(parts, span, read_before(ledger, known.deployment, places, span.since_ms))
    assembly.add(read(ledger, known.deployment, places, span.since_ms, span.until_ms))
    assembly.add_minutes(history.minutes(history.written))
    table = assembly.table()
    begin = span.until_ms // 60_000 - len(table.rows)
    assert begin >= first
    assert column(table, "in") == [done.get(minute, 0) for minute in range(begin, span.until_ms // 60_000)]
    assert sum(done.get(minute, 0) for minute in range(first, begin)) == 0
    if links:
        assert column(table, "queued") == [stood[minute] for minute in range(begin, span.until_ms // 60_000)]
    # Longer rows have the same sums, and the last of what stands.
    long = coarser(table, every_s)
    assert sum(column(long, "in")) == sum(column(table, "in"))
    assert not links or not table.rows or column(long, "queued")[-1] == column(table, "queued")[-1]
    assert long.until_ms % (every_s * 1000) == 0


def test_hundreds_of_parts_are_in_pieces_and_found_again():
    ledger = MemoryLedger()
    steps = [f"s{number}" for number in range(700)]
    known = ledger.register("flow", [], steps, "1")
    counting = Counting(known)
    counting.plan.links = {}
    history = History()
    history.begin(counting.deployment, START_S)
    for number, step in enumerate(steps):
        counting.work(step, number + 1)
    history.end(counting.deployment, START_S + 1)
    write(ledger, known, history)
    assert len(pieces_of(parts_of(known))) in (3, 4)
    span = Span(START_S * 1000, START_S * 1000 + 60_000)
    assert column(table_of(ledger, known.deployment, parts_of(known, processor="s699"), span), "in") == [700]
    assert column(table_of(ledger, known.deployment, parts_of(known), span), "in") == [700 * 701 // 2]


def test_nothing_known_is_no_rows():
    ledger = MemoryLedger()
    known = registered(ledger)
    assert table_of(ledger, known.deployment, parts_of(known), Span(0, 600_000)).rows == []


def test_rows_are_as_long_as_can_be_looked_at():
    assert [handy_step(days * 86_400) for days in (0.04, 1, 2, 7, 365)] == [60, 60, 120, 600, 21_600]
