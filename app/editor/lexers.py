"""Pygments' lexers, made to go on from where the line before ended.

Those of Pygments take some constructs that may span lines, such as `/* … */`, in one match. Read line by line they would never
match, so the rules here open and close them as states.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pygments.lexer import Lexer, LexerContext, RegexLexer, inherit
from pygments.lexers.data import YamlLexer
from pygments.lexers.javascript import JavascriptLexer
from pygments.lexers.python import PythonLexer
from pygments.lexers.shell import BashLexer
from pygments.lexers.sql import SqlLexer
from pygments.token import Comment, Keyword, Name, Number, Punctuation, String, Text, Whitespace, _TokenType


class _JavaScript(JavascriptLexer):
    flags = re.DOTALL | re.MULTILINE
    tokens = {
        "commentsandwhitespace": [(r"/\*", Comment.Multiline, "block-comment"), inherit],
        "block-comment": [
            (r"[^*]+", Comment.Multiline),
            (r"\*/", Comment.Multiline, "#pop"),
            (r"\*", Comment.Multiline),
        ],
    }


def _opens_heredoc(lexer: Lexer, match: re.Match[str], context: Any) -> Iterator[tuple[int, _TokenType, str]]:
    yield match.start(), String.Heredoc, match.group()
    context.heredoc = match.group("word")
    context.pos = match.end()


def _heredoc_line(lexer: Lexer, match: re.Match[str], context: Any) -> Iterator[tuple[int, _TokenType, str]]:
    yield match.start(), String.Heredoc, match.group()
    context.pos = match.end()
    if match.group().strip() == context.heredoc:
        context.heredoc = ""
        context.stack.pop()


class _Bash(BashLexer):
    tokens = {
        "basic": [
            (r"<<-?\s*(?P<quote>['\"]?)\\?(?P<word>\w+)(?P=quote)", _opens_heredoc),
            inherit,
        ],
        "data": [
            (r"\$'", String.Single, "escaped"),
            (r"'", String.Single, "single"),
            (r'\$?"', String.Double, "string"),
            inherit,
        ],
        "single": [(r"[^']+", String.Single), (r"'", String.Single, "#pop")],
        "escaped": [(r"(?:\\[\s\S]|[^'\\])+", String.Single), (r"'", String.Single, "#pop")],
        "heredoc": [(r".*\n", _heredoc_line)],
    }


class _Sql(SqlLexer):
    flags = re.IGNORECASE
    tokens = {
        "root": [(r"'", String.Single, "single"), inherit],
        "single": [(r"(?:''|[^'])+", String.Single), (r"'", String.Single, "#pop")],
    }


class _Json(RegexLexer):
    tokens = {
        "root": [
            (r"\s+", Whitespace),
            (r'"(?:\\.|[^"\\\n])*"(?=\s*:)', Name.Tag),
            (r'"(?:\\.|[^"\\\n])*"', String.Double),
            (r"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?", Number),
            (r"(?:true|false|null)\b", Keyword.Constant),
            (r"[{}\[\],:]", Punctuation),
            (r"[^\s{}\[\],:\"]+|\"", Text),
        ]
    }


_LEXERS: dict[str, type[RegexLexer]] = {
    "python": PythonLexer,
    "javascript": _JavaScript,
    "bash": _Bash,
    "yaml": YamlLexer,
    "sql": _Sql,
    "json": _Json,
}

State = tuple[Any, ...]
"""Where a lexer stands between two lines."""
Token = tuple[int, int, _TokenType]
"""Start and end in a line, and what is there."""
START: State = (("root",), "", (), -1, 0, None)


class _Context(LexerContext):
    """What a lexer carries along; the indents are YAML's."""

    def __init__(self, text: str, state: State) -> None:
        stack, self.heredoc, indents, self.indent, self.next_indent, self.block_scalar_indent = state
        super().__init__(text, 0, list(stack))
        self.indent_stack = list(indents)

    def state(self) -> State:
        if self.heredoc and self.stack[-1] != "heredoc":
            self.stack.append("heredoc")  # its text begins with the line that follows
        indents = tuple(self.indent_stack)
        return tuple(self.stack), self.heredoc, indents, self.indent, self.next_indent, self.block_scalar_indent


class LineLexer:
    """Finds the tokens of one line after another."""

    def __init__(self, name: str) -> None:
        self._lexer = _LEXERS[name]()
        self._rules: dict[str, Any] = getattr(self._lexer, "_tokens")  # noqa: B009 - Pygments has no way to ask for a lexer's last state

    def line(self, text: str, state: State = START) -> tuple[list[Token], State]:
        """The tokens of a line, given without its end, and the state behind it.

        The same as Pygments' own loop, but for its end: behind the line nothing is matched any more, because there rules that
        match nothing would take the end of the line for the end of the text.
        """
        context = _Context(f"{text}\n", state)
        tokens: list[Token] = []
        length = len(text)
        position = 0
        while position <= length:
            start = position
            for match_at, action, move in self._rules[context.stack[-1]]:
                match = match_at(context.text, position)
                if match is None:
                    continue
                if type(action) is _TokenType:
                    position = match.end()
                    tokens.append((start, position, action))
                elif action is not None:
                    context.pos = position
                    tokens.extend((at, at + len(value), kind) for at, kind, value in action(self._lexer, match, context))
                    position = context.pos
                if move is not None:
                    _move(context.stack, move)
                break
            else:
                if position == length:
                    del context.stack[1:]
                position += 1
        return [(start, min(end, length), kind) for start, end, kind in tokens if start < length], context.state()


def _move(stack: list[str], move: Any) -> None:
    """Go to another state, as a rule of Pygments says it."""
    for step in move if isinstance(move, tuple) else (move,):
        if isinstance(step, int):
            del stack[max(1, len(stack) + step) :]
        elif step == "#pop":
            del stack[max(1, len(stack) - 1) :]
        elif step == "#push":
            stack.append(stack[-1])
        else:
            stack.append(step)
