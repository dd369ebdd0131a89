"""Markdown as the HTML that QTextBrowser shows well: with anchors, framed tables, and code in the colours of the theme."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from pygments.lexers import get_lexer_by_name
from pygments.token import Comment, Keyword, Name, Number, Operator, String, _TokenType
from pygments.util import ClassNotFound

from app.help.slug import slug_of
from app.theme.theme import Theme

_COLORS: tuple[tuple[_TokenType, str], ...] = (
    (Comment, "code_comment"),
    (Keyword, "code_keyword"),
    (Name.Tag, "code_name"),
    (Name.Function, "code_name"),
    (Name.Class, "code_type"),
    (Name.Builtin, "code_type"),
    (String, "code_text"),
    (Number, "code_number"),
    (Operator, "code_operator"),
)
"""The roles of the theme for kinds of code."""


def html_of(text: str, theme: Theme) -> str:
    """A page of the manual. Headings are anchors by their slugs; so are rows of tables by what they begin with.

    What several tables of a page list has the anchor of the first; `section.row` is each one's own. A row about several
    settings, such as "`notes`, `color`", is the place of each.
    """
    parser = MarkdownIt("commonmark").enable("table")
    tokens = parser.parse(text)
    anchors = _Anchors()
    for at, token in enumerate(tokens):
        anchors.look_at(token, tokens[at + 1] if at + 1 < len(tokens) else None)
    rules: dict[str, Any] = {
        "fence": lambda tokens, at, *_: _code(tokens[at].content, tokens[at].info.strip(), theme),
        "code_block": lambda tokens, at, *_: _code(tokens[at].content, "", theme),
        "table_open": lambda *_: (
            f'<table width="99%" border="1" cellspacing="0" cellpadding="6" bordercolor="{theme.border}" '
            f'style="border-collapse: collapse; border-color: {theme.border}; margin-top: 6px; margin-bottom: 14px;">'
        ),
        "paragraph_open": _paragraph,
        "th_open": lambda *_: f'<th align="left" bgcolor="{theme.hover}">',
        "html_block": lambda *_: "",
        "html_inline": lambda *_: "",
    }
    parser.renderer.rules |= rules  # type: ignore[operator] - a dict, though typed as a mapping
    body = parser.renderer.render(tokens, parser.options, {})
    return f"<html><head><style>{_sheet(theme)}</style></head><body>{_anchored(body)}</body></html>"


class _Anchors:
    """Puts anchors into the tokens of a page, before headings and into the first cells of rows."""

    def __init__(self) -> None:
        self._section = ""
        self._taken: set[str] = set()
        self._is_body = self._is_first = False

    def look_at(self, token: Token, following: Token | None) -> None:
        """The next token of the page."""
        if token.type == "heading_open" and following is not None:
            self._section = slug_of(following.content)
            self._add(following, [self._section])
        elif token.type in ("tbody_open", "tbody_close"):
            self._is_body = token.type == "tbody_open"
        elif token.type == "tr_open":
            self._is_first = self._is_body
        elif token.type == "td_open" and self._is_first and following is not None:
            self._is_first = False
            names = [child.content for child in following.children or () if child.type == "code_inline"]
            names = names or [slug for slug in (slug_of(following.content),) if slug]
            self._add(following, [anchor for name in names for anchor in (name, f"{self._section}.{name}")])

    def _add(self, inline: Token, names: Sequence[str]) -> None:
        new = [name for name in dict.fromkeys(names) if name not in self._taken]
        self._taken.update(new)
        children = inline.children = inline.children or []
        children[:0] = [Token("text", "", 0, content=f"{_MARK}{name}{_MARK}") for name in new]


def _paragraph(tokens: Sequence[Token], at: int, *_: Any) -> str:
    """A paragraph; one that is a picture has no room between lines."""
    if tokens[at].hidden:
        return ""
    children = tokens[at + 1].children or []
    is_picture = len(children) == 1 and children[0].type == "image"
    return '<p style="line-height: 100%">' if is_picture else "<p>"


_MARK = "\ue000"
"""Stands around the name of an anchor until the page is rendered: a character that no page has."""


def _anchored(html: str) -> str:
    pieces = html.split(_MARK)
    return "".join(piece if at % 2 == 0 else f'<a name="{piece}"></a>' for at, piece in enumerate(pieces))


def _code(code: str, language: str, theme: Theme) -> str:
    lines = "".join(_colored(code.rstrip("\n"), language, theme))
    return (
        f'<table width="100%" cellspacing="0" cellpadding="10" bgcolor="{theme.code_line}" style="margin-top: 6px; '
        f'margin-bottom: 14px;"><tr><td><pre style="white-space: pre-wrap; margin: 0;">{lines}</pre></td></tr></table>'
    )


def _colored(code: str, language: str, theme: Theme) -> Iterator[str]:
    try:
        lexer = get_lexer_by_name(language or "text", stripnl=False, ensurenl=False)
    except (ClassNotFound, ImportError):  # no such language, or one that the application left out
        lexer = get_lexer_by_name("text", stripnl=False, ensurenl=False)
    for kind, text in lexer.get_tokens(code):
        role = next((role for group, role in _COLORS if kind in group), "")
        yield f'<span style="color: {getattr(theme, role)}">{escape(text)}</span>' if role else escape(text)


def _sheet(theme: Theme) -> str:
    return f"""
        body {{ color: {theme.text}; }}
        p, li {{ line-height: 135%; }}
        h1 {{ margin-top: 4px; margin-bottom: 14px; }}
        h2 {{ margin-top: 26px; margin-bottom: 8px; }}
        h3 {{ margin-top: 18px; margin-bottom: 6px; }}
        a {{ color: {theme.hyperlink}; text-decoration: none; }}
        code {{ color: {theme.code_type}; }}
        pre {{ color: {theme.text}; }}
    """
