from __future__ import annotations

import io

from rich.console import Console

from engine.cli.run_progress import LiveProgress, PlainProgress, overall
from engine.client.run import Progress, StepProgress


def steps(count: int) -> tuple[StepProgress, ...]:
    return tuple(StepProgress(f"step-{n}", 1000, 900, n % 2, n, n == 0) for n in range(count))


def test_the_run_as_a_whole_in_one_line():
    assert overall(Progress(12_000, 300, ()), 2.0) == "12,000 messages, 6,000/s, 300 queued"
    assert overall(Progress(1, 0, ()), 0.0) == "1 message, 0/s"


def test_a_terminal_shows_the_processors_that_matter(monkeypatch):
    monkeypatch.setenv("LINES", "9")
    monkeypatch.setenv("COLUMNS", "100")
    written = io.StringIO()
    view = LiveProgress("triage")

    Console(file=written, width=100).print(view._lines(Progress(5, 9, steps(40)), 1.0))

    text = written.getvalue()
    assert text.startswith("triage: 5 messages, 5/s, 9 queued, 1 s")
    shown = [line.split()[0] if not line.lstrip().startswith("*") else line.split()[1] for line in text.splitlines()[1:-1]]
    assert shown == ["step-0", "step-36", "step-37", "step-38", "step-39"]
    assert text.splitlines()[-1].strip() == "and 35 more processors"


def test_a_tiny_terminal_shows_something(monkeypatch):
    monkeypatch.setenv("LINES", "1")
    monkeypatch.setenv("COLUMNS", "5")
    written = io.StringIO()

    Console(file=written, width=5).print(LiveProgress("triage")._lines(Progress(5, 9, steps(3)), 1.0))

    assert written.getvalue().strip()


def test_elsewhere_a_line_now_and_then(capsys, monkeypatch):
    now = [100.0]
    monkeypatch.setattr("engine.cli.run_progress.time.monotonic", lambda: now[0])
    view = PlainProgress("triage")

    for _ in range(20):
        now[0] += 1
        view.show(Progress(1000, 0, ()))
    view.close()

    assert capsys.readouterr().err.splitlines()[0] == "triage: 1,000 messages, 200/s"
    assert now[0] == 120.0
