"""A processor of a flow that runs is debugged in the window, by clicks and keys, with a real engine and a real debugger."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from app.editor.code_panel import CodePanel
from engine.model.codec import load_flow
from engine.model.layout import placed
from tests.app.desk import Desk, result, story, until

LEFT = Qt.MouseButton.LeftButton
FLOW = placed(
    load_flow("""
pyfi: 1
name: watched
processors:
  - {id: numbers, type: generate, config: {count: 50}}
  - id: work
    type: python
    code: |
      def work(n):
          made = n + 1
          return made
  - id: other
    type: python
    code: "def other(n): return n"
  - {id: out, type: write_lines, config: {path: out.jsonl}}
  - {id: beside, type: write_lines, config: {path: beside.jsonl}}
connections:
  - {from: numbers.success, to: work.in}
  - {from: work.success, to: out.in}
  - {from: numbers.success, to: other.in}
  - {from: other.success, to: beside.in}
layout: {numbers: [0, 0], work: [450, 0], out: [900, 0], other: [450, 300], beside: [900, 300]}
""")
)


def lines(path: Path) -> list[int]:
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def line_of(panel: CodePanel) -> int:
    standing = panel.editor.breakpoints.standing_at
    return 0 if standing is None else standing.blockNumber() + 1


def values(panel: CodePanel) -> dict[str, str]:
    tree = panel.live.page.variables
    items = [tree.topLevelItem(row) for row in range(tree.topLevelItemCount())]
    return {item.text(0): item.text(1) for item in items if item is not None}


def click_beside(panel: CodePanel, line: int) -> None:
    _, top, height = list(panel.editor.visible_lines())[line - 1]
    QTest.mouseClick(panel.editor._gutter, LEFT, pos=QPoint(10, int(top + height / 2)))


def with_breakpoint(desk: Desk) -> tuple[Path, CodePanel]:
    """The flow, with the code of `work` open and a breakpoint at its third line: its folder, and the panel."""
    folder = desk.open(FLOW).document.folder
    desk.look(600, 250)
    desk.hand.double_click(desk.middle("work"))
    panel = desk.window.sides.code
    until(lambda: panel.step() == ("", "work") and panel.editor.isVisible())
    click_beside(panel, 3)
    return folder, panel


@pytest.mark.usefixtures("qtbot")
def test_real_messages_are_stepped_through_while_the_flow_goes_on(tmp_path: Path) -> None:
    def tell(desk: Desk) -> None:
        folder, panel = with_breakpoint(desk)
        # The flow does not run: it is started with the debugger at the processor.
        QTest.mouseClick(panel.try_strip.live_button, LEFT)
        until(lambda: line_of(panel) == 3)
        assert values(panel) == {"made": "1", "n": "0"}
        assert panel.live.page.calls.item(0).text() == "work · 3"
        until(lambda: len(lines(folder / "beside.jsonl")) == 50)
        assert lines(folder / "out.jsonl") == []

        QTest.keyClick(panel.editor, Qt.Key.Key_F5)
        until(lambda: values(panel) == {"made": "2", "n": "1"})
        until(lambda: lines(folder / "out.jsonl") == [1])

        # Another processor may be looked at meanwhile.
        desk.hand.double_click(desk.middle("other"))
        until(lambda: panel.step() == ("", "other"))
        assert (line_of(panel), panel.live.is_shown, panel.try_strip.live_button.isEnabled()) == (0, False, False)
        desk.hand.double_click(desk.middle("work"))
        until(lambda: line_of(panel) == 3)
        assert panel.live.is_shown

        # What is edited runs in the next host, on the message that stood.
        panel.editor.go_to(2)
        QTest.keyClick(panel.editor, Qt.Key.Key_End)
        QTest.keyClicks(panel.editor, " + 100")
        until(lambda: values(panel) == {"made": "102", "n": "1"})

        QTest.mouseClick(panel.try_strip.live_button, LEFT)
        # The flow may tell of its end before the answer comes that the processor is given back.
        until(lambda: not panel.live.is_shown and desk.window.conductor.state_of(desk.page) == "ended")
        assert line_of(panel) == 0
        assert sorted(lines(folder / "out.jsonl")) == [1, *range(102, 151)]

        # Once more, from the beginning; the end of the flow ends it, too.
        said: list[str] = []
        panel.live_ended.connect(said.append)
        QTest.mouseClick(panel.try_strip.live_button, LEFT)
        until(lambda: values(panel) == {"made": "101", "n": "0"})
        result(desk.window.conductor.stop(desk.page))
        until(lambda: not panel.live.is_shown)
        assert (line_of(panel), panel.try_strip.live_button.isEnabled()) == (0, True)
        result(desk.window.conductor.stop_steps(desk.page, ["work"]))
        QTest.mouseClick(panel.try_strip.live_button, LEFT)
        until(lambda: len(said) == 2)
        assert said[0] == "The flow has ended"
        assert "'work' is stopped; start it" in said[1]

    story(tmp_path, tell)


@pytest.mark.usefixtures("qtbot")
def test_a_window_that_closes_gives_back_what_is_debugged(tmp_path: Path) -> None:
    def tell(desk: Desk) -> None:
        folder, panel = with_breakpoint(desk)
        QTest.mouseClick(panel.try_strip.live_button, LEFT)
        until(lambda: line_of(panel) == 3)

        # Another one cannot be debugged meanwhile, and it is said which is.
        desk.hand.click(desk.middle("other"))
        desk.window.actions_by_id["debug_step"].trigger()
        assert desk.window.strip.message == "'work' is debugged already; give it back first"

        # The flow has it back before nobody is there to ask for that, and does all its work.
        assert panel.live.other == "work"
        result(desk.window.farewell.shut(stop=False))
        assert panel.live.other == ""
        until(lambda: sorted(lines(folder / "out.jsonl")) == list(range(1, 51)), 30)

    story(tmp_path, tell)
