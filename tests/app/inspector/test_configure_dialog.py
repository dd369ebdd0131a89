"""The dialog makes one step, or none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialogButtonBox, QLineEdit

from app.document.document import Document
from app.inspector.configure_dialog import ConfigureDialog
from engine.client.flow import Opened, problems
from engine.model import edits
from tests.app.inspector.shown_inspector import FLOW


class Shown:
    def __init__(self, qtbot, *keys: str):
        self.qtbot = qtbot
        self.document = Document(FLOW, Path.cwd())
        self.dialog = ConfigureDialog(self.document, "", keys)
        qtbot.addWidget(self.dialog)
        with qtbot.waitExposed(self.dialog):
            self.dialog.open()
        self.dialog.activateWindow()

    def type(self, name: str, text: str) -> None:
        page = self.dialog.inspector.page("Settings")
        assert page is not None
        line = next(form.field(name) for form in page.forms() if name in form.fields).editor.inputs()[0]
        line.setFocus()
        self.qtbot.keyClick(line, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        self.qtbot.keyClicks(line, text)

    def click(self, button) -> None:
        self.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    def step(self, id: str) -> Any:
        return self.document.flow.steps[id]

    @property
    def history(self) -> list[str]:
        stack = self.document.undo_stack
        return [stack.text(at) for at in range(stack.count())]


@pytest.fixture
def it(qtbot) -> Shown:
    return Shown(qtbot, "read")


def test_ok_makes_one_step_of_everything(it: Shown):
    assert it.dialog.windowTitle() == "Configure 'read'"
    it.type("path", "other.log")
    it.type("encoding", "latin-1")
    it.type("name", "Reader")
    assert it.document.flow == FLOW, "nothing is changed before"
    it.click(it.dialog.ok_button)
    assert not it.dialog.isVisible()
    assert it.history == ["Configure 'read'"]
    step = it.step("read")
    assert (step.name, step.config) == ("Reader", {"path": "other.log", "encoding": "latin-1"})
    it.document.undo_stack.undo()
    assert it.document.flow == FLOW


def test_apply_makes_the_step_and_stays(it: Shown):
    assert not it.dialog.apply_button.isEnabled()
    it.type("path", "a.log")
    assert it.dialog.apply_button.isEnabled()
    it.click(it.dialog.apply_button)
    assert it.dialog.isVisible()
    assert not it.dialog.apply_button.isEnabled()
    it.type("path", "b.log")
    it.click(it.dialog.ok_button)
    assert it.history == ["Configure 'read'"] * 2
    it.document.undo_stack.undo()
    assert it.step("read").config == {"path": "a.log"}


@pytest.mark.parametrize("way", ["button", "key"])
def test_cancel_makes_none(it: Shown, way: str):
    it.type("path", "other.log")
    if way == "button":
        it.click(it.dialog.buttons.button(QDialogButtonBox.StandardButton.Cancel))
    else:
        it.qtbot.keyClick(it.dialog, Qt.Key.Key_Escape)
    assert not it.dialog.isVisible()
    assert it.document.flow == FLOW
    assert it.history == []


def test_ok_without_a_change_leaves_no_step(it: Shown):
    it.click(it.dialog.ok_button)
    assert it.history == []


def test_undo_in_the_dialog_is_of_what_was_done_in_it(it: Shown):
    it.document.edit("before", edits.rename(it.document.flow, "slow", "Slow"))
    it.type("path", "other.log")
    line = it.dialog.focusWidget()
    assert isinstance(line, QLineEdit)
    it.qtbot.keyClick(line, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert line.text() == "${file}"
    it.qtbot.keyClick(line, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert line.text() == "other.log"
    assert it.history == ["before"]


def test_another_part_that_changes_meanwhile_is_taken_in(it: Shown):
    it.type("path", "mine.log")
    it.document.edit("elsewhere", edits.rename(it.document.flow, "slow", "Slow"))
    it.click(it.dialog.ok_button)
    assert it.step("slow").name == "Slow"
    assert it.step("read").config == {"path": "mine.log"}
    assert it.history == ["elsewhere", "Configure 'read'"]


def test_the_same_part_that_changes_meanwhile_is_not_overwritten(it: Shown):
    it.type("path", "mine.log")
    it.document.edit("elsewhere", edits.rename(it.document.flow, "read", "Theirs"))
    assert it.dialog.notice.isVisible()
    assert not it.dialog.ok_button.isEnabled()
    it.click(it.dialog.buttons.button(QDialogButtonBox.StandardButton.Cancel))
    assert it.step("read").name == "Theirs"
    assert it.step("read").config == {"path": "${file}"}


def test_problems_and_other_parts_are_shown_in_it(qtbot):
    it = Shown(qtbot, "slow")
    it.document.edit("x", edits.configure(it.document.flow, "slow", config={}))
    it.dialog.set_problems(problems(Opened(it.document.flow, Path.cwd(), "")))
    assert "`config.rules` is missing" in it.dialog.inspector.banner.reasons
    it.dialog.inspector.part_chosen.emit("", "slow.slow->out.in")
    assert it.dialog.inspector.heading.kind.full_text == "Connection"


def test_code_is_asked_for_with_what_was_configured(qtbot):
    it = Shown(qtbot, "parse")
    heard: list[tuple[str, str]] = []
    it.dialog.code_requested.connect(lambda within, key: heard.append((within, key)))
    it.type("name", "Parser")
    it.click(it.dialog.inspector.code_button)
    assert heard == [("", "parse")]
    assert it.step("parse").name == "Parser"
    assert not it.dialog.isVisible()
