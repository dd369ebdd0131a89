from __future__ import annotations

import datetime as dt
import uuid

import msgspec
import pytest

from tests.drive import attributes, contents
from tests.engine.processors.built_in import declaration, everything, source


def test_makes_as_many_as_asked_numbered_from_zero(tmp_path):
    with source("generate", tmp_path, count=10_000) as host:
        assert everything(host.drain()) == list(range(10_000))


def test_one_message_is_the_default(tmp_path):
    with source("generate", tmp_path, content={"a": [1, None]}) as host:
        assert everything(host.drain()) == [{"a": [1, None]}]


def test_fills_in_places_at_any_depth_and_leaves_other_braces_alone(tmp_path):
    content = {"n": "{n}", "text": 'number {n} of {all} "it\'s" \\ {{n}}', "list": ["{uuid}", {"at": "{time}"}], "{n}": 1.5}
    with source("generate", tmp_path, count=2, content=content) as host:
        first, second = everything(host.drain())
    assert (first["n"], second["n"]) == (0, 1)
    assert second["text"] == 'number 1 of {all} "it\'s" \\ {1}'
    assert second["{n}"] == 1.5
    assert uuid.UUID(first["list"][0]) != uuid.UUID(second["list"][0])
    assert dt.datetime.fromisoformat(first["list"][1]["at"]).tzinfo is not None


def test_attributes_are_text(tmp_path):
    with source("generate", tmp_path, count=2, attributes={"number": "{n}", "fixed": "x"}) as host:
        results = host.drain()
    assert attributes(results[0], 0) == [{"number": "0", "fixed": "x"}, {"number": "1", "fixed": "x"}]


def test_messages_do_not_share_what_can_be_changed(tmp_path):
    from engine.runtime.hosts.builtin.message_template import compile_template

    made = compile_template({"list": []})(0, 2)
    made[0]["list"].append(1)
    assert made[1] == {"list": []}


def test_goes_on_after_the_last_committed_batch(tmp_path):
    with source("generate", tmp_path, count=9_000) as host:
        host.source(credit=1)
        first = host.commit(host.receive())
        state = host.state
    with source("generate", tmp_path, count=9_000) as again:
        again.state = state
        rest = everything(again.drain(yielded=len(contents(first, 0))))
    assert contents(first, 0) + rest == list(range(9_000))


def test_a_second_run_of_its_schedule_goes_on_counting(tmp_path):
    with source("generate", tmp_path, count=3) as host:
        assert everything(host.drain()) == [0, 1, 2]
        assert everything(host.drain()) == [3, 4, 5]


def test_a_rate_spreads_messages_and_loses_none(tmp_path):
    with source("generate", tmp_path, count=40, rate=400) as host:
        results = host.drain()
    assert everything(results) == list(range(40))
    assert len(results) > 2


def test_large_messages_make_small_batches(tmp_path):
    with source("generate", tmp_path, count=10, content="x" * 400_000) as host:
        sizes = [len(contents(result, 0)) for result in host.drain()]
    assert max(sizes) == 2
    assert sum(sizes) == 10


@pytest.mark.parametrize("config", [{"count": -1}, {"rate": -1}, {"attributes": {"n": 1}}, {"cuont": 1}])
def test_refuses_a_config_that_makes_no_sense(config):
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(config, declaration("generate").config)
