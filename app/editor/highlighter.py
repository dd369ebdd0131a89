"""Colours the text, a line at a time, from where the line before ended."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable

from msgspec import structs
from pygments.token import Comment, Keyword, Name, Number, Operator, Punctuation, String, Token, _TokenType
from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QColor, QFont, QTextBlock, QTextBlockUserData, QTextCharFormat, QTextDocument, QTextLayout

from app.editor.colors import EditorColors
from app.editor.lexers import START, LineLexer, State
from app.editor.text import units

_EDIT_S = 0.003
"""What an edit may take at once; a comment opened at the top of a long text goes on in the background."""
_IDLE_S = 0.004
_LONGEST = 5_000
"""Characters of a line; longer ones, data rather than code, stay as they are."""
_STYLES: tuple[tuple[_TokenType, str], ...] = (
    (Comment, "comment"),
    (String.Interpol, "escape"),
    (String.Escape, "escape"),
    (String.Regex, "escape"),
    (String.Affix, "keyword"),
    (String, "string"),
    (Number, "number"),
    (Keyword.Constant, "constant"),
    (Keyword, "keyword"),
    (Operator.Word, "keyword"),
    (Operator, "operator"),
    (Name.Function, "function"),
    (Name.Class, "type"),
    (Name.Exception, "type"),
    (Name.Decorator, "decorator"),
    (Name.Builtin.Pseudo, "variable"),
    (Name.Builtin, "builtin"),
    (Name.Constant, "string"),
    (Name.Tag, "key"),
    (Name.Variable.Magic, "builtin"),
    (Name.Variable, "variable"),
    (Punctuation, "operator"),
    (Token.Literal.Scalar, "text"),
)
_BRACKET = re.compile(r"[()\[\]{}]")


class LineBrackets(QTextBlockUserData):
    """The brackets of a line that stand in code, as (unit, bracket)."""

    def __init__(self, brackets: list[tuple[int, str]]) -> None:
        super().__init__()
        self.brackets = brackets


class Highlighter(QObject):
    """Keeps the colours of a document up with its text.

    A block's user state is the number of the lexer's state behind it. The first `_known` blocks are up to date; the others
    follow in pieces of a few milliseconds, those on the screen first.
    """

    def __init__(self, document: QTextDocument, colors: EditorColors) -> None:
        super().__init__(document)
        self._lexer: LineLexer | None = None
        self._states: list[State] = [START]
        self._numbers: dict[State, int] = {START: 0}
        self._known = 0
        self._count = document.blockCount()
        self._formats: dict[_TokenType, QTextCharFormat | None] = {}
        self._idle = QTimer(self)
        self._idle.setInterval(0)
        self._idle.timeout.connect(self._on_idle)
        self.set_colors(colors)
        document.contentsChange.connect(self._on_contents_change)

    def set_language(self, lexer: str) -> None:
        """Colour as another language; none if empty."""
        self._lexer = LineLexer(lexer) if lexer else None
        self._states, self._numbers = [START], {START: 0}
        self._restart()

    def set_colors(self, colors: EditorColors) -> None:
        """Paint in other colours."""
        self._styles = {name: _format(name, value) for name, value in structs.asdict(colors).items()}
        self._formats.clear()
        self._restart()

    def reach(self, number: int) -> None:
        """Colour at least up to a block, as far as can be done without being felt."""
        if self._known <= number:
            self._go_on(_IDLE_S, number)

    def finish(self) -> None:
        """Colour everything that is left, now."""
        self._go_on(float("inf"), self._count)

    def is_code(self, block: QTextBlock, unit: int) -> bool:
        """Whether a place in a line is neither in a string nor in a comment."""
        if self._lexer is None or block.length() > _LONGEST:
            return True
        tokens, _ = self._lexer.line(block.text(), self._state_before(block))
        character = len(block.text()[:unit])
        return not any(start < character <= end and (kind in Comment or kind in String) for start, end, kind in tokens)

    def _restart(self) -> None:
        self._known = 0
        self._go_on(_EDIT_S, self._count)

    def _on_contents_change(self, position: int, removed: int, added: int) -> None:
        count = self._document.blockCount()
        more, self._count = count - self._count, count
        first = self._document.findBlock(position)
        number = max(0, first.blockNumber())
        if number >= self._known:
            self._idle.start()
            return
        last = self._document.findBlock(min(position + added, self._document.characterCount() - 1)).blockNumber()
        self._settle(number, max(last, number), max(last + 1, self._known + more))

    def _settle(self, first: int, last: int, known: int) -> None:
        """Colour edited lines, and those behind them until a line begins as it did before."""
        end = time.perf_counter() + _EDIT_S
        block = self._document.findBlockByNumber(first)
        number = first
        is_settled = False
        while block.isValid() and number < known and not is_settled:
            before = block.userState()
            self._color(block)
            number += 1
            is_settled = number > last and block.userState() == before
            block = block.next()
            if time.perf_counter() > end:
                break
        self._mark(first, number)
        self._known = known if is_settled else number
        if self._known < self._count:
            self._idle.start()

    @property
    def _document(self) -> QTextDocument:
        """The document, asked for anew: what Python held of it was seen to become invalid while it lives, in PySide6 6.11."""
        document = self.parent()
        assert isinstance(document, QTextDocument)
        return document

    def _on_idle(self) -> None:
        self._go_on(_IDLE_S, self._count)

    def _go_on(self, seconds: float, number: int) -> None:
        """Colour from the first block that is not up to date, up to a block or for some time."""
        end = time.perf_counter() + seconds
        first = self._known
        block = self._document.findBlockByNumber(first)
        while block.isValid() and self._known <= number and time.perf_counter() < end:
            self._color(block)
            self._known += 1
            block = block.next()
        self._mark(first, self._known)
        if self._known < self._count:
            self._idle.start()
        else:
            self._idle.stop()

    def _mark(self, first: int, behind: int) -> None:
        """Have blocks painted again."""
        if behind <= first:
            return
        start = self._document.findBlockByNumber(first)
        last = self._document.findBlockByNumber(behind - 1)
        self._document.markContentsDirty(start.position(), last.position() + last.length() - start.position())

    def _state_before(self, block: QTextBlock) -> State:
        before = block.previous()
        number = before.userState() if before.isValid() else 0
        return self._states[number] if 0 <= number < len(self._states) else START

    def _color(self, block: QTextBlock) -> None:
        layout = block.layout()
        if self._lexer is None:
            layout.clearFormats()
            block.setUserData(None)  # pyright: ignore[reportArgumentType] - Qt takes none as none
            return
        text = block.text()
        before = self._state_before(block)
        tokens, state = self._lexer.line(text, before) if len(text) <= _LONGEST else ([], before)
        number = self._numbers.get(state)
        if number is None:
            number = self._numbers[state] = len(self._states)
            self._states.append(state)
        block.setUserState(number)
        layout.setFormats(self._ranges(text, tokens))
        if _BRACKET.search(text):
            block.setUserData(LineBrackets(_brackets(text, tokens)))
        elif block.userData() is not None:
            block.setUserData(None)  # pyright: ignore[reportArgumentType] - Qt takes none as none

    def _ranges(self, text: str, tokens: Iterable[tuple[int, int, _TokenType]]) -> list[QTextLayout.FormatRange]:
        ranges: list[QTextLayout.FormatRange] = []
        is_plain = text.isascii()
        for start, end, kind in tokens:
            style = self._formats[kind] if kind in self._formats else self._style(kind)
            if style is None:
                continue
            each = QTextLayout.FormatRange()
            each.start = start if is_plain else units(text[:start])  # pyright: ignore[reportAttributeAccessIssue]
            each.length = end - start if is_plain else units(text[start:end])  # pyright: ignore[reportAttributeAccessIssue]
            each.format = style  # pyright: ignore[reportAttributeAccessIssue]
            ranges.append(each)
        return ranges

    def _style(self, kind: _TokenType) -> QTextCharFormat | None:
        name = next((style for parent, style in _STYLES if kind in parent), None)
        self._formats[kind] = self._styles[name] if name else None
        return self._formats[kind]


def _format(name: str, color: str) -> QTextCharFormat:
    style = QTextCharFormat()
    style.setForeground(QColor(color))
    if name == "comment":
        style.setFontItalic(True)
    if name == "keyword":
        style.setFontWeight(QFont.Weight.DemiBold)
    return style


def _brackets(text: str, tokens: Iterable[tuple[int, int, _TokenType]]) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    for start, end, kind in tokens:
        if kind not in String and kind not in Comment:
            found += [(units(text[: match.start()]), match.group()) for match in _BRACKET.finditer(text, start, end)]
    return found
