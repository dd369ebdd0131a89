"""The colours of code, for dark and light."""

from __future__ import annotations

from msgspec import Struct

from app.theme import theme as themes
from app.theme.theme import Theme


class EditorColors(Struct, frozen=True, kw_only=True):
    """Every colour that the editor paints with, as `#rrggbb` or `#aarrggbb`."""

    background: str
    text: str
    gutter: str
    gutter_text: str
    gutter_current: str
    current_line: str
    selection: str
    bracket: str
    bracket_lost: str
    match: str
    match_current: str
    failed_line: str
    added_line: str
    added: str
    removed_line: str
    removed: str
    absent_line: str
    error: str
    warning: str
    success: str
    blank: str
    keyword: str
    string: str
    escape: str
    comment: str
    number: str
    constant: str
    function: str
    type: str
    builtin: str
    decorator: str
    key: str
    variable: str
    operator: str


_MORE = {
    True: {
        "bracket": "#3a4a5f",
        "bracket_lost": "#6e3236",
        "match": "#54451c",
        "match_current": "#8a6a18",
        "failed_line": "#3d2024",
        "added_line": "#18301f",
        "added": "#28603a",
        "removed_line": "#3d2024",
        "removed": "#77323a",
        "selection": "#27497a",
        "gutter_text": "#66717f",
        "decorator": "#e8b45c",
        "variable": "#f0a3ab",
    },
    False: {
        "bracket": "#cfd9e4",
        "bracket_lost": "#f7c4c6",
        "match": "#fdedb3",
        "match_current": "#f8c944",
        "failed_line": "#fde7e7",
        "added_line": "#e2f5e6",
        "added": "#a9dfb6",
        "removed_line": "#fde7e7",
        "removed": "#f5b5b8",
        "selection": "#cfe1fb",
        "gutter_text": "#87919c",
        "decorator": "#85560f",
        "variable": "#a3304a",
    },
}
"""By whether the theme is dark: colours that only code needs."""


def colors_of(theme: Theme) -> EditorColors:
    """The colours of code in a theme."""
    return EditorColors(
        background=theme.code_ground,
        text=theme.text,
        gutter=theme.code_ground,
        gutter_current=theme.text,
        current_line=theme.code_line,
        absent_line=theme.window,
        error=theme.error,
        warning=theme.warning,
        success=theme.running,
        blank=theme.disabled,
        keyword=theme.code_keyword,
        string=theme.code_text,
        escape=theme.code_type,
        comment=theme.code_comment,
        number=theme.code_number,
        constant=theme.code_number,
        function=theme.code_name,
        type=theme.code_type,
        builtin=theme.code_type,
        key=theme.code_name,
        operator=theme.code_operator,
        **_MORE[theme.is_dark],
    )


DARK, LIGHT = colors_of(themes.DARK), colors_of(themes.LIGHT)
