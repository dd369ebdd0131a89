"""Finds the bracket that belongs to the one at the cursor."""

from __future__ import annotations

from PySide6.QtGui import QTextBlock

from app.editor.highlighter import LineBrackets

_PAIRS = {"(": ")", "[": "]", "{": "}"}
_OPENING = {closing: opening for opening, closing in _PAIRS.items()}
_FARTHEST = 2000
"""Lines that are searched; farther brackets are out of sight anyway."""


def pair_at(block: QTextBlock, unit: int) -> tuple[int, int | None] | None:
    """The positions of the bracket before or behind a place in a line, and of its partner (None: it has none)."""
    brackets = dict(_of(block))
    for place in (unit, unit - 1):
        if place in brackets:
            return block.position() + place, _partner(block, place, brackets[place])
    return None


def _partner(block: QTextBlock, unit: int, bracket: str) -> int | None:
    is_forward = bracket in _PAIRS
    open_ones: list[str] = []
    rest = [(at, kind) for at, kind in _of(block) if (at >= unit if is_forward else at <= unit)]
    for _ in range(_FARTHEST):
        for at, kind in rest if is_forward else reversed(rest):
            if (kind in _PAIRS) == is_forward:
                open_ones.append(kind)
            elif (_OPENING if is_forward else _PAIRS)[kind] != open_ones.pop():
                return None
            if not open_ones:
                return block.position() + at
        block = block.next() if is_forward else block.previous()
        if not block.isValid():
            break
        rest = _of(block)
    return None


def _of(block: QTextBlock) -> list[tuple[int, str]]:
    data = block.userData()
    return data.brackets if isinstance(data, LineBrackets) else []
