"""Bash code: a process a message, or a batch of lines; as a source, a message a line."""

from __future__ import annotations

import datetime as dt
import decimal
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest

from engine.runtime.hosts.bash_process import MOST_OUTPUT
from tests.drive import HostDriver, attributes, contents

Start = Callable[..., HostDriver]


def alive(pid: int) -> bool:
    """Whether a process is still at work."""
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


def gone(pid: int) -> bool:
    """Wait for the end of a process that somebody else ends."""
    try:
        psutil.Process(pid).wait(10)
    except psutil.NoSuchProcess:
        return True
    return not alive(pid)


def test_content_comes_in_as_text_or_json_and_what_is_written_goes_on(host: Start) -> None:
    sent: list[Any] = [
        "text", "ünïcode", {"a": [1, None, True]}, 5, b"raw\xff", ["é"],
        {"d": decimal.Decimal("1.50"), "t": dt.date(2024, 2, 29)},
    ]  # fmt: skip
    assert contents(host("cat", "bash").task(sent), 1) == [
        "text", "ünïcode", '{"a": [1, null, true]}', "5", b"raw\xff", '["é"]', '{"d": "1.50", "t": "2024-02-29"}',
    ]  # fmt: skip


def test_one_end_of_line_is_taken_off_and_no_output_is_no_message(host: Start) -> None:
    code = 'read -r x; case $x in none) ;; empty) echo ;; two) printf "a\\n\\n" ;; open) printf a ;; esac'
    result = host(code, "bash").task(["none", "empty", "two", "open"])
    assert contents(result, 1) == ["", "a\n", "a"]
    assert result["outputs"][0][8] == [1, 3]


def test_attributes_params_and_secrets_are_variables_and_nothing_else_is(host: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET", "not for you")
    code = (
        'echo "$PYFI_ATTR_a_b $PYFI_PARAM_p $PYFI_PARAM_q $PYFI_SECRET_key $PYFI_PORT"; env | cut -d= -f1 | sort | tr "\\n" " "'
    )
    driver = host(code, "bash", params={"p": "x y", "q": [1]}, secrets={"key": "s"})
    result = driver.task(["m"], attributes=[{"a.b": "A"}])
    first, names = contents(result, 1)[0].split("\n")
    assert first == "A x y [1] s in"
    expected = {"PYFI_ATTR_a_b", "PYFI_PARAM_p", "PYFI_PARAM_q", "PYFI_SECRET_key", "PYFI_PORT", "PWD", "SHLVL", "_", "OLDPWD"}
    assert set(names.split()) - {"PATH", "HOME", "LANG"} <= expected
    assert attributes(result, 1) == [{"a.b": "A"}]


def test_it_runs_in_the_flows_folder(host: Start, tmp_path: Path) -> None:
    assert contents(host("pwd", "bash").task(["x"]), 1) == [str(tmp_path)]


def test_a_status_other_than_0_is_a_failure_with_what_was_written_to_stderr(host: Start) -> None:
    driver = host('read -r x; echo "out $x"; echo "why $x" >&2; echo last >&2; exit "$x"', "bash")
    result = driver.task(["0", "3"])
    assert contents(result, 1) == ["out 0"]
    assert contents(result, -2) == ["3"]
    (failed,) = attributes(result, -2)
    assert failed["error.type"] == "ExitStatus"
    assert failed["error.message"] == "the command ended with status 3: last"
    assert failed["error.traceback"] == "why 3\nlast\n"
    assert driver.logs[:2] == [(0, "warning", "why 0"), (0, "warning", "last")]


def test_a_failed_message_is_tried_again(host: Start) -> None:
    result = host("exit 1", "bash", retry=[1, 5.0]).task(["x"])
    assert [output[:3] for output in result["outputs"]] == [[0, 0, 1]]


def test_what_takes_too_long_ends_with_all_it_started(host: Start, tmp_path: Path) -> None:
    code = 'read -r x; if [ "$x" = slow ]; then sleep 1000 & echo $! > pid; wait; fi; echo "$x"'
    result = host(code, "bash", timeout=1.0).task(["a", "slow", "b"])
    assert contents(result, 1) == ["a", "b"]
    (failed,) = attributes(result, -2)
    assert failed["error.message"] == "the call took longer than 1 s"
    assert gone(int((tmp_path / "pid").read_text()))


def test_what_is_left_in_the_background_ends_with_the_call(host: Start, tmp_path: Path) -> None:
    result = host("sleep 1000 & echo $! > pid; echo done", "bash").task(["x"])
    assert contents(result, 1) == ["done"]
    assert gone(int((tmp_path / "pid").read_text()))


def test_nothing_outlives_a_host_that_is_killed(host: Start, tmp_path: Path) -> None:
    driver = host("sleep 1000 & echo $! > pid; wait", "bash")
    driver._socket.settimeout(2)
    with pytest.raises(TimeoutError):
        driver.task(["x"])
    pid = int((tmp_path / "pid").read_text())
    assert alive(pid)
    driver.process.kill()
    assert gone(pid)


def test_output_without_end_fails(host: Start) -> None:
    (failed,) = attributes(host("yes", "bash").task(["x"]), -2)
    assert failed["error.message"] == f"one run may write {MOST_OUTPUT:,} bytes; write less, or make it a source"


def test_input_that_is_not_read_does_no_harm(host: Start) -> None:
    assert contents(host("exec <&-; echo ok", "bash").task(["x" * 1_000_000]), 1) == ["ok"]


def test_content_over_a_megabyte_goes_through(host: Start) -> None:
    driver = host("tr a b", "bash")
    result = driver.task(["a" * 3_000_000])
    assert result["outputs"][0][2:4] != [1, 3_000_000]
    (claim,) = contents(result, 1)
    assert claim.size > 2_999_000
    assert contents(host("wc -c", "bash").task([claim]), 1) == ["3000001"]


@pytest.mark.parametrize("content", [{(1, 2): 3}, [b"bytes"], 1j])
def test_what_has_no_json_form_fails(host: Start, content: Any) -> None:
    (failed,) = attributes(host("cat", "bash").task([content]), -2)
    assert "cannot be given to bash as JSON" in failed["error.message"]


def test_an_attribute_that_no_variable_can_hold_fails_its_message(host: Start) -> None:
    result = host("cat", "bash").task(["a", "b"], attributes=[{"x": "nul\0"}, None])
    assert contents(result, 1) == ["b"]
    assert "bash could not be started" in attributes(result, -2)[0]["error.message"]


def test_code_from_a_repository(host: Start, tmp_path: Path) -> None:
    (tmp_path / "repo").mkdir()
    (tmp_path / "repo" / "up.sh").write_text("tr a-z A-Z\n")
    driver = host(None, "bash", module="up.sh", checkout=str(tmp_path / "repo"))
    assert contents(driver.task(["abc"]), 1) == ["ABC"]
    driver = host(None, "bash", module="down.sh", checkout=str(tmp_path / "repo"))
    assert driver.ready["message"] == "there is no file 'down.sh' in the repository"


def test_lines_are_one_process_a_batch(host: Start, tmp_path: Path) -> None:
    driver = host("echo started >> runs; sed s/a/b/", "bash", mode="lines")
    driver.task(["a"] * 8)
    (tmp_path / "runs").unlink()
    result = driver.task(["a", {"a": "a"}, 5, "", b"ca"], attributes=[{"n": "0"}, {"n": "1"}, None, None, {"n": "4"}])
    assert contents(result, 1) == ["b", '{"b": "a"}', "5", "", "cb"]
    assert attributes(result, 1) == [{"n": "0"}, {"n": "1"}, {}, {}, {"n": "4"}]
    assert (tmp_path / "runs").read_text() == "started\n"


def test_lines_that_come_out_as_they_went_in_keep_their_origins(host: Start) -> None:
    sent = ["keep 1", "drop", "keep 2", "keep 1"]
    result = host("grep keep", "bash", mode="lines").task(sent, attributes=[{"n": str(n)} for n in range(4)])
    assert contents(result, 1) == ["keep 1", "keep 2", "keep 1"]
    assert attributes(result, 1) == [{"n": "0"}, {"n": "2"}, {"n": "3"}]
    assert result["outputs"][0][8] == {"rows": [0, 2, 3]}


def test_other_lines_have_what_all_had_in_common(host: Start) -> None:
    driver = host("wc -l; echo more", "bash", mode="lines")
    result = driver.task(["a", "b", "c"], attributes=[{"same": "s", "n": str(n)} for n in range(3)])
    assert contents(result, 1) == ["3", "more"]
    assert attributes(result, 1) == [{"same": "s"}, {"same": "s"}]
    assert result["outputs"][0][8] == {"rows": [0, 0]}


def test_the_bad_line_is_found_by_halving(host: Start) -> None:
    code = 'while read -r x; do [ "$x" = bad ] && { echo "no $x" >&2; exit 4; }; echo "<$x>"; done'
    result = host(code, "bash", mode="lines").task(["a", "b", "bad", "c", "d"])
    assert contents(result, 1) == ["<a>", "<b>", "<c>", "<d>"]
    assert contents(result, -2) == ["bad"]
    assert attributes(result, -2)[0]["error.message"] == "the command ended with status 4: no bad"


def test_content_that_is_more_than_a_line_fails(host: Start) -> None:
    result = host("cat", "bash", mode="lines", retry=[3, 1.0]).task(["a", "x\ny", "b"])
    assert contents(result, 1) == ["a", "b"]
    assert "content with line breaks is not one line" in attributes(result, -2)[0]["error.message"]


def test_a_batch_of_which_nothing_is_a_line(host: Start) -> None:
    result = host("cat", "bash", mode="lines").task(["x\ny"])
    assert [output[0] for output in result["outputs"]] == [-2]


def test_every_line_of_a_source_is_a_message_as_it_comes(host: Start) -> None:
    driver = host("echo one; echo 'über'; printf '\\377\\n'; echo said >&2; sleep 1000", "bash", inputs=[])
    driver.source()
    seen: list[Any] = []
    while len(seen) < 3:
        seen += contents(driver.receive(), 0)
        driver.send({"k": "credit", "n": 1})
    assert seen == ["one", "über", b"\xff"]
    children = psutil.Process(driver.process.pid).children(recursive=True)
    assert driver.close() == 0
    assert all(gone(child.pid) for child in children)


def test_a_source_ends_with_its_code_and_skips_what_was_committed(host: Start) -> None:
    driver = host("seq 1 10000", "bash", inputs=[])
    results = driver.drain(yielded=5)
    assert [content for result in results for content in contents(result, 0)] == [str(n) for n in range(6, 10_001)]
    assert results[-1]["end"]


def test_a_source_that_fails_is_told_after_what_it_made(host: Start) -> None:
    driver = host("echo one; echo why >&2; exit 5", "bash", inputs=[])
    *results, failed = driver.drain()
    assert [content for result in results for content in contents(result, 0)] == ["one"]
    assert (failed["k"], failed["message"]) == ("source_failed", "the command ended with status 5")
    assert (0, "warning", "why") in driver.logs


def test_too_long_a_script_is_refused(host: Start) -> None:
    driver = host("# " + "x" * 100_000, "bash")
    assert "keep longer scripts in a git repository" in driver.ready["message"]


def test_a_machine_without_bash_is_told(host: Start, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "there is no bash on this machine" in host("cat", "bash").ready["message"]
    assert os.environ["PATH"] == str(tmp_path)
