from __future__ import annotations

import csv
import io

import pytest

from tests.engine.cli.command import answer, pyfi, write_flow

LINK = "make.success->double.in"


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """A folder in which a flow has run to its end."""
    folder = tmp_path_factory.mktemp("ran")
    done = pyfi("run", write_flow(folder), "--workspace", "ws", cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder


def stats(folder, *arguments):
    return pyfi("stats", *arguments, "--workspace", "ws", cwd=folder)


def test_a_processor_is_shown_by_the_minute(ran):
    done = stats(ran, "chain", "--processor", "double", "--since", "10m")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0].strip() == "double"
    assert lines[1].split() == ["time", "in", "out", "failed", "tasks", "seconds"]
    rows = [line.split() for line in lines[3:]]
    assert [row[1:4] for row in rows if row[1] != "-"] == [["20", "20", "-"]]


def test_json_has_every_part_that_was_named(ran):
    found = answer(stats(ran, "chain.flow.yaml", "--processor", "make", "--connection", LINK, "--since", "all", "--json"))
    make, link = found["series"]
    assert (make["processor"], make["every_s"], make["columns"]) == ("make", 60, ["in", "out", "failed", "tasks", "seconds"])
    assert sum(row[1] for row in make["rows"]) == 20
    assert (link["connection"], link["columns"]) == (LINK, ["passed", "queued", "bytes", "queued_bytes"])
    assert sum(row[0] for row in link["rows"]) == 20
    assert make["until_ms"] % 60_000 == 0


def test_the_whole_flow_as_comma_separated_values(ran):
    done = stats(ran, "--csv", "--every", "1h")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert list(rows[0])[:4] == ["time", "part", "in", "out"]
    assert sum(int(row["in"]) for row in rows) == 40
    assert {row["part"] for row in rows} == {""}
    assert all(row["time"].endswith("+00:00") or row["time"][-6] in "+-" for row in rows)


def test_what_is_not_known_is_told(ran):
    done = stats(ran, "chain", "--processor", "doubel")
    assert done.returncode == 2
    assert done.stderr == "pyfi: there is no processor 'doubel' in this flow; did you mean 'double'?\n"
    done = stats(ran, "chian")
    assert (done.returncode, "no flow 'chian' has run in this workspace; did you mean 'chain'?" in done.stderr) == (2, False)
    assert "no flow 'chian' has run in this workspace" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--since", "yesterday"], "'yesterday' must be a duration such as 500ms, 30s, 5m or 1h30m"),
        (["--every", "0s"], "'0s' must be a second at least"),
        (["--json", "--csv"], "--json and --csv exclude each other; choose one"),
        (["--since", "1000d", "--every", "1m"], "more than 20,000 rows"),
    ],
)
def test_wrong_use_is_told(ran, monkeypatch, arguments, said):
    monkeypatch.setenv("PYFI_HISTORY_DAYS", "1000")
    done = stats(ran, "chain", *arguments)
    assert (done.returncode, said in done.stderr) == (2, True), done.stderr


def test_a_workspace_in_which_nothing_has_run(tmp_path):
    done = stats(tmp_path)
    assert (done.returncode, "no flow has run in the workspace" in done.stderr) == (2, True)
