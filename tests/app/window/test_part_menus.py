"""The menu that a right click opens, by the kind of what is clicked."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QApplication, QMenu

from engine.client.parts import Place
from engine.model.codec import load_flow
from tests.app.desk import Desk
from tests.app.hand import NONE, RIGHT, press
from tests.app.window.test_by_mouse import choose, label_of

FLOW = load_flow("""
pyfi: 1
name: kinds
processors:
  - {id: a, type: generate, config: {count: 3}}
  - {id: code, type: python, code: 'def f(x): return x'}
  - {id: f, type: funnel}
  - {id: s, flow: inside}
subflows:
  - name: inside
    inputs: [in]
    outputs: [success]
    processors: [{id: b, type: log}]
    connections: [{from: in, to: b.in}]
    layout: {b: [0, 0]}
connections:
  - {from: a.success, to: code.in}
labels: [{id: n, text: words, size: [240, 120]}]
layout: {a: [0, 0], code: [500, 0], f: [900, 40], s: [0, 300], 'label:n': [500, 300]}
""")


def offered(desk: Desk, spot: QPointF) -> set[str]:
    """What the menu at a spot offers; it is closed again."""
    desk.hand.click(spot, RIGHT)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    texts = {action.text().replace("&", "") for action in menu.actions() if action.text()}
    press(desk.window, Qt.Key.Key_Escape)
    return texts


def test_each_kind_has_what_it_can_do_and_nothing_else(told):
    def tell(desk: Desk) -> None:
        desk.open(FLOW)
        desk.viewer.look_at(QPointF(500, 250), 1.0)
        built_in, code, subflow = (offered(desk, desk.middle(key)) for key in ("a", "code", "s"))
        assert {"Edit Code", "Debug in the Flow", "Code from Git …"} == code - built_in
        assert not built_in - code
        assert {"Enter Subflow", "Download Flow Definition …", "Empty All Queues …", "Expand in Place"} <= subflow - code
        assert {"Edit Code", "View State …", "Scale …"} <= code - subflow
        funnel = offered(desk, QPointF(920, 60))
        assert {"Configure …", "Terminate", "Delete"} <= funnel
        assert not {"Edit Code", "View State …", "Enter Subflow"} & funnel
        note = offered(desk, QPointF(620, 390))
        assert note == {
            *("Write in Place", "Configure …", "Colour …", "Centre in View"),
            *("Cut", "Copy", "Duplicate", "Delete"),
        }
        link = offered(desk, label_of(desk, "a.success->code.in"))
        assert {"List Queue …", "Go to Source", "Go to Destination", "Colour …", "Bring to Front", "Empty Queue …"} <= link
        ground = offered(desk, QPointF(300, 480))
        assert {"Flow Settings …", "Paste", "Lay Out"} <= ground
        assert "Leave Subflow" not in ground

    told(tell)


def test_a_subflow_is_entered_by_its_menu_and_its_ports_have_one_of_their_own(told):
    def tell(desk: Desk) -> None:
        desk.open(FLOW)
        desk.viewer.look_at(QPointF(500, 250), 1.0)
        desk.hand.click(desk.middle("s"), RIGHT)
        choose(desk, "Enter Subflow")
        assert desk.page.board.place == Place(("s",))
        desk.viewer.fit()
        port = desk.page.board.sheet.cards
        assert offered(desk, port.rect(port.rows["input:in"]).center()) == {
            *("Flow Settings …", "Connect …", "Centre in View"),
            *("Select Upstream", "Select Downstream", "Leave Subflow"),
        }
        assert "Leave Subflow" in offered(desk, QPointF(150, 250))

    told(tell)


def test_several_are_aligned_by_their_menu(told):
    def tell(desk: Desk) -> None:
        desk.open(FLOW)
        desk.viewer.look_at(QPointF(500, 250), 1.0)
        desk.viewer.select(["a", "code"])
        desk.hand.drag(desk.middle("code"), desk.middle("code") + QPointF(0, 70))
        desk.viewer.select(["a"])
        desk.hand.drag(desk.middle("a"), desk.middle("a") - QPointF(0, 30))
        desk.viewer.select(["a", "code"])
        desk.hand.click(desk.middle("a"), RIGHT)
        choose(desk, "Align", "Align Top")
        assert desk.place("a")[1] == desk.place("code")[1]
        assert desk.chosen == ["a", "code"]

    told(tell)


def test_backspace_deletes_as_del_does(told):
    def tell(desk: Desk) -> None:
        desk.open(FLOW)
        desk.viewer.select(["a"])
        press(desk.window, Qt.Key.Key_Backspace, NONE)
        assert "a" not in desk.flow.steps
        assert not desk.flow.connections

    told(tell)
