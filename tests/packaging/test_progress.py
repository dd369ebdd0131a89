"""Steps that succeed, fail and are drawn."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest
from progress import SetupError, Step, carry_out


class Terminal(io.StringIO):
    """Says that somebody is watching."""

    def isatty(self) -> bool:
        return True


def step(title: str, program: str, **settings: object) -> Step:
    return Step(title, [sys.executable, "-c", program], "eat an apple", **settings)  # type: ignore[arg-type]


def test_elsewhere_than_on_a_terminal_each_step_is_a_plain_line(tmp_path: Path) -> None:
    stream = io.StringIO()
    carry_out([step("boil water", ""), step("make tea", "")], tmp_path / "logs", stream)
    lines = stream.getvalue().splitlines()
    assert lines[0] == "[1/2] boil water ..."
    assert lines[1].startswith("[1/2] boil water: done in ")
    assert lines[-1].startswith("set up in ")
    assert "\x1b" not in stream.getvalue()


def test_on_a_terminal_a_bar_fills_and_is_wiped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    stream = Terminal()
    carry_out([step("boil water", "import time; time.sleep(.4)", seconds=1), step("make tea", "", seconds=1)], tmp_path, stream)
    frames = stream.getvalue().split("\r\x1b[K")
    fills = [frame.count("#") for frame in frames if frame.startswith("[")]
    assert fills == sorted(fills)
    assert len({fill for fill in fills if fill < 12}) > 1, "the bar stood still while a step ran"
    assert fills[-1] == 24
    assert frames[-1].startswith("set up in ")


def test_output_goes_to_a_log_of_the_step(tmp_path: Path) -> None:
    carry_out([step("boil water", "print('it boils')", environment=None)], tmp_path, io.StringIO())
    assert (tmp_path / "1-boil-water.log").read_text() == "it boils\n"


def test_a_step_gets_its_variables(tmp_path: Path) -> None:
    program = "import os; print(os.environ['KETTLE'])"
    carry_out([step("boil water", program, environment={"KETTLE": "red"})], tmp_path, io.StringIO())
    assert (tmp_path / "1-boil-water.log").read_text() == "red\n"


def test_a_failure_says_the_cure_and_shows_the_end_of_its_log(tmp_path: Path) -> None:
    program = "for n in range(99): print('line', n)\nraise SystemExit(3)"
    with pytest.raises(SetupError) as caught:
        carry_out([step("boil water", program), step("make tea", "")], tmp_path, io.StringIO())
    message = str(caught.value)
    assert message.startswith("could not boil water (exit 3): eat an apple.\n")
    assert "    line 98\n" in message
    assert "line 83" not in message
    assert str(tmp_path / "1-boil-water.log") in message
    assert not (tmp_path / "2-make-tea.log").exists()


def test_a_program_that_is_missing_fails_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"^could not boil water \(No such file or directory: /no/kettle\): buy one\.$"):
        carry_out([Step("boil water", ["/no/kettle"], "buy one")], tmp_path, io.StringIO())
