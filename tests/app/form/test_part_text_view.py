"""A part as text."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from app.form.part_text_view import PartTextView
from engine.client.flow import part_text
from engine.model.flow import Connection, Processor, Retry

PART = Processor(id="p", type="route", config={"rules": {"slow": "content > 1"}}, retry=Retry(3))


@pytest.fixture
def view(qtbot) -> PartTextView:
    made = PartTextView()
    qtbot.addWidget(made)
    made.set_part(PART)
    made.resize(400, 300)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    made.text.setFocus()
    return made


def at_end(view: PartTextView) -> None:
    view.text.moveCursor(view.text.textCursor().MoveOperation.End)


def test_what_is_typed_is_the_part(view, qtbot):
    heard: list[Processor] = []
    view.part_edited.connect(heard.append)
    assert view.text.toPlainText() == part_text(PART)
    at_end(view)
    qtbot.keyClicks(view.text, "timeout: 5s")
    assert heard[-1].timeout_s == 5.0
    assert heard[-1].config == PART.config
    assert view.part == heard[-1]


def test_what_is_wrong_is_said_with_its_line_and_found_by_a_click(view, qtbot):
    heard: list[Processor] = []
    valid: list[bool] = []
    view.part_edited.connect(heard.append)
    view.validity_changed.connect(valid.append)
    at_end(view)
    lines = view.text.blockCount()
    qtbot.keyClicks(view.text, "timeout: soon")
    item = view.problem_list.item(0)
    assert view.problem_list.isVisible()
    assert item.text().startswith(f"Line {lines}: `timeout` must be a duration")
    view.text.moveCursor(view.text.textCursor().MoveOperation.Start)
    qtbot.mouseClick(
        view.problem_list.viewport(), Qt.MouseButton.LeftButton, pos=view.problem_list.visualItemRect(item).center()
    )
    assert view.text.textCursor().blockNumber() == lines - 1
    assert view.text.hasFocus()
    assert heard == []
    at_end(view)
    for _ in "soon":
        qtbot.keyClick(view.text, Qt.Key.Key_Backspace)
    qtbot.keyClicks(view.text, "5s")
    assert valid[0] is False
    assert valid[-1] is True
    assert heard[-1].timeout_s == 5.0


def test_what_identifies_the_part_stays(view, qtbot):
    heard: list[Processor] = []
    view.part_edited.connect(heard.append)
    view.text.setPlainText("type: route\nid: q\n")
    assert [problem.line for problem in view.problems] == [2]
    assert heard == []
    view.set_part(Connection(source="a.b", target="c.d"))
    view.text.setPlainText("from: a.b\nto: x.d\n")
    assert "`to` stays" in view.problems[0].reason


def test_the_same_part_leaves_the_text_as_it_was_written(view):
    text = f"# a remark\n{part_text(PART)}"
    view.text.setPlainText(text)
    view.set_part(PART)
    assert view.text.toPlainText() == text
    other = Processor(id="p", type="log")
    view.set_part(other)
    assert view.text.toPlainText() == part_text(other)
