"""When tickets go, decided without a clock or a broker."""

from __future__ import annotations

from itertools import pairwise

import pytest

from engine.dispatch.base import Ticket
from engine.dispatch.celery.pace import Pace

A, B = Ticket("flow", "a"), Ticket("flow", "b")


@pytest.fixture
def pace() -> Pace:
    return Pace(least_s=1.0, most_s=4.0)


def test_the_first_goes_at_once(pace: Pace) -> None:
    assert pace.wait_s(10.0) is None
    assert pace.add(A, 10.0)
    assert pace.wait_s(10.0) == 0.0
    assert pace.take(10.0) == [A]
    assert pace.wait_s(10.0) is None


def test_what_comes_in_a_pause_is_one_and_goes_after_it(pace: Pace) -> None:
    pace.add(A, 10.0)
    pace.take(10.0)
    assert pace.add(A, 10.1)
    assert not any(pace.add(A, 10.2) for _ in range(100)), "nothing new"
    assert pace.take(10.9) == []
    assert pace.wait_s(10.9) == pytest.approx(0.1)
    assert pace.take(11.0) == [A]


def test_the_pause_doubles_in_a_swell_and_is_short_again_after_calm(pace: Pace) -> None:
    gone: list[float] = []
    for now in range(1000):
        pace.add(A, now / 10)
        if pace.take(now / 10):
            gone.append(now / 10)
    assert gone[:5] == [0.0, 1.0, 3.0, 7.0, 11.0]
    assert all(after - before == 4.0 for before, after in pairwise(gone[3:]))
    pace.take(200.0)
    assert pace.add(A, 300.0)
    assert pace.take(300.0) == [A]
    pace.add(A, 300.0)
    assert pace.wait_s(300.0) == 1.0


def test_stages_do_not_wait_for_each_other(pace: Pace) -> None:
    pace.add(A, 10.0)
    pace.take(10.0)
    pace.add(A, 10.0)
    pace.add(B, 10.0)
    assert pace.take(10.0) == [B]


def test_a_ticket_may_go_sooner_than_was_planned_but_not_later(pace: Pace) -> None:
    assert pace.add(A, 10.0, delay_s=5.0)
    assert not pace.add(A, 10.0, delay_s=9.0)
    assert pace.wait_s(10.0) == 5.0
    assert pace.add(A, 10.0)
    assert pace.take(10.0) == [A]


def test_what_could_not_be_sent_goes_next_time_and_is_one_with_what_comes(pace: Pace) -> None:
    pace.add(A, 10.0)
    pace.put_back(pace.take(10.0), 10.0)
    assert not pace.add(A, 10.0)
    assert pace.take(10.0) == [A]
    assert pace.take(20.0) == []


def test_what_is_forgotten_goes_no_more(pace: Pace) -> None:
    other = Ticket("other", "a")
    pace.add(A, 10.0)
    pace.add(other, 10.0)
    pace.forget("flow")
    assert pace.take(10.0) == [other]


def test_quiet_stages_are_not_remembered_for_ever(pace: Pace) -> None:
    for number in range(25_000):
        pace.add(Ticket("flow", str(number)), float(number))
        assert len(pace.take(float(number))) == 1
    assert len(pace._pauses) <= 10_001
