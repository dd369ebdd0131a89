"""The ledger's clock as it is known elsewhere."""

from __future__ import annotations

import time

from engine.cluster import clock as clock_module
from engine.cluster.clock import Clock, steady_s


def test_it_goes_by_the_ledger_and_not_by_this_machine(monkeypatch) -> None:
    clock = Clock()
    asked_s = steady_s()
    clock.set(5_000_000, asked_s, asked_s + 0.2)
    monkeypatch.setattr(clock_module, "steady_s", lambda: asked_s + 10.1)
    monkeypatch.setattr(time, "time", lambda: 0.0)
    assert abs(clock.now_ms() - 5_010_000) <= 1


def test_before_it_is_set_it_shows_this_machines_time() -> None:
    assert abs(Clock().now_ms() - time.time() * 1000) < 1000


def test_it_tells_how_far_the_ledger_is_ahead(monkeypatch) -> None:
    clock = Clock()
    asked_s = steady_s()
    clock.set(5_000_000, asked_s, asked_s)
    monkeypatch.setattr(clock_module, "steady_s", lambda: asked_s)
    monkeypatch.setattr(time, "time", lambda: 4_940.0)
    assert abs(clock.ahead_ms() - 60_000) <= 1
