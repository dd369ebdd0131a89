from __future__ import annotations

import time
from pathlib import Path

import pytest

from engine.bus.base import Event
from engine.runtime.journal import ALL, Entry, Journal, Tail, Wanted, journal_path, journals, read

FLOW = "/data/flows/web log.flow.yaml"


def log(text: str, *, step: str = "parse", level: str = "info", flow: str = FLOW, at_ms: int = 1) -> Event:
    return Event("log", flow, at_ms, {"step": step, "level": level, "text": text})


def texts(path: Path, wanted: Wanted = ALL, last: int = 200) -> list[str]:
    return [entry.text for entry in read(path, wanted, last)]


def test_lines_are_on_disk_after_close_in_order(tmp_path):
    journal = Journal(tmp_path)
    for number in range(1000):
        journal.write(log(f"line {number}\nsecond"))
    journal.write(Event("stats", FLOW, 1, {"processors": {}}))
    journal.close()
    assert texts(journal_path(tmp_path, FLOW), last=5000) == [f"line {number}\nsecond" for number in range(1000)]
    assert read(journal_path(tmp_path, FLOW), last=1) == [Entry(1, "info", "line 999\nsecond", "parse")]
    assert journal_path(tmp_path, FLOW).stat().st_mode & 0o777 == 0o600


def test_every_deployment_has_its_own_file_and_is_found_by_name(tmp_path):
    journal = Journal(tmp_path)
    names = ["/a/flow.yaml", "/b/flow.yaml", "../../etc/passwd", "größe"]
    for name in names:
        journal.write(log(name, flow=name))
    journal.close()
    assert {name: texts(path) for name, path in journals(tmp_path).items()} == {name: [name] for name in names}
    assert {path.parent for path in tmp_path.rglob("*.jsonl")} == {tmp_path}


def test_filters(tmp_path):
    journal = Journal(tmp_path)
    journal.write(log("a", step="sub/a", level="debug"))
    journal.write(log("b", step="sub/b", level="warning"))
    journal.write(log("c", step="subway", level="error"))
    journal.write(log("d", step="", level="info"))
    journal.close()
    path = journal_path(tmp_path, FLOW)
    assert texts(path, Wanted(processor="sub")) == ["a", "b"]
    assert texts(path, Wanted(level="warning")) == ["b", "c"]
    assert texts(path, Wanted(processor="sub/a", level="warning")) == []
    assert texts(path, last=2) == ["c", "d"]
    assert texts(path, last=0) == []


def test_a_file_that_grows_too_large_is_put_aside(tmp_path):
    journal = Journal(tmp_path, max_bytes=2000, kept=2)
    path = journal_path(tmp_path, FLOW)
    for number in range(200):
        journal.write(log(f"{number:04} {'x' * 60}"))
        if number % 5 == 4:  # writes what waits before it rotates, so that the files' sizes are certain
            journal.close()
            journal = Journal(tmp_path, max_bytes=2000, kept=2)
    journal.close()
    files = sorted(file.name for file in tmp_path.iterdir())
    assert files == [path.name, f"{path.name}.1", f"{path.name}.2"]
    assert all(file.stat().st_size <= 2000 for file in tmp_path.iterdir())
    kept = [int(text[:4]) for text in texts(path, last=1000)]
    assert kept == list(range(kept[0], 200))
    assert len(kept) > 30
    assert journals(tmp_path) == {FLOW: path}


def test_a_full_disk_costs_lines_which_are_counted(tmp_path):
    path = journal_path(tmp_path, FLOW)
    path.symlink_to("/dev/full")
    journal = Journal(tmp_path)
    for number in range(7):
        journal.write(log(f"lost {number}"))
    journal.write(log("other flow", flow="other"))
    deadline = time.monotonic() + 30
    while not journal_path(tmp_path, "other").exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    path.unlink()
    journal.write(log("kept"))
    journal.close()
    assert texts(path) == ["7 lines are missing here: the disk did not take them", "kept"]
    assert texts(journal_path(tmp_path, "other")) == ["other flow"]


def test_a_line_cut_off_by_a_crash_spoils_no_other(tmp_path):
    journal = Journal(tmp_path)
    journal.write(log("before"))
    journal.close()
    path = journal_path(tmp_path, FLOW)
    with path.open("ab") as file:
        file.write(b'{"at_ms":1,"lev')
    journal = Journal(tmp_path)
    journal.write(log("after"))
    journal.close()
    assert texts(path) == ["before", "after"]


@pytest.mark.parametrize("exists", [True, False])
def test_a_tail_sees_what_comes_after_it_and_follows_rotation(tmp_path, exists):
    path = journal_path(tmp_path, FLOW)
    if exists:
        journal = Journal(tmp_path)
        journal.write(log("old"))
        journal.close()
    tail = Tail(path)
    seen: list[str] = []
    for number in range(60):
        journal = Journal(tmp_path, max_bytes=1000)
        journal.write(log(f"{number} {'x' * 50}"))
        journal.close()
        seen.extend(entry.text.split()[0] for entry in tail.read())
    tail.close()
    assert seen == [str(number) for number in range(60)]
    assert path.with_name(f"{path.name}.2").exists()
