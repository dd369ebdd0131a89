from decimal import Decimal

from tests.drive import attributes, contents
from tests.engine.processors.declared import driver, problems


def test_content_is_the_expression_s_value(tmp_path):
    with driver("map", {"content": "[content['a'], attributes['x'], params['p']]"}, tmp_path, params={"p": 7}) as host:
        result = host.task([{"a": 1}, {"a": Decimal("1.5")}], attributes=[{"x": "1"}, {"x": "2"}])
        assert contents(result, 1) == [[1, "1", 7], [Decimal("1.5"), "2", 7]]
        assert attributes(result, 1) == [{"x": "1"}, {"x": "2"}]


def test_content_may_become_nothing(tmp_path):
    with driver("map", {"content": "content.get('a')"}, tmp_path) as host:
        assert contents(host.task([{"a": 1}, {}]), 1) == [1, None]


def test_set_and_remove_change_fields_only(tmp_path):
    config = {"set": {"b": "content['a'] * 2", "a": "content['a'] + 1"}, "remove": ["c", "absent"]}
    with driver("map", config, tmp_path) as host:
        result = host.task([{"a": 1, "c": 2, "d": 3}, "text", {"a": 5}])
        assert contents(result, 1) == [{"a": 2, "b": 2, "d": 3}, {"a": 6, "b": 10}]
        assert contents(result, -2) == ["text"]
        assert attributes(result, -2)[0]["error.type"] == "TypeError"


def test_remove_alone(tmp_path):
    with driver("map", {"remove": ["a"]}, tmp_path) as host:
        assert contents(host.task([{"a": 1, "b": 2}, {"b": 3}]), 1) == [{"b": 2}, {"b": 3}]


def test_attributes_are_text_and_none_takes_one_away(tmp_path):
    config = {"attributes": {"n": "content['n']", "name": "content.get('name')", "flag": "True", "old": "None"}}
    with driver("map", config, tmp_path) as host:
        result = host.task([{"n": 1, "name": "é"}, {"n": [1, 2]}, {}], attributes=[{"old": "1", "k": "v"}, None, None])
        assert contents(result, 1) == [{"n": 1, "name": "é"}, {"n": [1, 2]}]
        assert attributes(result, 1) == [{"k": "v", "n": "1", "name": "é", "flag": "true"}, {"n": "[1, 2]", "flag": "true"}]
        assert contents(result, -2) == [{}]


def test_attributes_come_from_the_content_as_it_arrived(tmp_path):
    with driver("map", {"content": "content.pop('a')", "attributes": {"a": "content['a']"}}, tmp_path) as host:
        result = host.task([{"a": 1}])
        assert (contents(result, 1), attributes(result, 1)) == ([1], [{"a": "1"}])


def test_a_value_that_cannot_be_carried_fails_its_message_only(tmp_path):
    with driver("map", {"content": "(n for n in content) if content else 0"}, tmp_path) as host:
        result = host.task([[], [1], []])
        assert contents(result, 1) == [0, 0]
        assert attributes(result, -2)[0]["error.type"] == "UnsupportedValue"


def test_config_errors():
    assert "nothing is to be changed" in problems("map", {})[0]
    assert "leave out `set`" in problems("map", {"content": "1", "set": {"a": "1"}})[0]
