"""The log on the screen: it follows, folds, filters, and leads to the steps."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from app.feed.feed import Line
from app.panel.log_model import MOST, STEP, TEXT
from app.panel.log_panel import LogPanel
from engine.client.parts import Place
from tests.app.feed.looping import until
from tests.app.panel.paged import beside, rest

LEFT = Qt.MouseButton.LeftButton
TRACE = "1 message failed\nTraceback (most recent call last):\n  File 'parse', line 3\nValueError: no number"


def say(panel, page, count=1, step="parse", level="info", text=""):
    for n in range(count):
        panel.add_lines(page, [Line(1_000_000 + n, step, level, text or f"line {n}")])


def texts(panel):
    log = panel.view.log
    return [log.index(row, TEXT).data() for row in range(log.rowCount())]


def click(panel, row, column):
    index = panel.view.log.index(row, column)
    QTest.mouseClick(panel.view.viewport(), LEFT, pos=panel.view.visualRect(index).center())


def test_it_follows_unless_one_looks_back(on_page):
    async def work(page):
        with beside(LogPanel(), page, 900, 250) as panel:
            say(panel, page, 100)
            await until(lambda: panel.view.log.rowCount() == 100)
            assert panel.view.follows
            assert panel.view.rowAt(panel.view.viewport().height() - 1) in (-1, 99)
            assert panel.view.rowAt(panel.view.viewport().height() // 2) > 90
            panel.view.verticalScrollBar().setValue(40)
            assert not panel.follow.isChecked()
            say(panel, page, 100)
            await until(lambda: panel.view.log.rowCount() == 200)
            assert panel.view.rowAt(0) == 40
            QTest.mouseClick(panel.follow, LEFT)
            assert panel.view.follows
            say(panel, page, 10)
            await until(lambda: panel.view.log.rowCount() == 210)
            assert panel.view.follows

    on_page(work)


def test_it_still_follows_when_it_comes_to_the_front_and_at_another_height(on_page):
    async def work(page):
        with beside(LogPanel(), page, 900, 250) as panel:
            panel.hide()
            say(panel, page, 100)
            await until(lambda: panel.view.log.rowCount() == 100)
            panel.show()
            await until(lambda: panel.view.verticalScrollBar().maximum() > 0)
            for height in (150, 400, 180):
                panel.resize(900, height)
                say(panel, page, 5)
                before = panel.view.log.rowCount()
                await until(lambda before=before: panel.view.log.rowCount() == before + 5)
                await rest(0.02)
                bar = panel.view.verticalScrollBar()
                assert bar.value() == bar.maximum()
                assert panel.follow.isChecked()
            QTest.mouseClick(panel.follow, LEFT)
            at = bar.value()
            say(panel, page, 5, text="more")
            await until(lambda: texts(panel)[-1] == "more")
            await rest(0.02)
            assert bar.value() == at

    on_page(work)


def test_the_oldest_are_forgotten_and_what_one_looks_at_stays(on_page):
    async def work(page):
        with beside(LogPanel(), page, 900, 250) as panel:
            say(panel, page, MOST)
            await until(lambda: panel.view.log.rowCount() == MOST)
            panel.view.verticalScrollBar().setValue(3000)
            seen = texts(panel)[3000]
            say(panel, page, 1000, text="new")
            await until(lambda: texts(panel)[-1] == "new")
            assert len(panel.view.log) == MOST
            await rest(0.02)
            assert texts(panel)[panel.view.rowAt(0)] == seen
            assert not panel.view.follows

    on_page(work)


def test_many_lines_come_in_few_changes(on_page):
    async def work(page):
        with beside(LogPanel(), page, 900, 250) as panel:
            changes: list[int] = []
            panel.view.log.rowsInserted.connect(lambda *_: changes.append(1))
            say(panel, page, 3000)
            await until(lambda: panel.view.log.rowCount() == 3000)
            assert len(changes) == 1

    on_page(work)


def test_a_traceback_is_one_line_that_opens(on_page):
    async def work(page):
        with beside(LogPanel(), page, 900, 250) as panel:
            say(panel, page, level="error", text=TRACE)
            await until(lambda: panel.view.log.rowCount() == 1)
            click(panel, 0, TEXT)
            assert texts(panel)[1:] == [
                "    Traceback (most recent call last):",
                "      File 'parse', line 3",
                "    ValueError: no number",
            ]
            QTest.keyClick(panel.view, Qt.Key.Key_Left)
            assert texts(panel) == ["1 message failed"]
            QTest.keyClick(panel.view, Qt.Key.Key_Right)
            assert len(texts(panel)) == 4
            QTest.keyClick(panel.view, Qt.Key.Key_Down)
            QTest.keyClick(panel.view, Qt.Key.Key_Left)
            assert texts(panel) == ["1 message failed"]

    on_page(work)


def test_it_is_filtered_by_level_step_and_text(on_page):
    async def work(page):
        with beside(LogPanel(), page, 900, 250) as panel:
            say(panel, page, step="read", level="debug", text="cold")
            say(panel, page, step="read", level="info", text="begins")
            say(panel, page, step="parse", level="warning", text="slow begin")
            say(panel, page, step="parse", level="error", text="failed")
            await until(lambda: panel.view.log.rowCount() == 4)
            QTest.keyClick(panel.level_box, Qt.Key.Key_Down)
            assert texts(panel) == ["begins", "slow begin", "failed"]
            QTest.mouseClick(panel.bulletins, LEFT)
            assert texts(panel) == ["slow begin", "failed"]
            QTest.keyClicks(panel.field, "begin")
            assert texts(panel) == ["slow begin"]
            QTest.mouseClick(panel.bulletins, LEFT)
            assert texts(panel) == ["begins", "slow begin"]
            panel.step_box.setCurrentIndex(panel.step_box.findData("read"))
            assert texts(panel) == ["begins"]
            panel.field.setText("nowhere")
            assert "None of the lines" in panel._stack.blank.words
            say(panel, page, step="read", text="nowhere to be seen")
            await until(lambda: texts(panel) == ["nowhere to be seen"])

    on_page(work)


def test_a_click_on_the_step_goes_there(on_page):
    async def work(page):
        with beside(LogPanel(), page, 900, 250) as panel:
            say(panel, page, step="tidy/deep/innermost")
            say(panel, page, step="gone")
            say(panel, page, step="read")
            await until(lambda: panel.view.log.rowCount() == 3)
            click(panel, 0, STEP)
            assert page.board.place == Place(("tidy", "deep"))
            assert page.viewer.selected_keys() == ["innermost"]
            click(panel, 1, STEP)
            assert page.board.place == Place(("tidy", "deep"))
            click(panel, 2, TEXT)
            QTest.keyClick(panel.view, Qt.Key.Key_Return)
            assert page.viewer.selected_keys() == ["read"]

    on_page(work)


def test_copy_and_clear(on_page):
    async def work(page):
        with beside(LogPanel(), page, 900, 250) as panel:
            say(panel, page, level="error", text=TRACE)
            say(panel, page, text="second")
            await until(lambda: panel.view.log.rowCount() == 2)
            click(panel, 0, TEXT)
            panel.view.selectAll()
            QTest.keyClick(panel.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
            copied = QGuiApplication.clipboard().text()
            assert copied.count("ValueError: no number") == 1
            assert copied.endswith("INFO parse second")
            QTest.mouseClick(panel.clear_button, LEFT)
            assert len(panel.view.log) == 0
            assert panel.step_box.count() == 1
            assert "Nothing was said yet" in panel._stack.blank.words

    on_page(work)


@pytest.mark.parametrize("shows", [True, False])
def test_each_page_keeps_its_log_whether_it_is_shown_or_not(on_page, shows):
    async def work(page):
        with beside(LogPanel(), page if shows else None, 900, 250) as panel:
            say(panel, page, 3)
            await until(lambda: not panel._rest.isActive())
            panel.show_page(None)
            assert texts(panel) == []
            assert panel._stack.blank.words == "No flow is open."
            panel.show_page(page)
            assert texts(panel) == ["line 0", "line 1", "line 2"]

    on_page(work)


def test_what_was_missed_is_said(on_page):
    async def work(page):
        with beside(LogPanel(), page, 900, 250) as panel:
            panel.note_missed(12345)
            await until(lambda: panel.view.log.rowCount() == 1)
            assert texts(panel)[0].startswith("12,345 lines")

    on_page(work)
