"""When the program itself goes wrong: one dialog, a report, and the work goes on."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QFileDialog, QLineEdit

from app.crash.catcher import Catcher
from app.crash.report_dialog import ReportDialog
from engine.errors import StorageFull
from tests.app.desk import Desk, story, until
from tests.app.hand import press
from tests.app.window.test_drawing import CHAIN

pytestmark = pytest.mark.qt_no_exception_capture


@pytest.fixture
def told(qtbot, tmp_path: Path, monkeypatch) -> Iterator[Callable[[Callable[[Desk], None]], None]]:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setattr(sys, "excepthook", lambda *_: None)
    monkeypatch.setattr(threading, "excepthook", lambda _: None)
    catcher = Catcher()

    def begin(tell: Callable[[Desk], None]) -> None:
        def with_catcher(desk: Desk) -> None:
            desk.window.trouble.follow(catcher)
            tell(desk)

        story(tmp_path, with_catcher)

    yield begin
    catcher.close()


def dialogs(desk: Desk) -> list[ReportDialog]:
    return [each for each in desk.window.findChildren(ReportDialog) if each.isVisible()]


def test_a_fault_in_a_slot_opens_one_dialog_and_the_work_goes_on(told, tmp_path):
    def tell(desk: Desk) -> None:
        page = desk.open(CHAIN)
        timer = QTimer()
        timer.setInterval(5)
        count = [0]

        def slot() -> None:
            count[0] += 1
            raise ZeroDivisionError("in a slot")

        timer.timeout.connect(slot)
        timer.start()
        until(lambda: count[0] > 20)
        timer.stop()
        (dialog,) = dialogs(desk)
        assert "Something went wrong in PYFI" in dialog.head.text()
        assert "All your edits are saved." in dialog.words.text()
        report = dialog.text.toPlainText()
        assert "ZeroDivisionError: in a slot" in report
        assert "1 open with 4 cards shown, all saved" in report
        page.editing.rename("a", "While it is open")  # nothing waits for an answer
        assert desk.saved().steps["a"].name == "While it is open"
        desk.click(dialog.copy_button)
        assert QGuiApplication.clipboard().text() == report
        kept = list((tmp_path / "state" / "pyfi" / "reports").iterdir())
        assert [path.read_text().strip() for path in kept] == [report.strip()]
        desk.click(dialog.go_on_button)
        assert dialogs(desk) == []
        slot_again = count[0]
        timer.start()
        until(lambda: count[0] > slot_again + 3)
        timer.stop()
        assert dialogs(desk) == []  # the same fault is not told twice

    told(tell)


def test_another_fault_meanwhile_is_added_to_the_open_report(told):
    def tell(desk: Desk) -> None:
        sys.excepthook(ValueError, ValueError("first"), None)
        thread = threading.Thread(target=lambda: 1 // 0)
        thread.start()
        thread.join()
        until(lambda: bool(dialogs(desk)) and "ZeroDivisionError" in dialogs(desk)[0].text.toPlainText())
        (dialog,) = dialogs(desk)
        assert "ValueError: first" in dialog.text.toPlainText()
        press(dialog, Qt.Key.Key_Escape)
        assert dialogs(desk) == []

    told(tell)


def test_what_the_world_does_is_told_in_a_sentence(told):
    def tell(desk: Desk) -> None:
        sys.excepthook(StorageFull, StorageFull("the disk is full; free some space"), None)
        assert dialogs(desk) == []
        assert desk.window.strip.message == "the disk is full; free some space"

    told(tell)


def test_a_report_can_be_made_at_any_time_and_saved(told, tmp_path):
    def tell(desk: Desk) -> None:
        desk.open(CHAIN)
        desk.window.actions_by_id["report_problem"].trigger()
        (dialog,) = dialogs(desk)
        assert "nothing is sent anywhere" in dialog.words.text()
        assert "chain" not in dialog.text.toPlainText()
        desk.click(dialog.save_button)
        until(lambda: any(each.isVisible() for each in dialog.findChildren(QFileDialog)))
        files = next(each for each in dialog.findChildren(QFileDialog) if each.isVisible())
        files.findChildren(QLineEdit)[0].setText(str(tmp_path / "mine.txt"))
        press(files, Qt.Key.Key_Return)
        until((tmp_path / "mine.txt").exists)
        assert (tmp_path / "mine.txt").read_text() == dialog.text.toPlainText()
        assert dialog.said.text().startswith("Saved to ")
        dialog._save(str(tmp_path / "no" / "folder.txt"))
        assert dialog.said.text() == "Not saved (No such file or directory); choose another place."
        press(dialog, Qt.Key.Key_Escape)

    told(tell)


def test_the_folder_of_the_log_is_shown(told, tmp_path, monkeypatch):
    def tell(desk: Desk) -> None:
        (tmp_path / "state" / "pyfi").mkdir(parents=True)
        # What the system shows folders with is no program of ours; PySide 6.11 lets nobody set a handler of URLs.
        opened: list[str] = []
        monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
        desk.window.actions_by_id["show_log_folder"].trigger()
        assert opened == [str(tmp_path / "state" / "pyfi")]

    told(tell)
