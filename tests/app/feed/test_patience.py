from __future__ import annotations

from app.feed.patience import MOST, WITHIN_S, Patience


def test_pauses_grow_until_there_were_too_many_failures():
    patience = Patience()
    pauses = [patience.fail(number) for number in range(MOST)]
    assert pauses[-1] is None
    grown = [pause for pause in pauses if pause is not None]
    assert len(grown) == MOST - 1
    assert grown == sorted(set(grown))


def test_failures_of_long_ago_are_forgotten():
    patience = Patience()
    first = patience.fail(0.0)
    for number in range(1, 20):
        assert patience.fail(number * (WITHIN_S + 1)) == first
    assert patience.failures == 1
