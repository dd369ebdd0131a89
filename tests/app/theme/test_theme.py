"""The colours of both themes can be read."""

from __future__ import annotations

import re

import pytest

from app.theme.contrast import contrast
from app.theme.theme import DARK, LIGHT, THEMES, Theme

GROUNDS = ("window", "surface", "raised", "hover", "canvas", "card", "card_header", "frame")
TEXTS = ("text", "muted", "hyperlink", "running", "stopped", "invalid", "bulletin", "error", "warning")
PAIRS = [
    *((text, ground) for text in TEXTS for ground in GROUNDS),
    *((state, f"{state}_ground") for state in ("running", "stopped", "invalid", "bulletin", "error", "warning")),
    *(
        (f"code_{role}", ground)
        for role in ("keyword", "text", "number", "comment", "name", "type", "operator")
        for ground in ("code_ground", "code_line")
    ),
    ("text", "pressed"),
    ("on_accent", "accent"),
    ("on_selection", "selection"),
    ("on_tooltip", "tooltip"),
    ("on_label", "label"),
    ("muted", "sparkline_ground"),
]
GLYPHS = [
    *((line, ground) for line in ("outline", "focus") for ground in ("window", "surface")),
    *((line, ground) for line in ("link", "link_selected", "card_selected") for ground in ("canvas", "frame")),
    ("focus", "raised"),
    ("port", "card"),
    ("sparkline", "sparkline_ground"),
    ("accent", "window"),
    ("bar_green", "card"),
    ("bar_red", "card"),
]


def test_contrast_is_that_of_wcag():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#ffffff", "#767676") == pytest.approx(4.54, abs=0.005)
    assert contrast("#777777", "#777777") == 1


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_has_the_contrast_that_reading_needs(theme: Theme, text: str, ground: str):
    assert contrast(getattr(theme, text), getattr(theme, ground)) >= 4.5


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
@pytest.mark.parametrize(("line", "ground"), GLYPHS)
def test_lines_and_glyphs_stand_out(theme: Theme, line: str, ground: str):
    assert contrast(getattr(theme, line), getattr(theme, ground)) >= 3


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_every_role_is_a_colour(theme: Theme):
    assert [role for role in Theme.roles() if not re.fullmatch("#[0-9a-f]{6}", getattr(theme, role))] == []


def test_the_bars_and_the_canvas_are_those_of_nifi():
    assert (DARK.bar_green, DARK.bar_yellow) == ("#31975b", "#ffcc00")
    assert LIGHT.canvas == "#e5ebed"
