from __future__ import annotations

import os
import resource

import psutil
import pytest

from engine.runtime.hosts.claims import Store
from tests.drive import attributes, contents
from tests.engine.processors.built_in import reasons, target


def test_names_come_from_the_attribute_or_the_message_itself(tmp_path):
    with target("write_files", tmp_path, path="new/out") as host:
        result = host.task([b"\x00", "é", {"a": [1]}], attributes=[{"filename": "a.bin"}, {"filename": "b.txt"}, None])
    batch = ((1).to_bytes(8, "big") + bytes(8)).hex()
    written = {path.name: path.read_bytes() for path in (tmp_path / "new/out").iterdir()}
    assert written == {"a.bin": b"\x00", "b.txt": "é".encode(), f"{batch}-2.bin": b'{"a":[1]}'}
    assert contents(result, 1) == [b"\x00", "é", {"a": [1]}]


def test_a_template_may_use_attributes(tmp_path):
    with target("write_files", tmp_path, path="out", name="{kind}-{n}.json") as host:
        result = host.task([1, 2, 3], attributes=[{"kind": "x"}, {"kind": "y"}, None])
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["x-0.json", "y-1.json"]
    assert "attribute 'kind'" in attributes(result, -2)[0]["error.message"]


def test_a_batch_that_is_run_again_overwrites_what_it_wrote(tmp_path):
    for _ in range(2):
        with target("write_files", tmp_path, path="out") as host:
            host.task(["a", "b"])
    assert len(list((tmp_path / "out").iterdir())) == 2


@pytest.mark.parametrize("name", ["", ".", "..", "../evil", "a/b", "a\\b", "a\0b", "x" * 300, "/etc/evil"])
def test_names_that_lead_elsewhere_fail(tmp_path, name):
    with target("write_files", tmp_path, path="out") as host:
        result = host.task([b"evil", b"good"], attributes=[{"filename": name}, {"filename": "good"}])
    assert [each["error.type"] for each in attributes(result, -2)] == ["BadName"]
    assert contents(result, 1) == [b"good"]
    assert sorted(path.name for path in tmp_path.rglob("*") if path.is_file()) == ["good"]


def test_large_contents_are_copied_from_their_file(tmp_path):
    data = os.urandom(3_000_000)
    (tmp_path / "claims").mkdir()
    store = Store(tmp_path / "claims")
    raw, packed = store.put(data), store.put({"text": "x" * 2_000_000})
    with target("write_files", tmp_path, path="out", name="{n}") as host:
        result = host.task([raw, packed])
    assert (tmp_path / "out/0").read_bytes() == data
    assert (tmp_path / "out/1").read_text() == '{"text":"' + "x" * 2_000_000 + '"}'
    assert [claim.id for claim in contents(result, 1)] == [raw.id, packed.id]


def test_values_without_json_fail_and_leave_nothing(tmp_path):
    with target("write_files", tmp_path, path="out", name="{n}", sync=True) as host:
        result = host.task([1j, "good"])
    assert attributes(result, -2)[0]["error.type"] == "TypeError"
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["1"]


def test_waits_while_there_is_no_room_and_goes_on_after(tmp_path):
    with target("write_files", tmp_path, path="out", name="{n}") as host:
        process = psutil.Process(host.process.pid)
        _, hard = process.rlimit(resource.RLIMIT_FSIZE)
        process.rlimit(resource.RLIMIT_FSIZE, (1_000, hard))
        result = host.task(["small", "y" * 5_000])
        assert result["k"] == "refused"
        assert "largest size allowed" in result["reason"]
        assert [path.name for path in (tmp_path / "out").iterdir()] == ["0"]
        process.rlimit(resource.RLIMIT_FSIZE, (hard, hard))
        host.task(["small", "y" * 5_000])
    assert (tmp_path / "out/1").read_text() == "y" * 5_000


def test_says_what_is_wrong_before_it_runs(tmp_path):
    (tmp_path / "file").write_text("")
    assert reasons("write_files", tmp_path, path="new", name="{n}.txt") == []
    assert "no folder" in reasons("write_files", tmp_path, path="file")[0]
    assert "slash" in reasons("write_files", tmp_path, path="out", name="a/{n}")[0]
    assert "overwrite" in reasons("write_files", tmp_path, path="out", name="same.txt")[0]
