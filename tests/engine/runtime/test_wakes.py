"""Whom a queue that was filled or freed concerns."""

from __future__ import annotations

from engine.ledger.base import DEAD
from engine.runtime.wakes import Wakes
from tests.engine.runtime.test_plan import CHAIN, SOURCE, planned, step

S_A, A_B = "s.success->a.in", "a.success->b.in"


def test_what_comes_into_a_queue_is_work_for_the_stage_behind_it():
    apart = Wakes(planned([SOURCE, step("a"), step("b")], CHAIN, fuse=False))
    assert (apart.filled(S_A), apart.filled(A_B)) == ("a", "b")


def test_a_queue_inside_a_stage_is_work_for_that_stage():
    fused = Wakes(planned([SOURCE, step("a"), step("b")], CHAIN))
    assert fused.filled(A_B) == "s"


def test_dead_letters_stopped_steps_and_connections_that_are_gone_are_work_for_nobody():
    wakes = Wakes(planned([SOURCE, step("a"), step("b")], CHAIN, fuse=False, stopped={"b"}))
    assert [wakes.filled(key) for key in (DEAD + "a", A_B, "a.success->gone.in")] == [None, None, None]


def test_room_in_a_queue_concerns_every_stage_whose_messages_may_cross_it():
    wakes = Wakes(planned([SOURCE, step("a"), step("b")], f"s.success -> a.in {{fuse: false}}\n{CHAIN.splitlines()[1]}"))
    assert wakes.freed(S_A) == ["s"]
    assert wakes.freed(A_B) == ["a"]
    assert wakes.freed(DEAD + "a") == []
