"""What has to fit: a window on a small screen, long names, the table of results beside its text."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QTabBar

from app.canvas.measure import MEASURE
from app.panel.palette import Palette
from engine.model.codec import load_flow, read_flow
from engine.model.layout import placed
from engine.resource import resource_path
from tests.app.desk import Desk, story, until

WRITES = load_flow("""
pyfi: 1
name: writes
processors:
  - {id: numbers, type: generate, config: {count: 3}}
  - {id: keep, type: write_lines, config: {path: kept.txt}}
connections: [{from: numbers.success, to: keep.in}]
""")


def test_the_window_fits_a_screen_of_1280_by_720_while_a_flow_runs(qtbot, tmp_path: Path) -> None:
    def tell(desk: Desk) -> None:
        desk.open(WRITES)
        strip = desk.window._strip
        words = "The engine died. It is started again, and flows go on where they were."
        strip.show_engine(words)
        desk.window.resize(1280, 720)
        until(lambda: desk.window.width() == 1280)
        assert desk.window.height() == 720
        assert strip._engine.is_cut
        assert strip._engine.toolTip() == words
        desk.window.resize(2400, 1200)
        until(lambda: strip._engine.text() == words)

    story(tmp_path, tell)


def test_the_whole_playback_is_seen_at_first_on_a_screen_of_1920_by_1080(qtbot, tmp_path: Path) -> None:
    def tell(desk: Desk) -> None:
        desk.window.resize(1920, 1080)
        desk.open(placed(read_flow(resource_path("examples", "playback", "playback.flow.yaml"))))
        desk.window.docks.show("results")
        until(desk.window.sides.results.isVisible)
        assert desk.viewer.scale_factor >= MEASURE.detail
        assert desk.viewer.seen.contains(desk.page.board.sheet.bounds())
        palette = desk.window.findChild(Palette)
        assert palette is not None
        field = palette.field
        hint = field.fontMetrics().horizontalAdvance(field.placeholderText())
        assert hint + 60 < field.width(), "beside the glass and the button that clears"

    story(tmp_path, tell)


def test_a_flow_too_wide_for_its_numbers_is_seen_from_its_beginning(qtbot, tmp_path: Path) -> None:
    def tell(desk: Desk) -> None:
        ids = [f"s{number}" for number in range(8)]
        lines = "".join(f"  - {{id: {id}, type: funnel}}\n" for id in ids)
        places = ", ".join(f"{id}: [{400 * number}, 0]" for number, id in enumerate(ids))
        desk.open(load_flow(f"pyfi: 1\nname: wide\nprocessors:\n{lines}layout: {{{places}}}\n"))
        area = desk.page.board.sheet.bounds()
        assert desk.viewer.scale_factor == pytest.approx(MEASURE.detail)
        assert desk.viewer.seen.left() <= area.left() - 50
        assert desk.viewer.seen.right() < area.right()

    story(tmp_path, tell)


def test_a_tab_with_a_long_name_keeps_its_button_to_close_in_view(qtbot, tmp_path: Path) -> None:
    def tell(desk: Desk) -> None:
        page = desk.open(WRITES)
        page.title_changed.emit("x" * 300)
        tabs = desk.window._tabs
        until(lambda: tabs.tabText(0) == "x" * 300)
        assert tabs.tabRect(0).width() < 320
        button = tabs.tabButton(0, QTabBar.ButtonPosition.RightSide)
        assert button is not None
        assert tabs.tabRect(0).contains(button.geometry())

    story(tmp_path, tell)


def test_the_columns_of_results_can_be_read_without_scrolling(qtbot, tmp_path: Path) -> None:
    def tell(desk: Desk) -> None:
        desk.open(WRITES)
        desk.window.resize(1280, 720)
        table = desk.window.sides.results.table
        desk.window.docks.show("results")
        until(lambda: table.rowCount() == 1 and table.isVisible())
        header = table.horizontalHeader()
        for column in range(table.columnCount()):
            assert header.sectionSize(column) >= header.sectionSizeFromContents(column).width(), column
        assert table.horizontalScrollBar().maximum() == 0

    story(tmp_path, tell)
