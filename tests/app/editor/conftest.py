"""An editor on the screen, with Python in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from app.document.document import Document
from app.editor.code_editor import CodeEditor
from app.editor.code_panel import CodePanel
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


@pytest.fixture
def open_panel(qtbot) -> Iterator[Callable[[Document], CodePanel]]:
    """Opens the code panel of a document, of no processor yet; it is stopped at the end."""
    opened: list[CodePanel] = []

    def open_(document: Document) -> CodePanel:
        panel = CodePanel()
        opened.append(panel)
        qtbot.addWidget(panel)
        panel.resize(1000, 800)
        panel.set_document(document)
        panel.show()
        qtbot.waitExposed(panel)
        return panel

    yield open_
    for panel in opened:
        panel.stop()
