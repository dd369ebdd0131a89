"""Finds the files that come with PYFI: examples, the manual, icons, themes."""

from __future__ import annotations

from pathlib import Path

_ENGINE = Path(__file__).resolve().parent
_WHEEL = _ENGINE / "resources"
_CHECKOUT = _ENGINE.parent / "resources"


def resource_path(*parts: str) -> Path:
    """Where the resource `parts` lies, for example `resource_path("examples", "web-log-triage")`.

    A wheel carries the resources inside the package `engine`, so that they meet no other package's files; a checkout and a
    frozen application have them beside it. The path is returned whether or not the file exists.
    """
    root = _WHEEL if _WHEEL.is_dir() else _CHECKOUT
    return root.joinpath(*parts)
