from __future__ import annotations

import csv
import datetime as dt
import decimal
import gzip
import io
import random

import pytest

from tests.drive import attributes, contents
from tests.engine.processors.built_in import reasons, target


def test_the_keys_of_the_first_message_are_the_columns(tmp_path):
    with target("write_csv", tmp_path, path="out.csv") as host:
        result = host.task([{"a": 1, "b": "x"}, {"b": 'q"q, r\nr', "a": None}, {"b": "only"}])
        host.task([{"a": 2, "b": ""}])
    assert contents(result, 1) == [{"a": 1, "b": "x"}, {"b": 'q"q, r\nr', "a": None}, {"b": "only"}]
    assert (tmp_path / "out.csv").read_text() == 'a,b\n1,x\n,"q""q, r\nr"\n,only\n2,\n'


def test_cells_of_every_kind(tmp_path):
    at = dt.datetime(2024, 1, 2, tzinfo=dt.UTC)
    row = ["text", 1 << 70, 1.5, True, None, at, decimal.Decimal("1.50"), b"\x00", [1, {"a": "b"}], float("nan"), 1e16]
    with target("write_csv", tmp_path, path="out.csv") as host:
        host.task([row])
    with (tmp_path / "out.csv").open(newline="") as file:
        (written,) = csv.reader(file)
    expected = [
        "text",
        "1180591620717411303424",
        "1.5",
        "true",
        "",
        "2024-01-02T00:00:00Z",
        "1.50",
        "AA==",
        '[1,{"a":"b"}]',
        "",
    ]
    assert written == [*expected, "1e16"]


def test_rows_that_do_not_fit_fail(tmp_path):
    with target("write_csv", tmp_path, path="out.csv", columns=["a", "b"], missing="fail") as host:
        result = host.task([{"a": 1, "b": 2}, {"a": 1, "c": 2}, {"a": 1}, [1, 2], [1], "text", {"a": 1, "b": 1j}])
    assert (tmp_path / "out.csv").read_text() == "a,b\n1,2\n1,2\n"
    assert contents(result, 1) == [{"a": 1, "b": 2}, [1, 2]]
    found = [each["error.message"] for each in attributes(result, -2)]
    assert "no column for c" in found[0]
    assert "has no b" in found[1]
    assert "1 cells for 2 columns" in found[2]
    assert "not of str" in found[3]
    assert "complex" in found[4]


def test_other_keys_can_be_left_out_and_the_header_too(tmp_path):
    with target("write_csv", tmp_path, path="out.csv", columns=["b"], extra="ignore", header=False, delimiter=";") as host:
        host.task([{"a": 1, "b": "x;y"}])
    assert (tmp_path / "out.csv").read_text() == '"x;y"\n'


def test_what_the_encoding_lacks_fails(tmp_path):
    with target("write_csv", tmp_path, path="out.csv", encoding="latin-1") as host:
        result = host.task([{"a": "ä"}, {"a": "日"}, {"b": 1}])
    assert (tmp_path / "out.csv").read_bytes() == "a\nä\n".encode("latin-1")
    found = [each["error.message"] for each in attributes(result, -2)]
    assert "cannot be written in latin-1" in found[0]
    assert "no column for b" in found[1]


def test_appends_without_a_second_header(tmp_path):
    for value in (1, 2):
        with target("write_csv", tmp_path, path="out.csv.gz", append=True) as host:
            host.task([{"a": value}])
    assert gzip.decompress((tmp_path / "out.csv.gz").read_bytes()) == b"a\n1\n2\n"


@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_every_row_is_there_once_whenever_its_process_is_killed(tmp_path, suffix):
    chooser = random.Random(suffix)
    batches = [[{"n": number, "row": row} for row in range(chooser.randrange(1, 300))] for number in range(12)]
    state: dict = {}
    committed = 0
    while committed < len(batches):
        with target("write_csv", tmp_path, path=f"out{suffix}") as host:
            host.state = state
            for batch in batches[committed : committed + chooser.randrange(1, 5)]:
                host.task(batch)
                committed += 1
            # One more is written and its result never committed.
            host.state = {step: dict(rows) for step, rows in state.items()}
            if committed < len(batches):
                host.task([{"row": 0, "n": 0}] * chooser.randrange(1, 3))
            host.process.kill()
            host.process.wait()
    with target("write_csv", tmp_path, path=f"out{suffix}") as host:
        host.state = state
        host.act("flush")
    data = (tmp_path / f"out{suffix}").read_bytes()
    rows = list(csv.reader(io.StringIO((gzip.decompress(data) if suffix else data).decode())))
    assert rows == [["n", "row"], *([str(each["n"]), str(each["row"])] for batch in batches for each in batch)]


def test_says_what_is_wrong_before_it_runs(tmp_path):
    assert reasons("write_csv", tmp_path, path="out.csv") == []
    assert "one character" in reasons("write_csv", tmp_path, path="out.csv", delimiter="")[0]
    assert "twice" in reasons("write_csv", tmp_path, path="out.csv", columns=["a", "a"])[0]
    assert "is the folder" in reasons("write_csv", tmp_path, path=".")[0]
