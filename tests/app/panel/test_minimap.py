"""The minimap, by its pixels and with a mouse on it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.canvas.card import State
from app.page.canvas_look import colors_of
from app.panel.minimap import REST_MS, Minimap
from app.theme.apply import apply
from app.theme.theme import DARK, LIGHT
from tests.app.panel.paged import beside, rest

LEFT = Qt.MouseButton.LeftButton
SPREAD = """
pyfi: 1
name: spread
processors:
  - {id: a, type: generate, config: {count: 1}}
  - {id: b, type: write_lines, config: {path: out.txt}}
connections: [{from: a.success, to: b.in}]
layout: {a: [0, 0], b: [3000, 1500]}
"""


def colors(widget) -> set[str]:
    image = widget.grab().toImage()
    return {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}


def in_map(minimap, page, key) -> QPoint:
    """Where a card is on the map."""
    cards = page.board.sheet.cards
    return minimap._view.map(cards.rect(cards.rows[key]).center()).toPoint()


def test_a_click_goes_there(on_page):
    async def work(page):
        with beside(Minimap(), page, 280, 160) as minimap:
            page.viewer.look_at(QPointF(150, 50), 1.0)
            spot = in_map(minimap, page, "b")
            QTest.mouseClick(minimap, LEFT, pos=spot)
            cards = page.board.sheet.cards
            assert cards.rect(cards.rows["b"]).contains(page.viewer.centre)
            assert minimap.frame().center().toPoint().x() == pytest.approx(spot.x(), abs=2)

    on_page(work, SPREAD)


def test_the_frame_is_dragged_from_where_it_is_held(on_page):
    async def work(page):
        with beside(Minimap(), page, 280, 160) as minimap:
            page.viewer.look_at(QPointF(1000, 700), 0.5)
            frame = minimap.frame().toRect()
            held = frame.topLeft() + QPoint(5, 4)
            before = page.viewer.centre
            QTest.mousePress(minimap, LEFT, pos=held)
            assert (page.viewer.centre - before).manhattanLength() < 2
            QTest.mouseMove(minimap, held + QPoint(30, 12))
            QTest.mouseRelease(minimap, LEFT, pos=held + QPoint(30, 12))
            moved = minimap.frame().toRect().topLeft() - frame.topLeft()
            assert (moved - QPoint(30, 12)).manhattanLength() <= 2

    on_page(work, SPREAD)


def test_wheel_and_keys_zoom_and_pan(on_page):
    async def work(page):
        with beside(Minimap(), page, 280, 160) as minimap:
            page.viewer.look_at(QPointF(1000, 700), 0.5)
            turn = QPoint(0, 120)
            at = QPointF(100, 80)
            none = Qt.KeyboardModifier.NoModifier
            event = QWheelEvent(
                at,
                minimap.mapToGlobal(at),
                QPoint(),
                turn,
                Qt.MouseButton.NoButton,
                none,
                Qt.ScrollPhase.NoScrollPhase,
                False,  # noqa: FBT003 - Qt's signature
            )
            QApplication.sendEvent(minimap, event)
            assert page.viewer.scale_factor == pytest.approx(0.5 * 1.0015**120)
            before = page.viewer.centre
            QTest.keyClick(minimap, Qt.Key.Key_Right)
            assert page.viewer.centre.x() > before.x()
            QTest.keyClick(minimap, Qt.Key.Key_Minus)
            QTest.keyClick(minimap, Qt.Key.Key_Home)
            assert page.viewer.seen.contains(page.board.sheet.bounds())

    on_page(work, SPREAD)


def test_the_picture_follows_what_there_is(on_page):
    async def work(page):
        with beside(Minimap(), page, 280, 160) as minimap:
            page.viewer.fit()
            running = colors_of(DARK).running
            assert running not in colors(minimap)
            page.board.set_states({"a": State.RUNNING})
            await rest(REST_MS / 1000 + 0.1)
            assert running in colors(minimap)

    on_page(work, SPREAD)


def test_it_is_made_anew_only_when_something_is_different(on_page):
    async def work(page):
        with beside(Minimap(), page, 280, 160) as minimap:
            await rest(REST_MS / 1000 + 0.1)
            picture = minimap._picture.cacheKey()
            for _ in range(5):
                page.viewer.pan(10, 0)
                page.viewer.refresh()
                await rest(REST_MS / 1000)
            assert minimap._picture.cacheKey() == picture
            page.viewer.select(["a"])
            await rest(REST_MS / 1000 + 0.1)
            assert minimap._picture.cacheKey() != picture

    on_page(work, SPREAD)


def test_other_colours_in_another_theme(on_page, qapp):
    async def work(page):
        with beside(Minimap(), page, 280, 160) as minimap:
            page.viewer.fit()
            assert QColor(DARK.canvas).name() in colors(minimap)
            apply(qapp, LIGHT)
            await rest(0.05)
            assert QColor(LIGHT.canvas).name() in colors(minimap)

    on_page(work, SPREAD)


@pytest.mark.parametrize("key", ["a", "b"])
def test_what_is_selected_has_the_colour_of_the_selection_at_any_size(on_page, key):
    async def work(page):
        with beside(Minimap(), page, 700, 400) as minimap:
            page.viewer.fit()
            page.viewer.select([key])
            await rest(REST_MS / 1000 + 0.1)
            image = minimap.grab().toImage()
            assert image.pixelColor(in_map(minimap, page, key)).name() == colors_of(DARK).selection

    on_page(work, SPREAD)


def test_nothing_to_show(on_page, qapp):
    async def work(page):
        with beside(Minimap(), None, 280, 160) as minimap:
            assert minimap.frame().isEmpty()
            QTest.mouseClick(minimap, LEFT, pos=QPoint(40, 40))
            QTest.keyClick(minimap, Qt.Key.Key_Right)
            assert QColor(DARK.muted).name() in colors(minimap)

    on_page(work)
