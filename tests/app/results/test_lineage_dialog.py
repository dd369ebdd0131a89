"""Where messages came from and what became of them, seen by clicks and keys, with a real engine."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QTableWidget

from app.results.lineage_dialog import LineageDialog
from app.results.queue_dialog import QueueDialog
from engine.model.codec import load_flow
from tests.app.feed.looping import run, until
from tests.engine.client.launching import engine_of

FLOW = load_flow("""
pyfi: 1
name: traced
processors:
  - {id: six, type: generate, config: {count: 6}}
  - {id: threes, type: merge, config: {count: 3}}
  - {id: hold, type: log, enabled: false}
connections:
  - {from: six.success, to: threes.in, fuse: false}
  - {from: threes.success, to: hold.in, fuse: false}
""")
KEY = "threes.success->hold.in"


def column(table: QTableWidget, number: int) -> list[str]:
    items = [table.item(row, number) for row in range(table.rowCount())]
    return [item.text() for item in items if item is not None]


async def held(engine) -> None:
    await engine.launch()
    await engine.run("traced", FLOW, engine.folder)
    while (await engine.deployment("traced")).connections[KEY].messages < 2:
        pass


def test_a_processors_messages_are_listed_and_each_is_drawn(qapp, qtbot, tmp_path):
    async def test() -> None:
        async with engine_of(tmp_path) as engine:
            await held(engine)
            dialog = LineageDialog(engine, "traced", step="threes")
            dialog.show()
            await until(lambda: dialog.events.rowCount() == 8)
            assert sorted(column(dialog.events, 1)) == ["arrived"] * 6 + ["sent"] * 2
            sent = column(dialog.events, 1).index("sent")
            dialog.events.selectRow(sent)
            message = column(dialog.events, 3)[sent]
            await until(lambda: dialog.places.rowCount() == 7 and dialog._places[-1].id == message)
            assert column(dialog.places, 1) == ["six"] * 6 + ["threes"]
            assert column(dialog.places, 3) == ["made here"] * 3 + ["passed on"] * 3 + ["waits"]
            assert dialog.places.currentRow() == 6
            # A click on a box chooses its row; the row above is a key away.
            place = dialog._places[0].id
            qtbot.mouseClick(dialog.tree, Qt.MouseButton.LeftButton, pos=dialog.tree.spot(place).center().toPoint())
            assert dialog.places.currentRow() == 0
            qtbot.keyClick(dialog.places, Qt.Key.Key_Down)
            assert dialog.places.currentRow() == 1
            boxes = [dialog.tree.spot(each.id) for each in dialog._places]
            assert all(not one.intersects(other) for one in boxes for other in boxes if one is not other)
            assert boxes[0].right() < boxes[3].left() < boxes[3].right() < boxes[6].left()
            assert not dialog.tree.grab().isNull()
            dialog.close()

    run(qapp, test())


def test_a_message_of_a_queue_is_traced_from_there(qapp, qtbot, tmp_path):
    async def test() -> None:
        async with engine_of(tmp_path) as engine:
            await held(engine)
            queue = QueueDialog(engine, "traced", KEY)
            queue.show()
            await until(lambda: queue.table.rowCount() == 2)
            qtbot.mouseClick(queue.lineage_button, Qt.MouseButton.LeftButton)
            (dialog,) = [
                each for each in QApplication.topLevelWidgets() if isinstance(each, LineageDialog) and each.isVisible()
            ]
            await until(lambda: dialog.places.rowCount() == 7)
            assert not dialog.events.isVisible()
            assert dialog.status.text() == "7 places"
            dialog.close()
            queue.close()
            lost = LineageDialog(engine, "traced", message="six#99")
            lost.show()
            await until(lambda: "nothing is known of a message six#99" in lost.status.text())
            lost.close()

    run(qapp, test())
