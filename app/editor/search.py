"""Finding in a text, and what a match is replaced by."""

from __future__ import annotations

import re

from msgspec import Struct

MOST = 10_000
"""Matches beyond these are neither counted nor marked."""


class BadPattern(Exception):
    """What was typed is no regular expression, or refers to groups that there are not; the message says why."""


class Query(Struct, frozen=True):
    """What is looked for."""

    text: str
    is_pattern: bool = False
    has_case: bool = False
    is_word: bool = False


class Match(Struct, frozen=True):
    """Where something was found, in characters, and what would stand there instead."""

    start: int
    end: int


def compile_query(query: Query) -> re.Pattern[str]:
    """The query as a regular expression.

    Raises:
        BadPattern: it is none.
    """
    text = query.text if query.is_pattern else re.escape(query.text)
    if query.is_word:
        text = rf"\b(?:{text})\b"
    try:
        return re.compile(text, re.MULTILINE | (0 if query.has_case else re.IGNORECASE))
    except (re.error, OverflowError, RecursionError) as error:
        raise BadPattern(str(error)) from None


def find_all(pattern: re.Pattern[str], text: str) -> list[Match]:
    """Everything that is found and is not empty, the first `MOST`."""
    found: list[Match] = []
    for match in pattern.finditer(text):
        if match.end() > match.start():
            found.append(Match(match.start(), match.end()))
            if len(found) == MOST:
                break
    return found


def replacement(pattern: re.Pattern[str], text: str, match: Match, template: str, *, is_pattern: bool) -> str:
    r"""What a match is replaced by; in that of a regular expression, `\1` and `\g<name>` stand for groups.

    Raises:
        BadPattern: there is no such group.
    """
    if not is_pattern:
        return template
    found = pattern.match(text, match.start)
    assert found is not None
    try:
        return found.expand(template)
    except (re.error, IndexError) as error:
        raise BadPattern(str(error)) from None


def replace_all(pattern: re.Pattern[str], text: str, template: str, *, is_pattern: bool) -> tuple[str, int]:
    """The text with everything replaced, and how often.

    Raises:
        BadPattern: the template refers to a group that there is not.
    """
    pieces: list[str] = []
    end = count = 0
    for match in pattern.finditer(text):
        if match.end() == match.start():
            continue
        found = Match(match.start(), match.end())
        pieces += [text[end : found.start], replacement(pattern, text, found, template, is_pattern=is_pattern)]
        end = found.end
        count += 1
    return "".join([*pieces, text[end:]]), count
