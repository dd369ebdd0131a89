"""The desktop in German: it speaks it everywhere, and nothing is too long for its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTranslator
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QPushButton, QTabBar, QToolBar, QToolButton, QWidget

from app.page.component import processors
from app.settings.language import speak
from app.theme.apply import apply
from app.theme.current import current_theme
from app.words import counted
from engine.model.codec import load_flow
from tests.app.desk import Desk, story, until
from tests.app.hand import press
from tests.app.window.deed.deed import by_menu
from tests.app.window.test_by_mouse import when_asked

FLOW = load_flow("""
pyfi: 1
name: deutsch
processors: [{id: lesen, type: read_lines, config: {path: x.txt}}, {id: zeigen, type: log}, {id: code, type: python}]
connections: [{from: lesen.success, to: zeigen.in}]
layout: {lesen: [0, 0], zeigen: [400, 0], code: [800, 0]}
""")


@pytest.fixture
def told(qapp, qtbot, tmp_path: Path) -> Iterator[Callable[[Callable[[Desk], None]], None]]:
    before = set(qapp.findChildren(QTranslator))
    assert speak(qapp, "de") == "de"
    apply(qapp, current_theme())  # with the fonts that people see

    def begin(tell: Callable[[Desk], None]) -> None:
        def act(desk: Desk) -> None:
            until(lambda: desk.window.first_paint.is_through)
            desk.window.resize(1600, 900)
            tell(desk)

        story(tmp_path, act)

    yield begin
    for translator in set(qapp.findChildren(QTranslator)) - before:
        qapp.removeTranslator(translator)
        translator.deleteLater()


def test_the_dialogs_for_files_name_the_kinds_in_german(told):
    def tell(desk: Desk) -> None:
        desk.open(FLOW)
        found: list[list[str]] = []

        def look(dialog: QWidget) -> None:
            assert isinstance(dialog, QFileDialog)
            found.append(dialog.nameFilters())
            press(desk.window, Qt.Key.Key_Escape)

        for id in ("open_file", "save_file_as"):
            when_asked(look)
            by_menu(desk, id)
        assert found == [["Abläufe (*.flow.yaml *.yaml *.yml *.json)"]] * 2

    told(tell)


def seen(parent: QWidget, kind: type) -> list:
    return [widget for widget in parent.findChildren(kind) if widget.isVisible()]


def test_menus_panels_forms_and_types_are_in_german(told):
    def tell(desk: Desk) -> None:
        window = desk.window
        assert "Neuer Ablauf" in {button.text() for button in seen(window, QPushButton)}
        desk.open(FLOW)
        menus = [action.text().replace("&", "") for action in window.menuBar().actions()]
        assert menus == ["Datei", "Bearbeiten", "Ansicht", "Ablauf", "Hilfe"]
        assert window.actions_by_id["run"].text().replace("&", "") == "Starten"
        assert window.docks.dock("inspector").windowTitle() == "Inspektor"
        desk.viewer.select(["lesen"])
        QApplication.processEvents()
        words = {label.text() for label in seen(window.sides.inspector, QLabel)}
        assert {"Pfad", "Kodierung"} <= words
        assert any(text.startswith("Die Datei, oder ein Muster") for text in words)
        assert window.sides.inspector.heading.kind.full_text.startswith("Zeilen lesen")
        cards = desk.page.board.sheet.cards
        assert cards.card(cards.rows["lesen"]).type == "Zeilen lesen"
        assert "Zeilen lesen" in {component.title for component in processors()}
        assert "Was ist das?" in window.actions_by_id["explain_focused"].text().replace("&", "")
        assert window.actions_by_id["run"].whatsThis().endswith("geht verloren.</p>")

    told(tell)


def test_no_text_is_too_long_for_its_place(told):
    def tell(desk: Desk) -> None:
        desk.open(FLOW)
        desk.viewer.select(["lesen"])
        QApplication.processEvents()
        window = desk.window
        buttons = [button for bar in seen(window, QToolBar) for button in seen(bar, QToolButton)]
        buttons += seen(window, QPushButton)
        assert len(buttons) > 10
        cut = [button.text() for button in buttons if button.text() and button.width() < button.minimumSizeHint().width()]
        cut += [
            label.text()
            for label in seen(window, QLabel)
            if not label.wordWrap() and label.buddy() is not None and label.width() < label.sizeHint().width()
        ]
        for bar in seen(window, QTabBar):
            for at in range(bar.count()):
                room = bar.tabRect(at).width() - 12
                if bar.fontMetrics().horizontalAdvance(bar.tabText(at)) > room:
                    cut.append(bar.tabText(at))
        assert cut == []

    told(tell)


def test_numbers_have_their_words(told):
    def tell(desk: Desk) -> None:
        operate = desk.window.docks.operate
        assert operate.tr("%n steps", "", 1) == "1 Schritt"
        assert operate.tr("%n steps", "", 3) == "3 Schritte"
        assert counted(1, desk.window.tr("1 processor"), desk.window.tr("{} processors")) == "1 Prozessor"
        assert counted(2, desk.window.tr("1 processor"), desk.window.tr("{} processors")) == "2 Prozessoren"

    told(tell)
