import contextlib
import time

import psutil

from engine.runtime.hosts import values, wire
from tests.drive import attributes, contents
from tests.engine.processors.declared import driver, problems


def test_content_goes_in_and_output_comes_out(tmp_path):
    with driver("run_command", {"command": ["tr", "a-z", "A-Z"]}, tmp_path) as host:
        result = host.task(["abc\n", b"x\xff", {"a": "é"}, None], attributes=[{"n": "1"}, None, None, None])
        assert contents(result, 1) == ["ABC", "X\ufffd", '{"A": "é"}', ""]
        assert attributes(result, 1)[0] == {"n": "1"}


def test_arguments_are_filled_in_and_never_seen_by_a_shell(tmp_path):
    config = {"command": ["printf", "%s|", "{content['name']}", "{attributes['k']}-{params['p']}", "{{}}"], "input": None}
    with driver("run_command", config, tmp_path, params={"p": 3}) as host:
        result = host.task([{"name": "a b; $(touch bad)"}, {}], attributes=[{"k": "v"}, {"k": "v"}])
        assert contents(result, 1) == ["a b; $(touch bad)|v-3|{}|"]
        assert attributes(result, -2)[0]["error.type"] == "KeyError"
        assert not (tmp_path / "bad").exists()


def test_a_shell_gets_what_is_filled_in_quoted(tmp_path):
    config = {"command": "echo {content['x']} | wc -l; pwd", "shell": True, "folder": "in"}
    (tmp_path / "in").mkdir()
    with driver("run_command", config, tmp_path) as host:
        assert contents(host.task([{"x": "1'; echo 2; echo '3"}]), 1) == [f"1\n{tmp_path}/in"]


def test_output_as_bytes_or_json(tmp_path):
    with driver("run_command", {"command": ["cat"], "output": "bytes"}, tmp_path) as host:
        assert contents(host.task([b"\xff\n"]), 1) == [b"\xff\n"]
    with driver("run_command", {"command": ["cat"], "output": "json"}, tmp_path) as host:
        result = host.task([{"a": [1, None]}, "nonsense"])
        assert contents(result, 1) == [{"a": [1, None]}]
        assert "is not JSON" in attributes(result, -2)[0]["error.message"]


def test_a_status_other_than_success_is_a_failure_with_what_the_program_said(tmp_path):
    config = {"command": "cat; echo first >&2; echo last >&2; exit {content}", "shell": True, "accept": [0, 3]}
    with driver("run_command", config, tmp_path) as host:
        result = host.task([0, 3, 4])
        assert contents(result, 1) == ["0", "3"]
        [failure] = attributes(result, -2)
        assert failure["error.message"] == "the program ended with exit status 4: last"
        assert failure["error.traceback"] == "first\nlast"
        assert (0, "warning", "first\nlast") in host.logs
    with driver("run_command", {"command": "kill -9 $$", "shell": True}, tmp_path) as host:
        assert "signal SIGKILL" in attributes(host.task([0]), -2)[0]["error.message"]


def test_a_program_that_is_not_there(tmp_path):
    with driver("run_command", {"command": ["no-such-program"]}, tmp_path, retry=[3, 30.0]) as host:
        [failure] = attributes(host.task([1]), -2)
        assert "install it or correct `command`" in failure["error.message"]


def test_environment_and_the_message_s_name(tmp_path):
    config = {"command": "echo $PYFI_ATTR_a_b $PYFI_MESSAGE_ID $OWN $TOKEN", "shell": True, "input": None}
    config["environment"] = {"OWN": "<{content}>", "TOKEN": "{secrets['token']}"}
    with driver("run_command", config, tmp_path, secrets={"token": "geheim"}) as host:
        result = host.task([1, 2], attributes=[{"a.b": "x"}, None])
        [first, second] = [text.split() for text in contents(result, 1)]
        assert [first[0], *first[2:]] == ["x", "<1>", "geheim"]
        assert second[1:] == ["<2>", "geheim"]
        batch = first[1].removesuffix("-0")
        assert (len(batch), second[0]) == (32, f"{batch}-1")


def test_a_message_tried_again_keeps_its_name(tmp_path):
    config = {"command": "echo $PYFI_MESSAGE_ID {content}; test -e there", "shell": True}
    with driver("run_command", config, tmp_path, retry=[2, 0.0]) as host:
        result = host.task(["a", "b"], attributes=[{"k": "v"}, None])
        assert [output[6:8] for output in result["outputs"]] == [[1, 1]]
        held = contents(result, 0)
        assert [content for _, content in held] == ["a", "b"]
        # When the tries are used up the message fails as it came
        last = host.task([held[0]], attempt=2, kind=1, attributes=[{"k": "v"}])
        assert contents(last, -2) == ["a"]
        assert attributes(last, -2)[0]["k"] == "v"
        # When it goes well it is known by its first name
        (tmp_path / "there").touch()
        assert contents(host.task([held[1]], attempt=1, kind=1), 1) == [f"{held[1][0]} b"]


def test_a_program_that_takes_too_long_is_ended_with_all_it_started(tmp_path):
    config = {"command": "if [ {content} = 2 ]; then sleep 1000 & echo $! > pid; wait; fi; echo done", "shell": True}
    with driver("run_command", config, tmp_path, timeout=0.5) as host:
        result = host.task([1, 2, 3])
        assert contents(result, 1) == ["done", "done"]
        assert attributes(result, -2)[0]["error.type"] == "CallTimeout"
        _wait_until_gone(int((tmp_path / "pid").read_text()))


def test_the_program_ends_with_its_host(tmp_path):
    config = {"command": "echo $$ > pid; exec sleep 1000", "shell": True}
    with driver("run_command", config, tmp_path) as host:
        body = wire.batch(values.pack([1]), 1)
        head = {"k": "task", "id": 1, "mode": "batch", "link": 0, "step": 0, "segments": [[len(body), 0, 1, 0, 0, b"x" * 16]]}
        host.send(head, body)
        while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text().endswith("\n"):
            time.sleep(0.01)
        host.process.kill()
        _wait_until_gone(int((tmp_path / "pid").read_text()))


def test_config_errors(tmp_path):
    assert "must be a list such as" in problems("run_command", {"command": "ls -l"})[0]
    assert "must be one text" in problems("run_command", {"command": ["ls"], "shell": True})[0]
    assert "no Python expression and '}' behind it" in problems("run_command", {"command": ["echo", "{content"]})[0]
    assert "is not a folder" in problems("run_command", {"command": ["ls"], "folder": "none"}, tmp_path)[0]
    assert "name a program" in problems("run_command", {"command": []})[0]


def _wait_until_gone(pid):
    with contextlib.suppress(psutil.NoSuchProcess):
        while psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
            time.sleep(0.01)
