from __future__ import annotations

import bz2
import gzip
import lzma
import random
import zlib
from pathlib import Path

import pytest
import zstandard

from engine.runtime.hosts.builtin.line_text import MAX_LINE_BYTES
from tests.drive import HostDriver, attributes, contents
from tests.engine.processors.built_in import everything, reasons, source

COMPRESS = {
    "": bytes,
    ".gz": gzip.compress,
    ".bz2": bz2.compress,
    ".xz": lzma.compress,
    ".zst": zstandard.ZstdCompressor().compress,
}


def text_of(lines: list[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


def some_lines(n: int, seed: int = 1) -> list[str]:
    chooser = random.Random(seed)
    return [f"{i} " + "lorem ipsum é "[: chooser.randrange(15)] * chooser.randrange(20) for i in range(n)]


def until_failure(host: HostDriver) -> tuple[list[str], dict]:
    """Everything a source makes before it fails, and how it failed."""
    host.source(credit=1)
    lines: list[str] = []
    while (result := host.receive())["k"] == "result":
        lines.extend(contents(host.commit(result), 0))
        host.send({"k": "done", "step": 0, "id": result["source"][1], "ok": True})
        host.send({"k": "credit", "n": 1})
    return lines, result


def take(host: HostDriver, n: int) -> list[str]:
    """At least `n` lines of a source that goes on."""
    lines: list[str] = []
    while len(lines) < n:
        result = host.commit(host.receive())
        lines.extend(contents(result, 0))
        host.send({"k": "credit", "n": 1})
    return lines


@pytest.mark.parametrize("suffix", COMPRESS)
def test_reads_every_line_plain_and_compressed(tmp_path, suffix):
    lines = some_lines(30_000)
    (tmp_path / f"in.log{suffix}").write_bytes(COMPRESS[suffix](text_of(lines)))
    with source("read_lines", tmp_path, path=f"in.log{suffix}") as host:
        assert everything(host.drain()) == lines


@pytest.mark.parametrize("suffix", [".gz", ".bz2", ".xz", ".zst"])
def test_reads_several_streams_in_one_file(tmp_path, suffix):
    lines = some_lines(9_000)
    parts = [lines[:1], lines[1:4_000], lines[4_000:]]
    (tmp_path / f"in{suffix}").write_bytes(b"".join(COMPRESS[suffix](text_of(part)) for part in parts))
    with source("read_lines", tmp_path, path=f"in{suffix}") as host:
        assert everything(host.drain()) == lines


@pytest.mark.parametrize(
    ("data", "lines"),
    [
        (b"", []),
        (b"\n", [""]),
        (b"a", ["a"]),
        (b"a\n\nb", ["a", "", "b"]),
        (b"a\r\nb\rc\r\n", ["a", "b\rc"]),
        (b"a\x0bb\x0cc\xc2\x85d\xe2\x80\xa8e\n", ["a\x0bb\x0cc\x85d\u2028e"]),
        (b"\xef\xbb\xbfa\nb\n", ["a", "b"]),
        (b"bad \xff\xfe byte\n", ["bad \ufffd\ufffd byte"]),
    ],
)
def test_only_a_line_feed_ends_a_line(tmp_path, data, lines):
    (tmp_path / "in.txt").write_bytes(data)
    with source("read_lines", tmp_path, path="in.txt") as host:
        assert everything(host.drain()) == lines


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "shift_jis"])
def test_reads_other_encodings(tmp_path, encoding):
    # U+0A0A and U+0D0A hold bytes that look like line ends.
    extra = {"latin-1": "ä", "shift_jis": "日本"}.get(encoding, "\u0a0a\u0d0a日")
    lines = [f"{i} {extra}" for i in range(200_000)]
    (tmp_path / "in.txt").write_bytes("\n".join(lines).encode(encoding))
    with source("read_lines", tmp_path, path="in.txt", encoding=encoding) as host:
        assert everything(host.drain()) == lines


def test_strict_delivers_what_is_before_and_names_the_line(tmp_path):
    (tmp_path / "in.txt").write_bytes(b"one\ntwo\nthr\xffe\nfour\n")
    with source("read_lines", tmp_path, path="in.txt", errors="strict") as host:
        lines, failure = until_failure(host)
    assert lines == ["one", "two"]
    assert failure["k"] == "source_failed"
    assert "in.txt', line 3:" in failure["message"]


def test_attributes_and_header(tmp_path):
    for name in ("b.csv", "a.csv"):
        (tmp_path / name).write_text(f"head\n{name} 1\n{name} 2\n")
    with source("read_lines", tmp_path, path="*.csv", skip_header=1, attributes=True) as host:
        results = host.drain()
    assert everything(results) == ["a.csv 1", "a.csv 2", "b.csv 1", "b.csv 2"]
    found = [each for result in results for each in attributes(result, 0)]
    assert [(Path(each["path"]).name, each["line"]) for each in found] == [
        ("a.csv", "2"),
        ("a.csv", "3"),
        ("b.csv", "2"),
        ("b.csv", "3"),
    ]


@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_resumes_after_each_committed_batch(tmp_path, suffix):
    lines = some_lines(23_000)
    for part in range(2):
        (tmp_path / f"{part}.txt{suffix}").write_bytes(COMPRESS[suffix](text_of(lines[part * 11_500 : (part + 1) * 11_500])))
    state, seen, ended = {}, [], False
    while not ended:
        with source("read_lines", tmp_path, path=f"*.txt{suffix}", skip_header=2) as host:
            host.state = state
            host.source(credit=3)
            first = host.commit(host.receive())
            # The second batch is made but never committed, as in a crash.
            if not first["end"]:
                host.receive()
            state, ended = host.state, first["end"]
            seen.extend(contents(first, 0))
            host.process.kill()
    assert seen == lines[2:11_500] + lines[11_502:]


def test_batches_are_of_a_bearable_size(tmp_path):
    (tmp_path / "in.txt").write_bytes(b"x\n" * 10_000 + (b"y" * 5_000 + b"\n") * 1_000)
    with source("read_lines", tmp_path, path="in.txt") as host:
        results = host.drain()
    assert all(output[2] <= 4_096 and output[3] <= 1_100_000 for result in results for output in result["outputs"])
    assert len(everything(results)) == 11_000


@pytest.mark.parametrize("suffix", [".gz", ".bz2", ".xz", ".zst"])
def test_a_cut_file_gives_all_it_holds_then_fails(tmp_path, suffix):
    lines = some_lines(20_000)
    whole = COMPRESS[suffix](text_of(lines))
    (tmp_path / f"in{suffix}").write_bytes(whole[: len(whole) * 2 // 3])
    with source("read_lines", tmp_path, path=f"in{suffix}") as host:
        found, failure = until_failure(host)
    assert found == lines[: len(found)]
    assert f"in{suffix}' cannot be read" in failure["message"]
    assert "in the middle" in failure["message"]
    if suffix == ".gz":
        sound = zlib.decompressobj(31).decompress(whole[: len(whole) * 2 // 3])
        assert len(found) == sound.count(b"\n")


def test_damage_is_named_and_what_is_before_it_delivered(tmp_path):
    lines = some_lines(60_000)
    first, second = gzip.compress(text_of(lines[:50_000])), gzip.compress(text_of(lines[50_000:]))
    (tmp_path / "in.gz").write_bytes(first + second[:30] + b"\xff" * 40 + second[70:])
    with source("read_lines", tmp_path, path="in.gz") as host:
        found, failure = until_failure(host)
    assert len(found) >= 50_000
    assert found[:50_000] == lines[:50_000]
    assert "gz data is damaged near byte" in failure["message"]


def test_what_is_no_gzip_at_all_is_said(tmp_path):
    (tmp_path / "in.gz").write_bytes(b"hello\n" * 100)
    with source("read_lines", tmp_path, path="in.gz") as host:
        found, failure = until_failure(host)
    assert found == []
    assert "in.gz' cannot be read" in failure["message"]


def test_a_damaged_file_that_was_cured_is_read_on(tmp_path):
    lines = some_lines(20_000)
    whole = gzip.compress(text_of(lines))
    (tmp_path / "in.gz").write_bytes(whole[: len(whole) // 2])
    with source("read_lines", tmp_path, path="in.gz") as host:
        found, _ = until_failure(host)
        (tmp_path / "in.gz").write_bytes(whole)
        assert found + everything(host.drain()) == lines


def test_an_endless_line_is_refused(tmp_path):
    with (tmp_path / "in.txt").open("wb") as file:
        file.write(b"short\n")
        file.truncate(MAX_LINE_BYTES + 1_000_000)
    with source("read_lines", tmp_path, path="in.txt") as host:
        found, failure = until_failure(host)
    assert found == ["short"]
    assert failure["type"] == "LineTooLong"
    assert "read_files" in failure["message"]


def test_follows_growth_and_waits_for_whole_lines(tmp_path):
    path = tmp_path / "app.log"
    path.write_text("old\nhal")
    with source("read_lines", tmp_path, path="app.log", follow=True) as host:
        host.source(credit=4)
        assert take(host, 1) == ["old"]
        with path.open("a") as file:
            file.write("f\nnew\n")
        assert take(host, 2) == ["half", "new"]


def test_follows_through_rotation_and_truncation(tmp_path):
    path = tmp_path / "app.log"
    path.write_text("1\n")
    with source("read_lines", tmp_path, path="app.log", follow=True) as host:
        host.source(credit=8)
        assert take(host, 1) == ["1"]
        with path.open("a") as old:
            path.rename(tmp_path / "app.log.1")
            old.write("2\n3 without end")
            old.flush()
            path.write_text("4\n")
        assert take(host, 3) == ["2", "3 without end", "4"]
        path.write_text("")
        while not any("was cut" in text for _, _, text in host.logs):
            host.send({"k": "credit", "n": 0})
            host._socket.settimeout(0.2)
            try:
                host.receive()
            except TimeoutError:
                host._socket.settimeout(60)
        host._socket.settimeout(60)
        with path.open("a") as file:
            file.write("5\n")
        assert take(host, 1) == ["5"]


def test_a_follower_goes_on_where_it_was_even_in_a_rotated_file(tmp_path):
    path = tmp_path / "app.log"
    path.write_text("1\n2\n")
    with source("read_lines", tmp_path, path="app.log", follow=True) as host:
        host.source(credit=1)
        assert take(host, 2) == ["1", "2"]
        state = host.state
    with path.open("a") as file:
        file.write("3\n")
    path.rename(tmp_path / "app.log.1")
    path.write_text("4\n")
    with source("read_lines", tmp_path, path="app.log", follow=True) as host:
        host.state = state
        host.source(credit=4)
        assert take(host, 2) == ["3", "4"]


def test_can_follow_from_the_end_and_take_up_new_files(tmp_path):
    (tmp_path / "a.log").write_text("old\n")
    with source("read_lines", tmp_path, path="*.log", follow=True, start="end") as host:
        host.source(credit=100)
        # When it has begun cannot be seen from outside: add lines until one arrives.
        host._socket.settimeout(0.1)
        seen: list[str] = []
        added = 0
        while not seen:
            with (tmp_path / "a.log").open("a") as file:
                file.write(f"new {added}\n")
            added += 1
            try:
                seen = contents(host.commit(host.receive()), 0)
            except TimeoutError:
                continue
        host._socket.settimeout(60)
        (tmp_path / "b.log").write_text("first\n")
        while seen[-1] != "first":
            seen.extend(contents(host.commit(host.receive()), 0))
    assert "old" not in seen
    assert seen[:-1] == [f"new {number}" for number in range(added - len(seen) + 1, added)]


def test_says_what_is_wrong_before_it_runs(tmp_path):
    (tmp_path / "here.txt").write_text("")
    assert reasons("read_lines", tmp_path, path="here.txt") == []
    assert reasons("read_lines", tmp_path, path="*.txt") == []
    assert reasons("read_lines", tmp_path, path="gone.txt", follow=True) == []
    assert "there is no file" in reasons("read_lines", tmp_path, path="gone.txt")[0]
    assert "no file matches" in reasons("read_lines", tmp_path, path="*.log")[0]
    assert "is the folder" in reasons("read_lines", tmp_path, path=".")[0]
    assert "none that Python knows" in reasons("read_lines", tmp_path, path="here.txt", encoding="klingon")[0]
    assert "compressed" in reasons("read_lines", tmp_path, path="here.gz", follow=True)[0]
    assert "follow: true" in reasons("read_lines", tmp_path, path="here.txt", start="end")[0]
