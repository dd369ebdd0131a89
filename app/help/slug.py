"""The names of places on a page."""

from __future__ import annotations

import re


def slug_of(heading: str) -> str:
    """A heading as the name of its place, as in links: "Try it" is `try-it`."""
    return re.sub(r"[^a-z0-9]+", "-", heading.casefold()).strip("-")
