"""What is marked in the text: the current line, brackets, matches, problems, the line that failed."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtGui import QColor, QTextCharFormat, QTextCursor, QTextFormat
from PySide6.QtWidgets import QTextEdit

from app.editor.brackets import pair_at
from app.editor.code_problem import CodeProblem
from app.editor.text import block_at, position_at, units

if TYPE_CHECKING:
    from app.editor.code_editor import CodeEditor

_KEEP = QTextCursor.MoveMode.KeepAnchor


class Ground(NamedTuple):
    """What lies under a whole line, `added`, `removed` or `absent`, and, stronger, under a span of its characters."""

    role: str
    start: int = 0
    end: int = 0


class Marks:
    """Knows what is marked, and makes Qt's selections of what is on the screen.

    Problems and the failed line are held by cursors, which move with the text while it is edited.
    """

    def __init__(self, editor: CodeEditor) -> None:
        self._editor = editor
        self._problems: list[tuple[QTextCursor, CodeProblem]] = []
        self._failed: tuple[QTextCursor, str] | None = None
        self.grounds: Mapping[int, Ground] = {}
        """What lies under lines, by number of block: for a text that does not change."""

    @property
    def problems(self) -> list[CodeProblem]:
        """The problems, where they were found."""
        return [problem for _, problem in self._problems]

    def set_problems(self, problems: Sequence[CodeProblem]) -> None:
        """Mark these problems and no others."""
        self._problems = [(self._cursor(problem), problem) for problem in problems]

    def set_failed(self, line: int, message: str) -> None:
        """Mark the line that failed in the last try; 0: none."""
        self._failed = None
        if line:
            self._failed = (QTextCursor(block_at(self._editor.document(), line)), message)

    def of_lines(self) -> dict[int, str]:
        """By number of block: `error`, `warning`, `failed` or `standing`, the gravest."""
        found: dict[int, str] = {}
        for cursor, problem in self._problems:
            number = self._editor.document().findBlock(cursor.selectionStart()).blockNumber()
            if found.get(number) != "error":
                found[number] = problem.severity
        if self._failed:
            found[self._failed[0].blockNumber()] = "failed"
        standing = self._editor.breakpoints.standing_at
        if standing is not None:
            found[standing.blockNumber()] = "standing"
        return found

    def texts_at(self, position: int, *, whole_line: bool = False) -> str:
        """What there is to say of a place, as HTML; empty: nothing."""
        document = self._editor.document()
        number = document.findBlock(position).blockNumber()
        texts: list[str] = []
        if self._failed and self._failed[0].blockNumber() == number:
            texts.append(self._failed[1])
        for cursor, problem in self._problems:
            is_here = cursor.selectionStart() <= position <= cursor.selectionEnd()
            if is_here or (whole_line and document.findBlock(cursor.selectionStart()).blockNumber() == number):
                texts.append(f"{problem}\nCtrl+.: {problem.fix.text}" if problem.fix else str(problem))
        return "<br>".join(html.escape(text).replace("\n", "<br>") for text in dict.fromkeys(texts))

    def selections(self, first: int, last: int) -> list[QTextEdit.ExtraSelection]:
        """What to mark between two positions."""
        colors = self._editor.colors
        # In an empty text it would cover the words that say what belongs there.
        is_empty = self._editor.document().isEmpty()
        made = [] if is_empty else [self._full_line(self._editor.textCursor(), colors.current_line)]
        made += self._grounds(first, last)
        if self._failed:
            made.append(self._full_line(self._failed[0], colors.failed_line))
        standing = self._editor.breakpoints.standing_at
        if standing is not None:
            made.append(self._full_line(standing, colors.match))
        made += self._found(first, last)
        made += [self._span(*span, colors.selection) for span in self._editor.cursors.spans()]
        made += self._brackets()
        for cursor, problem in self._problems:
            if cursor.selectionEnd() >= first and cursor.selectionStart() <= last:
                made.append(self._wave(cursor, colors.error if problem.severity == "error" else colors.warning))
        return made

    def _grounds(self, first: int, last: int) -> Iterator[QTextEdit.ExtraSelection]:
        block = self._editor.document().findBlock(first)
        while self.grounds and block.isValid() and block.position() <= last:
            ground = self.grounds.get(block.blockNumber())
            if ground is not None:
                yield self._full_line(QTextCursor(block), getattr(self._editor.colors, f"{ground.role}_line"))
                if ground.start < ground.end:
                    text, start = block.text(), block.position()
                    span = (start + units(text[: ground.start]), start + units(text[: ground.end]))
                    yield self._span(*span, getattr(self._editor.colors, ground.role))
            block = block.next()

    def _found(self, first: int, last: int) -> Iterator[QTextEdit.ExtraSelection]:
        cursor = self._editor.textCursor()
        selected = (cursor.selectionStart(), cursor.selectionEnd())
        colors = self._editor.colors
        for start, end in self._editor.finder.spans:
            if end >= first and start <= last:
                yield self._span(start, end, colors.match_current if (start, end) == selected else colors.match)

    def _brackets(self) -> Iterator[QTextEdit.ExtraSelection]:
        cursor = self._editor.textCursor()
        pair = None if cursor.hasSelection() else pair_at(cursor.block(), cursor.positionInBlock())
        if pair is None:
            return
        one, other = pair
        color = self._editor.colors.bracket if other is not None else self._editor.colors.bracket_lost
        yield self._span(one, one + 1, color)
        if other is not None:
            yield self._span(other, other + 1, color)

    def _cursor(self, problem: CodeProblem) -> QTextCursor:
        document = self._editor.document()
        cursor = QTextCursor(document)
        start = position_at(document, problem.line, problem.column)
        end = position_at(document, problem.end_line, problem.end_column) if problem.end_line else start
        cursor.setPosition(start)
        if end > start:
            cursor.setPosition(end, _KEEP)
        else:
            cursor.movePosition(QTextCursor.MoveOperation.EndOfWord, _KEEP)
        if not cursor.hasSelection() and not cursor.movePosition(QTextCursor.MoveOperation.NextCharacter, _KEEP):
            cursor.movePosition(QTextCursor.MoveOperation.PreviousCharacter, _KEEP)
        return cursor

    def _span(self, start: int, end: int, color: str) -> QTextEdit.ExtraSelection:
        cursor = QTextCursor(self._editor.document())
        cursor.setPosition(start)
        cursor.setPosition(end, _KEEP)
        style = QTextCharFormat()
        style.setBackground(QColor(color))
        return _selection(cursor, style)

    def _full_line(self, cursor: QTextCursor, color: str) -> QTextEdit.ExtraSelection:
        style = QTextCharFormat()
        style.setBackground(QColor(color))
        style.setProperty(QTextFormat.Property.FullWidthSelection, True)  # noqa: FBT003 - Qt's way to set it
        line = QTextCursor(cursor)
        line.clearSelection()
        return _selection(line, style)

    def _wave(self, cursor: QTextCursor, color: str) -> QTextEdit.ExtraSelection:
        style = QTextCharFormat()
        style.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
        style.setUnderlineColor(QColor(color))
        return _selection(cursor, style)


def _selection(cursor: QTextCursor, style: QTextCharFormat) -> QTextEdit.ExtraSelection:
    made = QTextEdit.ExtraSelection()
    made.cursor = cursor  # pyright: ignore[reportAttributeAccessIssue] - PySide's stubs declare fields as constants
    made.format = style  # pyright: ignore[reportAttributeAccessIssue]
    return made
