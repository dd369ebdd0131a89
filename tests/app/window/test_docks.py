"""The docks of the real window: shown and hidden, remembered, and fed."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from app.document.shelf import Shelf
from app.feed.feed import Line
from app.theme.apply import apply
from app.theme.theme import DARK
from app.window.docks import arrangement_path
from app.window.main_window import MainWindow
from engine.client.engine import Engine
from engine.client.parts import Place
from tests.app.feed.looping import run, until
from tests.app.panel.paged import FLOW, rest

PANELS = ("palette", "outline", "minimap", "operate", "problems", "log")


@contextlib.asynccontextmanager
async def window(folder: Path) -> AsyncIterator[MainWindow]:
    """A main window on the screen; nothing is asked of an engine."""
    made = MainWindow(Shelf(folder, f"sqlite:///{folder / 'flows.db'}"), Engine(folder / "ws"))
    made.show()
    gone: list[bool] = []
    made.closed.connect(lambda: gone.append(True))
    try:
        await until(lambda: made.first_paint.is_through)  # panels that are made after the window is painted take the keyboard
        yield made
    finally:
        made.close()
        await until(lambda: bool(gone))
        made.deleteLater()
        await rest(0.01)


@pytest.fixture
def in_window(qapp, tmp_path, monkeypatch) -> Callable[..., None]:
    """Runs a test's coroutine with a window, a flow file, and folders of its own."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    qapp.setQuitOnLastWindowClosed(False)
    apply(qapp, DARK)
    (tmp_path / "orders.flow.yaml").write_text(FLOW, encoding="utf-8")

    def carry_out(work) -> None:
        run(qapp, work(tmp_path))

    return carry_out


async def opened(made: MainWindow, folder: Path):
    page = await made.open_book(made.shelf.open(str(folder / "orders.flow.yaml")))
    await rest(0.05)
    return page


def shown(made: MainWindow) -> set[str]:
    return {id for id in PANELS if made.docks.is_shown(id)}


def test_the_welcome_page_stands_alone_and_a_flow_has_its_panels(in_window):
    async def work(folder):
        async with window(folder) as made:
            assert shown(made) == set()
            assert not made.actions_by_id["show_outline"].isEnabled()
            page = await opened(made, folder)
            assert shown(made) == set(PANELS)
            assert made.docks.palette.isVisible()
            assert made.docks.outline.page is page
            made.show_welcome()
            assert shown(made) == set()
            assert made.docks.outline.page is None
            await opened(made, folder)
            assert shown(made) == set(PANELS)
            assert made.docks.outline.page is page

    in_window(work)


def test_keys_bring_panels_to_the_front_and_away(in_window):
    async def work(folder):
        async with window(folder) as made:
            await opened(made, folder)
            QTest.keyClick(made, Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
            await rest(0.05)
            assert made.docks.outline.tree.isVisible()
            assert not made.docks.outline.tree.visibleRegion().isEmpty()
            assert made.focusWidget() is made.docks.outline.tree
            QTest.keyClick(made, Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
            await rest(0.05)
            assert shown(made) == set(PANELS) - {"outline"}
            assert not made.actions_by_id["show_outline"].isChecked()
            QTest.keyClick(made, Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
            assert "outline" in shown(made)
            assert made.actions_by_id["show_outline"].isChecked()

    in_window(work)


def test_every_dock_is_in_the_view_menu_and_in_the_command_palette(in_window):
    async def work(folder):
        async with window(folder) as made:
            made.docks.add("extra", "Extra", QLabel("more"), "bottom")
            listed = {action.text() for action in made._menus["view"].actions()}
            for id in (*PANELS, "extra"):
                assert made.docks.dock(id).windowTitle().partition(" (")[0] in listed
                assert f"show_{id}" in made.actions_by_id
            assert not made.docks.is_shown("extra")
            await opened(made, folder)
            assert made.docks.is_shown("extra")

    in_window(work)


def test_the_arrangement_is_remembered(in_window):
    async def work(folder):
        async with window(folder) as made:
            made.docks.restore()
            await opened(made, folder)
            made.resize(1400, 700)
            made.docks.dock("minimap").hide()
            made.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, made.docks.dock("log"))
            made.docks.show("outline")
            await rest(0.05)
        assert arrangement_path().is_relative_to(folder)
        assert arrangement_path().exists()
        async with window(folder) as made:
            made.docks.restore()
            assert made.height() == 700  # the width is that of the screen that is none, or what the docks need
            assert shown(made) == set()
            await opened(made, folder)
            assert shown(made) == set(PANELS) - {"minimap"}
            assert made.dockWidgetArea(made.docks.dock("log")) == Qt.DockWidgetArea.RightDockWidgetArea
            assert not made.docks.outline.visibleRegion().isEmpty()
            assert made.docks.palette.visibleRegion().isEmpty()
            made.show_welcome()
        async with window(folder) as made:
            made.docks.restore()
            await opened(made, folder)
            assert shown(made) == set(PANELS) - {"minimap"}
            assert made.components.isVisible()

    in_window(work)


def test_nothing_is_remembered_unless_that_was_asked_for(in_window):
    async def work(folder):
        async with window(folder) as made:
            await opened(made, folder)
        assert not arrangement_path().exists()

    in_window(work)


@pytest.mark.parametrize("content", [b"", b"[General]\nstate=@ByteArray(nonsense)\nshown=42\n", b"\x00\xff\x00"])
def test_a_broken_arrangement_is_none(in_window, content):
    async def work(folder):
        arrangement_path().parent.mkdir(parents=True)
        arrangement_path().write_bytes(content)
        async with window(folder) as made:
            made.docks.restore()
            await opened(made, folder)
            assert shown(made) == set(PANELS)

    in_window(work)


def test_problems_are_counted_in_the_title_and_lines_reach_the_log(in_window):
    async def work(folder):
        file = folder / "orders.flow.yaml"
        file.write_text(FLOW.replace("count: 3", "count: -3"), encoding="utf-8")
        async with window(folder) as made:
            page = await opened(made, folder)
            await until(lambda: made.docks.dock("problems").windowTitle() == "Problems (1)")
            made.conductor.lines_logged.emit(page, [Line(0, "read", "info", "hello")], "")
            await until(lambda: made.docks.log.view.log.rowCount() == 1)

    in_window(work)


def test_copying_in_the_log_is_not_copying_on_the_canvas(in_window, qapp):
    async def work(folder):
        async with window(folder) as made:
            page = await opened(made, folder)
            page.viewer.select(["read"])
            made.conductor.lines_logged.emit(page, [Line(0, "read", "info", "hello from the log")], "")
            await until(lambda: made.docks.log.view.log.rowCount() == 1)
            made.docks.show("log")
            made.docks.log.view.selectAll()
            QTest.keyClick(made.docks.log.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
            assert qapp.clipboard().text().endswith("hello from the log")
            page.viewer.setFocus()
            QTest.keyClick(page.viewer, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
            assert "generate" in qapp.clipboard().text()

    in_window(work)


def test_the_search_of_everything_understands_filters(in_window):
    async def work(folder):
        async with window(folder) as made:
            page = await opened(made, folder)
            QTest.keyClick(made, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
            finder = made.finder
            QTest.keyClicks(finder._field, "group:deeper innermost python")
            assert [finder._list.item(row).text().split()[0] for row in range(finder._list.count())] == ["innermost"]
            finder._field.clear()
            QTest.keyClicks(finder._field, "success")
            found = [finder._list.item(row).text() for row in range(finder._list.count())]
            assert any(" → " in each for each in found)
            assert not any("->" in each for each in found)
            finder._field.clear()
            QTest.keyClicks(finder._field, "group:deeper innermost python")
            QTest.keyClick(finder._field, Qt.Key.Key_Return)
            assert page.board.place == Place(("tidy", "deep"))
            assert page.viewer.selected_keys() == ["innermost"]

    in_window(work)
