"""Reports say what one needs to mend a fault, and nothing that is the user's own."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from app.crash.program_log import close_log, last_lines, open_log
from app.crash.report import clean, keep_report, make_report


@pytest.fixture(autouse=True)
def state(monkeypatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    return tmp_path / "pyfi"


def test_a_report_names_versions_the_trace_and_the_end_of_the_log(qapp):
    handler = open_log()
    logging.getLogger("app.test").info("the window was opened")
    report = make_report("unexpected ValueError", "Traceback:\n  ...\nValueError: no", {"flows": "2 open"})
    close_log(handler)
    for words in ("unexpected ValueError", "Python 3.", "PySide6 6.", "offscreen", "flows     2 open", "ValueError: no"):
        assert words in report
    assert report.rstrip().endswith("INFO app.test: the window was opened")


def test_a_report_holds_no_secrets_and_no_names(monkeypatch):
    monkeypatch.setenv("PYFI_SECRET_DOOR", "open-sesame")
    monkeypatch.setenv("MAIL_PASSWORD", "hunter22")
    monkeypatch.setenv("HOME", "/home/erika")
    monkeypatch.setenv("LOGNAME", "erika")
    text = "open-sesame hunter22 postgresql://erika:geheim@db.example.org/x /home/erika/flows/a.yaml of erika"
    cleaned = clean(text)
    for secret in ("open-sesame", "hunter22", "geheim", "erika"):
        assert secret not in cleaned
    assert "~/flows/a.yaml" in cleaned
    assert "@db.example.org/x" in cleaned


def test_the_last_twenty_reports_are_kept(state):
    paths = [keep_report(f"report {number}") for number in range(25)]
    assert sorted((state / "reports").glob("*.txt")) == [path for path in paths[5:] if path is not None]


def test_the_log_makes_room_for_itself(state, monkeypatch):
    monkeypatch.setattr("app.crash.program_log.MAX_BYTES", 2000)
    handler = open_log()
    for number in range(300):
        logging.getLogger("app.test").info("line %d", number)
    close_log(handler)
    assert sorted(path.name for path in state.glob("desktop.log*")) == ["desktop.log", *(f"desktop.log.{n}" for n in (1, 2, 3))]
    assert all(path.stat().st_size <= 2000 for path in state.glob("desktop.log*"))
    assert last_lines(1)[0].endswith("line 299")


def test_a_folder_that_cannot_be_written_costs_the_log_not_the_program(tmp_path):
    (tmp_path / "pyfi").write_text("a file where a folder is to be")
    assert open_log() is None
    assert keep_report("a report") is None
    assert last_lines(5) == []
