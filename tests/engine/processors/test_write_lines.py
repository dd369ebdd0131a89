from __future__ import annotations

import bz2
import datetime as dt
import decimal
import fcntl
import gzip
import lzma
import random
import resource
import subprocess
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import psutil
import pytest
import zstandard

from engine.runtime.hosts import values, wire
from engine.runtime.hosts.builtin import json_text
from tests.drive import HostDriver, attributes, contents
from tests.engine.processors.built_in import declaration, reasons, target


def unzstd(data: bytes) -> bytes:
    return zstandard.ZstdDecompressor().stream_reader(data, read_across_frames=True).read()


EXPAND: dict[str, Callable[[bytes], bytes]] = {
    "": bytes,
    ".gz": gzip.decompress,
    ".bz2": bz2.decompress,
    ".xz": lzma.decompress,
    ".zst": unzstd,
}


def send(host: HostDriver, batch: list, number: int) -> None:
    """A task, without waiting for what becomes of it."""
    body = wire.batch(values.pack(batch), len(batch))
    segment = [len(body), 0, len(batch), 0, 0, number.to_bytes(16, "big")]
    host.send({"k": "task", "id": number, "mode": "batch", "link": 0, "step": 0, "segments": [segment]}, body)


def refused(host: HostDriver, batch: list) -> str:
    """The reason why a task was put back."""
    result = host.task(batch)
    assert result["k"] == "refused", result
    return result["reason"]


@pytest.mark.parametrize("suffix", EXPAND)
def test_writes_a_line_a_message_and_passes_them_on(tmp_path, suffix):
    with target("write_lines", tmp_path, path=f"new/folder/out{suffix}") as host:
        first = host.task(["a", "", "é"])
        second = host.task([{"b": [1, None, True]}])
    assert contents(first, 1) == ["a", "", "é"]
    assert contents(second, 1) == [{"b": [1, None, True]}]
    assert EXPAND[suffix]((tmp_path / f"new/folder/out{suffix}").read_bytes()).decode() == 'a\n\né\n{"b":[1,null,true]}\n'


def test_json_of_every_value(tmp_path):
    table = [
        ({"é": "\u2028\n"}, '{"é":"\u2028\\n"}'),
        (1 << 70, "1180591620717411303424"),
        ([1.5, 1e300, -0.0], "[1.5,1e300,-0.0]"),
        ([float("nan"), float("inf")], "[null,null]"),
        (dt.datetime.fromisoformat("2024-01-02T03:04:05.000060"), '"2024-01-02T03:04:05.000060"'),
        (dt.datetime(2024, 1, 2, tzinfo=dt.UTC), '"2024-01-02T00:00:00Z"'),
        ([dt.date(2024, 1, 2), dt.time(1, 2)], '["2024-01-02","01:02:00"]'),
        ([dt.timedelta(days=1, seconds=3.5), dt.timedelta(seconds=-1), dt.timedelta(0)], '["P1DT3.5S","-PT1S","P0D"]'),
        (decimal.Decimal("1.50"), '"1.50"'),
        (uuid.UUID(int=1), '"00000000-0000-0000-0000-000000000001"'),
        ({"b": b"\x00\xff"}, '{"b":"AP8="}'),
        (((1, 2), {3}), "[[1,2],[3]]"),
        ({1: 2, dt.date(2024, 1, 2): 3}, '{"1":2,"2024-01-02":3}'),
        (None, "null"),
    ]
    with target("write_lines", tmp_path, path="out") as host:
        for value, _ in table:
            assert contents(host.task([value]), -2) == []
        result = host.task([1 + 2j, {(1, 2): 3}, "good"])
        assert [found["error.type"] for found in attributes(result, -2)] == ["TypeError", "TypeError"]
        assert contents(result, 1) == ["good"]
    assert (tmp_path / "out").read_text().split("\n") == [*(text for _, text in table), "good", ""]
    # Where msgspec is missing the text is the same, but for how floats are spelled.
    for value, text in table:
        assert json_text._plain_encode(value).decode() == text.replace("1e300", "1e+300")


def test_bytes_are_written_as_they_are(tmp_path):
    with target("write_lines", tmp_path, path="out") as host:
        host.task([b"\xff\x00", "text", {"a": 1}])
    assert (tmp_path / "out").read_bytes() == b'\xff\x00\ntext\n{"a":1}\n'


@pytest.mark.parametrize(
    ("newlines", "written"), [("fail", "good\n"), ("escape", "a\\nb\nc\\nd\ngood\n"), ("keep", "a\nb\nc\nd\ngood\n")]
)
def test_line_ends_inside(tmp_path, newlines, written):
    with target("write_lines", tmp_path, path="out", newlines=newlines) as host:
        result = host.task(["a\nb", b"c\nd", "good"])
    assert (tmp_path / "out").read_text() == written
    failed = ["a\nb", b"c\nd"] if newlines == "fail" else []
    assert contents(result, -2) == failed
    assert all("newlines" in found["error.message"] for found in attributes(result, -2))


def test_other_encodings(tmp_path):
    with target("write_lines", tmp_path, path="out", encoding="latin-1") as host:
        result = host.task(["ä", "日", {"k": "ö"}])
    assert (tmp_path / "out").read_bytes() == 'ä\n{"k":"ö"}\n'.encode("latin-1")
    assert "cannot be written in latin-1" in attributes(result, -2)[0]["error.message"]


def test_a_new_run_overwrites_or_appends(tmp_path):
    (tmp_path / "over").write_text("long old content\n")
    (tmp_path / "add").write_text("old\n")
    (tmp_path / "add.gz").write_bytes(gzip.compress(b"old\n"))
    for path, append in (("over", False), ("add", True), ("add.gz", True)):
        with target("write_lines", tmp_path, path=path, append=append) as host:
            host.task(["new"])
    assert (tmp_path / "over").read_text() == "new\n"
    assert (tmp_path / "add").read_text() == "old\nnew\n"
    assert gzip.decompress((tmp_path / "add.gz").read_bytes()) == b"old\nnew\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["add", "add.gz", "claims", "over"]


def test_a_flush_makes_an_empty_run_an_empty_file(tmp_path):
    (tmp_path / "out").write_text("of the last run\n")
    with target("write_lines", tmp_path, path="out") as host:
        assert host.act("flush")["k"] == "result"
    assert (tmp_path / "out").read_text() == ""


@pytest.mark.parametrize(("suffix", "append"), [("", True), (".gz", False), (".gz", True), (".xz", False)])
def test_every_line_is_there_once_whenever_its_process_is_killed(tmp_path, suffix, append):
    chooser = random.Random(f"{suffix}{append}")
    path = tmp_path / f"out{suffix}"
    before = b"before\n" if append else b""
    if append:
        with target("write_lines", tmp_path, path=path.name) as host:
            host.task(["before"])
    batches = [
        [f"{number} {row} {'x' * chooser.randrange(200)}" for row in range(chooser.randrange(1, 400))] for number in range(20)
    ]
    state: dict = {}
    committed = 0
    lives = 0
    while committed < len(batches):
        lives += 1
        with target("write_lines", tmp_path, path=path.name, append=append) as host:
            host.state = state
            # Several tasks are under way at once; some of their results are never seen, the last one seen is not committed.
            under_way = batches[committed : committed + chooser.randrange(1, 6)]
            for number, batch in enumerate(under_way):
                send(host, batch, committed + number + 1)
            for _ in range(chooser.randrange(len(under_way) + 1)):
                result = host.receive()
                if chooser.random() < 0.3:
                    break
                host.commit(result)
                committed += 1
            host.process.kill()
            host.process.wait()
    assert lives > 3
    with target("write_lines", tmp_path, path=path.name, append=append) as host:
        host.state = state
        host.task(["end"])
    expected = before + "".join(f"{line}\n" for batch in batches for line in batch).encode() + b"end\n"
    assert EXPAND[suffix](path.read_bytes()) == expected


def test_a_finished_gzip_file_is_whole_for_other_programs(tmp_path):
    with target("write_lines", tmp_path, path="out.gz") as host:
        for number in range(50):
            host.task([f"{number}"] * 100)
            if number == 20:
                host.act("flush")
    shown = subprocess.run(["gzip", "-dc", str(tmp_path / "out.gz")], capture_output=True, check=True)
    assert shown.stdout.decode() == "".join(f"{number}\n" * 100 for number in range(50))


def test_a_task_that_was_put_back_leaves_nothing(tmp_path):
    # A state that is not what the process left behind: another step of its stage refused the task, or the ledger did.
    with target("write_lines", tmp_path, path="out.gz") as host:
        host.task(["first"])
        kept = {step: dict(rows) for step, rows in host.state.items()}
        host.task(["dropped", "dropped too"])
        host.state = kept
        host.send({"k": "forget", "step": 0})
        host.task(["second"])
    assert gzip.decompress((tmp_path / "out.gz").read_bytes()) == b"first\nsecond\n"


def test_waits_while_there_is_no_room_and_goes_on_after(tmp_path):
    with target("write_lines", tmp_path, path="out") as host:
        host.task(["first"])
        process = psutil.Process(host.process.pid)
        _, hard = process.rlimit(resource.RLIMIT_FSIZE)
        process.rlimit(resource.RLIMIT_FSIZE, (1_000, hard))
        reason = refused(host, ["y" * 5_000])
        assert str(tmp_path / "out") in reason
        assert "largest size allowed" in reason
        assert (tmp_path / "out").read_text() == "first\n"
        process.rlimit(resource.RLIMIT_FSIZE, (hard, hard))
        host.task(["y" * 5_000])
    assert (tmp_path / "out").read_text() == "first\n" + "y" * 5_000 + "\n"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "none", str(folder)], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("only root may mount a file system")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_loses_nothing(tmp_path, small_disk):
    (small_disk / "hog").write_bytes(b"\0" * 40_000)
    chooser = random.Random(1)
    big = "".join(chooser.choices("abcdefghijklmnop", k=60_000))
    with target("write_lines", tmp_path, path="disk/out.gz", append=True) as host:
        host.task(["first"])
        assert "no space left" in refused(host, [big])
        (small_disk / "hog").unlink()
        host.task([big])
    assert gzip.decompress((small_disk / "out.gz").read_bytes()).decode() == f"first\n{big}\n"


def test_a_read_only_disk_loses_nothing(tmp_path, small_disk):
    with target("write_lines", tmp_path, path="disk/out") as host:
        subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
        assert "read-only" in refused(host, ["a"])
        subprocess.run(["mount", "-o", "remount,rw", str(small_disk)], check=True)
        host.task(["a"])
    assert (small_disk / "out").read_text() == "a\n"


def test_a_file_has_one_writer(tmp_path):
    with (tmp_path / "out").open("w") as other, target("write_lines", tmp_path, path="out") as host:
        fcntl.flock(other, fcntl.LOCK_EX)
        assert "one writer" in refused(host, ["a"])
        fcntl.flock(other, fcntl.LOCK_UN)
        host.task(["a"])
    assert (tmp_path / "out").read_text() == "a\n"


def test_a_file_that_was_moved_away_is_begun_anew(tmp_path):
    with target("write_lines", tmp_path, path="out.gz") as host:
        host.task(["a"])
        (tmp_path / "out.gz").rename(tmp_path / "old.gz")
        host.task(["b"])
        assert any("moved, emptied or deleted" in text for _, _, text in host.logs)
    assert gzip.decompress((tmp_path / "out.gz").read_bytes()) == b"b\n"


def test_a_file_that_lost_its_end_is_not_written_on(tmp_path):
    with target("write_lines", tmp_path, path="out") as host:
        host.task(["a" * 100])
        state = host.state
    (tmp_path / "out").write_text("aaa")
    with target("write_lines", tmp_path, path="out") as host:
        host.state = state
        assert "something is missing" in refused(host, ["b"])
        (tmp_path / "out").unlink()
        host.task(["b"])
    assert (tmp_path / "out").read_text() == "b\n"


def test_what_others_appended_meanwhile_is_not_cut(tmp_path):
    (tmp_path / "out").write_text("old\n")
    with target("write_lines", tmp_path, path="out", append=True) as host:
        host.task(["never committed"])
        host.process.kill()
    with (tmp_path / "out").open("a") as other:
        other.write("by another program\n")
    with target("write_lines", tmp_path, path="out", append=True) as host:
        host.task(["new"])
    assert (tmp_path / "out").read_text().endswith("by another program\nnew\n")


def test_sync_writes_the_same(tmp_path):
    with target("write_lines", tmp_path, path="out", sync=True) as host:
        host.task(["a"])
        assert (tmp_path / "out").read_text() == "a\n"


def test_says_what_is_wrong_before_it_runs(tmp_path):
    assert reasons("write_lines", tmp_path, path="new/out.gz") == []
    assert "is the folder" in reasons("write_lines", tmp_path, path=".")[0]
    assert "is the folder" in reasons("write_lines", tmp_path, path="new/")[0]
    assert "no regular file" in reasons("write_lines", tmp_path, path="/dev/null")[0]
    assert "use utf-16-le" in reasons("write_lines", tmp_path, path="out", encoding="utf-16")[0]
    assert "use utf-8" in reasons("write_lines", tmp_path, path="out", encoding="utf-8-sig")[0]
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"path": ""}, declaration("write_lines").config)
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"path": "out", "newlines": "drop"}, declaration("write_lines").config)
