"""What is remembered of flows beside the database."""

from __future__ import annotations

from pathlib import Path

from app.document.origins import Origins


def test_the_target_of_a_flow_is_remembered_until_the_flow_is_forgotten(tmp_path: Path) -> None:
    path = tmp_path / "origins.json"
    Origins(path).choose_target("one", "prod")
    Origins(path).choose_target("two", "prod")
    Origins(path).choose_target("two", "")
    assert (Origins(path).target_of("one"), Origins(path).target_of("two")) == ("prod", "")
    Origins(path).forget("one")
    assert Origins(path).target_of("one") == ""
