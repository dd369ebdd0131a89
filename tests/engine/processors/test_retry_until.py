import time

from engine.runtime.hosts import wire
from tests.drive import attributes, contents
from tests.engine.processors.declared import driver, problems


def waiting(result):
    """The outputs that went back to the queue: (kind, attempt, due in ms, contents)."""
    return [
        (output[7], output[6], output[4], wire.messages(body)[0])
        for output, body in zip(result["outputs"], result["bodies"], strict=True)
        if output[0] == 0
    ]


def test_a_message_is_looked_at_again_until_the_condition_is_met(tmp_path):
    with driver("retry_until", {"until": "exists(content['file'])", "every": "1h"}, tmp_path) as host:
        (tmp_path / "there").touch()
        before = time.time()
        result = host.task([{"file": "there"}, {"file": "later"}], attributes=[None, {"a": "1"}])
        assert contents(result, 1) == [{"file": "there"}]
        [(kind, attempt, due_ms, [[since, content]])] = waiting(result)
        assert (kind, attempt, content) == (1, 1, {"file": "later"})
        assert before <= since <= time.time()
        assert abs(due_ms - (since + 3600) * 1000) <= 1
        # When it comes back too early it waits on, with the time it first came
        [(_, attempt, _, again)] = waiting(host.task([[since, content]], attempt=1, kind=1, attributes=[{"a": "1"}]))
        assert (attempt, again) == (2, [[since, content]])
        # When the condition is met it goes on as it came
        (tmp_path / "later").touch()
        result = host.task(again, attempt=2, kind=1, attributes=[{"a": "1"}])
        assert contents(result, 1) == [{"file": "later"}]
        assert attributes(result, 1) == [{"a": "1"}]


def test_age_and_attempt_may_decide(tmp_path):
    with driver("retry_until", {"until": "age > 100 or attempt >= 3", "every": 1}, tmp_path) as host:
        now = time.time()
        assert contents(host.task(["a"]), 1) == []
        assert contents(host.task([[now - 50, "a"]], attempt=1, kind=1), 1) == []
        assert contents(host.task([[now - 101, "a"]], attempt=1, kind=1), 1) == ["a"]
        assert contents(host.task([[now, "a"]], attempt=3, kind=1), 1) == ["a"]


def test_after_the_timeout_it_gives_up(tmp_path):
    with driver("retry_until", {"until": "False", "every": "1h", "timeout": "100s"}, tmp_path) as host:
        now = time.time()
        [(_, _, due_ms, _)] = waiting(host.task(["a"]))
        assert due_ms <= (time.time() + 101) * 1000
        assert waiting(host.task([[now - 50, "a"]], attempt=1, kind=1)) != []
        result = host.task([[now - 101, "a"]], attempt=1, kind=1)
        assert contents(result, 2) == ["a"]


def test_a_loop_has_the_content_made_anew(tmp_path):
    config = {"until": "content['state'] == 'done'", "every": "1h", "timeout": "100s", "loop": True}
    with driver("retry_until", config, tmp_path) as host:
        first = host.task([{"state": "running"}], attributes=[{"job": "7"}])
        [(_, _, _, held)] = waiting(first)
        # When the wait is over the message goes round ...
        result = host.task(held, attempt=1, kind=1, attributes=[{"job": "7"}])
        assert contents(result, 3) == [{"state": "running"}]
        [marks] = attributes(result, 3)
        assert (marks["job"], marks["retry.count"], float(marks["retry.since"])) == ("7", "1", held[0][0])
        # ... and comes back changed: now it is done, and the marks are gone
        result = host.task([{"state": "done"}], attributes=[marks])
        assert contents(result, 1) == [{"state": "done"}]
        assert attributes(result, 1) == [{"job": "7"}]
        # Or it is not, for too long
        marks["retry.since"] = str(time.time() - 101)
        assert contents(host.task([{"state": "running"}], attributes=[marks]), 2) == [{"state": "running"}]


def test_a_condition_that_raises_fails_the_message_as_it_came(tmp_path):
    with driver("retry_until", {"until": "content['x']"}, tmp_path) as host:
        result = host.task([[time.time(), {"y": 1}]], attempt=1, kind=1, attributes=[{"a": "1"}])
        assert contents(result, -2) == [{"y": 1}]
        [failure] = attributes(result, -2)
        assert (failure["a"], failure["error.type"]) == ("1", "KeyError")
        assert contents(host.task([{"y": 2}]), -2) == [{"y": 2}]


def test_config_errors():
    assert problems("retry_until", {}) == ["`config.until` is missing"]
    assert "at least 10ms" in problems("retry_until", {"until": "1", "every": 0})[0]
