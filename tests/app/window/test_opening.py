"""Ways in: files dropped anywhere, recent flows, a second start of the program."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from app.document.keeper import Kept
from app.window.about_dialog import AboutDialog
from app.window.doorman import Doorman, door_of, hand_over
from app.window.recent_menu import RecentMenu
from engine.client.library import Library
from engine.client.version import version
from engine.model.codec import dump_flow
from tests.app.desk import Desk, result, until
from tests.app.hand import press
from tests.app.window.test_drawing import CHAIN
from tests.engine.cli.command import environment


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / "files" / f"{name}.flow.yaml" for name in ("one", "two")]
    paths[0].parent.mkdir()
    for path in paths:
        path.write_text(dump_flow(CHAIN).replace("name: chain", f"name: {path.name.partition('.')[0]}"))
    return paths


def drop(desk: Desk, widget: QWidget, data: QMimeData) -> bool:
    """Drag something over the window to a widget and let go, as the window system would; whether it is taken."""
    handle = desk.window.windowHandle()
    assert handle is not None
    at = QPointF(widget.mapTo(desk.window, widget.rect().center()))
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(at.toPoint(), copy, data, left, none)
    QApplication.sendEvent(handle, enter)
    if not enter.isAccepted():
        return False
    event = QDropEvent(at, copy, data, left, none)
    QApplication.sendEvent(handle, event)
    return event.isAccepted()


def dragged(*paths: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def titles(desk: Desk) -> list[str]:
    return [page.title for page in desk.window.pages()]


def test_files_dropped_on_the_welcome_page_and_on_tabs_open(told, files):
    def tell(desk: Desk) -> None:
        assert drop(desk, desk.window._welcome, dragged(files[0]))
        until(lambda: titles(desk) == ["one"])
        assert drop(desk, desk.window._tabs, dragged(files[1], files[0]))
        until(lambda: sorted(titles(desk)) == ["one", "two"])
        words = QMimeData()
        words.setText("no file")
        assert not drop(desk, desk.window._tabs, words)

    told(tell)


def test_a_dropped_file_that_is_no_flow_is_told_of(told, tmp_path):
    def tell(desk: Desk) -> None:
        (tmp_path / "notes.txt").write_text("just words")
        assert drop(desk, desk.window._welcome, dragged(tmp_path / "notes.txt"))
        until(lambda: "notes.txt" in desk.window.strip.message)
        assert desk.window.pages() == []

    told(tell)


def recent(desk: Desk) -> dict[str, bool]:
    """The entries of the submenu once the File menu is open, and whether each can be chosen."""
    menu = desk.window.findChild(RecentMenu)
    assert isinstance(menu, RecentMenu)
    renewed: list[bool] = []
    menu.renewed.connect(lambda: renewed.append(True))
    menu.renew()
    until(lambda: bool(renewed))
    return {each.text(): each.isEnabled() for each in menu.actions() if each.text()}


def test_recent_flows_are_offered_and_can_be_forgotten(told, files):
    def tell(desk: Desk) -> None:
        menu = desk.window.findChild(RecentMenu)
        assert isinstance(menu, RecentMenu)
        assert recent(desk) == {"Nothing was opened yet": False, "&Clear This List": False}
        first = desk.open_again(str(files[0]))
        desk.open_again(str(files[1]))
        assert list(recent(desk)) == ["two", "one", "&Clear This List"]
        files[0].unlink()
        assert recent(desk)["one"]  # the flow itself is in the database
        assert next(each for each in menu.actions() if each.text() == "one").toolTip() == f"its file is gone: {files[0]}"
        desk.window.commands.go(desk.window.farewell.close_page(first))
        until(lambda: titles(desk) == ["two"])
        next(each for each in menu.actions() if each.text() == "one").trigger()
        until(lambda: sorted(titles(desk)) == ["one", "two"])
        desk.window.commands.go(desk.window.farewell.close_page(desk.window.pages()[-1]))
        until(lambda: titles(desk) == ["two"])
        with Library(desk.url) as library:
            library.delete(first.book.id)
        gone = f"one.flow.yaml (the file {files[0]} is gone, and the flow was deleted)"
        until(lambda: recent(desk).get(gone) is False)
        next(each for each in menu.actions() if each.text() == "&Clear This List").trigger()
        assert recent(desk) == {"Nothing was opened yet": False, "&Clear This List": False}

    told(tell)


def test_a_flow_deleted_elsewhere_whose_edits_wait_can_be_opened_from_the_recent_ones(told):
    def tell(desk: Desk) -> None:
        page = desk.open(CHAIN)
        with Library(desk.url) as library:
            library.delete(page.book.id)
        page.editing.rename("a", "precious")
        until(lambda: page.keeper.state is Kept.UNSAVED)
        desk.window.farewell.set_warned(page, warned=True)
        result(desk.window.farewell.close_page(page))
        assert titles(desk) == []
        assert recent(desk)["chain"]
        menu = desk.window.findChild(RecentMenu)
        assert isinstance(menu, RecentMenu)
        next(each for each in menu.actions() if each.text() == "chain").trigger()
        until(lambda: titles(desk) == ["chain"])
        assert desk.page.document.flow.steps["a"].name == "precious"
        until(lambda: desk.page.keeper.state is Kept.UNSAVED)
        desk.window.farewell.set_warned(desk.page, warned=True)  # the window may go

    told(tell)


def test_edits_that_cannot_be_used_are_told_of_with_their_place(told):
    def tell(desk: Desk) -> None:
        page = desk.open(CHAIN)
        id = page.book.id
        result(desk.window.farewell.close_page(page))
        kept = desk.window.shelf._kept_folder / f"{id}.flow"
        kept.write_bytes(kept.read_bytes().replace(b'"format":1', b'"format":9').replace(b'"waiting":0', b'"waiting":1'))
        desk.open_again(id)
        assert str(kept.parent / "unread" / "1") in desk.window.notice.words.text()

    told(tell)


def start_again(folder: Path, *arguments: str) -> str:
    """What a second program, over the same data folder, says of whether its flows were taken."""
    code = "import sys, pathlib; from app.window.doorman import *; print(hand_over(sys.argv[2:], pathlib.Path(sys.argv[1])))"
    command = [sys.executable, "-c", code, str(folder), *arguments]
    with subprocess.Popen(command, env=environment(), cwd=folder.parent, stdout=subprocess.PIPE, text=True) as second:
        until(lambda: second.poll() is not None)
        assert second.stdout is not None
        return second.stdout.read().strip()


def test_a_second_start_opens_its_files_in_the_window_that_is_there(told, files, tmp_path):
    def tell(desk: Desk) -> None:
        door = Doorman(desk.window, tmp_path / "data")
        assert start_again(tmp_path / "data", "files/one.flow.yaml", str(files[1])) == "True"
        until(lambda: sorted(titles(desk)) == ["one", "two"])
        assert start_again(tmp_path / "data", "missing.flow.yaml") == "True"
        until(lambda: "missing.flow.yaml" in desk.window.strip.message)
        assert str(tmp_path) in desk.window.strip.message  # as seen from where it was asked
        door.close()

    told(tell)


def test_without_a_window_a_start_is_a_start_also_where_one_was_killed(told, tmp_path):
    def tell(desk: Desk) -> None:
        assert not hand_over(["x"], tmp_path / "data")
        code = (
            "import sys, os; from PySide6.QtCore import QCoreApplication; from PySide6.QtNetwork import QLocalServer;"
            "a = QCoreApplication([]); s = QLocalServer(); print(s.listen(sys.argv[1]), flush=True); os.kill(os.getpid(), 9)"
        )
        killed = subprocess.run([sys.executable, "-c", code, door_of(tmp_path / "data")], stdout=subprocess.PIPE, check=False)
        assert killed.stdout == b"True\n"
        assert not hand_over(["x"], tmp_path / "data")
        door = Doorman(desk.window, tmp_path / "data")
        assert start_again(tmp_path / "data", "no-such-flow") == "True"
        until(lambda: "no-such-flow" in desk.window.strip.message)
        door.close()

    told(tell)


def test_what_is_said_at_the_door_must_be_understood(told, tmp_path):
    def tell(desk: Desk) -> None:
        from PySide6.QtNetwork import QLocalSocket

        door = Doorman(desk.window, tmp_path / "data")
        for words in (b"hello\n", b"[]\n", json.dumps({"close": 1}).encode() + b"\n"):
            socket = QLocalSocket()
            socket.connectToServer(door_of(tmp_path / "data"))
            socket.write(words)
            until(lambda socket=socket: socket.state() == QLocalSocket.LocalSocketState.UnconnectedState)
        assert desk.window.pages() == []
        door.close()

    told(tell)


def test_about_names_the_version_and_every_licence_and_can_be_copied(told):
    def tell(desk: Desk) -> None:
        desk.window.actions_by_id["about"].trigger()
        dialog = next(each for each in desk.window.findChildren(AboutDialog) if each.isVisible())
        parts = [dialog.list.item(number).text() for number in range(dialog.list.count())]
        assert parts[0] == f"pyfi {version()}"
        assert {"PySide6_Essentials", "SQLAlchemy", "NodeGraphQt", "msgspec"} <= {part.split()[0] for part in parts}
        assert "MIT" in dialog.text.toPlainText()
        dialog.list.setFocus()
        press(dialog, Qt.Key.Key_Down)
        assert dialog.text.toPlainText().startswith(parts[1])
        desk.click(dialog.copy_button)
        copied = QGuiApplication.clipboard().text()
        assert copied.startswith(f"PYFI {version()}\nPython 3.")
        assert all(part.split()[0] in copied for part in parts)
        press(dialog, Qt.Key.Key_Escape)

    told(tell)
