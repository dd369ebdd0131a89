"""CodeProblem, something in the code that is wrong or doubtful."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Severity = Literal["error", "warning"]


class FixEdit(Struct, frozen=True):
    """A span of the text, with lines from 1 and columns from 0, and what is to stand there instead."""

    line: int
    column: int
    end_line: int
    end_column: int
    content: str = ""


class Fix(Struct, frozen=True):
    """What can be done about a problem: said in words, and as edits of the text that was checked."""

    text: str
    edits: tuple[FixEdit, ...]


class CodeProblem(Struct, frozen=True):
    """Lines count from 1, columns (in characters) from 0. Without an end it reaches to the end of the word or line."""

    line: int
    column: int
    message: str
    severity: Severity = "error"
    end_line: int = 0
    end_column: int = 0
    source: str = ""
    code: str = ""
    fix: Fix | None = None

    def __str__(self) -> str:
        behind = " ".join(piece for piece in (self.source, self.code) if piece)
        return f"{self.message} ({behind})" if behind else self.message
