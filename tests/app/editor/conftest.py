"""An editor on the screen, with Python in it."""

from __future__ import annotations

import pytest

from app.editor.code_editor import CodeEditor
from app.editor.language import PYTHON


@pytest.fixture
def editor(qtbot) -> CodeEditor:
    editor = CodeEditor()
    qtbot.addWidget(editor)
    editor.resize(700, 500)
    editor.load("", PYTHON)
    editor.show()
    qtbot.waitExposed(editor)
    editor.setFocus()
    return editor
