from __future__ import annotations

import os
import stat
import subprocess
import sys

import pytest

from engine.api.address import Address, birth_of, engine_of, find_engine, read_address, write_address
from engine.api.fault import error_json, error_of, status_of
from engine.errors import InvalidFlow, NewerDatabase, NotFound, PyfiError, StorageError, StorageFull, UsageError, WorkspaceBusy
from engine.model.problem import Problem


def own(**changes) -> Address:
    known = {"url": "http://127.0.0.1:1", "token": "secret", "pid": os.getpid(), "version": "1", "birth": birth_of(os.getpid())}
    return Address(**{**known, **changes})


def test_it_is_written_whole_and_privately(tmp_path):
    path = tmp_path / "engine.json"
    for token in ("one", "two"):
        write_address(path, own(token=token))
        assert read_address(path) == own(token=token)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["engine.json"]
    assert "one" not in repr(own(token="one"))
    with pytest.raises(StorageError, match=r"cannot be written"):
        write_address(tmp_path / "folder-that-is-not" / "engine.json", own())


def test_only_an_engine_that_lives_is_found(tmp_path):
    path = tmp_path / "engine.json"
    assert find_engine(tmp_path) is None
    write_address(path, own())
    assert find_engine(tmp_path) == own() == engine_of(tmp_path)
    write_address(path, own(birth="another process had the number then"))
    assert find_engine(tmp_path) is None
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        while birth_of(process.pid) != "dead":
            pass
        write_address(path, own(pid=process.pid, birth=""))
        assert find_engine(tmp_path) is None, "it has ended, though nobody has buried it"
    assert find_engine(tmp_path) is None
    with pytest.raises(WorkspaceBusy, match="is dead, and another `pyfi` uses the workspace"):
        engine_of(tmp_path)
    path.write_bytes(b"\xff")
    assert find_engine(tmp_path) is None
    with pytest.raises(WorkspaceBusy, match="takes no orders"):
        engine_of(tmp_path)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (NotFound("no such flow; check it"), 404),
        (UsageError("wrong"), 400),
        (InvalidFlow([Problem("processor 'a'", "is bad", "x.yaml", "a"), Problem("", "too")]), 422),
        (WorkspaceBusy("busy"), 409),
        (StorageFull("full; free some"), 507),
        (NewerDatabase("newer"), 507),
        (PyfiError("anything"), 500),
    ],
)
def test_errors_arrive_as_they_were_raised(error, status):
    assert status_of(error) == status
    arrived = error_of(error_json(error))
    assert type(arrived) is type(error)
    assert str(arrived) == str(error)
    assert getattr(arrived, "problems", None) == getattr(error, "problems", None)
    assert arrived.exit_code == error.exit_code


@pytest.mark.parametrize("body", [b"", b"Internal Server Error", b"{}", b'{"error": 1}', b'{"error": {"type": "NotFound"}}'])
def test_an_answer_that_names_no_error_is_one_too(body):
    assert "see what `pyfi serve` printed" in str(error_of(body))
    unknown = error_of(b'{"error": {"type": "Exception", "message": "odd"}}')
    assert (type(unknown), str(unknown)) == (PyfiError, "odd")
