"""Fixes of ruff's, asked for and chosen by keys."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMenu

from app.editor.code_problem import CodeProblem, Fix, FixEdit
from app.editor.language import PYTHON
from app.editor.linter import Linter
from app.editor.quick_fix import apply_fixes

CONTROL = Qt.KeyboardModifier.ControlModifier
LONG_MS = 30_000
CODE = "import os\nimport re, json\n\n\ndef f(x):\n    if x == None:\n        return f'ä'\n    return json\n"


@pytest.fixture
def linter(editor) -> Linter:
    linter = Linter(editor)
    editor.load(CODE, PYTHON)
    return linter


def opened(qtbot) -> QMenu:
    """The menu, once it is there."""

    def is_open() -> bool:
        return isinstance(QApplication.activePopupWidget(), QMenu)

    qtbot.waitUntil(is_open, timeout=LONG_MS)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def texts(menu: QMenu) -> list[str]:
    return [action.text() for action in menu.actions() if not action.isSeparator()]


def test_the_fix_of_a_line_is_made_by_two_keys_and_undone_by_one(editor, linter, qtbot):
    editor.go_to(6, 8)
    qtbot.keyClick(editor, Qt.Key.Key_Period, CONTROL)
    menu = opened(qtbot)
    assert texts(menu) == ["Replace with `cond is None` (ruff E711)", "Fix all 4 problems that can be fixed"]
    qtbot.keyClick(menu, Qt.Key.Key_Return)
    assert editor.text() == CODE.replace("x == None", "x is None")
    editor.undo()
    assert editor.text() == CODE


def test_all_are_fixed_at_once_from_a_line_without_any(editor, linter, qtbot):
    editor.go_to(8)
    qtbot.keyClick(editor, Qt.Key.Key_Period, CONTROL)
    menu = opened(qtbot)
    assert texts(menu) == ["Fix all 4 problems that can be fixed"]
    qtbot.keyClick(menu, Qt.Key.Key_Return)
    assert editor.text() == "import json\n\n\ndef f(x):\n    if x is None:\n        return 'ä'\n    return json\n"


def test_a_text_that_was_changed_is_checked_first(editor, linter, qtbot):
    with qtbot.waitSignal(linter.checked, timeout=LONG_MS):
        linter.check()
    editor.go_to(1)
    qtbot.keyClicks(editor, "# a")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    editor.go_to(7, 8)
    qtbot.keyClick(editor, Qt.Key.Key_Period, CONTROL)
    qtbot.keyClick(opened(qtbot), Qt.Key.Key_Return)
    assert "    if x is None:\n" in editor.text()


def test_a_fix_at_the_end_of_the_text_and_those_that_overlap(editor):
    editor.load("a\nb", PYTHON)
    last = Fix("", (FixEdit(2, 0, 3, 0),))
    apply_fixes(editor, [last, Fix("", (FixEdit(1, 0, 3, 0, "no"),)), Fix("", (FixEdit(1, 0, 1, 1, "c"),))])
    assert editor.text() == "c\n"


def test_the_tip_of_a_problem_says_that_it_can_be_fixed(editor):
    editor.load("abc", PYTHON)
    fix = Fix("Remove it", (FixEdit(1, 0, 1, 3),))
    editor.set_problems([CodeProblem(1, 0, "Wrong", "warning", 1, 3, "ruff", "X1", fix)])
    assert editor.tip_at(editor.cursorRect().center()) == "Wrong (ruff X1)<br>Ctrl+.: Remove it"
