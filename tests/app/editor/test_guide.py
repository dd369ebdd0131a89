"""Parameters, documentation and definitions, by the real helper process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QHelpEvent, QTextCursor
from PySide6.QtWidgets import QApplication, QToolTip

from app.editor.completion_client import CompletionClient
from app.editor.guide import Guide
from app.editor.language import JAVASCRIPT, PYTHON
from app.editor.source_dialog import SourceDialog

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
LONG_MS = 30_000
CODE = """\
import json


def scale(x: int, *, by=2) -> int:
    "Make it larger."
    return x * by


def process(x, ctx):
    """


@pytest.fixture(scope="module")
def client(qapp) -> Iterator[CompletionClient]:
    client = CompletionClient()
    yield client
    client.stop()


@pytest.fixture
def guide(editor, client) -> Guide:
    guide = Guide(editor, client)
    editor.load(CODE, PYTHON)
    editor.go_to(10, 5)
    return guide


def test_the_parameters_follow_what_is_typed_and_go_with_the_call(editor, guide, qtbot):
    qtbot.keyClicks(editor, "ctx.emit(")
    qtbot.waitUntil(guide.tip.isVisible, timeout=LONG_MS)
    assert ">port: str</b>, content: Any, attributes: Mapping[str, str] | None=None) → None" in guide.tip.text()
    assert "Send content to an output." in guide.tip.text()
    qtbot.keyClicks(editor, "'a', x")
    qtbot.waitUntil(lambda: ">content: Any</b>" in guide.tip.text(), timeout=LONG_MS)
    qtbot.keyClicks(editor, ")")
    qtbot.waitUntil(guide.tip.isHidden, timeout=LONG_MS)


def test_the_parameters_come_by_a_key_and_go_by_escape(editor, guide, qtbot):
    qtbot.keyClicks(editor, "scale('(")
    with qtbot.assertNotEmitted(editor.left):
        qtbot.waitUntil(guide.tip.isVisible, timeout=LONG_MS)
        qtbot.keyClick(editor, Qt.Key.Key_Escape)
        assert guide.tip.isHidden()
        qtbot.keyClick(editor, Qt.Key.Key_Space, CONTROL | SHIFT)
        qtbot.waitUntil(guide.tip.isVisible, timeout=LONG_MS)
        assert ">x: int</b>" in guide.tip.text()


def test_a_pointer_that_rests_is_told_what_is_there(editor, guide, qtbot):
    qtbot.keyClicks(editor, "scale")
    cursor = QTextCursor(editor.document())
    cursor.setPosition(len(CODE) + 2)
    point = editor.cursorRect(cursor).center()
    QApplication.sendEvent(editor.viewport(), QHelpEvent(QHelpEvent.Type.ToolTip, point, editor.viewport().mapToGlobal(point)))
    qtbot.waitUntil(QToolTip.isVisible, timeout=LONG_MS)
    assert "<b>def scale(x: int, *, by=2) -&gt; int</b>" in QToolTip.text()
    assert "Make it larger." in QToolTip.text()
    empty = QPoint(editor.viewport().width() - 5, point.y())
    with qtbot.assertNotEmitted(editor.description_requested):
        QApplication.sendEvent(
            editor.viewport(), QHelpEvent(QHelpEvent.Type.ToolTip, empty, editor.viewport().mapToGlobal(empty))
        )


def test_a_key_tells_what_is_at_the_cursor_until_it_moves(editor, guide, qtbot):
    qtbot.keyClicks(editor, "ctx.attempt")
    qtbot.keyClick(editor, Qt.Key.Key_I, CONTROL)
    qtbot.waitUntil(lambda: QToolTip.isVisible() and "attempt: int" in QToolTip.text(), timeout=LONG_MS)
    qtbot.keyClick(editor, Qt.Key.Key_Left)
    qtbot.waitUntil(lambda: not QToolTip.isVisible(), timeout=LONG_MS)


def test_a_key_goes_to_a_definition_behind_an_annotated_ctx(editor, guide, qtbot):
    editor.load("def process(ctx, much): return much", PYTHON)
    editor.go_to(1, 33)
    qtbot.keyClick(editor, Qt.Key.Key_F12)
    qtbot.waitUntil(lambda: editor.place() == (1, 17), timeout=LONG_MS)
    # And there is a way back, and forward again, until the text is another one.
    assert not editor.trail.go(1)
    assert editor.trail.go(-1)
    assert editor.place() == (1, 32)
    assert not editor.trail.go(-1)
    assert editor.trail.go(1)
    assert editor.place() == (1, 17)
    editor.load("", PYTHON)
    assert not editor.trail.go(-1)


def test_a_definition_in_a_library_is_shown_to_be_read(editor, guide, qtbot):
    qtbot.keyClicks(editor, "json.loads")
    with qtbot.waitSignal(guide.source_requested, timeout=LONG_MS) as asked:
        qtbot.keyClick(editor, Qt.Key.Key_F12)
    dialog = SourceDialog(asked.args[0])
    qtbot.addWidget(dialog)
    dialog.open_beside()
    assert dialog.editor.textCursor().block().text().startswith("def loads(")
    assert dialog.editor.isReadOnly()
    with qtbot.waitSignal(dialog.destroyed, timeout=LONG_MS):
        qtbot.keyClick(dialog.editor, Qt.Key.Key_Escape)


def test_what_has_no_definition_is_said(editor, guide, qtbot):
    qtbot.keyClicks(editor, "ctx.emit")
    qtbot.keyClick(editor, Qt.Key.Key_F12)
    qtbot.waitUntil(lambda: QToolTip.isVisible() and "No definition" in QToolTip.text(), timeout=LONG_MS)
    QToolTip.hideText()


def test_other_languages_ask_nothing(editor, guide, client, qtbot):
    editor.load("", JAVASCRIPT)
    number = client.ask("", 1, 0)
    qtbot.keyClicks(editor, "f(a,")
    qtbot.keyClick(editor, Qt.Key.Key_F12)
    assert client.ask("", 1, 0) == number + 1
