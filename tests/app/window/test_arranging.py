"""Parts move between levels, and one looks at them, in the real window."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QFileDialog

from engine.client.parts import Place
from engine.model.codec import load_flow, read_flow
from engine.model.flow import Subflow
from engine.model.layout import placed
from engine.model.pattern import inside_of
from tests.app.desk import Desk, until
from tests.app.hand import ALT, CTRL

FLOW = placed(
    load_flow("""
pyfi: 1
name: nested
processors:
  - {id: a, type: generate, config: {count: 3}}
  - {id: clean, flow: cleaning}
  - {id: z, type: log}
connections:
  - {from: a.success, to: clean.in}
  - {from: clean.success, to: z.in}
subflows:
  - name: cleaning
    inputs: [in]
    outputs: [success]
    processors:
      - {id: b, type: python, code: 'def f(x): return x'}
      - {id: c, type: python, code: 'def f(x): return x'}
    connections:
      - {from: in, to: b.in}
      - {from: b.success, to: c.in}
      - {from: c.success, to: success}
    layout: {b: [0, 0], c: [450, 0]}
layout: {a: [0, 0], clean: [450, 0], z: [900, 0]}
""")
)


def test_a_part_moves_out_of_its_subflow_in_one_step(told):
    def tell(desk: Desk) -> None:
        desk.open(FLOW)
        before = desk.flow
        desk.hand.double_click(desk.middle("clean"))
        assert desk.page.board.place == Place(("clean",))
        desk.hand.click(desk.middle("b"))
        desk.key(Qt.Key.Key_Up, CTRL | ALT)
        assert (desk.page.board.place, desk.chosen) == (Place(), ["b"])
        assert set(desk.flow.connections) == {"a.success->b.in", "b.success->clean.in", "clean.success->z.in"}
        assert set(desk.flow.definitions["cleaning"].steps) == {"c"}
        assert desk.page.document.undo_stack.undoText() == "move of 'b' out of 'clean'"
        desk.key(Qt.Key.Key_Z, CTRL)
        assert desk.flow == before
        desk.key(Qt.Key.Key_Y, CTRL)
        assert set(desk.flow.definitions["cleaning"].steps) == {"c"}

    told(tell)


def test_nothing_moves_above_the_top(told):
    def tell(desk: Desk) -> None:
        desk.open(FLOW)
        refused: list[str] = []
        desk.page.document.edit_refused.connect(refused.append)
        desk.hand.click(desk.middle("a"))
        desk.key(Qt.Key.Key_Up, CTRL | ALT)
        assert refused == ["This level has none above it: only parts of a subflow can move up."]
        assert desk.flow == FLOW

    told(tell)


def test_a_subflow_is_written_to_a_file_of_its_own(told, tmp_path, monkeypatch):
    target = tmp_path / "clean.flow.yaml"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, **__: (str(target), ""))

    def tell(desk: Desk) -> None:
        desk.open(FLOW)
        desk.hand.click(desk.middle("clean"))
        desk.window.actions_by_id["save_subflow_file"].trigger()
        until(target.exists)
        written = read_flow(target)
        assert written.name == "cleaning"
        assert inside_of(written).steps == desk.flow.definitions["cleaning"].steps
        assert isinstance(written.steps["cleaning"], Subflow)

    told(tell)


def test_what_is_selected_comes_to_the_middle_at_the_scale_there_is(told):
    def tell(desk: Desk) -> None:
        desk.open(FLOW)
        desk.look(450, 100, 0.8)
        desk.hand.click(desk.middle("z"))
        desk.key(Qt.Key.Key_Period, CTRL)
        cards = desk.page.board.sheet.cards
        away = desk.viewer.centre - cards.rect(cards.rows["z"]).center()
        assert abs(away.x()) < 1.5
        assert abs(away.y()) < 1.5
        assert desk.viewer.scale_factor == pytest.approx(0.8)
        assert away != QPointF(450, 100)

    told(tell)
