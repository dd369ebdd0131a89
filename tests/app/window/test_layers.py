"""What lies over what, in the real window: by keys and menus, seen and taken hold of, undone and kept."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from engine.model.codec import load_flow
from tests.app.desk import Desk
from tests.app.hand import CTRL, LEFT, RIGHT, SHIFT

FLOW = load_flow("""
pyfi: 1
name: stack
processors:
  - {id: a, type: generate, config: {count: 3}}
  - {id: b, type: log}
  - {id: note, type: log, enabled: false}
connections:
  - {from: a.success, to: note.in}
labels:
  - {id: l, text: words}
layout: {a: [0, 0], b: [150, 40], note: [700, 0], 'label:l': [0, 400]}
""")
_BOTH = QPointF(230, 60)
"""Where `b` lies over `a`."""


def test_the_card_in_front_is_seen_and_clicked_and_undo_takes_it_back(told):
    def tell(desk: Desk) -> None:
        page = desk.open(FLOW)
        desk.viewer.look_at(QPointF(350, 200), 0.8)
        pixel = desk.viewer.mapFromScene(QPointF(155, 90))  # the left edge of `b`, with its stripe
        seen = [desk.viewer.viewport().grab().toImage().pixelColor(pixel)]
        desk.hand.click(_BOTH)
        assert desk.chosen == ["b"]
        desk.hand.click(QPointF(350, 400))
        desk.hand.click(QPointF(60, 60))
        desk.key(Qt.Key.Key_PageUp, CTRL | SHIFT)
        assert {key: step.layer for key, step in desk.flow.steps.items()} == {"a": 1, "b": 0, "note": 0}
        assert page.document.undo_stack.undoText() == "move of 'a' to the front"
        desk.hand.click(QPointF(400, 60))  # what is taken hold of comes up, but not over what has a higher layer
        assert desk.chosen == ["b"]
        desk.hand.click(_BOTH)
        assert desk.chosen == ["a"]
        desk.hand.click(QPointF(350, 400))
        seen.append(desk.viewer.viewport().grab().toImage().pixelColor(pixel))
        assert seen[0] != seen[1]
        desk.saved()
        again = desk.open_again(page.book.id)
        assert again.document.flow.steps["a"].layer == 1
        desk.hand.click(_BOTH)
        assert desk.chosen == ["a"]
        desk.key(Qt.Key.Key_PageDown, CTRL | SHIFT)
        assert again.document.flow.steps["a"].layer == -1
        desk.hand.click(QPointF(350, 400))
        desk.hand.click(_BOTH)
        assert desk.chosen == ["b"]
        desk.key(Qt.Key.Key_Z, CTRL)
        desk.hand.click(QPointF(350, 400))
        desk.hand.click(_BOTH)
        assert desk.chosen == ["a"]

    told(tell)


def test_connections_have_layers_too_and_labels_are_told_that_they_have_none(told):
    def tell(desk: Desk) -> None:
        page = desk.open(FLOW)
        key = "a.success->note.in"
        refused: list[str] = []
        page.document.edit_refused.connect(refused.append)
        desk.viewer.select(["label:l"])
        desk.window.actions_by_id["bring_to_front"].trigger()
        assert refused == ["Only cards and connections go to the front or the back: labels lie below them all."]
        assert not page.document.undo_stack.canUndo()
        desk.viewer.select([key])
        desk.window.actions_by_id["bring_to_front"].trigger()
        assert desk.flow.connections[key].layer == 0  # there is no other

    told(tell)


@pytest.mark.parametrize("key", ["a", "a.success->note.in"])
def test_the_menus_of_cards_and_connections_offer_it(told, key):
    def tell(desk: Desk) -> None:
        page = desk.open(FLOW)
        desk.viewer.look_at(QPointF(350, 200), 0.8)
        sheet = page.board.sheet
        desk.hand.click(QPointF(60, 60) if key == "a" else sheet.links.label_rect(0).center(), RIGHT)
        assert desk.chosen == [key]
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        assert {"Bring to Front", "Send to Back"} <= {action.text() for action in menu.actions()}
        QTest.mouseClick(menu, LEFT, pos=menu.actionGeometry(desk.window.actions_by_id["send_to_back"]).center())
        assert [desk.flow.steps["a"].layer, desk.flow.connections["a.success->note.in"].layer] == [-1 if key == "a" else 0, 0]

    told(tell)
