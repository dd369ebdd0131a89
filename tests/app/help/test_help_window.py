"""The manual's window, by mouse and keys."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QImage, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.help.help_window import HelpWindow
from app.help.picture import picture
from app.theme.apply import apply
from app.theme.theme import DARK, LIGHT
from engine.resource import resource_path

CTRL, ALT, SHIFT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ShiftModifier,
)

_BORDERS = 2
"""Pixels that Qt adds to a page's width for the borders of its tables."""


@pytest.fixture
def window(qtbot) -> Iterator[HelpWindow]:
    made = HelpWindow()
    qtbot.addWidget(made)
    made.show_topic("index.md")
    qtbot.waitExposed(made)
    yield made
    made.close()


def press(window: HelpWindow, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(window.windowHandle(), key, modifiers)
    QApplication.processEvents()


def first_line(window: HelpWindow) -> str:
    return window.browser.document().toPlainText().partition("\n")[0].strip()


def follow(window: HelpWindow, words: str) -> None:
    """Click a link by its words."""
    browser = window.browser
    found = browser.document().find(words)
    while not found.charFormat().anchorHref():
        found = browser.document().find(words, found)
    found.setPosition(found.selectionStart() + 1)
    browser.setTextCursor(found)
    browser.ensureCursorVisible()
    QTest.mouseClick(browser.viewport(), Qt.MouseButton.LeftButton, pos=browser.cursorRect(found).center())
    QApplication.processEvents()


def test_links_lead_on_and_keys_lead_back_and_forward(window):
    assert window.windowTitle() == "Manual - PYFI Manual"
    follow(window, "Flow files")
    assert window.browser.topic == "flow-file.md"
    follow(window, "dead letters")
    assert window.browser.topic == "delivery.md#dead-letters"
    assert window.browser.verticalScrollBar().value() > 0
    assert window.contents.tree.currentItem().text(0) == "Delivery"
    press(window, Qt.Key.Key_Left, ALT)
    assert window.browser.topic == "flow-file.md"
    press(window, Qt.Key.Key_Right, ALT)
    assert window.browser.topic == "delivery.md#dead-letters"
    press(window, Qt.Key.Key_Home, ALT)
    assert window.browser.topic == "index.md"


def test_a_page_of_the_examples_leads_back_into_the_manual(window):
    follow(window, "polyglot")
    assert window.browser.topic == "../examples/polyglot/README.md"
    assert first_line(window) == "Polyglot"
    window.contents.tree.setFocus()
    press(window, Qt.Key.Key_Down)
    assert window.browser.topic == "../examples/airports/README.md"


def test_a_search_shows_places_and_marks_words(window, qtbot):
    press(window, Qt.Key.Key_F, CTRL)
    QTest.keyClicks(window.contents.field, "dead letters")
    press(window, Qt.Key.Key_Return)
    assert window.browser.topic == "delivery.md#dead-letters"
    assert window.browser.hits > 4
    assert window._marks.text() == f"{window.browser.hit + 1} of {window.browser.hits}"
    marked = {selection.cursor.selectedText().casefold() for selection in window.browser.extraSelections()}
    assert marked == {"dead", "letters"}
    before = window.browser.hit
    press(window, Qt.Key.Key_F3)
    assert window.browser.hit == before + 1
    press(window, Qt.Key.Key_F3, SHIFT)
    assert window.browser.hit == before
    press(window, Qt.Key.Key_Down)
    assert window.browser.topic != "delivery.md#dead-letters"
    press(window, Qt.Key.Key_Escape)
    assert window.contents.field.text() == ""
    qtbot.waitUntil(window.contents.tree.isVisible)
    press(window, Qt.Key.Key_Escape)
    assert not window.isVisible()


def test_what_is_nowhere_is_said(window, qtbot):
    QTest.keyClicks(window.contents.field, "xyzzy")
    qtbot.waitUntil(lambda: window.contents._count.text() == "Nothing in the manual has this.")


def test_letters_get_larger_and_text_is_copied(window):
    browser = window.browser
    before = browser.document().defaultFont().pointSizeF()
    press(window, Qt.Key.Key_Plus, CTRL)
    assert browser.document().defaultFont().pointSizeF() > before
    press(window, Qt.Key.Key_0, CTRL)
    assert browser.document().defaultFont().pointSizeF() == before
    browser.setFocus()
    cursor = browser.document().find("PYFI runs flows of data.")
    browser.setTextCursor(QTextCursor(cursor))
    press(window, Qt.Key.Key_C, CTRL)
    assert QGuiApplication.clipboard().text() == "PYFI runs flows of data."


def test_lines_are_no_longer_than_can_be_read_and_nothing_is_cut_off(window, qtbot):
    for width in (1180, 2400, 700):
        window.resize(width, 800)
        for topic in ("index.md", "architecture.md", "desktop.md", "api.md"):
            window.browser.show_topic(topic)
            QTest.qWait(200)  # until pictures have their size
            assert window.browser.document().idealWidth() <= window.browser.viewport().width() + _BORDERS
            assert window.browser.viewport().width() <= 940


def test_the_theme_changes_the_page(window, qtbot):
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    try:
        for theme in (LIGHT, DARK, LIGHT):
            apply(application, theme)
            qtbot.waitUntil(lambda theme=theme: theme.hyperlink in window.browser.document().toHtml())
            image = window.browser.viewport().grab().toImage()
            assert image.pixelColor(QPoint(2, image.height() // 2)).name() == theme.surface
    finally:
        apply(application, DARK)


@pytest.mark.parametrize("name", ["architecture.svg", "desktop-dark.png"])
@pytest.mark.parametrize("ratio", [1.0, 2.0])
def test_pictures_are_sharp_and_fit(qtbot, name, ratio):
    path = resource_path("manual", "pictures", name)
    shown = picture(path, 400, ratio)
    assert shown.devicePixelRatio() == ratio
    assert round(shown.width() / ratio) == 400
    assert not shown.isNull()
    if path.suffix == ".png":
        assert picture(path, 100_000, ratio).width() == QImage(str(path)).width()


def test_a_page_that_is_not_there_says_so(window):
    window.show_topic("none.md")
    assert first_line(window) == "No such page"
    follow(window, "Contents")
    assert window.browser.topic == "index.md"
