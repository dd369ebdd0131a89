"""Manual, the pages that come with PYFI: what there is, in the order of its index."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from engine.resource import resource_path

_LINK = re.compile(r"\[([^\]]+)\]\(([^)#\s]+\.md)\)")
_OUTSIDE = "../"
_TITLE = re.compile(r"^# (.+)$", re.MULTILINE)


class Entry(NamedTuple):
    """A page in the table of contents: its title, and its path below the manual's folder."""

    title: str
    path: str


class Chapter(NamedTuple):
    """Pages that belong together. The first chapter has no title."""

    title: str
    entries: tuple[Entry, ...]


LIVE_PAGES: dict[str, Callable[[], str | None]] = {}
"""What makes a page as things are now, by its path; where it says None, the file counts."""


def page_text(path: str) -> str | None:
    """The Markdown of a page, by its path below the folder of resources; None if there is no such page."""
    if path in LIVE_PAGES and (made := LIVE_PAGES[path]()) is not None:
        return made
    root = resource_path().resolve()
    file = (root / path).resolve()
    if not file.is_relative_to(root) or not file.is_file():
        return None
    return file.read_text(encoding="utf-8")


def title_of(text: str) -> str:
    """The title of a page."""
    found = _TITLE.search(text)
    return found[1].replace("`", "") if found else ""


def chapters() -> list[Chapter]:
    """The table of contents: the index itself, then the pages that its sections name."""
    index = page_text("manual/index.md") or ""
    first, *sections = re.split(r"^## ", index, flags=re.MULTILINE)
    seen = {"index.md"}
    begin = [Entry(title_of(index), "index.md"), *_entries(first, seen)]
    made = [
        Chapter("", tuple(entry for entry in begin if not entry.path.startswith(_OUTSIDE))),
        Chapter("Examples", tuple(entry for entry in begin if entry.path.startswith(_OUTSIDE))),
    ]
    for section in sections:
        title, _, body = section.partition("\n")
        if entries := tuple(_entries(body, seen)):
            made.append(Chapter(title.strip(), entries))
    return made


def _entries(text: str, seen: set[str]) -> Iterator[Entry]:
    for _, path in _LINK.findall(text):
        page = page_text(f"manual/{path}")
        if path not in seen and page is not None:
            seen.add(path)
            yield Entry(title_of(page) or Path(path).stem, path)
