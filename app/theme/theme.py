"""Theme, the colours of the desktop by what they are for."""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True)
class Theme:
    """Every colour by its role, as `#rrggbb`: `QColor(theme.running)`.

    `on_…` is the text on that ground. States have two colours each: the plain one is for text, glyphs and lines on any ground
    of the theme, and the `…_ground` behind a badge or banner that says the same.
    """

    name: str
    is_dark: bool

    # The window.
    window: str
    surface: str
    raised: str
    hover: str
    pressed: str
    border: str
    outline: str
    text: str
    muted: str
    disabled: str
    accent: str
    on_accent: str
    selection: str
    on_selection: str
    focus: str
    hyperlink: str
    tooltip: str
    on_tooltip: str
    shadow: str

    # The canvas.
    canvas: str
    grid: str
    card: str
    card_header: str
    card_border: str
    card_hover: str
    card_selected: str
    link: str
    link_hover: str
    link_selected: str
    port: str
    label: str
    on_label: str
    label_border: str
    frame: str
    sparkline: str
    sparkline_ground: str

    # States and messages.
    running: str
    running_ground: str
    stopped: str
    stopped_ground: str
    invalid: str
    invalid_ground: str
    bulletin: str
    bulletin_ground: str
    error: str
    error_ground: str
    warning: str
    warning_ground: str
    bar_green: str
    bar_yellow: str
    bar_red: str
    bar_ground: str

    # Code.
    code_ground: str
    code_line: str
    code_keyword: str
    code_text: str
    code_number: str
    code_comment: str
    code_name: str
    code_type: str
    code_operator: str

    @classmethod
    def roles(cls) -> tuple[str, ...]:
        """The names of all colours."""
        return tuple(field.name for field in fields(cls) if field.name not in ("name", "is_dark"))


DARK = Theme(
    name="dark",
    is_dark=True,
    window="#1c2026",
    surface="#15181d",
    raised="#272d36",
    hover="#2f3742",
    pressed="#353e4a",
    border="#343c47",
    outline="#727d8c",
    text="#e4e8ed",
    muted="#a3aebb",
    disabled="#6d7885",
    accent="#2f6fd6",
    on_accent="#ffffff",
    selection="#27497a",
    on_selection="#ffffff",
    focus="#5b9bff",
    hyperlink="#7db2ff",
    tooltip="#343c47",
    on_tooltip="#f2f4f7",
    shadow="#000000",
    canvas="#0f1317",
    grid="#1b2127",
    card="#222831",
    card_header="#2b323d",
    card_border="#434d5a",
    card_hover="#66717f",
    card_selected="#5b9bff",
    link="#7b8896",
    link_hover="#b4bfcb",
    link_selected="#5b9bff",
    port="#a3aebb",
    label="#3b3722",
    on_label="#f1e8c4",
    label_border="#5d5734",
    frame="#171c22",
    sparkline="#5b9bff",
    sparkline_ground="#1b2128",
    running="#4cc381",
    running_ground="#173326",
    stopped="#f28f90",
    stopped_ground="#40201f",
    invalid="#e2a94d",
    invalid_ground="#3b2d13",
    bulletin="#e2a94d",
    bulletin_ground="#3b2d13",
    error="#ff8f8a",
    error_ground="#40201f",
    warning="#e8b45c",
    warning_ground="#3b2d13",
    bar_green="#31975b",
    bar_yellow="#ffcc00",
    bar_red="#e5484d",
    bar_ground="#3a434f",
    code_ground="#13161b",
    code_line="#1c2128",
    code_keyword="#c597f5",
    code_text="#9ccc7c",
    code_number="#e6a46e",
    code_comment="#8691a0",
    code_name="#7db2ff",
    code_type="#5ec8c0",
    code_operator="#c3ccd6",
)

LIGHT = Theme(
    name="light",
    is_dark=False,
    window="#f4f6f8",
    surface="#ffffff",
    raised="#ffffff",
    hover="#e8ecf1",
    pressed="#dfe5ec",
    border="#d3dae2",
    outline="#758190",
    text="#1d242c",
    muted="#55616e",
    disabled="#8793a0",
    accent="#1f62cc",
    on_accent="#ffffff",
    selection="#cfe1fb",
    on_selection="#122b52",
    focus="#2f77e6",
    hyperlink="#1a5cc4",
    tooltip="#1d242c",
    on_tooltip="#f4f6f8",
    shadow="#5b6b7c",
    canvas="#e5ebed",
    grid="#d6dee2",
    card="#ffffff",
    card_header="#f1f4f7",
    card_border="#b9c4ce",
    card_hover="#7b8896",
    card_selected="#2f77e6",
    link="#6b7986",
    link_hover="#3d4955",
    link_selected="#2f77e6",
    port="#55616e",
    label="#fff6cf",
    on_label="#3f3510",
    label_border="#e2d48c",
    frame="#eef3f5",
    sparkline="#2f77e6",
    sparkline_ground="#f3f6f9",
    running="#1a7040",
    running_ground="#dff3e7",
    stopped="#b53234",
    stopped_ground="#fbe4e4",
    invalid="#85560f",
    invalid_ground="#faecd3",
    bulletin="#85560f",
    bulletin_ground="#faecd3",
    error="#b3261e",
    error_ground="#fbe4e4",
    warning="#85560f",
    warning_ground="#faecd3",
    bar_green="#31975b",
    bar_yellow="#ffcc00",
    bar_red="#d92d32",
    bar_ground="#dbe2e8",
    code_ground="#ffffff",
    code_line="#f3f6f9",
    code_keyword="#7a2fb5",
    code_text="#2f6f1c",
    code_number="#98480a",
    code_comment="#616d7a",
    code_name="#1a5cc4",
    code_type="#0b6b66",
    code_operator="#46515d",
)

THEMES = {theme.name: theme for theme in (DARK, LIGHT)}
"""By name."""

SWATCHES = ("#e5484d", "#e2844d", "#d9a93f", "#4cb782", "#31a5a0", "#4a90e2", "#8f6fe0", "#d567a8", "#8a94a3")
"""The colours that people are offered for cards and labels; each can be told apart on both themes."""
