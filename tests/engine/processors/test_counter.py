from __future__ import annotations

import time

import msgspec
import pytest

from tests.drive import attributes, contents
from tests.engine.processors.built_in import declaration, target


def test_counts_all_and_passes_them_on(tmp_path):
    with target("counter", tmp_path) as host:
        result = host.task(["a", "b"], attributes=[{"k": "v"}, None])
        host.task(["c"])
        assert contents(result, 1) == ["a", "b"]
        assert attributes(result, 1) == [{"k": "v"}, {}]
        assert contents(host.act("flush"), 2) == [{"all": 3}]
        # Nothing new: a flush must come to an end.
        assert contents(host.act("flush"), 2) == []
        host.task(["d"])
        assert contents(host.act("flush"), 2) == [{"all": 4}]


def test_counts_by_the_value_of_an_expression(tmp_path):
    with target("counter", tmp_path, key="content['level']") as host:
        result = host.task([{"level": "info"}, {"level": 3}, {"level": "info"}, {"level": None}, {}, {"level": True}])
        counts = contents(host.act("flush"), 2)
    assert counts == [{"info": 2, "3": 1, "null": 1, "true": 1}]
    assert len(contents(result, 1)) == 5
    assert contents(result, -2) == [{}]
    assert attributes(result, -2)[0]["error.type"] == "KeyError"


def test_can_begin_at_zero_again(tmp_path):
    with target("counter", tmp_path, key="content", reset=True) as host:
        host.task(["a", "a", "b"])
        assert contents(host.act("flush"), 2) == [{"a": 2, "b": 1}]
        host.task(["b"])
        assert contents(host.act("flush"), 2) == [{"b": 1}]


def test_counts_survive_their_process(tmp_path):
    with target("counter", tmp_path) as host:
        host.task(["a"] * 10)
        state = host.state
        host.process.kill()
    with target("counter", tmp_path) as host:
        host.state = state
        host.task(["a"])
        assert contents(host.act("flush"), 2) == [{"all": 11}]


def test_asks_to_be_woken_while_messages_come(tmp_path):
    with target("counter", tmp_path, every="1m") as host:
        before = time.time()
        ((step, due),) = host.task(["a"])["timers"]
        assert step == 0
        assert before + 60 <= due <= time.time() + 60
        assert host.task(["b"])["timers"] == []
        result = host.act("timer")
        assert contents(result, 2) == [{"all": 2}]
        assert result["timers"] == [[0, None]]
        assert len(host.task(["c"])["timers"]) == 1


def test_refuses_a_duration_that_is_none():
    with pytest.raises(msgspec.ValidationError, match="every"):
        msgspec.convert({"every": "soon"}, declaration("counter").config)
