"""A theme on the application."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton

from app.theme.apply import apply
from app.theme.current import current_theme
from app.theme.fonts import code_font, interface_font
from app.theme.style_sheet import set_look, set_property
from app.theme.system import SystemTheme, system_theme
from app.theme.theme import DARK, LIGHT, THEMES, Theme
from engine.resource import resource_path


@pytest.fixture
def application(qapp: QApplication) -> Iterator[QApplication]:
    sheet, font, palette = qapp.styleSheet(), qapp.font(), qapp.palette()
    yield qapp
    qapp.setStyleSheet(sheet)
    qapp.setFont(font)
    qapp.setPalette(palette)


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_a_widget_has_the_colours_of_the_theme(application, qtbot, theme: Theme):
    apply(application, theme)
    line = QLineEdit()
    qtbot.addWidget(line)
    line.resize(200, 40)
    assert current_theme() is theme
    assert application.palette().color(QPalette.ColorRole.Window) == QColor(theme.window)
    assert application.palette().color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text) == QColor(theme.disabled)
    assert line.grab().toImage().pixelColor(100, 20) == QColor(theme.surface)


def test_an_invalid_input_has_a_border_that_says_so(application, qtbot):
    apply(application, LIGHT)
    line = QLineEdit()
    qtbot.addWidget(line)
    line.resize(200, 40)
    assert line.grab().toImage().pixelColor(100, 0) == QColor(LIGHT.outline)
    set_property(line, "invalid", value=True)
    assert line.grab().toImage().pixelColor(100, 0) == QColor(LIGHT.error)


def test_text_grows_with_the_scale(application):
    apply(application, DARK, font_scale=2.0)
    assert application.font().pointSizeF() == pytest.approx(2 * interface_font().pointSizeF())
    assert code_font().pointSizeF() == application.font().pointSizeF()
    assert f"font-size: {1.5 * application.font().pointSizeF():.1f}pt" in application.styleSheet()


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_the_style_sheet_names_pictures_that_are_there_in_colours_of_the_theme(application, theme: Theme):
    apply(application, theme)
    named = set(re.findall(r'url\("([^"]+)"\)', application.styleSheet()))
    folder = resource_path("themes", theme.name)
    assert named == {str(path) for path in folder.glob("*.svg")}
    colors = {getattr(theme, role) for role in Theme.roles()}
    for path in folder.glob("*.svg"):
        assert set(re.findall("#[0-9a-f]{6}", path.read_text())) <= colors, path


def test_the_style_sheet_has_no_colour_of_its_own():
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b", resource_path("themes", "style.qss").read_text()) == []


def test_the_theme_follows_the_system(application, qtbot):
    hints = QGuiApplication.styleHints()
    follower = SystemTheme()
    with qtbot.waitSignal(follower.changed) as light:
        hints.colorSchemeChanged.emit(Qt.ColorScheme.Light)
    with qtbot.waitSignal(follower.changed) as dark:
        hints.colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert (light.args, dark.args) == ([LIGHT], [DARK])
    assert system_theme() in (DARK, LIGHT)


def test_a_dangerous_button_that_can_do_nothing_looks_so(application, qtbot):
    apply(application, LIGHT)
    button = QPushButton("Delete")
    qtbot.addWidget(button)
    set_look(button, "danger")
    button.resize(200, 40)
    assert button.grab().toImage().pixelColor(100, 0) == QColor(LIGHT.error)
    button.setEnabled(False)
    assert button.grab().toImage().pixelColor(100, 0) == QColor(LIGHT.border)
