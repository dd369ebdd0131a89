"""What one types to find parts of a flow, and which parts it means. Knows no Qt.

The filters are NiFi's (https://nifi.apache.org/docs/nifi-docs/html/user-guide.html#search): they come first, in any order; one
with a value that it does not know is left out of account; of equal ones the first counts. What follows is either a keyword, all
of it, or words that the part must hold, in any order and either case. In double quotes, several words are one, and no keyword.

    scope:here              the level that is shown, and what is below it
    group:NAME              what is in a subflow whose name or id holds NAME, at any depth, and the subflow itself
    properties:exclude      not by settings and code, only by names and notes
    disabled invalid running stopped timer cron back pressure expires
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from msgspec import Struct

KEYWORDS = frozenset({"back pressure", "cron", "disabled", "expires", "invalid", "running", "stopped", "timer"})
_ALIASES = {"expiration": "expires"}
_FILTER = re.compile(r'\s*(scope|group|properties):("[^"]*"?|\S*)(?=\s|$)', re.IGNORECASE)
_TERM = re.compile(r'"([^"]*)"?|([^\s"]+)')


class Query(Struct, frozen=True, kw_only=True):
    """What was typed, taken apart. `keyword` is one of KEYWORDS; the part may also hold its `words` instead."""

    words: tuple[str, ...] = ()
    keyword: str = ""
    here: bool = False
    group: str = ""
    properties: bool = True

    @property
    def finds_all(self) -> bool:
        """Whether every part is meant."""
        return not (self.words or self.here or self.group)


class Subject(Struct, frozen=True, kw_only=True):
    """What is known of a part, all of it in lower case (`str.casefold`).

    `groups` are the subflows that it is in, and itself if it is one, the outermost first: the names of each in one text.
    """

    names: str
    properties: str = ""
    traits: frozenset[str] = frozenset()
    groups: tuple[str, ...] = ()
    place: tuple[str, ...] = ()
    """The ids of the subflows that it is in; not folded."""


def parse(text: str) -> Query:
    """The query that a text means; every text means one."""
    given: dict[str, str] = {}
    at = 0
    while (found := _FILTER.match(text, at)) is not None:
        given.setdefault(found[1].casefold(), found[2].strip('"').casefold())
        at = found.end()
    rest = text[at:]
    plain = " ".join(rest.casefold().split())
    plain = _ALIASES.get(plain, plain)
    return Query(
        words=tuple(word for quoted, bare in _TERM.findall(rest) if (word := (quoted or bare).casefold())),
        keyword=plain if plain in KEYWORDS else "",
        here=given.get("scope") == "here",
        group=given.get("group", ""),
        properties=given.get("properties") != "exclude",
    )


def matches(query: Query, subject: Subject, here: tuple[str, ...] = ()) -> bool:
    """Whether a query means a part; `here` are the ids of the subflows that lead to the level that is shown."""
    if query.here and subject.place[: len(here)] != here:
        return False
    if query.group and not any(query.group in names for names in subject.groups):
        return False
    if query.keyword and query.keyword in subject.traits:
        return True
    return all(word in subject.names or (query.properties and word in subject.properties) for word in query.words)


def folded(texts: Iterable[object]) -> str:
    """Texts as a Subject holds them: what is empty is left out, and no word reaches from one into the next."""
    return "\n".join(str(text) for text in texts if text not in (None, "", {}, ())).casefold()
