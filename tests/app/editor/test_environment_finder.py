"""Completion by the packages that a processor asks for, in an environment that is really made."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt

from app.document.document import Document
from app.editor.code_panel import CodePanel
from engine.model import edits
from engine.model.codec import load_flow
from tests.engine.sources.packages import wheel

LONG_MS = 60_000
CONTROL = Qt.KeyboardModifier.ControlModifier
FLOW = """
pyfi: 1
name: small
requirements: [sun]
processors:
  - {id: a, type: python, code: "import sun\\ndef process(x):\\n    return sun."}
  - {id: b, type: python, requirements: [nowhere-at-all], code: "import json\\njson."}
"""


def test_the_code_knows_its_packages_once_a_trial_has_made_them(qtbot, open_panel, packages):
    wheel(packages, "sun", body="def shine(far: int) -> str:\n    'Give light.'\n    return ''\n")
    document = Document(load_flow(FLOW), packages)
    panel = open_panel(document)
    with qtbot.waitSignal(panel.environment.found, timeout=LONG_MS) as found:
        panel.show_step("", "a")
    assert found.args == [""], "nothing is made for the sake of completion"
    document.edit("", edits.edit_code(document.flow, "a", "import sun\ndef process(x):\n    return sun.shine(1) or sun."))
    assert ask(qtbot, panel) == []
    document.edit("", edits.edit_code(document.flow, "a", "import sun\ndef process(x):\n    return sun.shine(1)"))
    with qtbot.waitSignal(panel.environment.found, timeout=LONG_MS) as found:
        qtbot.mouseClick(panel.try_strip.run_button, Qt.MouseButton.LeftButton)
    assert Path(found.args[0], "bin/python").exists()
    document.edit("", edits.edit_code(document.flow, "a", "import sun\ndef process(x):\n    return sun.shine(1) or sun."))
    assert "shine" in ask(qtbot, panel)
    with qtbot.waitSignal(panel.environment.found, timeout=LONG_MS) as found:
        panel.show_step("", "b")
    assert found.args == [""], "one that is not made is no matter"
    assert "loads" in ask(qtbot, panel)
    panel.stop()


def ask(qtbot, panel: CodePanel) -> list[str]:
    """What may stand at the end of the code, asked for by the keyboard."""
    panel.editor.setFocus()
    panel.editor.go_to(100, 100)
    with qtbot.waitSignal(panel.completion_client.answered, timeout=LONG_MS) as answer:
        qtbot.keyClick(panel.editor, Qt.Key.Key_Space, CONTROL)
    return [each.name for each in answer.args[1]]
