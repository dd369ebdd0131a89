"""The pattern library in the real window: saved, found, dragged, inserted, renamed, deleted, shared."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QMenu, QMessageBox

from app.library.library_panel import LibraryPanel
from app.library.pattern_dialog import PatternDialog
from app.library.pattern_list import PATTERN
from engine.client.pattern import Pattern
from engine.model.codec import load_flow, read_flow
from engine.model.flow import Subflow
from engine.model.layout import placed
from tests.app.desk import Desk, story, until
from tests.app.hand import CTRL, NONE, SHIFT, press, type_in

FLOW = placed(
    load_flow("""
pyfi: 1
name: chain
parameters: {least: 3}
processors:
  - {id: a, type: generate, config: {count: 3}}
  - {id: b, type: filter, config: {keep: "content > ${least}"}}
  - {id: c, type: python, code: 'def f(x): return x'}
  - {id: d, type: log}
connections:
  - {from: a.success, to: b.in}
  - {from: b.success, to: c.in}
  - {from: c.success, to: d.in}
layout: {a: [0, 0], b: [450, 0], c: [900, 0], d: [1350, 0]}
""")
)
SHIPPED = ["Batch writer with rotation", "Enrich by HTTP with a cache", "Retry with back-off", "Split, process, merge"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PYFI_SETTINGS", str(tmp_path / "settings.toml"))
    monkeypatch.delenv("PYFI_PATTERNS", raising=False)
    (tmp_path / "settings.toml").write_text(f'patterns = ["{tmp_path / "mine"}"]\n')
    return tmp_path / "mine"


@pytest.fixture
def told(qtbot, tmp_path: Path, folder: Path) -> Callable[[Callable[[Desk], None]], None]:
    return lambda tell: story(tmp_path, tell)


def opened(desk: Desk) -> LibraryPanel:
    """The library beside a flow, in front."""
    desk.open(FLOW)
    desk.look(700, 250, 0.8)
    desk.window.docks.show("library", focus=False)
    panel = desk.window.library
    until(lambda: desk.window.first_paint.is_through and panel.list.count() >= len(SHIPPED))
    desk.window.activateWindow()  # there is no window manager to do it
    until(desk.window.isActiveWindow)
    return panel


def names(panel: LibraryPanel) -> list[str]:
    return [panel.list.item(row).text() for row in range(panel.list.count())]


def pick(panel: LibraryPanel, name: str) -> None:
    """Click a pattern."""
    row = names(panel).index(name)
    item = panel.list.item(row)
    panel.list.scrollToItem(item)
    QTest.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, NONE, panel.list.visualItemRect(item).center())
    assert panel.list.pattern is not None
    assert panel.list.pattern.name == name


def with_dialog(act: Callable[[], None]) -> None:
    """Do something in the dialog that comes next."""

    def on_shown() -> None:
        if QApplication.activeModalWidget() is None:
            QTimer.singleShot(20, on_shown)
            return
        act()

    QTimer.singleShot(20, on_shown)


def fill_in(desk: Desk, name: str, description: str = "", tags: str = "") -> Callable[[], None]:
    """Type into the dialog of a pattern, by keys alone, and save."""

    def act() -> None:
        assert isinstance(QApplication.activeModalWidget(), PatternDialog)
        press(desk.window, Qt.Key.Key_A, CTRL)
        type_in(desk.window, name)
        press(desk.window, Qt.Key.Key_Tab)
        type_in(desk.window, description)
        press(desk.window, Qt.Key.Key_Tab)
        type_in(desk.window, tags)
        press(desk.window, Qt.Key.Key_Return)

    return act


def save_b_and_c(desk: Desk, name: str = "Keep it") -> None:
    desk.hand.click(desk.middle("b"))
    desk.hand.click(desk.middle("c"), modifiers=CTRL)
    with_dialog(fill_in(desk, name, "Keeps large ones.", "filter, large"))
    desk.window.actions_by_id["save_pattern"].trigger()


def drop(desk: Desk, pattern: Pattern, spot: QPointF, keys: Qt.KeyboardModifier = NONE) -> None:
    """What dragging from the library ends with."""
    panel = desk.window.library
    items = [panel.list.item(row) for row in range(panel.list.count())]
    data = panel.list.mimeData([item for item in items if item.data(PATTERN) == pattern])
    at = QPointF(desk.viewer.mapFromScene(spot))
    desk.viewer.dropEvent(QDropEvent(at, Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, keys))
    QApplication.processEvents()


def current(panel: LibraryPanel) -> Pattern:
    assert panel.list.pattern is not None
    return panel.list.pattern


def test_a_selection_is_saved_shown_and_dragged_back_either_way(told, folder):
    def tell(desk: Desk) -> None:
        panel = opened(desk)
        assert names(panel) == SHIPPED
        save_b_and_c(desk)
        assert names(panel) == ["Keep it", *SHIPPED]
        assert current(panel).name == "Keep it"
        assert (folder / "keep-it.flow.yaml").read_text().startswith("pyfi: 1\nname: Keep it\n")
        before = desk.flow
        drop(desk, current(panel), QPointF(500, 400))
        assert desk.chosen == ["keep-it"]
        step = desk.flow.steps["keep-it"]
        assert isinstance(step, Subflow)
        assert step.position == (500, 400)
        assert desk.flow.definitions["keep-it"].header.inputs == ("in",)
        desk.key(Qt.Key.Key_Z, CTRL)
        assert desk.flow == before, "one step of the history"
        drop(desk, current(panel), QPointF(500, 400), SHIFT)
        assert desk.chosen == ["b-2", "c-2"]
        assert "b-2.success->c-2.in" in desk.flow.connections
        assert desk.flow.definitions == {}

    told(tell)


def test_a_pattern_goes_into_a_connection_and_is_found_by_the_search_for_parts(told):
    def tell(desk: Desk) -> None:
        panel = opened(desk)
        save_b_and_c(desk)
        links = desk.page.board.sheet.links
        drop(desk, current(panel), links.label_rect(links.rows["c.success->d.in"]).center())
        assert {"c.success->keep-it.in", "keep-it.success->d.in"} <= set(desk.flow.connections)
        desk.viewer.setFocus()
        desk.hand.move(QPointF(500, 500))
        desk.key(Qt.Key.Key_Tab)
        desk.type("keep it")
        desk.key(Qt.Key.Key_Return)
        assert isinstance(desk.flow.steps["keep-it-2"], Subflow)
        assert list(desk.flow.definitions) == ["keep-it"], "the same definition serves both"

    told(tell)


def test_the_library_works_by_keys_alone(told):
    def tell(desk: Desk) -> None:
        panel = opened(desk)
        desk.window.docks.show("library")
        until(panel.field.hasFocus, 5)
        desk.type("cache #nothing")
        assert names(panel) == []
        assert "“cache #nothing”" in panel._stack.blank.words
        desk.key(Qt.Key.Key_Escape)
        desk.type("http")
        assert names(panel) == ["Enrich by HTTP with a cache"]
        desk.key(Qt.Key.Key_Return)
        assert "enrich-by-http" in desk.flow.steps
        assert desk.viewer.hasFocus()
        desk.window.docks.show("library")
        desk.key(Qt.Key.Key_Escape)
        desk.key(Qt.Key.Key_Down)
        assert current(panel).name == SHIPPED[1 if panel.list.currentRow() == 1 else panel.list.currentRow()]
        panel.list.choose("Split, process, merge")
        desk.key(Qt.Key.Key_Return, SHIFT)
        assert {"split", "work", "merge"} <= set(desk.flow.steps)

    told(tell)


def test_a_name_that_is_taken_is_asked_about(told, folder):
    def tell(desk: Desk) -> None:
        opened(desk)
        save_b_and_c(desk)
        was = (folder / "keep-it.flow.yaml").read_text()
        for answer, replaced in (("Cancel", False), ("Replace", True)):
            desk.hand.click(desk.middle("d"))

            def answered(answer: str = answer) -> None:
                fill_in(desk, "Keep it")()
                with_dialog(lambda: choose(answer))

            with_dialog(answered)
            desk.window.actions_by_id["save_pattern"].trigger()
            assert ((folder / "keep-it.flow.yaml").read_text() != was) is replaced
        assert "log" in (folder / "keep-it.flow.yaml").read_text()

    def choose(answer: str) -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        [button] = [each for each in box.buttons() if each.text().replace("&", "") == answer]
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    told(tell)


def test_a_pattern_is_renamed_deleted_and_brought_back(told, folder):
    def tell(desk: Desk) -> None:
        panel = opened(desk)
        save_b_and_c(desk)
        pick(panel, "Keep it")
        with_dialog(fill_in(desk, "Keep them", " More.", ""))
        press(panel.list, Qt.Key.Key_F2)
        assert names(panel) == ["Keep them", *SHIPPED]
        assert current(panel).tags == ("filter", "large")
        assert [path.name for path in folder.iterdir()] == ["keep-them.flow.yaml"]
        text = (folder / "keep-them.flow.yaml").read_text()
        pick(panel, "Keep them")
        press(panel.list, Qt.Key.Key_Delete)
        assert names(panel) == SHIPPED
        assert list(folder.iterdir()) == []
        menu_action(panel, "Undo Delete").trigger()
        assert names(panel) == ["Keep them", *SHIPPED]
        assert (folder / "keep-them.flow.yaml").read_text() == text
        pick(panel, SHIPPED[0])
        press(panel.list, Qt.Key.Key_Delete)
        assert names(panel) == ["Keep them", *SHIPPED], "what came with PYFI stays"
        assert not menu_action(panel, "Rename …").isEnabled()

    told(tell)


def menu_action(panel: LibraryPanel, words: str):
    panel.menu.aboutToShow.emit()
    return next(action for action in panel.menu.actions() if action.text() == words)


def test_what_others_put_into_the_folder_appears_and_broken_files_say_why(told, folder):
    def tell(desk: Desk) -> None:
        panel = opened(desk)
        save_b_and_c(desk)
        until(lambda: str(folder) in panel._watcher.directories())
        (folder / "theirs.flow.yaml").write_text("pyfi: 1\nname: Theirs\nprocessors: [{id: x, type: log}]\n")
        (folder / "broken.flow.yaml").write_text("pyfi: 1\nname: Broken\nprocessors: [{id: x}]\n")
        until(lambda: "Theirs" in names(panel))
        assert names(panel)[:3] == ["broken", "Keep it", "Theirs"]
        pick(panel, "broken")
        assert "`type` is missing" in current(panel).problem
        assert "`type` is missing" in panel._foot.text()
        assert not panel.list.currentItem().flags() & Qt.ItemFlag.ItemIsDragEnabled
        before = desk.flow
        press(panel.list, Qt.Key.Key_Return)
        assert desk.flow == before
        assert any("cannot be used" in label.text() for label in desk.window.strip.findChildren(QLabel))

    told(tell)


def test_files_come_in_and_go_out(told, folder, tmp_path, monkeypatch):
    source, target = tmp_path / "other.flow.yaml", tmp_path / "out.flow.yaml"
    source.write_text("# theirs\npyfi: 1\nname: Other\nprocessors: [{id: x, type: log}]\n")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_, **__: (str(source), ""))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, **__: (str(target), ""))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_, **__: str(tmp_path / "team"))
    (tmp_path / "team").mkdir()
    (tmp_path / "team" / "shared.flow.yaml").write_text("pyfi: 1\nname: Shared\nprocessors: [{id: x, type: log}]\n")

    def tell(desk: Desk) -> None:
        panel = opened(desk)
        menu_action(panel, "Import …").trigger()
        assert names(panel) == ["Other", *SHIPPED]
        assert (folder / "other.flow.yaml").read_text() == source.read_text()
        pick(panel, SHIPPED[0])
        menu_action(panel, "Export …").trigger()
        assert read_flow(target).name == SHIPPED[0]
        menu_action(panel, "Add a Folder …").trigger()
        until(lambda: "Shared" in names(panel))
        menu_action(panel, "Undo Delete")
        folders = next(action for action in panel.menu.actions() if action.text() == "Folders").menu()
        assert isinstance(folders, QMenu)
        [_, team] = [action.menu() for action in folders.actions()]
        assert isinstance(team, QMenu)
        next(action for action in team.actions() if action.text() == "Leave It Out").trigger()
        until(lambda: "Shared" not in names(panel))
        assert str(folder) in (tmp_path / "settings.toml").read_text()

    told(tell)


def test_the_menu_of_a_pattern_opens_where_it_is_clicked(told):
    def tell(desk: Desk) -> None:
        panel = opened(desk)
        pick(panel, SHIPPED[2])
        panel.list.customContextMenuRequested.emit(QPoint(20, 20))
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        next(action for action in menu.actions() if action.text() == "Insert Loose Parts").trigger()
        menu.close()
        assert {"work", "decide", "wait", "keep"} <= set(desk.flow.steps)

    told(tell)
