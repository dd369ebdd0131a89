"""The licences of an application are those of all that is in it."""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path

import pytest

from app.window.licence import licences


def test_an_application_shows_what_was_built_into_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    listed = [
        {"part": "pyfi", "version": "1", "name": "MIT", "text": "a"},
        {"part": "zlib1g", "version": "2", "name": "Zlib", "text": "b"},
    ]
    (tmp_path / "licences.json.gz").write_bytes(gzip.compress(json.dumps(listed).encode()))
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert [(each.part, each.version, each.name, each.text) for each in licences()] == [
        ("pyfi", "1", "MIT", "a"),
        ("zlib1g", "2", "Zlib", "b"),
    ]


def test_sources_show_what_is_installed() -> None:
    found = {each.part: each for each in licences()}
    assert next(iter(found)) == "pyfi"
    assert "Permission is hereby granted" in found["pyfi"].text
    assert "SQLAlchemy" in found
