"""Blanks that look like others and break code."""

from __future__ import annotations

import re
import unicodedata

from app.editor.language import PYTHON, Language

_ODD = re.compile(
    "[\u00a0\u00ad\u1680\u180e\u2000-\u200f\u2028\u202a-\u202f\u205f-\u2064\u3000\ufeff\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"
)
_TAB = re.compile("\t")
_AFTER_BACKSLASH = re.compile(r"(?<=\\)[ \t]+$")
_PLAIN = re.compile(r"^[ -~]*$")


def odd_blanks(text: str, language: Language, *, with_spaces: bool = False) -> list[tuple[int, str, bool]]:
    """The blanks of a line to be shown: where (in characters), what, and whether it breaks code.

    `with_spaces`: other lines are indented with spaces, with which Python does not let tabs be mixed.
    """
    if _PLAIN.match(text) and not (text.endswith(" ") and "\\" in text):
        return []
    found = [(match.start(), _name(match.group()), True) for match in _ODD.finditer(text)]
    indent = text[: len(text) - len(text.lstrip(" \t"))]
    is_mixed = language.forbids_tabs or (language is PYTHON and (with_spaces or " " in indent))
    found += [(match.start(), "tab", is_mixed and match.start() < len(indent)) for match in _TAB.finditer(text)]
    found += [(match.start(), "blank behind a backslash", True) for match in _AFTER_BACKSLASH.finditer(text)]
    return sorted(found)


def _name(character: str) -> str:
    name = unicodedata.name(character, "control character").lower()
    return f"{name}, U+{ord(character):04X}"
