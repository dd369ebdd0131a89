"""Whether two PYFIs can work on one deployment together."""

from __future__ import annotations


def is_other_version(one: str, other: str) -> bool:
    """Whether they differ in more than the last number, so that they may not plan alike. An empty one is not known."""
    return bool(one) and bool(other) and one.split(".")[:2] != other.split(".")[:2]
