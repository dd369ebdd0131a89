"""How two flows differ, for people: whole parts that came or went, and changed parts line by line."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Iterator

from engine.cli.terminal import count, print_json
from engine.client.flow import Difference

_COLOURS = {"+": "\x1b[32m", "-": "\x1b[31m", "@": "\x1b[36m"}
_PLAIN = "\x1b[0m"


def print_difference(found: list[Difference], *, as_json: bool, ignore_layout: bool) -> bool:
    """Print the differences; returns whether there are any."""
    moved = [] if ignore_layout else [each for each in found if each.moved]
    changed = [each for each in found if not each.moved]
    if as_json:
        listed = [{"part": each.part, "key": each.key, "change": verb(each)} for each in (*changed, *moved)]
        texts = [{"before": each.before or None, "after": each.after or None} for each in (*changed, *moved)]
        print_json({"same": not listed, "differences": [head | body for head, body in zip(listed, texts, strict=True)]})
        return bool(listed)
    colours = _COLOURS if sys.stdout.isatty() else {}
    for each in changed:
        print(f"{verb(each)} {each.part}")
        for line in lines(each):
            colour = colours.get(line[0], "")
            print(f"  {colour}{line}{_PLAIN if colour else ''}")
    for each in moved[:5]:
        print(f"moved {each.part}")
    if len(moved) > 5:
        print(f"moved {count(len(moved) - 5, 'more part')}")
    return bool(changed or moved)


def verb(difference: Difference) -> str:
    """What became of the part."""
    if not difference.before:
        return "added"
    if not difference.after:
        return "removed"
    return "moved" if difference.moved else "changed"


def lines(difference: Difference) -> Iterator[str]:
    """The part's lines that differ, with three lines around them, as in a unified diff."""
    before, after = difference.before.splitlines(), difference.after.splitlines()
    for line in difflib.unified_diff(before, after, lineterm="", n=3):
        if not line.startswith(("---", "+++")):
            yield line
