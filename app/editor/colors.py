"""The colours of code, for dark and light."""

from __future__ import annotations

from msgspec import Struct
from PySide6.QtGui import QPalette

_MIDDLE = 128


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


DARK = EditorColors(
    background="#1e2228",
    text="#d7dce2",
    gutter="#1e2228",
    gutter_text="#666f7a",
    gutter_current="#c3cad3",
    current_line="#272c34",
    selection="#34567f",
    bracket="#465364",
    bracket_lost="#7a3236",
    match="#5a4a1e",
    match_current="#96741c",
    failed_line="#4a2a2d",
    error="#f1707a",
    warning="#e5b454",
    success="#7ec98f",
    blank="#59626d",
    keyword="#c792ea",
    string="#a5d18b",
    escape="#7fd0c5",
    comment="#84909e",
    number="#f2a971",
    constant="#f2a971",
    function="#7cb7ff",
    type="#f0cb76",
    builtin="#6fcbd8",
    decorator="#e5b454",
    key="#7cb7ff",
    variable="#ef9aa2",
    operator="#a9b4c0",
)

LIGHT = EditorColors(
    background="#ffffff",
    text="#24292f",
    gutter="#ffffff",
    gutter_text="#8a929b",
    gutter_current="#24292f",
    current_line="#f3f6f9",
    selection="#bcd8fb",
    bracket="#cfd9e4",
    bracket_lost="#f7c4c6",
    match="#fdedb3",
    match_current="#f8c944",
    failed_line="#fde4e4",
    error="#cf222e",
    warning="#b26a00",
    success="#1a7f37",
    blank="#b4bcc5",
    keyword="#8431b8",
    string="#256f34",
    escape="#0b7a70",
    comment="#66707b",
    number="#a8480b",
    constant="#a8480b",
    function="#0b5cc4",
    type="#8a5a00",
    builtin="#08707f",
    decorator="#8a5a00",
    key="#0b5cc4",
    variable="#a82f45",
    operator="#4c5662",
)


def colors_for(palette: QPalette) -> EditorColors:
    """The colours that go with a palette."""
    return DARK if palette.color(QPalette.ColorRole.Base).lightness() < _MIDDLE else LIGHT
