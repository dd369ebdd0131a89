from tests.drive import HostDriver, attributes, contents, into, out, step
from tests.engine.processors.declared import built_in, driver, problems

RULES = {"slow": "content['ms'] > params['slow']", "failed": "content['status'] >= 500"}


def test_the_first_rule_met_decides(tmp_path):
    with driver("route", {"rules": RULES, "otherwise": "rest"}, tmp_path, params={"slow": 100}) as host:
        messages = [{"ms": 1, "status": 200}, {"ms": 500, "status": 500}, {"ms": 2, "status": 503}, {"ms": 101, "status": 1}]
        result = host.task(messages, attributes=[None, {"n": "1"}, {"n": "2"}, {"n": "3"}])
        assert contents(result, 1) == [messages[1], messages[3]]
        assert contents(result, 2) == [messages[2]]
        assert contents(result, 3) == [messages[0]]
        assert attributes(result, 1) == [{"n": "1"}, {"n": "3"}]
        assert result["steps"][0][4] == {"slow": 2, "failed": 1, "rest": 1}


def test_all_rules_met_count_when_asked(tmp_path):
    with driver("route", {"rules": RULES, "match": "all"}, tmp_path, params={"slow": 100}) as host:
        messages = [{"ms": 500, "status": 500}, {"ms": 1, "status": 1}]
        result = host.task(messages)
        assert contents(result, 1) == [messages[0]]
        assert contents(result, 2) == [messages[0]]
        assert contents(result, 3) == [messages[1]]


def test_a_message_sent_twice_is_two_messages(tmp_path):
    # Given two steps behind `route`, in one stage, that change their message in place
    route = built_in("route", {"rules": {"a": "True", "b": "True"}, "match": "all"}, tmp_path, routes={"a": [1], "b": [2]})
    code = "def change(m):\n    m['seen'] = m.get('seen', 0) + 1\n    return m\n"
    steps = [route, step("x", code=code, routes={"success": [3]}), step("y", code=code, routes={"success": [4]})]
    with HostDriver(steps, [into(0), into(1), into(2), out(), out()], tmp_path) as host:
        result = host.task([{"a": 1}])
        # Then neither sees what the other did
        assert contents(result, 3) == [{"a": 1, "seen": 1}]
        assert contents(result, 4) == [{"a": 1, "seen": 1}]


def test_a_message_whose_rule_raises_fails(tmp_path):
    with driver("route", {"rules": {"a": "content > 1"}}, tmp_path) as host:
        result = host.task([1, "x", 2])
        assert contents(result, 1) == [2]
        assert contents(result, 2) == [1]
        assert contents(result, -2) == ["x"]
        assert attributes(result, -2)[0]["error.processor"] == "route"


def test_an_output_may_be_named_by_a_rule_and_otherwise_alike(tmp_path):
    with driver("route", {"rules": {"a": "content > 1", "b": "content < 0"}, "otherwise": "a"}, tmp_path) as host:
        result = host.task([1, 2, -1])
        assert sorted(contents(result, 1)) == [1, 2]
        assert contents(result, 2) == [-1]


def test_a_thousand_rules_are_as_good_as_two(tmp_path):
    rules = {f"o{number}": f"content == {number}" for number in range(1000)}
    with driver("route", {"rules": rules}, tmp_path) as host:
        result = host.task([999, 0, -1, "x", 500])
        assert [contents(result, port) for port in (1000, 1, 1001, 501)] == [[999], [0], [-1, "x"], [500]]


def test_config_errors():
    assert problems("route", {"rules": {}}) == ["`rules` is empty; give at least one, such as `slow: content['ms'] > 500`"]
    assert "'a b' cannot be an output's name" in problems("route", {"rules": {"a b": "1"}})[0]
    assert "'failure'" in problems("route", {"rules": {"failure": "1"}})[0]
    assert "`config.match`" in problems("route", {"rules": {"a": "1"}, "match": "some"})[0]
