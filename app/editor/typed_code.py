"""TypedCode, Python code in which `ctx` has a type."""

from __future__ import annotations

from pathlib import Path
from typing import Any

HIDDEN = "_pyfi"
_NOTE = f": {HIDDEN}_Context"
STUB = '''\
import typing as _pyfi_typing
class _pyfi_Context:
    """What a processor's code can do besides returning a value."""
    state: "_pyfi_typing.MutableMapping[str, _pyfi_typing.Any]"
    attributes: "_pyfi_typing.Mapping[str, str]"
    params: "_pyfi_typing.Mapping[str, _pyfi_typing.Any]"
    secrets: "_pyfi_typing.Mapping[str, str]"
    attempt: int
    def emit(self, port: str, content: "_pyfi_typing.Any", attributes: "_pyfi_typing.Mapping[str, str] | None" = None) -> None:
        """Send content to an output."""
    def log(self, *parts: "_pyfi_typing.Any", level: str = "info") -> None:
        """Write a line to the processor's log."""
    def now(self) -> float:
        """Seconds since the epoch."""
'''
"""Stands before the user's code, so that `ctx` has a type."""
_ABOVE = STUB.count("\n")


class TypedCode:
    """The user's code behind the stub, every parameter `ctx` annotated with its type.

    Knows where places of the one are in the other. Lines count from 1, columns, in characters, from 0.
    """

    def __init__(self, code: str) -> None:
        self._notes = sorted(_contexts(_tree(code)))
        lines = code.split("\n")
        for row, end in reversed(self._notes):
            text = lines[row - 1]
            lines[row - 1] = f"{text[:end]}{_NOTE}{text[end:]}"
        self.text = STUB + "\n".join(lines)

    def place(self, line: int, column: int) -> tuple[int, int]:
        """Where a place of the user's code is here."""
        before = sum(row == line and end < column for row, end in self._notes)
        return line + _ABOVE, column + before * len(_NOTE)

    def users_place(self, line: int, column: int) -> tuple[int, int] | None:
        """Where a place is in the user's code; None: it is in the stub."""
        if line <= _ABOVE:
            return None
        for row, end in self._notes:
            if row == line - _ABOVE and end < column:
                column -= len(_NOTE)
        return line - _ABOVE, column


def plain(text: str) -> str:
    """What jedi says, without the names of the stub."""
    return text.replace(f"{HIDDEN}_typing.", "").replace(f"{HIDDEN}_", "").replace('"', "") if HIDDEN in text else text


def _tree(code: str) -> Any:
    """The code's tree. Only what differs from the code before it is parsed: of 5,000 lines, a hundredth of the time."""
    from parso.grammar import load_grammar

    return load_grammar().parse(code, path=Path("typed.py"), diff_cache=True)


def _contexts(node: Any) -> list[tuple[int, int]]:
    """Where the parameters called `ctx` end that say no type, as line and column."""
    found: list[tuple[int, int]] = []
    waiting = [node]
    while waiting:
        each = waiting.pop()
        if each.type == "param":
            if each.name.value == "ctx" and each.annotation is None and each.get_parent_function().type != "lambdef":
                found.append(each.name.end_pos)
        else:
            waiting += getattr(each, "children", ())
    return found
