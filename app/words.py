"""Words that depend on a number."""

from __future__ import annotations


def counted(number: int, one: str, many: str) -> str:
    """`one` for one of a thing ("1 line"), otherwise `many` with the number in it ("{} lines")."""
    return one if number == 1 else many.format(f"{number:,}")
