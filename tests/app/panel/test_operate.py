"""What can be done with the selection, and what the panel calls it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest

from app.panel.operate import Operate
from engine.client.parts import Place
from engine.model import edits
from tests.app.panel.paged import beside

IDS = ("start_selected", "stop_selected", "run_once", "enable", "disable", "delete", "run", "stop")


def made() -> tuple[Operate, list[str]]:
    """The panel, with actions that tell what was asked for."""
    asked: list[str] = []
    actions = {id: QAction(f"&{id}") for id in IDS}
    for id, action in actions.items():
        action.triggered.connect(lambda _=False, id=id: asked.append(id))
    return Operate(actions), asked


def test_it_says_what_is_selected(on_page):
    async def work(page):
        with beside(made()[0], page, 300, 100) as operate:
            for keys, words in (
                ([], ("orders", "Flow, 4 steps")),
                (["parse"], ("Parse the lines", "Python")),
                (["tidy"], ("tidy", "Subflow clean")),
                (["read.success->parse.in"], ("raw", "Connection")),
                (["parse", "tidy", "label:note"], ("3 parts", "2 steps, 1 other")),
            ):
                page.viewer.select(keys)
                assert operate.words == words
            page.board.show_place(Place(("tidy", "deep")))
            assert operate.words == ("deep", "Subflow, 1 step")
            page.viewer.select(["input:in"])
            assert operate.words == ("in", "Input port")
            page.document.edit("x", edits.rename(page.document.flow, "innermost", "Core", "clean/deeper"))
            page.viewer.select(["innermost"])
            assert operate.words == ("Core", "Python")

    on_page(work)


def test_buttons_carry_out_the_windows_actions(on_page):
    async def work(page):
        operate, asked = made()
        with beside(operate, page, 300, 100):
            page.viewer.select(["parse"])
            for id in ("start_selected", "stop_selected", "run_once", "enable", "disable", "delete"):
                QTest.mouseClick(operate.buttons[id], Qt.MouseButton.LeftButton)
            assert asked == ["start_selected", "stop_selected", "run_once", "enable", "disable", "delete"]
            page.viewer.select([])
            QTest.mouseClick(operate.buttons["start_selected"], Qt.MouseButton.LeftButton)
            QTest.mouseClick(operate.buttons["stop_selected"], Qt.MouseButton.LeftButton)
            assert asked[-2:] == ["run", "stop"]
            assert all(len(button.actions()) == 1 for button in operate.buttons.values())

    on_page(work)


def test_a_long_name_is_cut_and_told_whole_beside_the_pointer(on_page):
    async def work(page):
        with beside(made()[0], page, 200, 100) as operate:
            name = "a very long name of a step " * 5
            page.document.edit("x", edits.rename(page.document.flow, "read", name.strip()))
            page.viewer.select(["read"])
            assert "…" in operate._name.text()
            assert operate._name.toolTip() == name.strip()

    on_page(work)


def test_without_a_page(on_page):
    async def work(page):
        with beside(made()[0], None, 300, 100) as operate:
            assert operate.words == ("No flow is open", "")
            assert not operate.isEnabled()

    on_page(work)
