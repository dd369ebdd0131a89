"""Subflows expanded in place, in the real window: keys, menus, what is dropped, the panels beside."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF, Qt

from app.page.component import processors
from engine.client.parts import Place
from engine.model.flow import Processor
from tests.app.board.test_frames import FLOW
from tests.app.desk import Desk, until
from tests.app.hand import ALT, CTRL, SHIFT
from tests.app.window.test_drawing import drop, undone_and_redone


def expanded(desk: Desk) -> None:
    """`clean` is expanded, by the keyboard, and looked at."""
    desk.hand.click(desk.middle("clean"))
    desk.key(Qt.Key.Key_Down, ALT)
    assert "clean" in desk.page.board.sheet.frames
    cards = desk.page.board.sheet.cards
    desk.viewer.look_at(cards.rect(cards.rows["clean"]).center(), 0.65)


def test_keys_expand_and_collapse_and_the_database_keeps_it(told):
    def tell(desk: Desk) -> None:
        page = desk.open(FLOW)
        desk.look()
        before = desk.flow
        assert not desk.window.actions_by_id["expand"].isEnabled()
        expanded(desk)
        desk.saved()
        again = desk.open_again(page.book.id)
        assert "clean" in again.board.sheet.frames
        desk.hand.click(desk.middle("clean/strip"))
        desk.key(Qt.Key.Key_Escape)
        desk.key(Qt.Key.Key_Up, ALT | SHIFT)  # of the frame in which one works
        assert again.board.sheet.frames == {}
        assert desk.flow == before
        assert desk.chosen == ["clean"]

    told(tell)


def test_the_keyboard_alone_leads_into_a_frame_and_out_again(told):
    def tell(desk: Desk) -> None:
        desk.open(FLOW)
        desk.look()
        desk.hand.click(desk.middle("clean"))
        for place, chosen in ((Place(), "clean"), (Place(("clean",)), "strip")):
            desk.key(Qt.Key.Key_Down, ALT)
            assert (desk.page.board.place, desk.chosen) == (place, [chosen])
        desk.key(Qt.Key.Key_Right)
        assert desk.chosen == ["deep"]
        desk.key(Qt.Key.Key_Down, ALT)
        desk.key(Qt.Key.Key_Down, ALT)
        assert (desk.page.board.place, desk.chosen) == (Place(("clean", "deep")), ["a"])
        desk.key(Qt.Key.Key_Up, ALT)
        desk.key(Qt.Key.Key_Up, ALT)
        assert (desk.page.board.place, desk.chosen) == (Place(), ["clean"])
        desk.key(Qt.Key.Key_Up, ALT | SHIFT)
        assert desk.page.board.sheet.frames == {}

    told(tell)


def test_components_are_dropped_into_a_frame_and_into_connections_there(told):
    def tell(desk: Desk) -> None:
        desk.open(FLOW)
        desk.look()
        before = desk.flow
        expanded(desk)
        board = desk.page.board
        fitting = {each.type: each for each in processors()}
        corner = board.sheet.cards.rect(board.sheet.cards.rows["clean/strip"]).bottomLeft()
        drop(desk, fitting["delay"], corner + QPointF(320, 40))
        height = board.sheet.cards.rect(board.sheet.cards.rows["clean/strip"]).height()
        assert desk.flow.definitions["cleaning"].steps["delay"].position == pytest.approx((420, 50 + height + 40), abs=10)
        assert (board.within, desk.chosen) == ("cleaning", ["delay"])
        links = board.sheet.links
        drop(desk, fitting["delay"], links.label_rect(links.rows["clean/in->strip.in"]).center())
        assert {"in->delay-2.in", "delay-2.success->strip.in"} <= set(desk.flow.definitions["cleaning"].connections)
        desk.hand.double_click(QPointF(corner.x(), corner.y() + 100))
        desk.type("log")
        desk.key(Qt.Key.Key_Return)
        assert "log" in desk.flow.definitions["cleaning"].steps
        undone_and_redone(desk, before)

    told(tell)


def test_panels_follow_what_is_selected_inside(told):
    def tell(desk: Desk) -> None:
        desk.open(FLOW)
        desk.look()
        expanded(desk)
        window = desk.window
        desk.hand.click(desk.middle("clean/strip"))
        assert window.sides.code.isEnabled()
        until(lambda: "return x" in window.sides.code.editor.toPlainText())
        desk.page.editing.rename("strip", "Strip it")
        step = desk.flow.definitions["cleaning"].steps["strip"]
        assert isinstance(step, Processor)
        assert step.name == "Strip it"
        desk.key(Qt.Key.Key_D, CTRL)
        assert desk.chosen == ["strip-2"]
        desk.key(Qt.Key.Key_Delete)
        assert "strip-2" not in desk.flow.definitions["cleaning"].steps
        desk.hand.click(desk.middle("clean/strip"))
        desk.key(Qt.Key.Key_C, CTRL)
        desk.key(Qt.Key.Key_Escape)
        desk.key(Qt.Key.Key_Escape)
        assert (desk.page.board.place, desk.chosen) == (Place(), ["clean"])
        desk.key(Qt.Key.Key_V, CTRL)
        assert "strip" in desk.flow.steps

    told(tell)
