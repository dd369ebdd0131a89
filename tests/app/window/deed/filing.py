"""Deeds for actions that make, open, write and close flows. They follow one another, from the welcome page to the end."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from app.flows.flows_dialog import FlowsDialog
from engine.model.codec import read_flow
from tests.app.desk import Desk, shown, until
from tests.app.hand import press
from tests.app.window.deed.deed import by_menu, deed
from tests.app.window.test_by_mouse import name_file, when_asked

FILES = "files"


@deed(FILES, "new_flow")
def new_flow(desk: Desk, folder: Path) -> None:
    assert desk.window.page is None
    by_menu(desk, "new_flow")
    until(lambda: desk.window.page is not None)
    assert not desk.flow.steps


@deed(FILES, "save_file_as")
def save_file_as(desk: Desk, folder: Path) -> None:
    path = folder / "mine.flow.yaml"
    when_asked(lambda _: name_file(desk, str(path)))
    by_menu(desk, "save_file_as")
    until(lambda: "Saved to" in desk.window.strip.message)
    assert not read_flow(path).steps


@deed(FILES, "save_file")
def save_file(desk: Desk, folder: Path) -> None:
    desk.type("\tlog")  # Tab offers what can be added
    press(desk.window, Qt.Key.Key_Return)
    assert set(desk.flow.steps) == {"log"}
    desk.window.strip.show_message("")
    by_menu(desk, "save_file")
    until(lambda: "Saved to" in desk.window.strip.message)
    assert set(read_flow(folder / "mine.flow.yaml").steps) == {"log"}


@deed(FILES, "show_welcome")
def show_welcome(desk: Desk, folder: Path) -> None:
    page = desk.page
    desk.saved()
    by_menu(desk, "show_welcome")
    assert desk.window.page is None
    recent: list[QPushButton] = []

    def look() -> bool:
        recent[:] = [each for each in desk.window.front.findChildren(QPushButton) if "1 processor," in each.text()]
        return bool(recent)

    until(look)
    desk.click(recent[0])
    until(lambda: desk.window.page is page)


@deed(FILES, "close_flow")
def close_flow(desk: Desk, folder: Path) -> None:
    by_menu(desk, "close_flow")
    until(lambda: desk.window.pages() == [])


@deed(FILES, "open_file")
def open_file(desk: Desk, folder: Path) -> None:
    path = folder / "other.flow.yaml"
    path.write_text("{pyfi: 1, name: other, processors: [{id: x, type: log}]}", encoding="utf-8")
    when_asked(lambda _: name_file(desk, str(path)))
    by_menu(desk, "open_file")
    until(lambda: desk.window.page is not None)
    assert set(desk.flow.steps) == {"x"}


@deed(FILES, "open_stored")
def open_stored(desk: Desk, folder: Path) -> None:
    before = desk.page
    by_menu(desk, "open_stored")
    dialog = shown(FlowsDialog)
    until(lambda: dialog.flows.model.rowCount() == 2)
    desk.type("flow")
    press(dialog, Qt.Key.Key_Return)
    until(lambda: desk.window.page not in (None, before))
    assert set(desk.flow.steps) == {"log"}


@deed(FILES, "quit")
def quit_program(desk: Desk, folder: Path) -> None:
    by_menu(desk, "quit")
    until(lambda: not desk.window.isVisible())
