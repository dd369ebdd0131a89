import time

from engine.runtime.hosts import claims, values
from tests.drive import HostDriver, attributes, contents, into, made_of, out, span, step
from tests.engine.processors.declared import built_in, driver, problems

LARGE = 1_500_000


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


def test_a_merged_message_was_made_of_all_it_holds(tmp_path):
    with driver("merge", {"count": 4}, tmp_path) as host:
        assert "sets" not in host.task([1])
        host.task([2])
        result = host.task([3, 4, 5, 6, 7, 8, 9])
        assert made_of(result, 1) == [[span(1, 0), span(2, 0), span(3, 0, 2)], [span(3, 2, 6)]]
        assert made_of(host.act("flush"), 1) == [[span(3, 6)]]


def test_messages_of_a_key_are_told_apart_from_those_between(tmp_path):
    with driver("merge", {"key": "content % 2"}, tmp_path) as host:
        host.task([0, 1, 2, 4])
        host.task([6])
        assert made_of(host.act("flush"), 1) == [[[*span(1, 0), 2, 4], span(2, 0)], [span(1, 1)]]


def test_merged_again_in_the_same_stage(tmp_path):
    # Given two merges back to back,
    steps = [
        built_in("merge", {"count": 2}, tmp_path, id="first", routes={"success": [1]}),
        built_in("merge", {"count": 2}, tmp_path, id="second", routes={"success": [2]}),
    ]
    with HostDriver(steps, [into(0), into(1), out()], tmp_path) as host:
        host.task([1, 2, 3])
        result = host.task([4])
        # then what comes out was made of all four,
        assert contents(result, 2) == [[[1, 2], [3, 4]]]
        assert made_of(result, 2) == [[span(1, 0, 3), span(2, 0)]]
        # and what waits in the second is known to be of two.
        host.task([5, 6])
        assert made_of(host.act("flush", 1), 2) == [[span(3, 0, 2)]]


def test_parts_that_never_complete_were_made_of_themselves(tmp_path):
    marks = [{"split.id": "s", "split.index": str(n), "split.count": "3"} for n in (0, 2)]
    with driver("merge", {"reassemble": True}, tmp_path) as host:
        host.task(["a", "c"], attributes=marks)
        assert made_of(host.act("flush"), -2) == [[span(1, 0)], [span(1, 1)]]


def test_what_an_older_version_left_waiting_is_merged_too(tmp_path):
    with driver("merge", {"count": 3}, tmp_path) as host:
        kept = {"group:": [2, 0, 1.0, 1, ""], "part:0:": [["a", "b"], None]}
        host.state[0] = {key: (values.pack(value), 1) for key, value in kept.items()}
        result = host.task(["c"])
        assert contents(result, 1) == [["a", "b", "c"]]
        assert made_of(result, 1) == [[span(1, 0)]]


def test_large_contents_wait_in_their_files(tmp_path):
    # Given two large contents in files,
    store = claims.Store(tmp_path / "claims")
    large = ["x" * LARGE, "y" * LARGE]
    named = [store.put(content) for content in large]
    config = {"count": 3, "into": "text", "key": "content[:0]"}
    with driver("merge", config, tmp_path) as host:
        # when they wait, then their names are in the state, which says so,
        (written,) = [write for write in host.task(named)["state"] if write[1].startswith("part:")]
        assert written[5] == [claim.id for claim in named]
        assert len(written[2]) < 400
        # and they are read when the group is whole, also after a restart.
        with restarted(host, config, tmp_path) as again:
            (whole,) = contents(again.task(["small"]), 1)
            assert store.load(whole) == "\n".join([*large, "small"])
            assert again.state[0] == {}


def test_content_that_became_large_in_the_same_stage_waits_in_a_file(tmp_path):
    # Given a step that makes large contents, and a merge behind it in the same stage,
    large = step("large", code=f"def large(n):\n    return str(n) * {LARGE}", routes={"success": [1]})
    merge = built_in("merge", {"count": 3}, tmp_path, routes={"success": [2]})
    with HostDriver([large, merge], [into(0), into(1), out()], tmp_path) as host:
        # when one waits, then in a file,
        result = host.task([1])
        (files,) = [write[5] for write in result["state"] if len(write) > 5]
        assert [path.name for path in (tmp_path / "claims").glob("*/*")] == files
        # and of those that waited only within a task no file is left.
        (merged,) = contents(host.task([2, 3]), 2)
        assert {path.name for path in (tmp_path / "claims").glob("*/*")} == {*files, merged.id}


def test_of_a_split_nothing_is_left_behind(tmp_path):
    marks = [{"split.id": "s", "split.index": str(n), "split.count": "2"} for n in (0, 1)]
    large = step("large", code=f"def large(n):\n    return str(n) * {LARGE}", routes={"success": [1]})
    merge = built_in("merge", {"reassemble": True, "into": "text", "separator": ""}, tmp_path, routes={"success": [2]})
    with HostDriver([large, merge], [into(0), into(1), out()], tmp_path) as host:
        (whole,) = contents(host.task([1, 2], attributes=marks), 2)
        assert [path.name for path in (tmp_path / "claims").glob("*/*")] == [whole.id]


def test_a_group_of_which_a_file_is_gone_fails_message_by_message(tmp_path):
    store = claims.Store(tmp_path / "claims")
    claim = store.put("x" * LARGE)
    with driver("merge", {"count": 2}, tmp_path) as host:
        host.task([claim])
        store.path(claim).unlink()
        result = host.task(["a", "b", "c"])
        assert [found["error.type"] for found in attributes(result, -2)] == ["ContentLost"] * 2
        assert contents(result, -2)[1:] == ["a"]
        assert contents(result, 1) == [["b", "c"]]


def test_config_errors():
    assert problems("merge", {}) == []
    assert "leave out `count`" in problems("merge", {"reassemble": True, "count": 2})[0]
    assert "`age` must be a duration such as" in problems("merge", {"age": "soon"})[0]
    assert "`size` must be a size such as" in problems("merge", {"size": "big"})[0]
    assert "must not be less than zero" in problems("merge", {"age": -1})[0]
