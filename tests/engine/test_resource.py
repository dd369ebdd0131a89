"""Resources are found in a checkout; tests/packaging/test_package.py shows it for a wheel."""

from __future__ import annotations

from pathlib import Path

from engine.resource import resource_path


def test_a_checkout_has_its_resources_beside_the_engine() -> None:
    root = Path(__file__).resolve().parents[2]
    assert resource_path("manual", "decisions") == root / "resources" / "manual" / "decisions"
    assert resource_path() == root / "resources"
