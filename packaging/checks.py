"""The checks that a change must pass, run one after the other and summed up in one table."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.etree import ElementTree as ET

from environment import BIN, PYTHON, ROOT, VENV


@dataclass(frozen=True)
class Check:
    """One tool run over the whole project; `cure` is what to do when it fails."""

    name: str
    command: Sequence[str]
    cure: str


@dataclass(frozen=True)
class Result:
    """How one check ended; `passed`, `failed`, `skipped` count its tests, or the check itself where it has none."""

    name: str
    ok: bool
    seconds: float
    passed: int
    failed: int
    skipped: int = 0
    note: str = ""


_MOST_LANES = 4
"""More servers at a time than these lanes start want more memory than a laptop has to spare."""
STATIC = (
    Check("format", [str(BIN / "ruff"), "format", "--check", "."], "python3 packaging/dev.py lint --fix"),
    Check("lint", [str(BIN / "ruff"), "check", "."], "python3 packaging/dev.py lint --fix"),
    Check("types", [str(BIN / "pyright")], "see above"),
    Check("imports", [str(BIN / "lint-imports")], "see above; the rules are in pyproject.toml"),
)


def run_static() -> list[Result]:
    """Run the checks that execute nothing of ours; a failing one shows its whole output."""
    results: list[Result] = []
    for check in STATIC:
        _say(f"{check.name} ... ", end="")
        started = time.monotonic()
        done = subprocess.run(
            check.command, cwd=ROOT, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
        )
        ok, seconds = done.returncode == 0, time.monotonic() - started
        _say(f"{'ok' if ok else 'FAILED'} in {seconds:.1f} s")
        if not ok:
            _say(done.stdout.decode(errors="replace").rstrip() + "\n")
        results.append(Result(check.name, ok, seconds, int(ok), int(not ok), note="" if ok else check.cure))
    return results


def run_tests(arguments: Sequence[str]) -> Result:
    """Run pytest, its output going straight to the terminal.

    Several files at a time, each lane with servers of its own: much of a test's time is waiting for processes that it started.
    No test's result may depend on how busy the machine is.
    """
    started = time.monotonic()
    with TemporaryDirectory(prefix="pyfi-test-") as folder:
        report = Path(folder) / "report.xml"
        lanes = ["--numprocesses", str(min(os.cpu_count() or 1, _MOST_LANES)), "--dist", "loadfile"]
        command = [PYTHON, "-m", "pytest", "-W", "error", *lanes, f"--junit-xml={report}", *arguments]
        status = subprocess.run(command, cwd=ROOT, env=environment(), check=False).returncode
        passed, failed, skipped = _count(report)
    failed += int(status != 0 and failed == 0)  # a run that broke down outside of any test
    note = "" if status == 0 else "see above"
    return Result("tests", status == 0, time.monotonic() - started, passed, failed, skipped, note)


def sum_up(results: Sequence[Result]) -> int:
    """Print the table and the closing line; the exit status of the whole."""
    _say("")
    _say(f"{'check':<10}{'result':<9}{'passed':>8}{'failed':>8}{'skipped':>9}{'seconds':>9}")
    for result in results:
        counts = f"{result.passed:>8}{result.failed:>8}{result.skipped:>9}{result.seconds:>9.1f}"
        _say(f"{result.name:<10}{'ok' if result.ok else 'FAILED':<9}{counts}  {result.note}".rstrip())
    passed, failed, skipped = (sum(getattr(result, part) for result in results) for part in ("passed", "failed", "skipped"))
    _say("")
    _say(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return int(not all(result.ok for result in results))


def environment() -> dict[str, str]:
    """The process environment as if `.venv` were activated."""
    path = os.pathsep.join([str(BIN), os.environ.get("PATH", os.defpath)])
    return {**os.environ, "PATH": path, "VIRTUAL_ENV": str(VENV)}


def _count(report: Path) -> tuple[int, int, int]:
    """Passed, failed and skipped tests of a JUnit report; zeros when pytest did not get as far as writing one."""
    try:
        # Written by pytest a moment ago, in a folder that only this user may enter: nothing to defend against.
        suite = ET.parse(report).getroot().find("testsuite")  # noqa: S314
    except (OSError, ET.ParseError):
        return 0, 0, 0
    if suite is None:
        return 0, 0, 0
    tests, failures, errors, skipped = (int(suite.get(part, "0")) for part in ("tests", "failures", "errors", "skipped"))
    return tests - failures - errors - skipped, failures + errors, skipped


def _say(text: str, end: str = "\n") -> None:
    sys.stdout.write(text + end)
    sys.stdout.flush()
