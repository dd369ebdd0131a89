"""The plot under a real mouse and real keys."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.chart.counter import BY_ID
from app.chart.line import Key, Line
from app.chart.plot import Plot
from app.theme.apply import apply
from app.theme.theme import DARK, LIGHT
from engine.client.answer import HistoryPart
from tests.app.hand import window_of

NOW = 1_800_000_000.0


def line(counter: str, values: list[float]) -> Line:
    times = NOW - np.arange(len(values) - 1, -1, -1, dtype=np.float64)
    found = BY_ID[counter]
    return Line(Key(HistoryPart("a"), counter), found.name, found, found.color, times, np.array(values, np.float64))


@pytest.fixture
def plot(qtbot) -> Plot:
    made = Plot()
    qtbot.addWidget(made)
    made.resize(800, 300)
    made.show()
    qtbot.waitExposed(made)
    made.show_lines([line("in", [float(n) for n in range(300)]), line("queued", [5.0] * 300)], NOW - 300, NOW)
    QApplication.processEvents()
    return made


def view(plot: Plot) -> Any:
    return plot._canvas.viewport()


def inside(plot: Plot, part: float) -> QPoint:
    """A place in the upper pane, so far across."""
    pane = next(iter(plot._panes.values()))
    area = pane.vb.sceneBoundingRect()
    return plot._canvas.mapFromScene(QPointF(area.left() + part * area.width(), area.center().y()))


def turn(plot: Plot, place: QPoint, notches: int) -> None:
    where = QPointF(view(plot).mapToGlobal(place))
    phase = Qt.ScrollPhase.NoScrollPhase
    none, keys = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    event = QWheelEvent(QPointF(place), where, QPoint(), QPoint(0, 120 * notches), none, keys, phase, False)  # noqa: FBT003
    QApplication.sendEvent(view(plot), event)
    QApplication.processEvents()


def test_a_pane_for_each_unit_over_the_same_time(plot):
    assert list(plot._panes) == ["messages/s", "messages"]
    assert plot.seen == pytest.approx((NOW - 300, NOW))
    low, high = plot._panes["messages/s"].vb.viewRange()[1]
    assert low == 0
    assert 299 <= high < 350


def test_it_goes_on_with_the_clock(plot):
    plot.show_lines([line("in", [1.0] * 300)], NOW - 299, NOW + 1)
    assert plot.seen == pytest.approx((NOW - 299, NOW + 1))
    assert list(plot._panes) == ["messages/s"]


def test_the_wheel_zooms_and_a_double_click_leads_back(plot, qtbot):
    with qtbot.waitSignal(plot.live_changed):
        turn(plot, inside(plot, 0.5), 3)
    begin, end = plot.seen
    assert end - begin < 250
    assert not plot.is_live
    plot.show_lines(plot.lines, NOW - 290, NOW + 10)
    assert plot.seen == pytest.approx((begin, end))  # it stands still
    QTest.mouseDClick(view(plot), Qt.MouseButton.LeftButton, pos=inside(plot, 0.5))
    assert plot.is_live
    assert plot.seen == pytest.approx((NOW - 290, NOW + 10))


def test_dragging_pans(plot):
    start, end = inside(plot, 0.5), inside(plot, 0.75)
    begin, _ = plot.seen
    QTest.mousePress(view(plot), Qt.MouseButton.LeftButton, pos=start)
    for step in range(1, 6):
        QTest.mouseMove(view(plot), start + (end - start) * step / 5, 20)
    QTest.mouseRelease(view(plot), Qt.MouseButton.LeftButton, pos=end)
    assert not plot.is_live
    assert plot.seen[0] < begin - 30


def test_values_are_read_under_the_crosshair(plot, qtbot):
    place = inside(plot, 0.5)
    QTest.mouseMove(view(plot), place)
    qtbot.waitUntil(lambda: plot.at is not None)
    assert plot.at == pytest.approx(NOW - 150, abs=2)
    at = int(plot.at - (NOW - 299))
    shown = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(plot.at))
    assert shown in plot.readout
    for said in (f"<b>{at}</b>", "In", "messages/s", "<b>5</b>", "Queued"):
        assert said in plot.readout
    QApplication.sendEvent(view(plot), QEvent(QEvent.Type.Leave))
    assert (plot.at, plot.readout) == (None, "")


def test_keys_do_what_the_mouse_does(plot):
    plot.setFocus()
    window = window_of(plot)
    QTest.keyClick(window, Qt.Key.Key_Left)
    assert plot.at == NOW
    QTest.keyClick(window, Qt.Key.Key_Left)
    assert plot.at == NOW - 1
    QTest.keyClick(window, Qt.Key.Key_Right)
    assert plot.at == NOW
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert plot.at is None
    QTest.keyClick(window, Qt.Key.Key_Plus)
    begin, end = plot.seen
    assert (end - begin, plot.is_live) == (pytest.approx(240), False)
    QTest.keyClick(window, Qt.Key.Key_Left, Qt.KeyboardModifier.ControlModifier)
    assert plot.seen[0] == pytest.approx(begin - 24)
    QTest.keyClick(window, Qt.Key.Key_Minus)
    assert plot.seen[1] - plot.seen[0] == pytest.approx(300)
    QTest.keyClick(window, Qt.Key.Key_Home)
    assert (plot.is_live, plot.seen) == (True, pytest.approx((NOW - 300, NOW)))


def test_it_has_the_colours_of_the_theme_and_changes_with_it(qapp, plot):
    for theme in (LIGHT, DARK):
        apply(qapp, theme)
        QApplication.processEvents()
        assert plot._canvas.backgroundBrush().color() == QColor(theme.surface)
        image = plot.picture()
        assert image.width() == 2 * plot.width()
        assert image.pixelColor(2, 2) == QColor(theme.surface)
