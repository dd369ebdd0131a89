from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

from engine.runtime.hosts import values
from tests.drive import HostDriver, attributes, contents
from tests.engine.processors.built_in import everything, reasons, source


def put(path: Path, data: bytes, age_s: float = 100) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    modified = time.time() - age_s
    os.utime(path, (modified, modified))


def take(host: HostDriver, n: int) -> list[Any]:
    """The next `n` messages of a source that watches, committed."""
    found: list[Any] = []
    while len(found) < n:
        result = host.commit(host.receive())
        found.extend(contents(result, 0))
        host.send({"k": "done", "step": 0, "id": result["source"][1], "ok": True})
        host.send({"k": "credit", "n": 1})
    return found


def wait_for(condition: Any) -> None:
    while not condition():
        time.sleep(0.01)


def test_takes_each_file_once_oldest_first(tmp_path):
    put(tmp_path / "in/b.txt", b"older", 200)
    put(tmp_path / "in/a.txt", b"newer", 100)
    put(tmp_path / "in/c.bin", b"other")
    put(tmp_path / "in/.hidden.txt", b"hidden")
    put(tmp_path / "in/sub/d.txt", b"below")
    with source("read_files", tmp_path, path="in", pattern="*.txt", once=True) as host:
        results = host.drain()
        assert everything(results) == [b"older", b"newer"]
        found = [each for result in results for each in attributes(result, 0)]
        assert everything(host.drain()) == []
    assert [each["filename"] for each in found] == ["b.txt", "a.txt"]
    assert found[0]["path"] == str(tmp_path / "in/b.txt")
    assert found[0]["size"] == "5"
    assert found[0]["modified"].endswith("+00:00")


def test_looks_into_folders_and_reads_text(tmp_path):
    put(tmp_path / "in/a.txt", "ä\r\n".encode("latin-1"), 200)
    put(tmp_path / "in/x/y/b.txt", b"b", 100)
    with source("read_files", tmp_path, path="in", recursive=True, encoding="latin-1", once=True) as host:
        assert everything(host.drain()) == ["ä\r\n", "b"]


def test_what_is_no_text_goes_to_failure_as_bytes(tmp_path):
    put(tmp_path / "in/a", b"\xff")
    put(tmp_path / "in/b", b"good")
    with source("read_files", tmp_path, path="in", encoding="utf-8", once=True) as host:
        results = host.drain()
    assert everything(results) == ["good"]
    assert everything(results, 1) == [b"\xff"]
    (failed,) = [each for result in results for each in attributes(result, 1)]
    assert failed["error.type"] == "UnicodeDecodeError"
    assert failed["filename"] == "a"


def test_large_files_are_claims(tmp_path):
    data = os.urandom(3_000_000)
    put(tmp_path / "in/big", data)
    with source("read_files", tmp_path, path="in", once=True) as host:
        results = host.drain()
    (claim,) = everything(results)
    assert type(claim) is values.Claim
    assert claim.size == 3_000_000
    assert (tmp_path / "claims" / claim.id[:2] / claim.id).read_bytes() == data
    assert results[0]["outputs"][0][9] == [claim.id]


def test_takes_what_comes_and_what_changes_while_it_watches(tmp_path):
    with source("read_files", tmp_path, path="in", every=0.05, settle=0) as host:
        host.source(credit=4)
        put(tmp_path / "in/.tmp", b"1")
        (tmp_path / "in/.tmp").rename(tmp_path / "in/a")
        assert take(host, 1) == [b"1"]
        put(tmp_path / "in/.tmp", b"two", 50)
        (tmp_path / "in/.tmp").rename(tmp_path / "in/a")
        assert take(host, 1) == [b"two"]


def test_waits_until_nobody_writes_a_file_any_more(tmp_path):
    put(tmp_path / "in/growing", b"half", 0)
    put(tmp_path / "in/done", b"done", 7_200)
    with source("read_files", tmp_path, path="in", every=0.05, settle="1h") as host:
        host.source(credit=4)
        assert take(host, 1) == [b"done"]
        put(tmp_path / "in/growing", b"whole", 7_200)
        assert take(host, 1) == [b"whole"]


def test_deletes_only_what_is_committed(tmp_path):
    put(tmp_path / "in/a", b"a")
    with source("read_files", tmp_path, path="in", after="delete", settle=0, every=0.05) as host:
        host.source(credit=4)
        result = host.receive()
        assert (tmp_path / "in/a").exists()
        host.commit(result)
        host.send({"k": "done", "step": 0, "id": result["source"][1], "ok": True})
        wait_for(lambda: not (tmp_path / "in/a").exists())


def test_puts_away_after_a_restart_what_was_committed_before(tmp_path):
    put(tmp_path / "in/a", b"a")
    with source("read_files", tmp_path, path="in", after="move", move_to="in/done", once=True) as host:
        host.source(credit=1)
        host.commit(host.receive())
        host.process.kill()
        state = host.state
    assert (tmp_path / "in/a").exists()
    put(tmp_path / "in/done/a", b"an earlier one")
    with source("read_files", tmp_path, path="in", after="move", move_to="in/done", once=True, recursive=True) as host:
        host.state = state
        assert everything(host.drain()) == []
    assert not (tmp_path / "in/a").exists()
    assert (tmp_path / "in/done/a-1").read_bytes() == b"a"


def test_a_file_that_was_not_committed_is_taken_again(tmp_path):
    put(tmp_path / "in/a", b"a")
    with source("read_files", tmp_path, path="in", after="delete", once=True) as host:
        host.source(credit=1)
        host.receive()
        host.process.kill()
    with source("read_files", tmp_path, path="in", after="delete", once=True) as host:
        assert everything(host.drain()) == [b"a"]


def test_forgets_files_that_are_gone_but_not_those_of_an_empty_folder(tmp_path):
    put(tmp_path / "in/a", b"a", 300)
    put(tmp_path / "in/b", b"b", 200)
    with source("read_files", tmp_path, path="in", every=0.05, settle=0) as host:
        host.source(credit=4)
        assert take(host, 2) == [b"a", b"b"]
        (tmp_path / "in").rename(tmp_path / "unmounted")
        (tmp_path / "in").mkdir()
        put(tmp_path / "unmounted/c", b"c", 100)
        (tmp_path / "unmounted/a").unlink()
        (tmp_path / "in").rmdir()
        (tmp_path / "unmounted").rename(tmp_path / "in")
        assert take(host, 1) == [b"c"]
        put(tmp_path / "in/d", b"d", 50)
        assert take(host, 1) == [b"d"]
    assert sorted(host.state[0]) == [f"taken:{tmp_path}/in/{name}" for name in "bcd"]


def test_says_what_is_wrong_before_it_runs(tmp_path):
    (tmp_path / "file").write_text("")
    (tmp_path / "in").mkdir()
    assert reasons("read_files", tmp_path, path="in") == []
    assert reasons("read_files", tmp_path, path="later") == []
    assert "there is no folder" in reasons("read_files", tmp_path, path="later", once=True)[0]
    assert "no folder" in reasons("read_files", tmp_path, path="file")[0]
    assert "names only" in reasons("read_files", tmp_path, path="in", pattern="*/x")[0]
    assert "go together" in reasons("read_files", tmp_path, path="in", after="move")[0]
    assert "go together" in reasons("read_files", tmp_path, path="in", move_to="done")[0]
    assert "name another" in reasons("read_files", tmp_path, path="in", after="move", move_to="./in")[0]
    assert "none that Python knows" in reasons("read_files", tmp_path, path="in", encoding="klingon")[0]
