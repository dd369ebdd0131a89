"""A message that a breakpoint holds is changed by hand, with real clicks and keys, and goes on as it is then."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QMessageBox

from app.results.edit_message_dialog import EditMessageDialog
from app.results.lineage_dialog import LineageDialog
from app.results.queue_dialog import QueueDialog
from engine.client.engine import Engine
from engine.client.message_edit import Kind, edit_of
from engine.client.place import user
from engine.model.codec import load_flow
from tests.app.feed.looping import run, until
from tests.engine.client.launching import engine_of

FLOW = load_flow("""
pyfi: 1
name: held
processors:
  - id: make
    type: python
    inputs: []
    outputs: [success]
    function: make
    code: |
      def make():
          yield {"n": 1}
          yield "two\\u00a0\\r\\nlines"
          yield b"\\x03\\x04"
          yield b"l" * 3_000_000
          yield 5
  - id: work
    type: python
    code: |
      def work(content):
          return content
  - {id: keep, type: log, enabled: false}
connections:
  - {from: make.success, to: work.in, breakpoint: true}
  - {from: work.success, to: keep.in}
""")
HELD, PASSED = "make.success->work.in", "work.success->keep.in"


@asynccontextmanager
async def listed(folder: Path) -> AsyncIterator[tuple[Engine, QueueDialog]]:
    """The dialog of a queue with five messages that are held."""
    async with engine_of(folder) as engine:
        await engine.launch()
        await engine.run("held", FLOW, folder)
        while (await engine.deployment("held")).connections[HELD].messages < 5:
            pass
        dialog = QueueDialog(engine, "held", HELD)
        dialog.show()
        await until(lambda: dialog.table.rowCount() == 5)
        yield engine, dialog
        dialog.close()


def opened() -> EditMessageDialog:
    (found,) = [each for each in QApplication.topLevelWidgets() if isinstance(each, EditMessageDialog) and each.isVisible()]
    return found


def answer(qtbot: Any, edit: EditMessageDialog, button: QMessageBox.StandardButton) -> None:
    """Click on a button of the question that is asked."""
    (box,) = [each for each in edit.findChildren(QMessageBox) if each.isVisible()]
    qtbot.mouseClick(box.button(button), Qt.MouseButton.LeftButton)


async def edited(qtbot: Any, dialog: QueueDialog, row: int) -> EditMessageDialog:
    """Click on Edit for a row."""
    dialog.table.selectRow(row)
    qtbot.mouseClick(dialog.edit_button, Qt.MouseButton.LeftButton)
    found = opened()
    await until(found.save_button.isEnabled)
    return found


async def saved(qtbot: Any, edit: EditMessageDialog, dialog: QueueDialog) -> None:
    dialog.status.clear()
    qtbot.mouseClick(edit.save_button, Qt.MouseButton.LeftButton)
    await until(lambda: dialog.status.text() == "The message is changed.")


async def typed(qtbot: Any, edit: EditMessageDialog, words: str) -> None:
    """Write into the cell of the attributes that is open, and leave it."""
    line = edit.attributes.findChild(QLineEdit)
    qtbot.keyClicks(line, words)
    qtbot.keyClick(line, Qt.Key.Key_Return)
    await until(lambda: edit.attributes.findChild(QLineEdit) is None)


async def contents(engine: Engine, queue: str) -> list[Any]:
    return [message.content for message in (await engine.messages("held", queue)).messages]


def test_a_held_message_is_edited_and_goes_on_as_it_is_then(qapp, qtbot, tmp_path):
    async def test() -> None:
        async with listed(tmp_path) as (engine, dialog):
            # Given the dialog of the first message, a JSON object, which what is no JSON does not become,
            edit = await edited(qtbot, dialog, 0)
            assert (edit.kind.currentData(), edit.text.toPlainText()) == (Kind.JSON, '{\n  "n": 1\n}')
            edit.text.selectAll()
            qtbot.keyClicks(edit.text, '{"n": ')
            qtbot.mouseClick(edit.save_button, Qt.MouseButton.LeftButton)
            await until(lambda: "this is not JSON" in edit.status.text())
            # when it is written anew, with an attribute,
            qtbot.keyClicks(edit.text, "10}")
            qtbot.mouseClick(edit.add_button, Qt.MouseButton.LeftButton)
            await typed(qtbot, edit, "by")
            edit.attributes.setCurrentCell(0, 1)
            qtbot.keyClick(edit.attributes, Qt.Key.Key_F2)
            await typed(qtbot, edit, "hand")
            await saved(qtbot, edit, dialog)
            # then the list shows it in its place, it says who did it, and the step behind the breakpoint gets it.
            assert dialog.view.text.toPlainText() == '{\n  "n": 10\n}'
            assert dialog.view.attributes.rowCount() == 1
            qtbot.mouseClick(dialog.lineage_button, Qt.MouseButton.LeftButton)
            (lineage,) = dialog.findChildren(LineageDialog)
            await until(lambda: lineage.places.rowCount() == 2)
            told = lineage.places.item(1, 3)
            assert told is not None
            assert "waits, edited " in told.text()
            assert told.text().endswith(f"by {user()}")
            lineage.close()
            assert await engine.release("held", HELD, 1) == 1
            while not (await engine.messages("held", PASSED)).messages:
                pass
            (message,) = (await engine.messages("held", PASSED)).messages
            assert (message.content, message.attributes) == ({"n": 10}, {"by": "hand"})

    run(qapp, test())


def test_text_stays_text_and_bytes_stay_bytes(qapp, qtbot, tmp_path, monkeypatch):
    async def test() -> None:
        async with listed(tmp_path) as (engine, dialog):
            edit = await edited(qtbot, dialog, 1)
            assert edit.kind.currentData() is Kind.TEXT
            qtbot.keyClick(edit.text, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
            qtbot.keyClicks(edit.text, " 2")
            await saved(qtbot, edit, dialog)
            edit = await edited(qtbot, dialog, 2)
            assert (edit.kind.currentData(), edit.text.toPlainText()) == (Kind.HEX, "03 04")
            qtbot.keyClicks(edit.text, "fF 00 ")
            await saved(qtbot, edit, dialog)
            # What is too large to be written is taken from a file, small or large.
            edit = await edited(qtbot, dialog, 3)
            assert edit.text.isReadOnly()
            assert "3,000,000 bytes, too many to be written here" in edit.text.placeholderText()
            file = tmp_path / "content.bin"
            file.write_bytes(b"m" * 2_000_000)
            monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_, **__: (str(file), ""))
            qtbot.mouseClick(edit.file_button, Qt.MouseButton.LeftButton)
            await until(lambda: "becomes the 2,000,000 bytes of content.bin" in edit.text.placeholderText())
            await saved(qtbot, edit, dialog)
            found = await contents(engine, HELD)
            assert found[:3] == [{"n": 1}, "two\u00a0\r\nlines 2", {"$type": "bytes", "size": 4, "base64": "/wADBA=="}]
            assert found[3:] == [{"$type": "claim", "size": 2_000_000, "of": "bytes"}, 5]
            # A click on Save without any change changes nothing.
            before = (await engine.messages("held", HELD)).messages
            edit = await edited(qtbot, dialog, 1)
            qtbot.mouseClick(edit.save_button, Qt.MouseButton.LeftButton)
            await until(lambda: not [each for each in QApplication.topLevelWidgets() if isinstance(each, EditMessageDialog)])
            assert (await engine.messages("held", HELD)).messages == before

    run(qapp, test())


def test_an_edit_that_comes_too_late_says_so_and_changes_nothing(qapp, qtbot, tmp_path):
    async def test() -> None:
        async with listed(tmp_path) as (engine, dialog):
            # When somebody else edits the message meanwhile,
            edit = await edited(qtbot, dialog, 0)
            qtbot.keyClicks(edit.text, " ")
            (first, *_) = (await engine.messages("held", HELD)).messages
            await engine.edit("held", HELD, edit_of(first, content="theirs", attributes=None))
            qtbot.mouseClick(edit.save_button, Qt.MouseButton.LeftButton)
            await until(lambda: "was edited by somebody else meanwhile" in edit.status.text())
            # or it is released, then the dialog stays with what was written, and says why.
            await engine.release("held", HELD, 1)
            while not (await engine.messages("held", PASSED)).messages:
                pass
            qtbot.mouseClick(edit.save_button, Qt.MouseButton.LeftButton)
            await until(lambda: "is no longer in the queue" in edit.status.text())
            assert edit.text.toPlainText() == ' {\n  "n": 1\n}'
            assert await contents(engine, PASSED) == ["theirs"]
            # What was written is not dropped unasked.
            qtbot.keyClick(edit, Qt.Key.Key_Escape)
            answer(qtbot, edit, QMessageBox.StandardButton.Cancel)
            assert edit.isVisible()
            edit.close()
            answer(qtbot, edit, QMessageBox.StandardButton.Discard)
            assert not any(isinstance(each, EditMessageDialog) and each.isVisible() for each in QApplication.topLevelWidgets())

    run(qapp, test())


def test_one_that_was_only_looked_at_closes_at_once(qapp, qtbot, tmp_path):
    async def test() -> None:
        async with listed(tmp_path) as (_, dialog):
            edit = await edited(qtbot, dialog, 1)
            qtbot.keyClick(edit, Qt.Key.Key_Escape)
            assert not any(isinstance(each, EditMessageDialog) and each.isVisible() for each in QApplication.topLevelWidgets())

    run(qapp, test())
