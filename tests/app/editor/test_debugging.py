"""Breakpoints and steps in the code panel, by clicks and keys, with real hosts and a real debugger."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt

from app.document.document import Document
from app.editor.code_panel import CodePanel
from app.editor.debug_page import DebugPage
from engine.model.codec import load_flow
from tests.app.editor.test_code_panel import LONG_MS

LEFT, SHIFT = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier
FLOW = """
pyfi: 1
name: small
processors:
  - id: b
    type: python
    code: |
      def add(x, y):
          total = x + y
          return total

      def process(x):
          pair = [x, {"a": 1}]
          made = add(x, 40)
          return made
  - {id: other, type: python, code: "def f(x): return x"}
  - {id: s, type: bash, code: cat}
"""


@pytest.fixture
def panel(open_panel, qapp) -> CodePanel:
    panel = open_panel(Document(load_flow(FLOW), Path.cwd()))
    panel.show_step("", "b")
    panel.editor.setFocus()
    return panel


def click_beside(panel: CodePanel, qtbot, line: int) -> None:
    _, top, height = list(panel.editor.visible_lines())[line - 1]
    qtbot.mouseClick(panel.editor._gutter, LEFT, pos=QPoint(10, int(top + height / 2)))


def line_of(panel: CodePanel) -> int:
    standing = panel.editor.breakpoints.standing_at
    return 0 if standing is None else standing.blockNumber() + 1


def wait_for_line(panel: CodePanel, qtbot, line: int) -> None:
    qtbot.waitUntil(lambda: line_of(panel) == line, timeout=LONG_MS)


def shown(page: DebugPage) -> dict[str, str]:
    items = [page.variables.topLevelItem(row) for row in range(page.variables.topLevelItemCount())]
    return {item.text(0): item.text(1) for item in items if item is not None}


def test_code_is_stepped_through_by_clicks_and_keys(panel, qtbot):
    strip, page = panel.try_strip, panel.try_strip.debug_page
    assert not strip.debug_button.isEnabled(), "there is no breakpoint"
    click_beside(panel, qtbot, 7)
    assert panel.editor.breakpoints.lines == [7]
    strip.sample_editor.set_text("2")
    qtbot.mouseClick(strip.debug_button, LEFT)
    wait_for_line(panel, qtbot, 7)
    assert (strip.tabs.currentWidget(), page.state.text()) == (page, "Stopped at line 7")
    assert panel.editor.marks()[6] == "standing"
    assert shown(page) == {"pair": "[2, {'a': 1}]", "x": "2"}
    assert page.calls.item(0).text() == "process · 7"

    pair = page.variables.topLevelItem(0)
    assert pair is not None
    pair.setExpanded(True)
    qtbot.waitUntil(lambda: pair.childCount() > 1, timeout=LONG_MS)
    assert "{'a': 1}" in [pair.child(row).text(1) for row in range(pair.childCount())]

    qtbot.keyClick(panel.editor, Qt.Key.Key_F11)
    wait_for_line(panel, qtbot, 2)
    assert [page.calls.item(row).text() for row in range(2)] == ["add · 2", "process · 7"]
    page.calls.setFocus()
    qtbot.keyClick(page.calls, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: "pair" in shown(page), timeout=LONG_MS)
    assert line_of(panel) == 7
    qtbot.mouseClick(page.buttons["next"], LEFT)
    wait_for_line(panel, qtbot, 3)
    assert shown(page) == {"total": "42", "x": "2", "y": "40"}
    panel.editor.setFocus()
    qtbot.keyClick(panel.editor, Qt.Key.Key_F11, SHIFT)
    wait_for_line(panel, qtbot, 7)
    qtbot.keyClick(panel.editor, Qt.Key.Key_F10)
    wait_for_line(panel, qtbot, 8)

    with qtbot.waitSignal(strip.ended, timeout=LONG_MS) as ended:
        qtbot.keyClick(panel.editor, Qt.Key.Key_F5)
    assert [made.content for made in ended.args[0].made] == [42]
    assert (line_of(panel), strip.tabs.currentWidget(), strip.tabs.indexOf(page)) == (0, strip.result, -1)
    assert strip.debug_button.isEnabled()


def test_a_trial_that_is_debugged_can_be_cancelled_while_it_stands(panel, qtbot):
    strip = panel.try_strip
    click_beside(panel, qtbot, 6)
    qtbot.mouseClick(strip.debug_button, LEFT)
    wait_for_line(panel, qtbot, 6)
    with qtbot.waitSignal(strip.ended, timeout=LONG_MS) as ended:
        qtbot.mouseClick(strip.cancel_button, LEFT)
    assert ended.args[0].was_cancelled
    assert line_of(panel) == 0


def test_breakpoints_move_with_the_text_and_are_remembered_by_processor(panel, qtbot):
    click_beside(panel, qtbot, 6)
    panel.editor.go_to(7)
    qtbot.keyClick(panel.editor, Qt.Key.Key_F9)
    assert panel.editor.breakpoints.lines == [6, 7]
    panel.editor.go_to(1)
    qtbot.keyClick(panel.editor, Qt.Key.Key_Return)
    assert panel.editor.breakpoints.lines == [7, 8]
    panel.show_step("", "other")
    assert panel.editor.breakpoints.lines == []
    panel.show_step("", "s")
    click_beside(panel, qtbot, 1)
    assert (panel.editor.breakpoints.lines, panel.try_strip.debug_button.isVisible()) == ([], False)
    panel.show_step("", "b")
    assert panel.editor.breakpoints.lines == [7, 8]
    click_beside(panel, qtbot, 8)
    assert panel.editor.breakpoints.lines == [7]
