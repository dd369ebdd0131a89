import time

from engine.runtime.hosts import claims, values
from tests.drive import HostDriver, attributes, contents, into, made_of, out, span
from tests.engine.processors.declared import built_in, problems


def joining(config, folder):
    """A host with a join: links 0, 1 ... are its inputs, then come `success` and `unmatched`."""
    made = built_in("join", config, folder)
    n = len(made["inputs"])
    made["routes"] = {"success": [n], "unmatched": [n + 1]}
    return HostDriver([made], [*(into(0, port) for port in made["inputs"]), out(), out()], folder)


def test_messages_with_the_same_key_come_together(tmp_path):
    with joining({"key": {"left": "content['id']", "right": "content['user']"}}, tmp_path) as host:
        assert contents(host.task([{"id": 1}, {"id": 2}], 0, attributes=[{"a": "l"}, None]), 2) == []
        result = host.task([{"user": 2}, {"user": 3}, {"user": 1}], 1, attributes=[None, None, {"b": "r"}])
        assert contents(result, 2) == [{"left": {"id": 2}, "right": {"user": 2}}, {"left": {"id": 1}, "right": {"user": 1}}]
        assert attributes(result, 2) == [{}, {"a": "l", "b": "r"}]
        result = host.act("flush")
        assert contents(result, 3) == [{"user": 3}]
        assert attributes(result, 3) == [{"join.port": "right"}]
        assert host.state[0] == {}


def test_each_message_is_used_once_in_the_order_of_arrival(tmp_path):
    with joining({"key": "content[0]"}, tmp_path) as host:
        host.task([["k", 1], ["k", 2], ["k", 3]], 0)
        result = host.task([["k", "a"], ["k", "b"]], 1)
        assert contents(result, 2) == [
            {"left": ["k", 1], "right": ["k", "a"]},
            {"left": ["k", 2], "right": ["k", "b"]},
        ]
        assert contents(host.task([["k", "c"], ["k", "d"]], 1), 2) == [{"left": ["k", 3], "right": ["k", "c"]}]
        assert contents(host.task([["k", 4]], 0), 2) == [{"left": ["k", 4], "right": ["k", "d"]}]
        assert host.state[0] == {}


def test_three_inputs_merged(tmp_path):
    with joining({"inputs": ["a", "b", "c"], "key": "content['k']", "into": "merged"}, tmp_path) as host:
        host.task([{"k": 1, "a": 1, "x": "a"}], 0)
        host.task([{"k": 1, "c": 3, "x": "c"}], 2)
        result = host.task([{"k": 1, "b": 2, "x": "b"}], 1)
        assert contents(result, 3) == [{"k": 1, "a": 1, "b": 2, "c": 3, "x": "c"}]


def test_what_cannot_be_merged_fails_message_by_message(tmp_path):
    with joining({"key": "1", "into": "merged"}, tmp_path) as host:
        host.task(["text"], 0)
        result = host.task([{"a": 1}], 1)
        assert contents(result, -2) == ["text", {"a": 1}]
        assert [found["join.port"] for found in attributes(result, -2)] == ["left", "right"]


def test_a_kept_input_is_used_again_and_again(tmp_path):
    config = {"inputs": ["reading", "station"], "keep": ["station"], "key": "content['s']", "into": "merged"}
    with joining(config, tmp_path) as host:
        assert contents(host.task([{"s": 1, "t": 20}, {"s": 1, "t": 21}], 0), 2) == []
        result = host.task([{"s": 1, "name": "north"}, {"s": 2, "name": "south"}], 1)
        assert contents(result, 2) == [{"s": 1, "t": 20, "name": "north"}, {"s": 1, "t": 21, "name": "north"}]
        host.task([{"s": 1, "name": "new north"}], 1)
        result = host.task([{"s": 2, "t": 5}, {"s": 1, "t": 6}, {"s": 3, "t": 7}], 0)
        assert contents(result, 2) == [{"s": 2, "t": 5, "name": "south"}, {"s": 1, "t": 6, "name": "new north"}]
        assert contents(host.act("flush"), 3) == [{"s": 3, "t": 7}]


def test_what_waited_for_the_window_is_unmatched(tmp_path):
    with joining({"key": "content", "window": "1h"}, tmp_path) as host:
        before = time.time()
        [[_, due]] = host.task(["a"], 0)["timers"]
        assert before + 3600 <= due <= time.time() + 3600
        early = host.act("timer")
        assert (early["outputs"], early["timers"]) == ([], [[0, due]])
    with joining({"key": "content", "window": "1us"}, tmp_path) as host:
        host.task(["a", "b", "a"], 0)
        late = host.act("timer")
        assert contents(late, 3) == ["a", "a", "b"]
        assert late["timers"] == [[0, None]]
        assert contents(host.task(["a"], 1), 2) == []


def test_what_waits_survives_a_kill(tmp_path):
    with joining({"key": "content[0]"}, tmp_path) as host:
        host.task([["k", n] for n in range(5)], 0)
        host.process.kill()
        with joining({"key": "content[0]"}, tmp_path) as new:
            new.state = host.state
            result = new.task([["k", "x"], ["k", "y"]], 1)
            assert [pair["left"][1] for pair in contents(result, 2)] == [0, 1]
            assert [message[1] for message in contents(new.act("flush"), 3)] == [2, 3, 4]


def test_a_key_that_raises_fails_its_message(tmp_path):
    with joining({"key": "content['k']"}, tmp_path) as host:
        result = host.task([{}, {"k": 1}], 0)
        assert contents(result, -2) == [{}]
        assert contents(host.task([{"k": 1}], 1), 2) != []


def test_what_comes_out_was_made_of_all_that_went_in(tmp_path):
    with joining({"key": "content", "keep": ["right"]}, tmp_path) as host:
        host.task([1, 2, 1], 0)
        result = host.task([1], 1)
        assert made_of(result, 2) == [[span(1, 0), span(2, 0)], [span(1, 2), span(2, 0)]]
        # A kept message is named each time that it is used.
        assert made_of(host.task([1], 0), 2) == [[span(2, 0), span(3, 0)]]
        assert made_of(host.act("flush"), 3) == [[span(1, 1)]]


def test_what_fails_or_finds_no_partner_was_made_of_itself(tmp_path):
    with joining({"key": "1", "into": "merged"}, tmp_path) as host:
        host.task(["text"], 0)
        assert made_of(host.task([{"a": 1}, {}], 1), -2) == [[span(1, 0)], [span(2, 0)]]
        assert made_of(host.act("flush"), 3) == [[span(2, 1)]]


def test_what_an_older_version_left_waiting_is_joined_too(tmp_path):
    config = {"inputs": ["a", "b", "c"], "keep": ["c"], "key": "content"}
    with joining(config, tmp_path) as host:
        kept = {"count:i1": [[0, 1], [0, 0], [0, 0]], "0:0:i1": [1, {"x": "y"}, 1.0], "keep:2:i1": [1, {}]}
        host.state[0] = {key: (values.pack(value), 1) for key, value in kept.items()}
        result = host.task([1], 1)
        assert (contents(result, 3), attributes(result, 3)) == ([{"a": 1, "b": 1, "c": 1}], [{"x": "y"}])
        assert made_of(result, 3) == [[span(1, 0)]]


def test_large_contents_wait_in_their_files(tmp_path):
    # Given large contents in files,
    store = claims.Store(tmp_path / "claims")
    left, right, alone = ({"k": k, "text": letter * 1_500_000} for k, letter in ((1, "l"), (1, "r"), (2, "a")))
    config = {"key": "content['k']", "keep": ["right"]}
    with joining(config, tmp_path) as host:
        # when they wait, or are kept, then their names are in the state, which says so,
        waiting = [store.put(left), store.put(alone)]
        kept = store.put(right)
        first = [write for write in host.task(waiting, 0)["state"] if len(write) > 5]
        result = host.task([kept], 1)
        assert [write[5] for write in first] == [[claim.id] for claim in waiting]
        assert max(len(write[2]) for write in first) < 300
        assert [write[5] for write in result["state"] if len(write) > 5] == [[kept.id]]
        # and they are read when their partner comes,
        assert store.load(contents(result, 2)[0]) == {"left": left, "right": right}
    # or leave as they came, also after a restart.
    with joining(config, tmp_path) as again:
        again.state = host.state
        result = again.act("flush")
        assert [claim.id for claim in contents(result, 3)] == [waiting[1].id]
        assert [output[9] for output in result["outputs"]] == [[waiting[1].id]]


def test_a_set_of_which_a_file_is_gone_fails_message_by_message(tmp_path):
    store = claims.Store(tmp_path / "claims")
    claim = store.put("x" * 1_500_000)
    with joining({"key": "1"}, tmp_path) as host:
        host.task([claim, "a"], 0)
        store.path(claim).unlink()
        result = host.task(["b", "c"], 1)
        assert [found["error.type"] for found in attributes(result, -2)] == ["ContentLost"] * 2
        assert contents(result, 2) == [{"left": "a", "right": "c"}]


def test_config_errors():
    assert "two or more different inputs" in problems("join", {"key": "1", "inputs": ["a"]})[0]
    assert "two or more different inputs" in problems("join", {"key": "1", "inputs": ["a", "a"]})[0]
    assert problems("join", {"key": {"left": "1"}}) == ["`key` has no expression for the input 'right'"]
    assert "names every input" in problems("join", {"key": "1", "keep": ["left", "right"]})[0]
    assert "'middle'" in problems("join", {"key": "1", "keep": ["middle"]})[0]
