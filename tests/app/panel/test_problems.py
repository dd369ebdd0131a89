"""The problems of a real flow, as they come and go."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from app.panel.problems import Problems
from engine.client.parts import Place
from engine.model import edits
from tests.app.feed.looping import until
from tests.app.panel.paged import FLOW, beside

BAD = FLOW.replace("config: {count: 3}", "config: {count: -3}").replace("'def f(x): return x.lower()'", "'def f(x: return'")


def rows(problems):
    model = problems.model
    return [(model.index(row, 0).data(), model.index(row, 1).data()) for row in range(model.rowCount())]


def click(problems, row):
    spot = problems.table.visualRect(problems.model.index(row, 1)).center()
    QTest.mouseClick(problems.table.viewport(), Qt.MouseButton.LeftButton, pos=spot)


def test_they_are_named_and_a_click_goes_there(on_page):
    async def work(page):
        with beside(Problems(), page, 800, 200) as problems:
            counts: list[int] = []
            problems.count_changed.connect(counts.append)
            await until(lambda: problems.model.rowCount() == 2)
            (first, why), (second, _) = rows(problems)
            assert "'read'" in first
            assert "count" in why
            assert "innermost" in second
            assert counts[-1] == 2
            click(problems, 1)
            assert page.board.place == Place(("tidy", "deep"))
            assert page.viewer.selected_keys() == ["innermost"]
            QTest.keyClick(problems.table, Qt.Key.Key_Up)
            QTest.keyClick(problems.table, Qt.Key.Key_Return)
            assert page.board.place == Place()
            assert page.viewer.selected_keys() == ["read"]

    on_page(work, BAD)


def test_they_go_when_they_are_mended(on_page):
    async def work(page):
        with beside(Problems(), page, 800, 200) as problems:
            await until(lambda: problems.model.rowCount() == 2)
            page.document.edit("x", edits.configure(page.document.flow, "read", config={"count": 3}))
            await until(lambda: problems.model.rowCount() == 1)
            page.document.edit("x", edits.edit_code(page.document.flow, "innermost", "def f(x): return x", "clean/deeper"))
            await until(lambda: not problems.table.isVisible())
            assert problems._stack.blank.words.startswith("No problems")
            page.document.undo_stack.undo()
            await until(problems.table.isVisible)

    on_page(work, BAD)


def test_the_place_that_is_shown_comes_before_the_first(on_page):
    twice = BAD.replace("- {id: tidy, flow: clean}", "- {id: tidy, flow: clean}\n  - {id: again, flow: clean}")

    async def work(page):
        with beside(Problems(), page, 800, 200) as problems:
            await until(lambda: problems.model.rowCount() >= 2)
            row = next(n for n, (where, _) in enumerate(rows(problems)) if "innermost" in where)
            page.board.show_place(Place(("again", "deep")))
            click(problems, row)
            assert page.board.place == Place(("again", "deep"))
            page.board.show_place(Place())
            click(problems, row)
            assert page.board.place == Place(("tidy", "deep"))

    on_page(work, twice)


def test_they_can_be_copied(on_page):
    async def work(page):
        with beside(Problems(), page, 800, 200) as problems:
            await until(lambda: problems.model.rowCount() == 2)
            problems.table.selectAll()
            QTest.keyClick(problems.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
            assert len(QGuiApplication.clipboard().text().splitlines()) == 2

    on_page(work, BAD)


def test_without_a_page(on_page):
    async def work(page):
        with beside(Problems(), None, 800, 200) as problems:
            assert problems._stack.blank.words == "No flow is open."

    on_page(work)
