import random

from engine.runtime.hosts.builtin.seen_keys import SeenKeys
from tests.drive import attributes, contents
from tests.engine.processors.declared import driver, problems


def test_the_first_of_each_key_passes(tmp_path):
    with driver("deduplicate", {"key": "content['id']"}, tmp_path) as host:
        result = host.task([{"id": 1, "n": 1}, {"id": 2}, {"id": 1, "n": 2}, {"id": "1"}, {}])
        assert contents(result, 1) == [{"id": 1, "n": 1}, {"id": 2}, {"id": "1"}]
        assert contents(result, 2) == [{"id": 1, "n": 2}]
        assert attributes(result, -2)[0]["error.type"] == "KeyError"
        assert contents(host.task([{"id": 2}]), 2) == [{"id": 2}]


def test_whole_contents_are_keys_by_default(tmp_path):
    with driver("deduplicate", {}, tmp_path) as host:
        messages = ["x" * 1000, "x" * 1000, "x" * 999 + "y", [1, 2], [1, 2], [2, 1], "\x00", "\x00"]
        assert contents(host.task(messages), 1) == [messages[0], messages[2], [1, 2], [2, 1], "\x00"]


def test_keys_survive_a_kill(tmp_path):
    with driver("deduplicate", {}, tmp_path) as host:
        host.task(["a", "b"])
        host.process.kill()
        with driver("deduplicate", {}, tmp_path) as new:
            new.state = host.state
            assert contents(new.task(["b", "c", "a"]), 1) == ["c"]


def test_a_task_that_is_dropped_is_not_remembered(tmp_path):
    with driver("deduplicate", {}, tmp_path) as host:
        host.task(["a"])
        kept = dict(host.state[0])
        host.task(["b"])
        host.state[0] = kept
        host.send({"k": "forget", "step": 0})
        assert contents(host.task(["a", "b"]), 1) == ["b"]


def test_no_more_than_count_are_remembered_the_oldest_forgotten_first(tmp_path):
    with driver("deduplicate", {"count": 3}, tmp_path) as host:
        assert contents(host.task(["a", "b", "c", "a", "d", "a", "b"]), 1) == ["a", "b", "c", "d", "a", "b"]
        assert contents(host.task(["d", "a", "b"]), 1) == []


def test_however_tasks_and_restarts_fall_the_verdicts_are_the_same():
    # Given a model: the last `count` keys that were new
    chance = random.Random(5)
    for count in (1, 2, 7, 300, 600):
        state, model = {}, []
        seen = SeenKeys(state, count, 0)
        for _ in range(200):
            keys = [f"k{chance.randrange(count * 2)}" for _ in range(chance.choice([1, 3, 400]))]
            expected = []
            for key in keys:
                expected.append(key not in model)
                if key not in model:
                    model = [*model, key][-count:]
            if chance.random() < 0.2:
                seen = SeenKeys(state, count, 0)
            assert seen.admit(keys) == expected
        # Then the rows kept are as few as that takes
        assert sum(name.startswith("keys:") for name in state) <= count / 256 + 2


def test_keys_are_forgotten_after_their_time():
    state = {}
    seen = SeenKeys(state, 1000, 100)
    assert seen.admit(["a"], 1000) == [True]
    assert seen.admit(["b"], 1090) == [True]
    assert seen.admit(["a", "b"], 1099) == [False, False]
    assert seen.admit(["a", "b"], 1101) == [True, False]
    assert seen.admit(["b"], 1191) == [True]
    assert SeenKeys(state, 1000, 100).admit(["a", "b"], 1200) == [False, False]
    assert SeenKeys(state, 1000, 100).admit(["c"], 5000) == [True]
    assert [name for name in state if name.startswith("keys:")] != []
    assert sum(len(row[1]) for name, row in state.items() if name.startswith("keys:")) == 1


def test_config_errors():
    assert "`config.count`" in problems("deduplicate", {"count": 0})[0]
    assert "`age` must be a duration" in problems("deduplicate", {"age": "x"})[0]
