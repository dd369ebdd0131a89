"""How results are counted and summed up."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import checks
import pytest
from checks import Check, Result

TESTS = """
import pytest

def test_good(): pass
def test_bad(): assert False
@pytest.mark.skip
def test_later(): pass
@pytest.fixture
def broken(): raise RuntimeError
def test_never_reached(broken): pass
"""
FAILED_TESTS = Result("tests", ok=False, seconds=61.04, passed=310, failed=2, skipped=1, note="see above")


def test_counts_come_from_pytests_own_report(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(TESTS)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "--junit-xml=report.xml",
        "--rootdir=.",
        "test_it.py",
    ]
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode == 1
    assert checks._count(tmp_path / "report.xml") == (1, 2, 1)


@pytest.mark.parametrize("content", [None, "", "<testsuites>", "<testsuites/>"])
def test_a_run_that_broke_down_counts_nothing(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "report.xml").write_text(content)
    assert checks._count(tmp_path / "report.xml") == (0, 0, 0)


def test_the_closing_line_counts_everything(capsys: pytest.CaptureFixture[str]) -> None:
    results = [Result("format", ok=True, seconds=0.2, passed=1, failed=0), FAILED_TESTS]
    assert checks.sum_up(results) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == "311 passed, 2 failed, 1 skipped"
    assert [line.split() for line in lines[2:4]] == [
        ["format", "ok", "1", "0", "0", "0.2"],
        ["tests", "FAILED", "310", "2", "1", "61.0", "see", "above"],
    ]


def test_all_well_is_exit_0_and_says_no_skips(capsys: pytest.CaptureFixture[str]) -> None:
    assert checks.sum_up([Result("tests", ok=True, seconds=1, passed=7, failed=0)]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "7 passed, 0 failed"


def test_a_failing_check_shows_its_output_and_the_next_still_runs(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = Check("bad", [sys.executable, "-c", "print('because'); raise SystemExit(1)"], "mend it")
    good = Check("good", [sys.executable, "-c", "print('never shown')"], "")
    monkeypatch.setattr(checks, "STATIC", (bad, good))
    results = checks.run_static()
    assert [(result.name, result.ok, result.note) for result in results] == [("bad", False, "mend it"), ("good", True, "")]
    output = capsys.readouterr().out
    assert "because" in output
    assert "never shown" not in output
