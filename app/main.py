"""`pyfi app`: reads the command's arguments and opens the desktop."""

from __future__ import annotations

from collections.abc import Sequence


def main(arguments: Sequence[str] = ()) -> int:
    """Open the desktop; returns the exit status."""
    from app.start import start

    return start(list(arguments))
