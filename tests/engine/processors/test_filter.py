from engine.runtime.hosts import values, wire
from tests.drive import attributes, contents
from tests.engine.processors.declared import driver, problems


def test_keeps_what_the_expression_holds_for(tmp_path):
    with driver("filter", {"keep": "content['ms'] > params['slow']"}, tmp_path, params={"slow": 100}) as host:
        result = host.task([{"ms": 99}, {"ms": 101}, {"ms": 100}, {"ms": 500}], attributes=[None, {"a": "1"}, {"a": "2"}, None])
        assert contents(result, 1) == [{"ms": 101}, {"ms": 500}]
        assert attributes(result, 1) == [{"a": "1"}, {}]
        assert result["steps"][0][1:3] == [4, 0]


def test_keeps_everything_or_nothing(tmp_path):
    with driver("filter", {"keep": "content"}, tmp_path) as host:
        assert contents(host.task([1, True, "x"]), 1) == [1, True, "x"]
        assert host.task([0, False, "", None])["outputs"] == []


def test_sends_the_others_to_dropped_when_asked(tmp_path):
    with driver("filter", {"keep": "len(content) > 2", "dropped": True}, tmp_path) as host:
        result = host.task(["abc", "a", None, "abcd", ""])
        assert contents(result, 1) == ["abc", "abcd"]
        assert contents(result, 2) == ["a", ""]
        assert contents(result, -2) == [None]


def test_a_message_whose_expression_raises_fails_as_it_arrived(tmp_path):
    with driver("filter", {"keep": "content.pop('a') and 1 / content['b']"}, tmp_path) as host:
        result = host.task([{"a": 1, "b": 0}, {"a": 1, "b": 2}, {}])
        assert contents(result, 1) == [{"b": 2}]
        assert contents(result, -2) == [{"a": 1, "b": 0}, {}]
        assert [found["error.type"] for found in attributes(result, -2)] == ["ZeroDivisionError", "KeyError"]
        assert "1 / content['b']" in attributes(result, -2)[0]["error.traceback"]


def test_a_content_changed_by_the_expression_passes_as_changed(tmp_path):
    with driver("filter", {"keep": "content.pop('secret')"}, tmp_path) as host:
        assert contents(host.task([{"secret": 1, "a": 2}, {"secret": 2}]), 1) == [{"a": 2}, {}]


def test_an_expression_sees_attributes_and_modules_but_no_import(tmp_path):
    keep = "re.match('a+$', attributes.get('name', '')) and math.floor(1.5) == 1"
    with driver("filter", {"keep": keep}, tmp_path) as host:
        result = host.task([1, 2, 3], attributes=[{"name": "aa"}, {"name": "ab"}, None])
        assert contents(result, 1) == [1]
    with driver("filter", {"keep": "__import__('os')"}, tmp_path) as host:
        assert attributes(host.task([1]), -2)[0]["error.type"] == "NameError"


def test_an_endless_expression_fails_its_own_message_only(tmp_path):
    with driver("filter", {"keep": "content != 2 or len([0 for _ in range(10**12)])"}, tmp_path, timeout=0.3) as host:
        result = host.task([1, 2, 3])
        assert contents(result, 1) == [1, 3]
        assert attributes(result, -2)[0]["error.type"] == "CallTimeout"


def test_the_batch_is_carried_on_unopened_when_all_pass(tmp_path):
    messages = [{"n": n, "text": "x" * 50} for n in range(5)]
    with driver("filter", {"keep": "content['n'] >= 0"}, tmp_path) as host:
        [body] = host.task(messages)["bodies"]
        assert bytes(wire.open_batch(body)[1]) == values.pack(messages)


def test_config_errors():
    assert problems("filter", {}) == ["`config.keep` is missing"]
    assert "did you mean" in problems("filter", {"keep": "1", "droped": True})[0]
