"""What a processor's code was, seen, compared, noted and taken back by clicks and keys, with a real database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.editor.archive import lasting
from app.editor.history_dialog import HistoryDialog
from engine.client.library import CodeVersion
from engine.model.codec import load_flow
from engine.model.flow import Processor
from engine.model.layout import placed
from tests.app.desk import Desk, until

FIRST = "def f(x):\n    return x\n"
FLOW = placed(
    load_flow("""
pyfi: 1
name: told
processors:
  - {id: outer, flow: inner}
subflows:
  - name: inner
    inputs: [in]
    outputs: [success]
    processors:
      - id: p
        type: python
        code: |
          def f(x):
              return x
    connections: [{from: in, to: p.in}, {from: p.success, to: success}]
""")
)


def code_of(desk: Desk) -> str:
    step = desk.flow.definitions["inner"].steps["p"]
    assert isinstance(step, Processor)
    return step.code or ""


def opened(desk: Desk) -> HistoryDialog:
    desk.click(desk.window.sides.code.header.history_button)
    (dialog,) = [each for each in QApplication.topLevelWidgets() if isinstance(each, HistoryDialog) and each.isVisible()]
    until(lambda: "versions" in dialog.status.text() and bool(dialog.left_label.text()))
    return dialog


def edited(desk: Desk) -> None:
    """The code of the processor in the subflow, changed by typing."""
    desk.open(FLOW)
    desk.window.sides._on_code_requested("inner", "p")
    editor = desk.window.sides.code.editor
    editor.go_to(2, 100)
    QTest.keyClicks(editor, " * 2")
    until(lambda: desk.page.keeper.is_safe)


def test_versions_are_compared_and_one_is_taken_back_through_undo(told):
    def tell(desk: Desk) -> None:
        edited(desk)
        steps = desk.page.document.undo_stack.count()
        dialog = opened(desk)
        assert dialog.left_label.text().startswith("Saved ")
        assert dialog.right_label.text() == "Now · the same"
        assert not dialog.restore_button.isEnabled()

        QTest.keyClick(dialog.table, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
        until(dialog.restore_button.isEnabled)
        assert dialog.view.left.text() == FIRST
        assert dialog.view.right.text() == code_of(desk) == FIRST.replace("x\n", "x * 2\n")
        assert dialog.right_label.text() == "Now · +1 \N{MINUS SIGN}1"
        assert dialog.view.places() == [1]

        desk.click(dialog.restore_button)
        assert code_of(desk) == desk.window.sides.code.editor.text() == FIRST
        stack = desk.page.document.undo_stack
        assert stack.count() == steps + 1
        assert stack.undoText().startswith("Take back the code of 'p' as saved ")
        desk.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        assert code_of(desk) == FIRST.replace("x\n", "x * 2\n")
        assert desk.saved() == desk.flow

    told(tell)


def test_a_version_is_compared_with_the_one_before_it(told):
    def tell(desk: Desk) -> None:
        edited(desk)
        dialog = opened(desk)
        dialog.against_box.setFocus()
        QTest.keyClick(dialog.against_box, Qt.Key.Key_Down)
        until(lambda: dialog.right_label.text().startswith("Saved "))
        assert (dialog.view.left.text(), dialog.view.right.text()) == (FIRST, code_of(desk))
        QTest.keyClick(dialog.table, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
        until(lambda: dialog.left_label.text() == "Nothing")
        assert dialog.view.right.text() == FIRST
        QTest.keyClick(dialog, Qt.Key.Key_Escape)

    told(tell)


def test_a_note_stays_with_its_version(told):
    def tell(desk: Desk) -> None:
        edited(desk)
        dialog = opened(desk)
        dialog.note_field.setFocus()
        QTest.keyClicks(dialog.note_field, "doubles")
        QTest.keyClick(dialog.note_field, Qt.Key.Key_Return)
        until(lambda: dialog.table.item(0, 2).text() == "doubles")  # type: ignore[union-attr]
        QTest.keyClick(dialog.table, Qt.Key.Key_Escape)
        assert not dialog.isVisible()

        dialog = opened(desk)
        assert dialog.note_field.text() == "doubles"
        dialog.note_field.setFocus()
        QTest.keyClicks(dialog.note_field, ", at last")
        QTest.keyClick(dialog.note_field, Qt.Key.Key_Escape)
        dialog = opened(desk)
        until(lambda: dialog.note_field.text() == "doubles, at last")
        QTest.keyClick(dialog, Qt.Key.Key_Escape)

    told(tell)


def version(revision: int, second: float, author: str = "ann", note: str = "") -> CodeVersion:
    return CodeVersion(revision, datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=second), author, "", note)


def test_what_stood_only_until_the_next_key_is_left_out():
    versions = [
        version(9, 205),
        version(8, 204.5),
        version(7, 204, note="the good one"),
        version(6, 203.5),
        version(5, 203),
        version(4, 203, "bob"),
        version(3, 101),
        version(2, 100.5),
        version(1, 100),
    ]
    assert [each.revision for each in lasting(versions)] == [9, 7, 4, 3, 1]
    assert lasting([]) == []
