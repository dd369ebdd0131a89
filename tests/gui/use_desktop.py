"""Uses the real program as a person would, on the screen that DISPLAY names: `use_desktop.py draw|reopen FLOW`.

The program runs as `main.py app FLOW` runs it; mouse and keys come to its window through the window system's own queue. Prints
what was seen as one line of JSON. Exit status 3: it did not go as it should.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PySide6.QtCore import QPointF, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from app.canvas.card_columns import NUMBERS
from app.start import start
from app.window.main_window import MainWindow
from engine.model.codec import dump_flow
from tests.app.desk import Desk, until
from tests.app.hand import CTRL

MESSAGES = 40
NO_KEY = Qt.KeyboardModifier.NoModifier


def shown(desk: Desk, card: str, number: str) -> int:
    """A number as a card shows it."""
    cards = desk.page.board.sheet.cards
    return int(cards.numbers[cards.rows[card], NUMBERS.index(number)])


def draw(desk: Desk) -> dict[str, Any]:
    """Draw, run, see counts, undo, redo; quit while the flow is still known to the engine."""
    desk.look(400, 200)
    desk.hand.drag(desk.port("numbers", "success"), QPointF(560, 80))
    desk.type("log")
    desk.key(Qt.Key.Key_Return)
    joined = "numbers.success->log.in" in desk.flow.connections
    desk.look(400, 200)
    desk.hand.drag(desk.middle("log"), desk.middle("log") + QPointF(40, 100))
    place = desk.place("log")
    desk.key(Qt.Key.Key_F5)
    until(lambda: shown(desk, "log", "in") >= MESSAGES, 120)
    counts = {card: shown(desk, card, column) for card, column in (("numbers", "out"), ("log", "in"))}
    desk.key(Qt.Key.Key_Z, CTRL)
    undone = desk.place("log") != place
    desk.key(Qt.Key.Key_Y, CTRL)
    desk.saved()
    return {"joined": joined, "counts": counts, "undone": undone, "place": desk.place("log"), "dropped": place}


def reopen(desk: Desk) -> dict[str, Any]:
    """Look at what is there after the start; the engine still knows the flow."""
    until(lambda: desk.window.conductor.state_of(desk.page) != "", 60)
    return {"place": desk.place("log"), "history": desk.page.document.undo_stack.count()}


def use(act: Callable[[Desk], dict[str, Any]]) -> None:
    """Wait for the window, use it, quit it by its key."""
    try:
        until(lambda: any(isinstance(each, MainWindow) and each.page is not None for each in QApplication.topLevelWidgets()))
        window = next(each for each in QApplication.topLevelWidgets() if isinstance(each, MainWindow))
        desk = Desk(window, None)
        window.activateWindow()
        desk.viewer.setFocus()
        seen = act(desk)
        seen |= {"platform": QGuiApplication.platformName(), "flow": dump_flow(desk.flow)}
        print(json.dumps(seen), flush=True)
        desk.key(Qt.Key.Key_Q, CTRL)
        QTimer.singleShot(1000, lambda: _let_run(desk))
    except BaseException:  # noqa: BLE001 - Qt would go on
        traceback.print_exc()
        os._exit(3)


def _let_run(desk: Desk) -> None:
    """Answer the question whether flows go on, if it is asked: they do."""
    if QApplication.activeModalWidget() is not None:
        desk.key(Qt.Key.Key_Return, NO_KEY)


def main() -> int:
    """Start the program; what is done with it happens on its own loop."""
    act = {"draw": draw, "reopen": reopen}[sys.argv[1]]
    application = QApplication([])
    QTimer.singleShot(0, lambda: use(act))
    status = start(sys.argv[2:])
    del application
    return status


if __name__ == "__main__":
    sys.exit(main())
