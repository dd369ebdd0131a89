"""Charts in the real window, of a flow that really runs."""

from __future__ import annotations

import csv
import subprocess
import sys

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from app.chart.chart_panel import ChartPanel
from app.chart.chart_window import ChartWindow
from app.chart.line import Key
from app.chart.plot import Plot
from engine.client.answer import HistoryPart
from engine.model.codec import load_flow
from tests.app.desk import Desk, result, story, until
from tests.app.hand import CTRL, LEFT, RIGHT, SHIFT, press

FLOW = """
pyfi: 1
name: ticking
processors:
  - id: ticks
    type: python
    inputs: []
    outputs: [success]
    code: |
      import time
      def ticks():
          n = 0
          while True:
              yield n
              n += 1
              time.sleep(0.01)
  - {id: check, type: python, code: "def check(n): return n"}
  - {id: keep, type: log}
connections:
  - {from: ticks.success, to: check.in}
  - {from: check.success, to: keep.in}
layout: {ticks: [0, 0], check: [420, 0], keep: [840, 0]}
"""


def opened(desk: Desk) -> ChartPanel:
    """The flow, and its charts, by their key."""
    desk.open(load_flow(FLOW, "test"))
    desk.look(500, 150)
    desk.key(Qt.Key.Key_H, CTRL | SHIFT)
    panel = desk.window.sides.charts
    assert panel.isVisible()
    until(lambda: panel.plot is not None)
    return panel


def drawn(panel: ChartPanel) -> bool:
    return panel.plot is not None and panel.stack.currentWidget() is panel.plot


def run(desk: Desk, panel: ChartPanel) -> None:
    desk.key(Qt.Key.Key_F5)
    until(lambda: drawn(panel))


def plot(panel: ChartPanel) -> Plot:
    assert panel.plot is not None
    return panel.plot


def names(panel: ChartPanel) -> list[str]:
    return [line.name for line in panel.plot.lines] if panel.plot is not None else []


def tick(panel: ChartPanel, part: HistoryPart, counter: str) -> None:
    """Click the box before a name."""
    item = panel.legend.item_of(Key(part, counter))
    panel.legend.scrollToItem(item)
    area = panel.legend.visualItemRect(item)
    option_left = area.left() + 12
    QTest.mouseClick(panel.legend.viewport(), LEFT, pos=area.center().__class__(option_left, area.center().y()))
    QApplication.processEvents()


def test_it_follows_the_selection_and_the_clock(qapp, tmp_path):
    def tell(desk: Desk) -> None:
        panel = opened(desk)
        until(lambda: "Nothing has run in this span" in panel.message.text())
        assert panel.title.text() == "Whole flow"
        run(desk, panel)
        assert names(panel) == ["In", "Out", "Failed"]
        first = plot(panel).seen
        until(lambda: plot(panel).seen[1] >= first[1] + 2)  # it goes on
        # A card is clicked, then a second one with Ctrl.
        desk.hand.click(desk.middle("check"))
        assert panel.title.text() == "check"
        until(lambda: plot(panel).lines[0].key.part == HistoryPart("check"))
        desk.hand.click(desk.middle("keep"), modifiers=CTRL)
        until(lambda: names(panel)[:1] == ["check · In"])
        assert names(panel) == [f"{name} · {word}" for name in ("check", "keep") for word in ("In", "Out", "Failed")]
        # Pinned, it stays whatever is selected.
        desk.click(panel.pin)
        desk.hand.click(QPointF(500, 420))
        assert (desk.chosen, panel.title.text()) == ([], "check, keep")
        desk.click(panel.pin)
        assert panel.title.text() == "Whole flow"

    story(tmp_path, tell)


def test_the_legend_and_the_spans(qapp, tmp_path):
    def tell(desk: Desk) -> None:
        panel = opened(desk)
        run(desk, panel)
        whole = HistoryPart()
        tick(panel, whole, "failed")
        assert names(panel) == ["In", "Out"]
        tick(panel, whole, "queued")
        assert names(panel) == ["In", "Out", "Queued"]
        assert panel.legend.item_of(Key(whole, "in")).text(1) != ""
        for id in ("in", "out", "queued"):
            tick(panel, whole, id)
        assert not drawn(panel)
        assert "Nothing is chosen" in panel.message.text()
        tick(panel, whole, "in")
        assert drawn(panel)
        # Minutes, from the first on.
        desk.click(panel.spans["1h"])
        until(lambda: plot(panel).seen[1] - plot(panel).seen[0] > 3500)
        until(lambda: bool(plot(panel).lines and len(plot(panel).lines[0].times)))
        assert sum(plot(panel).lines[0].values) > 0
        # Somebody looks back, and returns.
        plot(panel).setFocus()
        press(desk.window, Qt.Key.Key_Plus)
        assert not panel.live.isChecked()
        desk.click(panel.live)
        assert plot(panel).is_live
        desk.click(panel.spans["all"])
        until(lambda: drawn(panel) and plot(panel).seen[1] - plot(panel).seen[0] < 3500)

    story(tmp_path, tell)


def test_it_is_saved_as_a_picture_and_as_figures(qapp, tmp_path):
    def tell(desk: Desk) -> None:
        panel = opened(desk)
        run(desk, panel)
        picture, figures, *_ = panel.save.menu().actions()
        desk.answer(str(tmp_path / "chart.png"))
        picture.trigger()
        image = QImage(str(tmp_path / "chart.png"))
        assert image.width() == 2 * plot(panel).width()
        desk.answer(str(tmp_path / "chart.csv"))
        figures.trigger()
        rows = list(csv.reader((tmp_path / "chart.csv").read_text(encoding="utf-8").splitlines()))
        assert rows[0] == ["time", "In (messages/s)", "Out (messages/s)", "Failed (messages/s)"]
        assert max(float(row[1]) for row in rows[1:]) > 0

    story(tmp_path, tell)


def test_the_button_over_a_card_opens_a_chart_beside_it(qapp, tmp_path):
    def tell(desk: Desk) -> None:
        panel = opened(desk)
        run(desk, panel)
        desk.key(Qt.Key.Key_H, CTRL | SHIFT)
        hand, viewer = desk.hand, desk.viewer
        hand.move(desk.middle("check"))
        from app.canvas.paint.button_painter import button_rects

        row = desk.page.board.sheet.cards.rows["check"]
        spot = dict(button_rects(desk.page.board.sheet.cards.rect(row), viewer._buttons))["chart"].center()
        hand.click(spot)
        (window,) = desk.window.findChildren(ChartWindow)
        assert (window.isVisible(), window.windowTitle()) == (True, "check")
        until(lambda: drawn(window.panel))
        hand.click(spot)  # a second one is not opened
        assert len(desk.window.findChildren(ChartWindow)) == 1
        hand.click(QPointF(500, 420))  # it stays with its part
        assert window.panel.title.text() == "check"
        window.activateWindow()
        QTest.keyClick(window, Qt.Key.Key_Escape)
        until(lambda: not desk.window.findChildren(ChartWindow))

    story(tmp_path, tell)


def test_menus_of_cards_connections_and_the_ground_lead_to_it(qapp, tmp_path):
    def tell(desk: Desk) -> None:
        desk.open(load_flow(FLOW, "test"))
        desk.look(500, 150)
        action, charts = desk.window.actions_by_id["show_history"], desk.window.sides.charts
        link = desk.page.board.sheet.links
        label = link.label_rect(link.rows["check.success->keep.in"]).center()
        for spot, title in (
            (desk.middle("check"), "check"),
            (label, "check.success → keep.in"),
            (QPointF(500, 420), "Whole flow"),
        ):
            desk.window.docks.dock("charts").hide()
            desk.hand.click(spot)
            desk.hand.click(spot, RIGHT)
            menu = next(each for each in desk.window.findChildren(QMenu) if each.isVisible())
            assert action in menu.actions()
            QTest.mouseClick(menu, LEFT, pos=menu.actionGeometry(action).center())
            assert charts.isVisible()
            assert charts.title.text() == title

    story(tmp_path, tell)


def test_what_was_is_shown_without_an_engine(qapp, tmp_path):
    def tell(desk: Desk) -> None:
        panel = opened(desk)
        run(desk, panel)
        desk.click(panel.spans["all"])
        until(
            lambda: bool(names(panel)) and drawn(panel) and panel.span.id == "all" and bool(plot(panel).lines[0].values.any())
        )
        result(desk.window.conductor.engine.shut_down(patience_s=20))
        panel.show_span(panel.span)
        until(lambda: drawn(panel) and bool(panel._histories))
        assert plot(panel).lines[0].values.any()

    story(tmp_path, tell)


def test_nothing_loads_pyqtgraph_before_a_chart_is_opened():
    code = "import sys, app.window.main_window; print('pyqtgraph' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_a_chart_behind_another_tab_loads_and_asks_nothing(qtbot, tmp_path):
    def tell(desk: Desk) -> None:
        desk.open(load_flow(FLOW, "test"))
        until(lambda: desk.window.first_paint.is_through)
        panel = desk.window.sides.charts
        QTest.qWait(300)  # as long as nothing happens there is nothing to wait for
        assert not panel.seen.now
        assert panel._loading is None
        assert not panel._clock.isActive()
        desk.window.docks.show("charts")
        until(lambda: panel.plot is not None)
        assert panel._clock.isActive()
        desk.window.docks.show("results")
        until(lambda: not panel._clock.isActive())

    story(tmp_path, tell)


def test_a_package_that_is_missing_is_said(qtbot, tmp_path, monkeypatch):
    def tell(desk: Desk) -> None:
        monkeypatch.setitem(sys.modules, "pyqtgraph", None)
        monkeypatch.delitem(sys.modules, "app.chart.plot", raising=False)
        desk.open(load_flow(FLOW, "test"))
        desk.window.docks.show("charts")
        panel = desk.window.sides.charts
        until(lambda: "Install PYFI again" in panel.message.text())
        assert panel.stack.currentWidget() is panel.message

    story(tmp_path, tell)
