"""The workspace's folder may have any name that is text."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

import pytest

from engine.errors import UsageError
from engine.ledger.url import open_ledger
from engine.runtime.run import RunOptions, prepare
from engine.runtime.workspace import Workspace


@pytest.mark.parametrize("name", ["plain", "mode?ro", "a%20b", "a#b", "a b", "größe 日本", "a;b:c", "'\"&=@"])
def test_the_ledger_lies_in_the_workspace_whatever_its_name(tmp_path: Path, name: str) -> None:
    workspace = Workspace(tmp_path / name)
    workspace.open()
    with contextlib.closing(workspace), contextlib.closing(open_ledger(workspace.ledger_url)):
        assert (tmp_path / name / "ledger.db").exists()
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_path_that_is_no_text_is_refused_with_the_cure() -> None:
    path = Path(os.fsdecode(b"/flows/gr\xf6\xdfe"))
    with pytest.raises(UsageError, match=r"the path of the workspace is not UTF-8 text: /flows/gr\?\?e; rename"):
        Workspace(path)
    with pytest.raises(UsageError, match=r"the path of the flow file is not UTF-8 text: .*; rename"):
        prepare(path / "a.flow.yaml", RunOptions())
