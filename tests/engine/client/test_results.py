"""What a flow leaves behind, found and looked into."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from engine.client.results import preview, result_files
from engine.model.codec import load_flow

FLOW = load_flow("""
pyfi: 1
name: results
processors:
  - {id: numbers, type: generate, config: {count: 3}}
  - {id: keep, type: write_lines, config: {path: out/kept.txt.gz}}
  - {id: rest, type: write_files, config: {path: "out/files/{n}.txt"}}
connections:
  - {from: numbers.success, to: keep.in}
subflows:
  - name: inner
    inputs: [in]
    processors: [{id: deep, type: write_lines, config: {path: deep.txt}}]
    connections: [{from: in, to: deep.in}]
""")


def test_sinks_tell_their_files_before_and_after_they_are_there(tmp_path):
    assert {each.step: each.size_bytes for each in result_files(FLOW, tmp_path)} == {"keep": -1, "rest": -1}
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "kept.txt.gz").write_bytes(gzip.compress(b"1\n"))
    found = {each.step: each for each in result_files(FLOW, tmp_path)}
    assert found["keep"].path == tmp_path / "out" / "kept.txt.gz"
    assert found["keep"].size_bytes > 0


def test_a_flow_that_cannot_be_unfolded_leaves_nothing(tmp_path):
    broken = load_flow("pyfi: 1\nname: broken\nprocessors: []\nsubflows: []\n")
    assert result_files(broken, tmp_path) == []


@pytest.mark.parametrize("name", ["a.txt", "a.txt.gz"])
def test_a_preview_shows_the_first_lines(tmp_path: Path, name: str):
    data = b"".join(b"line %d\n" % number for number in range(1000)) + b"no end"
    path = tmp_path / name
    path.write_bytes(gzip.compress(data) if name.endswith("gz") else data)
    assert preview(path, lines=3).lines == ["line 0", "line 1", "line 2"]
    assert preview(path, lines=3).cut
    whole = preview(path, lines=5000)
    assert (len(whole.lines), whole.lines[-1], whole.cut) == (1001, "no end", False)


def test_a_compressed_file_that_is_being_written_shows_what_is_there(tmp_path):
    path = tmp_path / "a.gz"
    path.write_bytes(gzip.compress(b"line\n" * 100_000)[:-20])
    assert preview(path, lines=10).lines == ["line"] * 10


def test_what_cannot_be_shown_is_said_in_a_sentence(tmp_path):
    assert preview(tmp_path / "none").trouble == "Nothing has been written yet."
    (tmp_path / "bad.gz").write_bytes(b"this is no gzip")
    assert "bad.gz cannot be shown" in preview(tmp_path / "bad.gz").trouble


def test_a_very_long_line_is_cut_and_bytes_are_no_fault(tmp_path):
    path = tmp_path / "long.txt"
    path.write_bytes(b"x" * 5_000_000 + b"\n\xff\xfe\n")
    found = preview(path)
    assert len(found.lines[0]) == 2000
    assert found.lines[1] == "\ufffd\ufffd"
