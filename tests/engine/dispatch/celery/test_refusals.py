"""Refused tickets are said once a minute at most, and none is left out of the count."""

from __future__ import annotations

from engine.dispatch.celery.refusals import Refusals


def test_the_first_is_said_at_once_and_the_others_together() -> None:
    said: list[str] = []
    now_s = [100.0]
    refusals = Refusals("prod", said.append, lambda: now_s[0])
    refusals.add()
    assert [text.partition(" refused")[0] for text in said] == ["a ticket was"]
    for _ in range(1000):
        now_s[0] += 0.05
        refusals.add()
    assert len(said) == 1
    now_s[0] += 60
    refusals.add()
    assert [text.partition(" refused")[0] for text in said[1:]] == ["1001 tickets were"]
    assert "target 'prod'" in said[1]
