"""A full-text search through the manual. Knows no Qt."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from app.help.manual import chapters, page_text, title_of
from app.help.slug import slug_of

_HEADING = re.compile(r"^(#{1,3}) (.+)$")
_MARKUP = re.compile(r"!?\[([^\]]*)\]\([^)]*\)|[`*|]|^\s*\|?[-|\s]+\|$", re.MULTILINE)
_AROUND = 60
"""How many characters around the first word that was found are shown."""


class Section(NamedTuple):
    """A piece of a page, from one heading to the next. `anchor` is empty for the beginning of a page."""

    path: str
    page: str
    heading: str
    anchor: str
    text: str


class Hit(NamedTuple):
    """A section in which all words were found, and some of its text around the first of them."""

    section: Section
    excerpt: str


def words_of(text: str) -> list[str]:
    """What was typed, word by word."""
    return text.casefold().split()


def find(text: str) -> list[Hit]:
    """The sections that hold every word: first those whose headings do, then by how often the words stand there."""
    words = words_of(text)
    if not words:
        return []
    ranked: list[tuple[tuple[int, int], Hit]] = []
    for section in sections():
        folded = f"{section.page} {section.heading} {section.text}".casefold()
        if all(word in folded for word in words):
            ranked.append((_rank(section, words, folded), Hit(section, _excerpt(section.text, words))))
    return [hit for _, hit in sorted(ranked, key=lambda pair: pair[0])]


def _rank(section: Section, words: Sequence[str], folded: str) -> tuple[int, int]:
    """The smaller, the better: all words in a heading, the shorter the better; in the page's title; in the text alone."""
    heading, page = section.heading.casefold(), section.page.casefold()
    if all(word in heading for word in words):
        return 0, len(heading)
    often = sum(folded.count(word) for word in words)
    return (1 if all(word in page for word in words) else 2), -often


def _excerpt(text: str, words: Sequence[str]) -> str:
    folded = text.casefold()
    at = min((found for word in words if (found := folded.find(word)) >= 0), default=0)
    start, end = max(0, at - _AROUND), at + 2 * _AROUND
    start = text.find(" ", start) + 1 if start else 0
    return ("… " if start else "") + text[start:end].strip() + (" …" if end < len(text) else "")


@cache
def sections() -> tuple[Section, ...]:
    """The whole manual in pieces; read once."""
    return tuple(
        section
        for chapter in chapters()
        for entry in chapter.entries
        for section in _sections(entry.path, page_text(f"manual/{entry.path}") or "")
    )


def _sections(path: str, text: str) -> Iterator[Section]:
    page = title_of(text)
    heading, anchor, lines, is_code = page, "", [], False
    for line in text.splitlines():
        is_code ^= line.startswith("```")
        found = None if is_code else _HEADING.match(line)
        if found is None:
            lines.append(line)
            continue
        if len(found[1]) > 1:
            yield Section(path, page, heading, anchor, _plain(lines))
            heading = found[2].replace("`", "")
            anchor, lines = slug_of(heading), []
    yield Section(path, page, heading, anchor, _plain(lines))


def _plain(lines: Sequence[str]) -> str:
    """Markdown as plain words."""
    return " ".join(_MARKUP.sub(lambda found: found[1] or " ", "\n".join(lines)).split())
