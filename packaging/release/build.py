"""`dev.py build`: what people install, each thing made from the one before it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from release.wheel import build_wheel


def build(what: str) -> Sequence[Path]:
    """Make `what` and all that it is made from; returns the files made."""
    del what
    return build_wheel()
