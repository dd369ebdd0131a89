"""Files that a client writes take the place of the old one whole, or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.client.flow import open_file, save, save_layout
from engine.client.pattern import restore_pattern
from engine.errors import StorageError
from engine.model.codec import dump_flow, load_flow

FLOW = load_flow("{pyfi: 1, name: kept, processors: [{id: a, type: log}]}")


def _save(path: Path) -> None:
    save(FLOW, path)


def _restore(path: Path) -> None:
    restore_pattern(path, dump_flow(FLOW))


@pytest.mark.parametrize(
    ("name", "before", "write"),
    [
        ("flow.json", "old", _save),
        ("flow.yaml", "old", _save),
        ("pattern.flow.yaml", "old", _restore),
        ("laid.flow.yaml", dump_flow(FLOW), save_layout),
    ],
)
def test_a_file_that_cannot_be_written_to_its_end_stays_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, before: str, write: Callable[[Path], object]
) -> None:
    path = tmp_path / name
    path.write_text(before)

    def no_room(*_: object) -> None:
        raise OSError(28, os.strerror(28))

    with monkeypatch.context() as full:
        full.setattr(os, "fsync", no_room)
        with pytest.raises(StorageError, match="No space left"):
            write(path)
    assert path.read_text() == before
    assert list(tmp_path.iterdir()) == [path]
    write(path)
    assert list(open_file(path).flow.steps) == ["a"]


def test_a_file_that_stays_open_elsewhere_is_not_written_over(tmp_path: Path) -> None:
    path = tmp_path / "flow.json"
    path.write_text("old")
    with path.open() as reader:
        save(FLOW, path)
        assert reader.read() == "old"
