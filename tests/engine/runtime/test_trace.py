from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from engine.errors import NotFound, UsageError
from engine.ledger.base import Ledger
from engine.ledger.url import open_ledger
from engine.runtime.queues import peek, replay
from engine.runtime.trace import Place, events, trace
from tests.engine.runtime.running import NUMBERS, Bench, flow

STEPS = (
    NUMBERS
    + """
- id: check
  type: python
  outputs: [success, failure]
  code: |
    def check(n):
        if n == 7:
            raise ValueError("seven")
        return n
- {id: threes, type: merge, config: {count: 3}}
- {id: keep, type: log}
- {id: hold, type: log, enabled: false}
"""
)
LINKS = """
numbers.success -> check.in {fuse: false}
check.success -> threes.in {fuse: false}
threes.success -> keep.in {fuse: false}
threes.success -> hold.in {fuse: false}
"""


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """Ten numbers; one fails, the others go on in threes: to where nothing comes of them, and to where they wait."""
    made = Bench(tmp_path_factory.mktemp("traced"), flow(STEPS, LINKS))
    made.run()
    return made


@pytest.fixture
def ledger(bench: Bench) -> Iterator[Ledger]:
    with closing(open_ledger(f"sqlite:///{bench.workspace / 'ledger.db'}")) as opened:
        yield opened


def told(place: Place) -> tuple[str, str, str]:
    return place.step, place.queue, place.state


def test_a_message_is_followed_from_its_source_to_where_it_waits(bench: Bench, ledger: Ledger) -> None:
    found = trace(ledger, str(bench.path), "numbers#4")
    assert [told(place) for place in found.places[:3]] == [
        ("numbers", "", "source"),
        ("numbers", "numbers.success->check.in", "passed"),
        ("check", "check.success->threes.in", "passed"),
    ]
    assert sorted(told(place) for place in found.places[3:]) == [
        ("threes", "threes.success->hold.in", "waiting"),
        ("threes", "threes.success->keep.in", "ended"),
    ]
    assert (found.message, found.is_cut, found.places[0].at_ms) == ("numbers#4", False, 0)
    assert all(place.at_ms > 1_600_000_000_000 for place in found.places[1:])
    ids = [place.id for place in found.places]
    assert found.links == [(ids[0], ids[1]), (ids[1], ids[2]), (ids[2], ids[3]), (ids[2], ids[4])]


def test_a_message_made_of_several_descends_from_each_of_them(bench: Bench, ledger: Ledger) -> None:
    name = str(bench.path)
    second = peek(ledger, name, "threes.success->hold.in").messages[1]
    assert second.content == [3, 4, 5]
    found = trace(ledger, name, second.id)
    assert [place.id for place in found.places if place.state == "source"] == ["numbers#3", "numbers#4", "numbers#5"]
    assert told(found.places[-1]) == ("threes", "threes.success->hold.in", "waiting")
    order = {place.id: at for at, place in enumerate(found.places)}
    assert all(order[parent] < order[child] for parent, child in found.links)
    assert len(found.places) == 10


def test_one_that_failed_is_found_among_the_dead_letters_and_where_it_is_put_back(bench: Bench, ledger: Ledger) -> None:
    name = str(bench.path)
    dead = trace(ledger, name, "numbers#7").places[-1]
    assert told(dead) == ("check", "dead:check", "dead")
    assert [(each.kind, each.message) for each in events(ledger, name, "check") if each.kind == "failed"] == [
        ("failed", dead.id)
    ]
    replay(ledger, name, "check")
    assert trace(ledger, name, dead.id).places[-1].state == "waiting"


def test_what_came_to_a_processor_and_left_it_is_listed_newest_first(bench: Bench, ledger: Ledger) -> None:
    name = str(bench.path)
    found = events(ledger, name, "threes", limit=1000)
    kinds = [each.kind for each in found]
    assert (kinds.count("arrived"), kinds.count("sent")) == (9, 6)
    assert [each.at_ms for each in found] == sorted((each.at_ms for each in found), reverse=True)
    assert [each.kind for each in events(ledger, name, "keep")] == ["arrived"] * 3
    assert len(events(ledger, name, "threes", limit=4)) == 4
    beginnings = [trace(ledger, name, each.message).places[0].id for each in found if each.kind == "arrived"]
    assert sorted(beginnings) == sorted(f"numbers#{n}" for n in range(10) if n != 7)


@pytest.mark.parametrize(
    ("message", "error", "says"),
    [
        ("numbers#10", NotFound, "nothing is known of a message numbers#10"),
        (f"{'ab' * 16}:3", NotFound, "nothing is known"),
        ("nonsense", UsageError, "'nonsense' is no message's id; `pyfi queue peek` shows them"),
        ("xyz:1", UsageError, "no message's id"),
    ],
)
def test_what_cannot_be_traced_says_why(bench: Bench, ledger: Ledger, message: str, error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says):
        trace(ledger, str(bench.path), message)


def test_only_what_is_there_is_asked_for(bench: Bench, ledger: Ledger) -> None:
    with pytest.raises(NotFound, match="no processor 'three'"):
        events(ledger, str(bench.path), "three")
    with pytest.raises(NotFound, match="no flow 'other'"):
        trace(ledger, "other", "numbers#1")


def test_what_a_message_was_made_of_comes_before_it_also_where_ways_are_of_different_length(tmp_path: Path) -> None:
    """The number itself and its double are joined: the number is its parent and its grandparent."""
    steps = (
        NUMBERS
        + """
- {id: double, type: python, outputs: [success], code: "def double(n): return 2 * n"}
- id: both
  type: python
  inputs: [one, other]
  outputs: [success]
  code: "def both(one, other): return one + other"
- {id: hold, type: log, enabled: false}
"""
    )
    links = (
        "numbers.success -> double.in {fuse: false}\nnumbers.success -> both.one {fuse: false}\n"
        "double.success -> both.other {fuse: false}\nboth.success -> hold.in {fuse: false}"
    )
    made = Bench(tmp_path, flow(steps, links))
    made.run()
    with closing(open_ledger(f"sqlite:///{made.workspace / 'ledger.db'}")) as ledger:
        (first, *_) = peek(ledger, str(made.path), "both.success->hold.in").messages
        found = trace(ledger, str(made.path), first.id)
    order = {place.id: at for at, place in enumerate(found.places)}
    assert all(order[parent] < order[child] for parent, child in found.links)
    assert {place.queue for place in found.places} == {
        "", "numbers.success->double.in", "numbers.success->both.one", "double.success->both.other", "both.success->hold.in"
    }  # fmt: skip
