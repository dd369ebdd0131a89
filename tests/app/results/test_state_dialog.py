"""What a processor keeps, seen and cleared by clicks, with a real engine."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMessageBox

from app.results.state_dialog import StateDialog
from engine.model.codec import load_flow
from tests.app.feed.looping import run, until
from tests.engine.client.launching import engine_of

FLOW = load_flow("""
pyfi: 1
name: keeping
processors:
  - {id: five, type: generate, config: {count: 5}}
  - id: sum
    type: python
    outputs: [success, failure]
    code: |
      def f(n, ctx):
          ctx.state["sum"] = ctx.state.get("sum", 0) + n
          ctx.state["all"] = [*ctx.state.get("all", []), n]
          return n
  - {id: ticks, type: generate, config: {count: 0, rate: 0.001}}
connections: [{from: five.success, to: sum.in, fuse: false}]
auto_terminate: [sum.success, ticks.success]
""")


def clicked(qtbot, words: str) -> None:
    """Click a button of the question that is open."""
    (box,) = [each for each in QApplication.topLevelWidgets() if isinstance(each, QMessageBox) and each.isVisible()]
    button = next(each for each in box.buttons() if each.text().replace("&", "") == words)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_rows_are_shown_and_forgotten_when_the_processor_is_stopped(qapp, qtbot, tmp_path):
    async def test() -> None:
        async with engine_of(tmp_path) as engine:
            await engine.launch()
            await engine.run("keeping", FLOW, tmp_path)
            while (await engine.deployment("keeping")).processors["sum"].received < 5:
                pass
            dialog = StateDialog(engine, "keeping", "sum")
            dialog.show()
            await until(lambda: dialog.table.rowCount() == 2)
            items = [[dialog.table.item(row, column) for column in range(3)] for row in range(2)]
            cells = [[item.text() for item in row if item is not None] for row in items]
            assert cells == [["all", "[0, 1, 2, 3, 4]", "list"], ["sum", "10", "int"]]
            assert (dialog.status.text(), dialog.view.text.toPlainText()[:8]) == ("2 rows", "[\n  0,\n ")
            qtbot.keyClick(dialog.table, Qt.Key.Key_Down)
            assert dialog.view.text.toPlainText() == "10"

            qtbot.mouseClick(dialog.clear_button, Qt.MouseButton.LeftButton)
            clicked(qtbot, "Cancel")
            qtbot.mouseClick(dialog.clear_button, Qt.MouseButton.LeftButton)
            clicked(qtbot, "Clear")
            await until(lambda: "is running; stop it" in dialog.status.text())
            assert dialog.table.rowCount() == 2

            await engine.stop_steps("keeping", ["sum"])
            qtbot.mouseClick(dialog.clear_button, Qt.MouseButton.LeftButton)
            clicked(qtbot, "Clear")
            await until(lambda: dialog.status.text() == "2 rows forgotten")
            assert dialog.table.rowCount() == 0
            assert (await engine.state("keeping", "sum")).rows == []
            dialog.close()

    run(qapp, test())


def test_a_source_tells_what_it_has_made(qapp, qtbot, tmp_path):
    async def test() -> None:
        async with engine_of(tmp_path) as engine:
            await engine.launch()
            await engine.run("keeping", FLOW, tmp_path)
            while (await engine.deployment("keeping")).processors["sum"].received < 5:
                pass
            dialog = StateDialog(engine, "keeping", "five")
            dialog.show()
            await until(lambda: dialog.status.text() == "It has made 5 messages since it began.")
            dialog.close()
            gone = StateDialog(engine, "keeping", "none")
            gone.show()
            await until(lambda: "no processor 'none'" in gone.status.text())
            gone.close()

    run(qapp, test())
