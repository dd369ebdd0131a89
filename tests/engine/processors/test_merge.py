import time

from tests.drive import HostDriver, attributes, contents, into, out
from tests.engine.processors.declared import built_in, driver, problems


def restarted(host, config, folder):
    """A new host that finds the state the old one left, as after a kill."""
    host.process.kill()
    host.close()
    new = driver("merge", config, folder)
    new.state = host.state
    return new


def test_by_count_across_tasks(tmp_path):
    with driver("merge", {"count": 3}, tmp_path) as host:
        assert contents(host.task([1, 2]), 1) == []
        result = host.task([3, 4, 5, 6, 7], attributes=[{"a": "1", "b": "x"}, {"a": "1"}, {"a": "1"}, {"a": "2"}, None])
        assert contents(result, 1) == [[1, 2, 3], [4, 5, 6]]
        assert attributes(result, 1) == [{"merge.count": "3"}, {"merge.count": "3"}]
        assert contents(host.act("flush"), 1) == [[7]]
        assert contents(host.act("flush"), 1) == []


def test_attributes_that_all_share_stay(tmp_path):
    with driver("merge", {"count": 2}, tmp_path) as host:
        result = host.task(["x", "y"], attributes=[{"a": "1", "b": "x"}, {"a": "1", "b": "y"}])
        assert attributes(result, 1) == [{"a": "1", "merge.count": "2"}]


def test_by_key(tmp_path):
    with driver("merge", {"count": 2, "key": "content['k']"}, tmp_path) as host:
        assert contents(host.task([{"k": "a", "n": 1}, {"k": 1, "n": 2}, {"k": [1], "n": 3}, {}]), 1) == []
        result = host.task([{"k": 1, "n": 4}, {"k": "a", "n": 5}, {"k": "1", "n": 6}])
        assert [[message["n"] for message in merged] for merged in contents(result, 1)] == [[2, 4], [1, 5]]
        assert [found["merge.key"] for found in attributes(result, 1)] == ["1", "a"]
        assert sorted(merged[0]["n"] for merged in contents(host.act("flush"), 1)) == [3, 6]


def test_a_key_that_raises_fails_its_message(tmp_path):
    with driver("merge", {"count": 2, "key": "content['k']"}, tmp_path) as host:
        result = host.task([{}, {"k": 1}])
        assert contents(result, -2) == [{}]


def test_by_size(tmp_path):
    with driver("merge", {"size": "10B", "into": "text", "separator": "|"}, tmp_path) as host:
        assert contents(host.task(["1234", "5678"]), 1) == []
        assert contents(host.task(["9", "abc", "x", "0123456789", "y"]), 1) == ["1234|5678|9|abc", "x|0123456789"]
        assert contents(host.act("flush"), 1) == ["y"]


def test_into_text_and_bytes(tmp_path):
    with driver("merge", {"count": 3, "into": "text"}, tmp_path) as host:
        assert contents(host.task(["a", {"b": "é"}, b"c"]), 1) == ['a\n{"b": "é"}\nc']
    with driver("merge", {"count": 2, "into": "bytes", "separator": ""}, tmp_path) as host:
        assert contents(host.task([b"\xff", "é"]), 1) == [b"\xff\xc3\xa9"]


def test_what_is_old_enough_leaves_by_the_timer(tmp_path):
    with driver("merge", {"age": "1h", "key": "content"}, tmp_path) as host:
        before = time.time()
        result = host.task(["a", "b", "a"])
        assert result["outputs"] == []
        [[_, due]] = result["timers"]
        assert before + 3600 <= due <= time.time() + 3600
        # When the timer comes too early nothing leaves, and it is asked for again
        early = host.act("timer")
        assert (early["outputs"], early["timers"]) == ([], [[0, due]])
        # A later message does not put the time off
        assert host.task(["b"])["timers"] == []
    with driver("merge", {"age": "1us"}, tmp_path) as host:
        host.task(["a"])
        host.task(["b"])
        late = host.act("timer")
        assert contents(late, 1) == [["a", "b"]]
        assert late["timers"] == [[0, None]]
        assert len(host.task(["c"])["timers"]) == 1


def test_what_waits_survives_a_kill(tmp_path):
    config = {"count": 4, "age": "1h", "key": "content % 2"}
    with driver("merge", config, tmp_path) as host:
        host.task([1, 2, 3])
        host.task([5])
        with restarted(host, config, tmp_path) as new:
            assert contents(new.task([7, 9]), 1) == [[1, 3, 5, 7]]
            assert sorted(contents(new.act("flush"), 1)) == [[2], [9]]
            assert set(new.state[0]) == set()


def test_a_task_that_is_dropped_leaves_no_trace(tmp_path):
    with driver("merge", {"count": 3}, tmp_path) as host:
        host.task([1])
        # Given a task whose commit is refused: its state is not kept and the host is told to forget
        kept = dict(host.state[0])
        host.task([2])
        host.state[0] = kept
        host.send({"k": "forget", "step": 0})
        assert contents(host.task([2, 3]), 1) == [[1, 2, 3]]


def test_waiting_messages_are_rows_of_their_own(tmp_path):
    # Given many tasks for one group, what is written for each does not grow with what waits
    with driver("merge", {"count": 1000}, tmp_path) as host:
        written = [sum(len(row[2] or b"") for row in host.task(["x" * 100] * 5)["state"]) for _ in range(50)]
        assert max(written) < min(written) + 20


def test_a_split_is_put_together_again(tmp_path):
    steps = [built_in("split", {}, tmp_path, routes={"success": [1]})]
    with HostDriver(steps, [into(0), out()], tmp_path) as splitting:
        result = splitting.task([["a", "b", "c"], ["d", "e"]], attributes=[{"file": "1"}, {"file": "2"}])
        parts = list(zip(contents(result, 1), attributes(result, 1), strict=True))
    with driver("merge", {"reassemble": True, "age": "1h"}, tmp_path) as host:

        def take(*numbers):
            return host.task([parts[n][0] for n in numbers], attributes=[parts[n][1] for n in numbers])

        assert contents(take(2, 4), 1) == []
        assert contents(take(0, 2), 1) == []
        result = take(3, 1)
        assert sorted(contents(result, 1)) == [["a", "b", "c"], ["d", "e"]]
        assert sorted(attributes(result, 1), key=str) == [
            {"file": "1", "merge.count": "3"},
            {"file": "2", "merge.count": "2"},
        ]


def test_parts_whose_split_never_completes_fail(tmp_path):
    marks = [{"split.id": "s", "split.index": str(n), "split.count": "3"} for n in (0, 2)]
    with driver("merge", {"reassemble": True, "age": "1us"}, tmp_path) as host:
        host.task(["a", "c"], attributes=marks)
        result = host.act("timer")
        assert contents(result, -2) == ["a", "c"]
        assert attributes(result, -2)[1]["error.message"] == "only 2 of 3 parts of this split came"
        assert contents(host.act("flush"), -2) == []


def test_a_message_that_is_no_part_fails(tmp_path):
    with driver("merge", {"reassemble": True}, tmp_path) as host:
        result = host.task(["a", "b"], attributes=[None, {"split.id": "1", "split.index": "x", "split.count": "2"}])
        assert contents(result, -2) == ["a", "b"]


def test_config_errors():
    assert problems("merge", {}) == []
    assert "leave out `count`" in problems("merge", {"reassemble": True, "count": 2})[0]
    assert "`age` must be a duration such as" in problems("merge", {"age": "soon"})[0]
    assert "`size` must be a size such as" in problems("merge", {"size": "big"})[0]
    assert "must not be less than zero" in problems("merge", {"age": -1})[0]
