"""Uses the real program as a person would, on the screen that DISPLAY names: `use_desktop.py draw|reopen FLOW`, or `begin`.

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
from PySide6.QtWidgets import QApplication, QPushButton, QToolButton

from app.canvas.card import State
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


def begin(desk: Desk) -> dict[str, Any]:
    """Who has never seen the program: chooses an example on the first page, presses Run, watches."""
    card = desk.window.findChild(QPushButton, "example-playback")
    assert card is not None
    assert card.isVisible()
    desk.click(card)
    until(lambda: desk.window.page is not None)
    button = next(
        each for each in desk.window.findChildren(QToolButton) if each.defaultAction() is desk.window.actions_by_id["run"]
    )
    desk.click(button)
    cards, links = desk.page.board.sheet.cards, desk.page.board.sheet.links
    queue = links.rows["pace.success->place.in"]
    seen: dict[str, set[Any]] = {"counts": set(), "queued": set(), "full": set(), "states": set()}

    def watch() -> bool:
        """Take note of what can be seen just now; whether the flow has ended."""
        seen["counts"].add(shown(desk, "place", "in"))
        seen["queued"].add(int(links.queued[queue, 0]))
        seen["full"].add(bool((links.fill >= 1).any()))
        seen["states"].add(tuple(sorted({State(int(each)).name for each in cards.state[cards.rows.all()]})))
        return desk.window.conductor.state_of(desk.page) == "ended"

    until(watch, 180)
    until(lambda: set(cards.state[cards.rows.all()].tolist()) == {State.ENDED})
    results = desk.window.sides.results
    until(lambda: results.table.rowCount() == 2 and results.text.toPlainText().count("\n") > 10)
    return {
        "counts": len(seen["counts"]),
        "queued": [len(seen["queued"]), min(seen["queued"])],
        "was_full": True in seen["full"],
        "was_green": ("RUNNING",) in seen["states"],
        "bulletins": shown(desk, "place", "bulletins"),
        "results": [results.table.model().index(row, 1).data() for row in range(2)],
    }


def use(act: Callable[[Desk], dict[str, Any]]) -> None:
    """Wait for the window, use it, quit it by its key."""
    try:
        is_there = (lambda window: window.isVisible()) if act is begin else (lambda window: window.page is not None)
        until(lambda: any(isinstance(each, MainWindow) and is_there(each) for each in QApplication.topLevelWidgets()))
        window = next(each for each in QApplication.topLevelWidgets() if isinstance(each, MainWindow))
        desk = Desk(window, None)
        window.activateWindow()
        if window.page is not None:
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
    act = {"draw": draw, "reopen": reopen, "begin": begin}[sys.argv[1]]
    application = QApplication([])
    QTimer.singleShot(0, lambda: use(act))
    status = start(sys.argv[2:])
    del application
    return status


if __name__ == "__main__":
    sys.exit(main())
