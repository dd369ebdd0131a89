"""How many replicas a stage should have: up at once, down in calm, within its bounds."""

from __future__ import annotations

import itertools

from hypothesis import example, given
from hypothesis import strategies as st

from engine.cluster.autoscale import DOWN_S, Load, Memory, decide

CALM = Load(0, 0.0, 0.0)


def look(now: int, load: Load, *, least: int = 1, most: int = 8, at_s: float = 0.0, memory: Memory | None = None):
    return decide(now, least, most, load, memory or Memory(), at_s)


@example(4, 0, 5, 5, 2.0, 2.3e-308)
@given(st.integers(0, 20), st.integers(0, 5), st.integers(0, 15), st.integers(0, 10**6), st.floats(0, 1e4), st.floats(0, 1e6))
def test_the_bounds_are_kept_and_what_waits_is_never_left_to_nobody(now, least, more, waiting, age_s, rate) -> None:
    most = max(1, least + more)
    wanted, _ = decide(now, least, most, Load(waiting, age_s, rate), Memory(), 0.0)
    assert least <= wanted <= most
    assert wanted > 0 or not waiting or now > 0


def test_a_swell_doubles_the_workers_and_no_more_at_a_look() -> None:
    swell = Load(waiting=100_000, age_s=5.0, rate=100.0)
    assert look(1, swell)[0] == 2
    assert look(2, swell)[0] == 4
    assert look(4, swell)[0] == 8
    assert look(8, swell)[0] == 8


def test_a_few_late_messages_bring_one_worker_more() -> None:
    assert look(2, Load(waiting=10, age_s=3.0, rate=1000.0))[0] == 3


def test_work_that_is_taken_soon_brings_nobody() -> None:
    assert look(2, Load(waiting=5000, age_s=0.2, rate=50_000.0))[0] == 2


def test_work_for_nobody_brings_the_first_at_once() -> None:
    assert look(0, Load(waiting=1, age_s=0.0, rate=0.0), least=0)[0] == 1


def test_calm_takes_workers_away_one_by_one_and_only_when_it_lasts() -> None:
    workers, memory, at_s = 4, Memory(), 0.0
    seen = []
    while at_s <= 3 * DOWN_S:
        workers, memory = look(workers, CALM, at_s=at_s, memory=memory)
        seen.append(workers)
        at_s += 1.0
    assert seen[: int(DOWN_S)] == [4] * int(DOWN_S)
    assert seen[-1] == 1
    assert all(before - after in (0, 1) for before, after in itertools.pairwise(seen))


def test_a_wave_does_not_make_workers_come_and_go() -> None:
    workers, memory = 4, Memory()
    for at_s in range(120):
        load = Load(1000, 1.5, 500.0) if at_s % 10 < 3 else CALM
        workers, memory = look(workers, load, at_s=float(at_s), memory=memory)
    assert workers == 4
