from __future__ import annotations

from engine.cli.run_log import RunLog


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_the_first_of_a_kind_is_said_at_once_and_the_rest_counted():
    said: list[str] = []
    clock = Clock()
    log = RunLog(said.append, clock)

    for n in range(120):
        log.add("parse", f"ValueError: bad {n}")
    log.add("parse", "KeyError: x")
    log.add("", "storage: the disk is full")

    assert said == ["parse: ValueError: bad 0", "parse: KeyError: x", "storage: the disk is full"]
    clock.now = 2.5
    log.tick()
    assert said[3:] == ["parse: ValueError: bad 119 (x119)"]
    log.tick()
    log.close()
    assert len(said) == 4


def test_many_kinds_at_once_do_not_flood_the_terminal():
    said: list[str] = []
    log = RunLog(said.append, Clock())

    for n in range(1000):
        log.add(f"step-{n}", "failed")

    assert len(said) == 10
    log.close()
    assert len(said) == 1000


def test_a_traceback_is_kept_whole_and_endless_text_is_not():
    said: list[str] = []
    log = RunLog(said.append, Clock())

    log.add("a", "cannot start\nline 1\nline 2")
    log.add("b", "x" * 10_000)

    assert said[0] == "a: cannot start\nline 1\nline 2"
    assert len(said[1]) < 600
