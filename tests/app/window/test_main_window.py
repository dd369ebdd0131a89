"""The window around the flows: welcome page, tabs, searches, commands, theme, files, closing."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from app.theme.current import current_theme
from app.window.action_table import ACTIONS
from app.window.welcome import ExampleCard
from engine.client.library import Library
from engine.client.parts import Place
from engine.model import edits
from engine.model.codec import load_flow, read_flow
from engine.resource import resource_path
from tests.app.desk import Desk, until
from tests.app.hand import ALT, CTRL, LEFT, SHIFT
from tests.app.window.test_drawing import CHAIN

NESTED = load_flow("""
pyfi: 1
name: nested
processors: [{id: outer, flow: inner}]
subflows: [{name: inner, inputs: [in], outputs: [out], processors: [{id: hidden-gem, type: log, notes: a ruby}]}]
layout: {outer: [0, 0]}
""")


def test_the_first_start_asks_nothing_and_has_examples_ready(told):
    def tell(desk: Desk) -> None:
        until(lambda: desk.window.first_paint.is_through)
        assert QApplication.activeModalWidget() is None
        assert [each for each in QApplication.topLevelWidgets() if each.isVisible()] == [desk.window]
        assert desk.window.strip.message == ""
        assert not desk.window.preferences.store.settings.updates
        offered = {card.objectName().removeprefix("example-") for card in desk.window.findChildren(ExampleCard)}
        there = {path.parent.name for path in resource_path("examples").glob("*/*.flow.yaml")}
        assert {"airports", "web-log-triage"} <= offered <= there

    told(tell)


def test_one_begins_on_the_welcome_page_and_comes_back_to_it(told):
    def tell(desk: Desk) -> None:
        assert desk.window.page is None
        card = desk.window.findChild(ExampleCard, "example-airports")
        assert isinstance(card, ExampleCard)
        desk.click(card)
        until(lambda: desk.window.page is not None)
        assert desk.page.title == "airports"
        assert len(desk.page.board.sheet.cards) > 2
        desk.window.actions_by_id["show_welcome"].trigger()
        recent = desk.window._welcome._recent
        until(lambda: recent.count() > 0)
        assert desk.window.page is None
        QApplication.processEvents()
        bar = desk.window._tabs
        QTest.mouseClick(bar, LEFT, pos=bar.tabRect(0).center())
        assert desk.window.page is not None
        desk.window.actions_by_id["show_welcome"].trigger()
        until(lambda: any("airports" in b.text() for b in desk.window._welcome.findChildren(QPushButton)))
        desk.click(next(b for b in desk.window._welcome.findChildren(QPushButton) if "airports" in b.text()))
        until(lambda: desk.window.page is not None)
        assert len(desk.window.pages()) == 1

    told(tell)


def test_each_flow_has_a_tab_and_a_history_of_its_own(told):
    def tell(desk: Desk) -> None:
        first = desk.open(CHAIN)
        desk.viewer.select(["a"])
        desk.key(Qt.Key.Key_Delete)
        second = desk.new()
        desk.key(Qt.Key.Key_Z, CTRL)
        assert "a" not in first.document.flow.steps
        desk.window._tabs.setCurrentIndex(0)
        assert desk.page is first
        assert "chain" in desk.window.windowTitle()
        desk.viewer.setFocus()
        desk.key(Qt.Key.Key_Z, CTRL)
        assert "a" in first.document.flow.steps
        desk.window.commands.go(desk.window.farewell.close_page(first))
        until(lambda: desk.window.pages() == [second])
        assert desk.page is second

    told(tell)


def test_everything_in_a_flow_is_found_also_inside_subflows(told):
    def tell(desk: Desk) -> None:
        desk.open(NESTED)
        desk.key(Qt.Key.Key_F, CTRL)
        assert QApplication.activePopupWidget() is desk.window.finder
        desk.type("ruby")
        desk.key(Qt.Key.Key_Return)
        assert desk.page.board.place == Place(("outer",))
        assert desk.chosen == ["hidden-gem"]
        desk.key(Qt.Key.Key_F, CTRL)
        desk.key(Qt.Key.Key_Escape)
        assert QApplication.activePopupWidget() is None

    told(tell)


def test_a_flow_that_holds_itself_can_be_searched(told):
    def tell(desk: Desk) -> None:
        text = "{pyfi: 1, name: x, processors: [{id: r, flow: round}], subflows: [{name: round, processors: ["
        desk.open(load_flow(text + "{id: r, flow: round}, {id: s, flow: round}, {id: end, type: log}]}]}"))
        desk.key(Qt.Key.Key_F, CTRL)
        desk.type("end")
        desk.key(Qt.Key.Key_Return)
        assert desk.chosen == ["end"]

    told(tell)


def test_commands_are_found_by_their_words(told):
    def tell(desk: Desk) -> None:
        desk.open(CHAIN)
        desk.key(Qt.Key.Key_P, CTRL | SHIFT)
        desk.type("select all")
        desk.key(Qt.Key.Key_Return)
        assert len(desk.chosen) == 4
        dark = current_theme().is_dark
        before = desk.viewer.brush.colors
        desk.key(Qt.Key.Key_T, CTRL | SHIFT)
        assert current_theme().is_dark is not dark
        assert desk.viewer.brush.colors != before
        desk.key(Qt.Key.Key_T, CTRL | SHIFT)
        assert desk.viewer.brush.colors == before

    told(tell)


def test_keys_zoom_fit_and_select_along_connections(told):
    def tell(desk: Desk) -> None:
        desk.open(CHAIN)
        desk.key(Qt.Key.Key_1, CTRL)
        assert desk.viewer.scale_factor == 1.0
        desk.key(Qt.Key.Key_Plus, CTRL)
        desk.key(Qt.Key.Key_Minus, CTRL)
        assert desk.viewer.scale_factor == pytest.approx(1.0)
        desk.key(Qt.Key.Key_0, CTRL)
        assert desk.viewer.seen.contains(desk.page.board.sheet.bounds())
        desk.viewer.select(["b"])
        desk.window.actions_by_id["select_upstream"].trigger()
        assert desk.chosen == ["a", "b"]
        desk.viewer.select(["b"])
        desk.window.actions_by_id["select_downstream"].trigger()
        assert desk.chosen == ["b", "c"]

    told(tell)


def test_no_key_means_two_things(told):
    def tell(desk: Desk) -> None:
        keys = [key.toString() for action in desk.window.actions_by_id.values() for key in action.shortcuts()]
        assert sorted(keys) == sorted(set(keys))
        arrows = {f"{'Ctrl+Shift+' if fine else 'Ctrl+'}{name}" for fine in (0, 1) for name in ("Left", "Right", "Up", "Down")}
        assert not arrows & set(keys)  # these move what is selected

    told(tell)


def test_every_action_does_something(told):
    def tell(desk: Desk) -> None:
        missing = [row.id for row in ACTIONS if not callable(getattr(desk.window.commands, row.id, None))]
        assert missing == []

    told(tell)


def test_actions_wait_for_what_they_need(told):
    def tell(desk: Desk) -> None:
        actions = desk.window.actions_by_id
        assert not actions["select_all"].isEnabled()
        assert actions["new_flow"].isEnabled()
        desk.open(CHAIN)
        assert actions["select_all"].isEnabled()
        assert not actions["delete"].isEnabled()
        desk.viewer.select(["a"])
        assert actions["delete"].isEnabled()

    told(tell)


def test_a_flow_is_written_to_its_file(told, tmp_path):
    def tell(desk: Desk) -> None:
        path = tmp_path / "mine.flow.yaml"
        path.write_text("{pyfi: 1, name: mine, processors: [{id: a, type: log}]}")
        desk.open_again(str(path))
        desk.viewer.select(["a"])
        desk.key(Qt.Key.Key_D, CTRL)
        desk.key(Qt.Key.Key_S, CTRL)
        until(lambda: "Saved to" in desk.window.strip.message)
        assert set(read_flow(path).steps) == {"a", "a-2"}

    told(tell)


def test_what_cannot_be_opened_is_said(told, tmp_path):
    def tell(desk: Desk) -> None:
        broken = tmp_path / "broken.flow.yaml"
        broken.write_text("{pyfi: 1")
        for reference in (str(broken), str(tmp_path / "none.flow.yaml"), str(tmp_path)):
            desk.window.strip.show_message("")
            desk.window.commands.open_reference(reference)
            until(lambda: bool(desk.window.strip.message))
        assert desk.window.pages() == []

    told(tell)


def test_an_edit_made_elsewhere_appears_and_one_of_the_same_part_is_a_choice(told):
    def tell(desk: Desk) -> None:
        page = desk.open(CHAIN)

        def elsewhere(name: str) -> None:
            with Library(desk.url) as library:
                loaded = library.load(page.book.id)
                library.save(page.book.id, loaded.revision, edits.rename(loaded.flow, "a", name))

        elsewhere("theirs")
        until(lambda: desk.flow.steps["a"].name == "theirs", 10)
        cards = page.board.sheet.cards
        assert cards.card(cards.rows["a"]).name == "theirs"
        elsewhere("again")
        page.editing.rename("a", "mine")
        until(page.conflict.isVisible)
        desk.click(page.conflict.mine)
        assert desk.saved().steps["a"].name == "mine"
        until(lambda: not page.conflict.isVisible())

    told(tell)


def test_closing_twice_closes_once(told):
    closed: list[bool] = []

    def tell(desk: Desk) -> None:
        desk.window.closed.connect(lambda: closed.append(True))
        desk.open(CHAIN)
        desk.viewer.select(["a"])
        desk.key(Qt.Key.Key_Delete)
        desk.key(Qt.Key.Key_Q, CTRL)
        desk.key(Qt.Key.Key_Q, CTRL)

    told(tell)
    assert closed == [True]


def test_the_level_above_is_a_key_away(told):
    def tell(desk: Desk) -> None:
        desk.open(NESTED)
        desk.viewer.select(["outer"])
        desk.key(Qt.Key.Key_Return)
        assert desk.page.board.place == Place(("outer",))
        desk.key(Qt.Key.Key_Up, ALT)
        assert desk.page.board.place == Place()

    told(tell)
