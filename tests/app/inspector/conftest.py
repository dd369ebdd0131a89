"""Inspectors to be clicked and typed into."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.app.inspector.shown_inspector import ShownInspector


@pytest.fixture
def it(qtbot, tmp_path: Path) -> ShownInspector:
    (tmp_path / "access.log").write_text("a line\n")
    return ShownInspector(qtbot, tmp_path)
