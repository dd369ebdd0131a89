"""Uses the real desktop, offscreen, and tells a test on stdout how far it is: `edit_and_wait.py edit|look TROUBLE FLOW`.

`edit` has the database refuse whatever comes, in the way that TROUBLE names, then moves a card by the mouse, types a name by
`Document.edit`, and waits to be killed. `look` prints the flow as it is shown, then what the database says of it, and quits.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PySide6.QtCore import QPointF, QTimer
from PySide6.QtWidgets import QApplication

from app.document.keeper import Kept
from app.document.kept import head_of
from app.document.safe import ROOM_BYTES
from app.start import start
from app.window.main_window import MainWindow
from engine.model import edits
from engine.settings import data_folder
from tests.app.desk import Desk, until


def say(word: str, **more: object) -> None:
    print(json.dumps({"word": word, **more}), flush=True)


def edit(desk: Desk, trouble: str) -> None:
    page = desk.page
    until(lambda: head_of(data_folder() / "kept" / f"{page.book.id}.flow") is not None)
    desk.look(400, 200)
    if trouble == "full":
        # No file may grow any more, as on a disk that is full: SQLite's log cannot, for one.
        resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM_BYTES, ROOM_BYTES))
    say("ready")
    if trouble != "full":
        sys.stdin.readline()  # until the test has done to the database what it wants
    desk.hand.drag(desk.middle("a"), desk.middle("a") + QPointF(40, 100))
    for number in range(200 if trouble == "full" else 1):
        page.document.edit("Rename", edits.rename(page.document.flow, "b", f"edit {number}"))
        if trouble == "full":
            until(lambda: page.keeper.state is Kept.UNSAVED or page.keeper.is_safe)
            if page.keeper.state is Kept.UNSAVED:
                break
    say("edited", name=page.document.flow.steps["b"].name, place=page.document.flow.steps["a"].position, why=page.keeper.why)


def look(desk: Desk, trouble: str) -> None:
    page = desk.page
    shown = {"name": page.document.flow.steps["b"].name, "place": page.document.flow.steps["a"].position}
    until(lambda: page.keeper.state in (Kept.SAVED, Kept.UNSAVED) and (page.keeper.is_safe or trouble == "corrupt"))
    say("shown", **shown, saved=page.keeper.is_safe, told=desk.window.strip.message, why=page.keeper.why)


def use(act: Callable[[Desk, str], None], trouble: str) -> None:
    """Once the flow is in front."""
    windows = [widget for widget in QApplication.topLevelWidgets() if isinstance(widget, MainWindow)]
    if not windows or windows[0].page is None:
        QTimer.singleShot(20, lambda: use(act, trouble))
        return
    try:
        act(Desk(windows[0], None), trouble)
    except BaseException:  # noqa: BLE001 - reported to the test
        traceback.print_exc()
        os._exit(3)
    if act is look:
        os._exit(0)


def main() -> int:
    what, trouble, flow = sys.argv[1:]
    act = {"edit": edit, "look": look}[what]

    def begin() -> None:
        if QApplication.instance() is None:
            return
        QTimer.singleShot(0, lambda: use(act, trouble))

    show = MainWindow.show

    def shown(window: MainWindow) -> None:
        show(window)
        begin()

    MainWindow.show = shown  # type: ignore[method-assign]
    return start([flow])


if __name__ == "__main__":
    sys.exit(main())
