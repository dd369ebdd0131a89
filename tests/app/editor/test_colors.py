"""Code can be read in every theme, and follows a change of it."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication

from app.editor.colors import colors_of
from app.editor.language import PYTHON
from app.theme.apply import apply
from app.theme.contrast import contrast
from app.theme.current import current_theme, set_current_theme
from app.theme.theme import DARK, LIGHT, THEMES

WORDS = (
    "text",
    "keyword",
    "string",
    "escape",
    "comment",
    "number",
    "constant",
    "function",
    "type",
    "builtin",
    "decorator",
    "key",
)
GROUNDS = ("background", "current_line", "selection", "bracket", "match", "failed_line")


@pytest.fixture
def application(qapp):
    """The application, given back its looks."""
    theme, style, sheet, palette, font = (
        current_theme(), qapp.style().name(), qapp.styleSheet(), QPalette(qapp.palette()), qapp.font(),
    )  # fmt: skip
    yield qapp
    qapp.setStyleSheet(sheet)
    qapp.setStyle(style)
    qapp.setPalette(palette)
    qapp.setFont(font)
    set_current_theme(theme)


@pytest.mark.parametrize("name", THEMES)
def test_every_kind_of_word_can_be_read(name):
    colors = colors_of(THEMES[name])
    faint = {word: contrast(getattr(colors, word), colors.background) for word in (*WORDS, "variable", "operator")}
    assert {word: ratio for word, ratio in faint.items() if ratio < 4.5} == {}
    assert {
        ground: contrast(colors.text, getattr(colors, ground))
        for ground in GROUNDS
        if contrast(colors.text, getattr(colors, ground)) < 4.5
    } == {}
    assert contrast(colors.gutter_text, colors.gutter) >= 3


def test_the_editor_follows_the_theme(application: QApplication, editor, qtbot):
    editor.load("def f():\n    pass\n", PYTHON)
    for theme in (LIGHT, DARK, LIGHT):
        apply(application, theme)
        (first, *_) = editor.document().firstBlock().layout().formats()
        assert first.format.foreground().color().name() == theme.code_keyword
        image = editor.grab().toImage()
        assert image.pixelColor(image.width() - 5, image.height() - 5).name() == theme.code_ground
