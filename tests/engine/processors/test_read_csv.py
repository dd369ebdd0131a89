from __future__ import annotations

import csv
import datetime as dt
import decimal
import gzip
import random
from typing import Any

import pytest

from tests.drive import HostDriver, attributes, contents
from tests.engine.processors.built_in import everything, reasons, source


def write(path, rows: list[list[Any]], **options: Any) -> None:
    with path.open("w", newline="", encoding=options.pop("encoding", "utf-8")) as file:
        csv.writer(file, **options).writerows(rows)


def bad_rows(results: list[dict[str, Any]]) -> list[tuple[Any, str, str]]:
    """What went to failure: content, line, reason."""
    found = [
        pair
        for result in results
        if result["k"] == "result"
        for pair in zip(contents(result, 1), attributes(result, 1), strict=True)
    ]
    return [(content, each["line"], each["error.message"]) for content, each in found]


def test_rows_are_dicts_by_the_header(tmp_path):
    write(tmp_path / "in.csv", [["id", " name "], ["1", "a,b"], ["2", 'say "hi"\nthere'], [], ["3", ""]])
    with source("read_csv", tmp_path, path="in.csv") as host:
        results = host.drain()
    assert everything(results) == [{"id": "1", "name": "a,b"}, {"id": "2", "name": 'say "hi"\nthere'}, {"id": "3", "name": ""}]


def test_rows_are_lists_without_a_header_and_dicts_with_columns(tmp_path):
    write(tmp_path / "in.csv", [["1", "x"], ["2"]], delimiter=";")
    with source("read_csv", tmp_path, path="in.csv", header=False, delimiter=";") as host:
        assert everything(host.drain()) == [["1", "x"], ["2"]]
    with source("read_csv", tmp_path, path="in.csv", header=False, delimiter=";", columns=["a", "b"]) as host:
        results = host.drain()
    assert everything(results) == [{"a": "1", "b": "x"}]
    assert bad_rows(results)[0][:2] == (["2"], "2")


def test_types(tmp_path):
    header = ["i", "f", "d", "b", "day", "at", "t"]
    row = ["7", "1.5", "1.50", "Yes", "2024-01-02", "2024-01-02T03:04:05Z", "007"]
    write(tmp_path / "in.csv", [header, row, [""] * 7])
    types = {"i": "int", "f": "float", "d": "decimal", "b": "bool", "day": "date", "at": "datetime"}
    with source("read_csv", tmp_path, path="in.csv", types=types) as host:
        first, second = everything(host.drain())
    at = dt.datetime(2024, 1, 2, 3, 4, 5, tzinfo=dt.UTC)
    assert first == {
        "i": 7,
        "f": 1.5,
        "d": decimal.Decimal("1.50"),
        "b": True,
        "day": dt.date(2024, 1, 2),
        "at": at,
        "t": "007",
    }
    assert type(first["i"]) is int
    assert second == {"i": None, "f": None, "d": None, "b": None, "day": None, "at": None, "t": ""}


def test_infers_types_from_the_first_rows(tmp_path):
    header = ["i", "f", "b", "day", "at", "zip", "mixed", "empty"]
    rows = [["1", "2", "true", "2024-01-02", "2024-01-02 03:04", "0123", "5", ""], ["-2", "1e3", "no", "", "", "9", "x", ""]]
    write(tmp_path / "in.csv", [header, *rows])
    with source("read_csv", tmp_path, path="in.csv", infer=True, types={"i": "text"}) as host:
        found = everything(host.drain())
    assert [type(value).__name__ for value in found[0].values()] == [
        "str",
        "float",
        "bool",
        "date",
        "datetime",
        "str",
        "str",
        "str",
    ]


def test_bad_rows_go_to_failure_with_their_line(tmp_path):
    (tmp_path / "in.csv").write_text('a,b\n1,x\n2\n"3\n",y\nz,w\n5,"un"closed\n6,v\n7,"open\n')
    with source("read_csv", tmp_path, path="in.csv", types={"a": "int"}) as host:
        results = host.drain()
    assert everything(results) == [{"a": 1, "b": "x"}, {"a": 3, "b": "y"}, {"a": 6, "b": "v"}]
    bad = bad_rows(results)
    assert [(content, line) for content, line, _ in bad] == [
        (["2"], "3"),
        (["z", "w"], "6"),
        ('5,"un"closed', "7"),
        ('7,"open', "9"),
    ]
    assert "there are 1 cells for 2 columns" in bad[0][2]
    assert "column 'a' holds 'z', which is no int" in bad[1][2]


def test_an_open_quote_does_not_swallow_the_rest(tmp_path):
    lines = ["a,b", '1,"open'] + [f"{number},{'x' * 1_000}" for number in range(3_000)]
    (tmp_path / "in.csv").write_text("\n".join(lines) + "\n")
    with source("read_csv", tmp_path, path="in.csv") as host:
        results = host.drain()
    good = everything(results)
    assert good[-1]["a"] == "2999"
    assert len(good) > 1_500
    assert "field larger than" in bad_rows(results)[0][2]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_other_encodings_and_marks(tmp_path, encoding):
    write(tmp_path / "in.csv", [["näme", "b"], ["ä", "1"]], encoding=encoding)
    with source("read_csv", tmp_path, path="in.csv", encoding="utf-8" if encoding == "utf-8-sig" else encoding) as host:
        assert everything(host.drain()) == [{"näme": "ä", "b": "1"}]


def some_rows(n: int, seed: int) -> list[list[str]]:
    chooser = random.Random(seed)
    rows = [[str(number), chooser.choice(["x", "a,b", 'q"q', "two\nlines", "three\r\nline\ns"])] for number in range(n)]
    for at in chooser.sample(range(n), n // 50):
        rows[at].append("too many")
    return rows


@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_resumes_after_each_committed_batch(tmp_path, suffix):
    expected: list[Any] = []
    failing: list[Any] = []
    for part in range(2):
        rows = some_rows(6_000, part)
        write(tmp_path / f"{part}.csv", [["n", "text"], *rows])
        expected += [{"n": row[0], "text": row[1]} for row in rows if len(row) == 2]
        failing += [row for row in rows if len(row) == 3]
        if suffix:
            (tmp_path / f"{part}.csv.gz").write_bytes(gzip.compress((tmp_path / f"{part}.csv").read_bytes()))
    state, seen, bad, ended, lives = {}, [], [], False, 0
    while not ended:
        lives += 1
        with source("read_csv", tmp_path, path=f"*.csv{suffix}") as host:
            host.state = state
            host.source(credit=3)
            first = host.commit(host.receive())
            # The second batch is made but never committed, as in a crash.
            if not first["end"]:
                host.receive()
            state, ended = host.state, first["end"]
            seen += contents(first, 0)
            bad += contents(first, 1)
            host.process.kill()
    assert seen == expected
    assert bad == failing
    assert lives > 8


def test_a_cut_file_gives_all_it_holds_then_fails(tmp_path):
    rows = [[str(number), "x" * 50] for number in range(20_000)]
    write(tmp_path / "in.csv", [["n", "x"], *rows])
    whole = gzip.compress((tmp_path / "in.csv").read_bytes())
    (tmp_path / "in.csv.gz").write_bytes(whole[: len(whole) // 2])
    with source("read_csv", tmp_path, path="in.csv.gz") as host:
        results = drain_to_failure(host)
    found = everything(results)
    assert found == [{"n": row[0], "x": row[1]} for row in rows[: len(found)]]
    assert len(found) > 5_000
    assert "in the middle" in results[-1]["message"]


def drain_to_failure(host: HostDriver) -> list[dict[str, Any]]:
    host.source(credit=1_000)
    results = [host.receive()]
    while results[-1]["k"] == "result":
        host.commit(results[-1])
        results.append(host.receive())
    return results


@pytest.mark.parametrize(
    ("text", "config", "reason"),
    [
        ("a,a\n1,2\n", {}, "two columns 'a'"),
        ('"a,b\n', {}, "the header"),
        ("a,b\n", {"types": {"c": "int"}}, "but the columns"),
        ("a,b\n", {"types": {"c": "int"}, "header": False}, "no header"),
    ],
)
def test_a_table_that_cannot_be_is_said(tmp_path, text, config, reason):
    (tmp_path / "in.csv").write_text(text)
    with source("read_csv", tmp_path, path="in.csv", **config) as host:
        assert reason in drain_to_failure(host)[-1]["message"]


def test_strict_stops_at_the_line(tmp_path):
    (tmp_path / "in.csv").write_bytes(b"a\n1\n2\n\xff\n4\n")
    with source("read_csv", tmp_path, path="in.csv", errors="strict") as host:
        results = drain_to_failure(host)
    assert everything(results) == [{"a": "1"}, {"a": "2"}]
    assert "line 4:" in results[-1]["message"]


def test_an_empty_file_is_an_empty_table(tmp_path):
    (tmp_path / "in.csv").write_text("")
    with source("read_csv", tmp_path, path="in.csv", infer=True) as host:
        assert everything(host.drain()) == []


def test_attributes_tell_where_a_row_ends(tmp_path):
    (tmp_path / "in.csv").write_text('a\n"1\n1"\n2\n')
    with source("read_csv", tmp_path, path="in.csv", attributes=True) as host:
        results = host.drain()
    assert [each["line"] for result in results for each in attributes(result, 0)] == ["3", "4"]


def test_says_what_is_wrong_before_it_runs(tmp_path):
    (tmp_path / "in.csv").write_text("a\n")
    assert reasons("read_csv", tmp_path, path="in.csv") == []
    assert "there is no file" in reasons("read_csv", tmp_path, path="gone.csv")[0]
    assert "one character" in reasons("read_csv", tmp_path, path="in.csv", delimiter="tab")[0]
    assert "must differ" in reasons("read_csv", tmp_path, path="in.csv", delimiter='"')[0]
    assert "twice" in reasons("read_csv", tmp_path, path="in.csv", columns=["a", "a"])[0]
