"""Back to where one was in code, by the real keys of the real window: after a definition, after a line, in the flow."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from engine.model.codec import load_flow
from engine.model.layout import placed
from tests.app.desk import Desk, story, until
from tests.app.hand import ALT, CTRL, NONE

K = Qt.Key
CODE = "def scale(x):\n    return 2 * x\n\n\ndef f(x):\n    y = scale(x)\n    return y\n"
FLOW = placed(
    load_flow("""
pyfi: 1
name: nested
processors: [{id: outer, flow: inner}]
subflows:
  - name: inner
    processors: [{id: gem, type: python, code: ""}]
""")
)


def press(key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
    """A key, as it comes to whatever window has the keyboard."""
    window = QApplication.focusWindow()
    assert window is not None
    QTest.keyClick(window, key, modifiers)


def test_alt_left_and_right_lead_through_the_places_in_code(qtbot, tmp_path: Path) -> None:
    def tell(desk: Desk) -> None:
        desk.open(FLOW)
        desk.look(600, 250)
        desk.hand.double_click(desk.middle("outer"))
        inside = desk.page.board.place
        desk.viewer.select(["gem"])
        desk.window.actions_by_id["edit_code"].trigger()
        editor = desk.window.sides.code.editor
        editor.set_text(CODE)
        until(editor.hasFocus)
        # Given somebody who went from a call to the definition, by its key, and from there to a line,
        editor.go_to(6, 10)
        press(K.Key_F12)
        until(lambda: editor.place() == (1, 4))
        press(K.Key_G, CTRL)
        press(K.Key_7)
        press(K.Key_Return)
        assert editor.place()[0] == 7
        # when they press the key of Go Back, they are where they were, also if that has moved meanwhile;
        press(K.Key_Left, ALT)
        assert editor.place() == (1, 4)
        QTest.keyClick(editor, K.Key_Home)
        QTest.keyClicks(editor, "# before")
        press(K.Key_Return)
        press(K.Key_Left, ALT)
        assert editor.place() == (7, 9)
        # forward leads there again;
        press(K.Key_Right, ALT)
        assert editor.place()[0] == 2
        press(K.Key_Right, ALT)
        assert editor.place()[0] == 8
        # with other keys for it in the settings those count in code, too;
        desk.window.preferences.shortcuts.choose("go_back", [QKeySequence("Ctrl+Alt+B")])
        press(K.Key_Left, ALT)
        assert editor.place()[0] == 8
        press(K.Key_B, CTRL | ALT)
        assert editor.place()[0] == 2
        press(K.Key_B, CTRL | ALT)
        assert editor.place() == (7, 9)
        # and where the code has no place before, it is the level of the flow that one goes back to.
        assert desk.page.board.place == inside
        press(K.Key_B, CTRL | ALT)
        assert desk.page.board.place != inside

    story(tmp_path, tell)
