"""A queue of a real engine, looked into and emptied by clicks."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMessageBox, QPushButton

from app.results.queue_dialog import QueueDialog
from engine.model.codec import load_flow
from tests.app.feed.looping import run, until
from tests.engine.client.launching import engine_of

FLOW = load_flow("""
pyfi: 1
name: waiting
processors:
  - {id: numbers, type: generate, config: {count: 150}}
  - id: check
    type: python
    code: |
      def check(n):
          if n % 10 == 0:
              raise ValueError(f"{n} is refused")
          return n
  - {id: keep, type: log, enabled: false}
connections:
  - {from: numbers.success, to: check.in}
  - {from: check.success, to: keep.in}
auto_terminate: [keep.success]
""")


def boxes() -> list[QMessageBox]:
    return [each for each in QApplication.topLevelWidgets() if isinstance(each, QMessageBox) and each.isVisible()]


def shown_attributes(dialog: QueueDialog) -> dict[str, str]:
    table = dialog.view.attributes
    cells = [[table.item(row, column) for column in range(2)] for row in range(table.rowCount())]
    return {name.text(): value.text() for name, value in cells if name is not None and value is not None}


def test_messages_are_listed_shown_and_deleted(qapp, qtbot, tmp_path):
    async def test() -> None:
        async with engine_of(tmp_path) as engine:
            await engine.launch()
            await engine.run("waiting", FLOW, tmp_path)
            key = "check.success->keep.in"

            async def waits() -> int:
                return (await engine.deployment("waiting")).connections[key].messages

            while await waits() < 135:
                pass
            dialog = QueueDialog(engine, "waiting", key)
            dialog.show()
            await until(lambda: dialog.table.rowCount() == 100)
            assert dialog.status.text().startswith("100")
            qtbot.mouseClick(dialog.more_button, Qt.MouseButton.LeftButton)
            await until(lambda: dialog.table.rowCount() == 135)
            assert not dialog.more_button.isVisible()
            dialog.table.selectRow(1)
            assert dialog.view.text.toPlainText() == "2"
            qtbot.mouseClick(dialog.purge_button, Qt.MouseButton.LeftButton)
            await until(lambda: bool(boxes()))
            (box,) = boxes()
            assert box.text() == f"Delete the 135 messages that wait in {key}?"
            yes = box.button(QMessageBox.StandardButton.Yes)
            assert isinstance(yes, QPushButton)
            qtbot.mouseClick(yes, Qt.MouseButton.LeftButton)
            await until(lambda: "Deleted" in dialog.status.text() or dialog.status.text() == "The queue is empty.")
            assert await waits() == 0
            dialog.close()

    run(qapp, test())


def test_dead_letters_show_why_and_can_be_tried_again(qapp, qtbot, tmp_path):
    async def test() -> None:
        async with engine_of(tmp_path) as engine:
            await engine.launch()
            await engine.run("waiting", FLOW, tmp_path)
            while (await engine.deployment("waiting")).processors["check"].dead < 15:
                pass
            dialog = QueueDialog(engine, "waiting", "dead:check")
            dialog.show()
            await until(lambda: dialog.table.rowCount() == 15)
            names = shown_attributes(dialog)
            assert names["error.message"] == "0 is refused"
            assert dialog.replay_button.isVisible()
            qtbot.mouseClick(dialog.replay_button, Qt.MouseButton.LeftButton)
            while (await engine.deployment("waiting")).processors["check"].received < 165:
                pass
            dialog.close()

    run(qapp, test())


def test_a_queue_that_cannot_be_asked_says_why(qapp, qtbot, tmp_path):
    async def test() -> None:
        async with engine_of(tmp_path) as engine:
            dialog = QueueDialog(engine, "waiting", "a.b->c.d")
            dialog.show()
            await until(lambda: "no engine serves" in dialog.status.text())
            dialog.close()

    run(qapp, test())


LARGE = load_flow("""
pyfi: 1
name: large
processors:
  - id: make
    type: python
    inputs: []
    outputs: [success]
    function: make
    code: |
      import struct, zlib
      def chunk(kind, data):
          return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
      def make():
          yield "x" * 150_000 + "end"
          yield bytes(range(256)) * 12_000
          yield {"text": "y" * 200_000 + "end", "n": 1}
          yield "z" * 3_000_000
          rows = b"".join(b"\\0" + b"\\xff\\0\\0" * 9 for _ in range(7))
          yield (b"\\x89PNG\\r\\n\\x1a\\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 9, 7, 8, 2, 0, 0, 0))
                 + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))
  - {id: keep, type: log, enabled: false}
connections: [{from: make.success, to: keep.in, fuse: false}]
""")


def test_large_and_binary_contents_are_shown_whole(qapp, qtbot, tmp_path):
    """A text that was cut, bytes and a text that are kept in files, a large text inside JSON, a picture."""

    async def test() -> None:
        async with engine_of(tmp_path) as engine:
            await engine.launch()
            await engine.run("large", LARGE, tmp_path)
            key = "make.success->keep.in"
            while (await engine.deployment("large")).connections[key].messages < 5:
                pass
            dialog = QueueDialog(engine, "large", key)
            dialog.show()
            view = dialog.view
            await until(lambda: view.text.toPlainText().endswith("end"))
            assert len(view.text.toPlainText()) == 150_003
            dialog.table.selectRow(1)
            await until(lambda: view.text.toPlainText().startswith("3,072,000 bytes"))
            assert view.hex.toPlainText().startswith("00000000  00 01 02 03")
            dialog.table.selectRow(2)
            await until(lambda: 'end",' in view.text.toPlainText())
            assert view.text.toPlainText().endswith('  "n": 1\n}')
            dialog.table.selectRow(3)
            await until(lambda: view.text.toPlainText().endswith("… 1,000,000 more characters"))
            assert not view.isTabVisible(view._picture_tab)
            dialog.table.selectRow(4)
            assert view.isTabVisible(view._picture_tab)
            assert (view._picture.pixmap().width(), view._picture.pixmap().height()) == (9, 7)
            assert view.hex.toPlainText().startswith("00000000  89 50 4e 47")
            dialog.close()

    run(qapp, test())


def test_where_no_engine_runs_it_is_offered_to_be_started(qapp, qtbot, tmp_path):
    async def test() -> None:
        async with engine_of(tmp_path) as engine:
            dialog = QueueDialog(engine, "waiting", "dead:check")
            dialog.offer_engine(engine.launch)
            dialog.show()
            await until(lambda: "No engine runs" in dialog.status.text())
            assert not any(button.isEnabled() for button in (dialog.purge_button, dialog.replay_button))
            assert not dialog.more_button.isVisible()
            dialog.activateWindow()
            dialog.status.setFocus(Qt.FocusReason.TabFocusReason)
            qtbot.keyClick(dialog.status, Qt.Key.Key_Tab)
            qtbot.keyClick(dialog.status, Qt.Key.Key_Return)
            await until(lambda: "'waiting'" in dialog.status.text())
            assert engine.is_serving
            dialog.close()

    run(qapp, test())
