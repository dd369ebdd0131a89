"""Flows that run, in the real window, with the real engine beside it."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from PySide6.QtCore import QPointF, Qt, QTimer
from PySide6.QtWidgets import QApplication, QMessageBox, QPushButton

from app.canvas.card import State
from app.canvas.card_columns import NUMBERS
from app.document.shelf import Shelf
from app.window.main_window import MainWindow
from engine.client.engine import Engine
from engine.client.results import result_files
from engine.model import edits
from engine.model.codec import load_flow
from engine.model.flow import Flow, Processor
from engine.model.layout import placed
from tests.app.desk import Desk, desk_in, result, run, until
from tests.app.hand import CTRL, SHIFT

FINITE = placed(
    load_flow("""
pyfi: 1
name: finite
processors:
  - {id: ten, type: generate, config: {count: 10}}
  - {id: all, type: merge, config: {count: 100}}
  - {id: keep, type: write_lines, config: {path: kept.txt}}
connections:
  - {from: ten.success, to: all.in}
  - {from: all.success, to: keep.in}
layout: {ten: [0, 0], all: [450, 0], keep: [900, 0]}
""")
)
ENDLESS = placed(
    load_flow("""
pyfi: 1
name: endless
processors:
  - {id: ticks, type: generate, config: {count: 0, rate: 200}}
  - id: check
    type: python
    code: |
      def check(n):
          if n % 50 == 7:
              raise ValueError(f"{n} is refused")
          return n
  - {id: keep, type: log}
connections:
  - {from: ticks.success, to: check.in}
  - {from: check.success, to: keep.in}
layout: {ticks: [0, 0], check: [450, 0], keep: [900, 0]}
""")
)
NESTED = placed(
    load_flow("""
pyfi: 1
name: nested
processors:
  - {id: ten, type: generate, config: {count: 10}}
  - {id: clean, flow: cleaning}
  - {id: off, type: log, enabled: false}
connections:
  - {from: ten.success, to: clean.in}
subflows:
  - name: cleaning
    inputs: [in]
    processors:
      - {id: same, type: python, code: "def f(x): return x"}
      - {id: keep, type: log}
    connections:
      - {from: in, to: same.in}
      - {from: same.success, to: keep.in}
layout: {ten: [0, 0], clean: [450, 0], off: [900, 0]}
""")
)
HELD = placed(
    load_flow("""
pyfi: 1
name: held
processors:
  - {id: ten, type: generate, config: {count: 10}}
  - {id: keep, type: log}
connections:
  - {from: ten.success, to: keep.in, breakpoint: true}
layout: {ten: [0, 0], keep: [450, 0]}
""")
)


def number(desk: Desk, card: str, column: str) -> int:
    """A number as a card shows it."""
    cards = desk.page.board.sheet.cards
    return int(cards.numbers[cards.rows[card], NUMBERS.index(column)])


def states(desk: Desk) -> dict[str, State]:
    """How the cards look."""
    cards = desk.page.board.sheet.cards
    return {card: State(int(cards.state[cards.rows[card]])) for card in desk.flow.steps}


def state(desk: Desk) -> str:
    return desk.window.conductor.state_of(desk.page)


def queued(desk: Desk, link: str) -> int:
    """What a connection shows to wait in it."""
    links = desk.page.board.sheet.links
    return int(links.queued[links.rows[link], 0])


def show(desk: Desk, flow: Flow) -> None:
    desk.open(flow)
    desk.look(450, 100)


def press_run(desk: Desk) -> None:
    desk.key(Qt.Key.Key_F5)


def test_a_flow_runs_to_its_end_and_again(told):
    def tell(desk: Desk) -> None:
        sentences: list[str] = []
        desk.window.conductor.told.connect(sentences.append)
        show(desk, FINITE)
        press_run(desk)
        until(lambda: state(desk) == "ended", 120)
        until(lambda: set(states(desk).values()) == {State.ENDED})
        assert [number(desk, card, "in") for card in ("all", "keep")] == [10, 1]
        assert sentences == ["“finite” has done all its work."]
        written = Path(result_files(desk.flow, desk.page.document.folder)[0].path)
        assert written.read_text(encoding="utf-8") == "[0,1,2,3,4,5,6,7,8,9]\n"
        written.unlink()
        press_run(desk)
        until(written.exists, 120)
        until(lambda: state(desk) == "ended")
        assert len(written.read_text(encoding="utf-8").splitlines()) == 1

    told(tell)


def test_the_status_strip_counts_the_whole_flow_on_whatever_level_one_is(told):
    def strip(desk: Desk) -> dict[str, str]:
        return {name: desk.window.strip.number(name) for name in ("running", "ended", "stopped", "disabled", "invalid")}

    def tell(desk: Desk) -> None:
        show(desk, NESTED)
        still = {"running": "0", "ended": "0", "stopped": "3", "disabled": "1", "invalid": "0"}
        until(lambda: strip(desk) == still)
        desk.page.board.enter("clean")
        until(lambda: strip(desk) == still)
        assert desk.window.strip.number("target") == "local"
        press_run(desk)
        until(lambda: strip(desk) == still | {"ended": "3", "stopped": "0"}, 120)
        assert desk.window.strip.number("tasks") == "0"
        desk.page.document.edit("add", edits.add(desk.flow, Processor(id="more", type="no such type"), "cleaning"))
        until(lambda: strip(desk)["invalid"] == "1")

    told(tell)


def test_a_window_opened_later_shows_what_the_flow_has_done(qtbot, tmp_path):
    def act() -> None:
        with desk_in(tmp_path) as desk:
            show(desk, FINITE)
            press_run(desk)
            until(lambda: state(desk) == "ended", 120)
            window = MainWindow(Shelf(tmp_path / "data", desk.url), Engine(tmp_path / "ws"))
            window.show()
            later = Desk(window, desk.url)
            result(window.open_book(window.shelf.open(desk.page.book.id)))
            until(lambda: [number(later, card, "in") for card in ("all", "keep")] == [10, 1])
            until(lambda: bool(later.page.board.sheet.cards.sparks.any()))
            closed: list[bool] = []
            window.closed.connect(lambda: closed.append(True))
            window.close()
            until(lambda: bool(closed))
            window.deleteLater()

    run(act)


def test_cards_turn_green_count_and_report_what_fails(told):
    def tell(desk: Desk) -> None:
        show(desk, ENDLESS)
        before = states(desk)
        assert set(before.values()) == {State.STOPPED}
        press_run(desk)
        until(lambda: set(states(desk).values()) == {State.RUNNING}, 120)
        until(lambda: number(desk, "keep", "in") > 100)
        until(lambda: number(desk, "check", "bulletins") > 0)
        until(lambda: bool(desk.page.board.sheet.cards.sparks.any()))
        desk.key(Qt.Key.Key_F5, SHIFT)
        until(lambda: state(desk) == "stopped")
        until(lambda: set(states(desk).values()) == {State.STOPPED})

    told(tell)


def test_a_step_is_stopped_filled_started_and_run_once(told):
    def tell(desk: Desk) -> None:
        show(desk, ENDLESS)
        press_run(desk)
        until(lambda: number(desk, "keep", "in") > 0, 120)
        desk.hand.click(desk.middle("keep"))
        desk.key(Qt.Key.Key_F7, SHIFT)
        until(lambda: states(desk)["keep"] is State.STOPPED)
        assert states(desk)["check"] is State.RUNNING
        until(lambda: queued(desk, "check.success->keep.in") > 50)
        taken = number(desk, "keep", "in")
        desk.key(Qt.Key.Key_F7, CTRL)
        until(lambda: number(desk, "keep", "in") > taken)
        assert states(desk)["keep"] is State.STOPPED
        desk.key(Qt.Key.Key_F7)
        until(lambda: states(desk)["keep"] is State.RUNNING)
        until(lambda: queued(desk, "check.success->keep.in") < 50)

    told(tell)


def test_only_what_is_selected_starts_in_a_flow_that_does_not_run(told):
    def tell(desk: Desk) -> None:
        show(desk, ENDLESS)
        desk.hand.click(desk.middle("ticks"))
        desk.key(Qt.Key.Key_F7)
        until(lambda: queued(desk, "ticks.success->check.in") > 0, 120)
        assert states(desk) == {"ticks": State.RUNNING, "check": State.STOPPED, "keep": State.STOPPED}

    told(tell)


def test_a_breakpoint_lets_go_one_by_one_and_all(told):
    def tell(desk: Desk) -> None:
        show(desk, HELD)
        press_run(desk)
        link = "ten.success->keep.in"
        until(lambda: queued(desk, link) == 10, 120)
        desk.viewer.select([link])
        desk.key(Qt.Key.Key_F10)
        until(lambda: number(desk, "keep", "in") == 1)
        until(lambda: queued(desk, link) == 9)
        desk.key(Qt.Key.Key_F10, CTRL)
        until(lambda: number(desk, "keep", "in") == 10)
        until(lambda: state(desk) == "ended")

    told(tell)


def test_an_edit_of_a_running_flow_takes_effect_while_it_runs(told):
    def tell(desk: Desk) -> None:
        show(desk, ENDLESS)
        press_run(desk)
        until(lambda: number(desk, "keep", "in") > 0, 120)
        desk.hand.drag(desk.port("check", "success"), QPointF(760, 300))
        desk.type("log")
        desk.key(Qt.Key.Key_Return)
        assert "log" in desk.flow.steps
        until(lambda: number(desk, "log", "in") > 100, 120)
        assert state(desk) == "running"
        desk.key(Qt.Key.Key_Z, CTRL)
        taken = number(desk, "keep", "in")
        until(lambda: number(desk, "keep", "in") > taken + 100)
        assert "log" not in desk.flow.steps

    told(tell)


def test_an_engine_that_dies_is_started_again_and_the_flow_goes_on(told):
    def tell(desk: Desk) -> None:
        said: list[tuple[str, str]] = []
        desk.window.conductor.engine_changed.connect(lambda how, words: said.append((how, words)))
        show(desk, ENDLESS)
        press_run(desk)
        until(lambda: number(desk, "keep", "in") > 100, 120)
        engine = desk.window.conductor.engine
        first = result(engine.health()).pid
        os.kill(first, signal.SIGKILL)
        taken = number(desk, "keep", "in")
        until(lambda: number(desk, "keep", "in") > taken + 200, 120)
        assert result(engine.health()).pid != first
        assert "restarting" in [how for how, _ in said]
        assert all(words for _, words in said)

    told(tell)


@pytest.mark.parametrize(("answer", "goes_on"), [("Let them run", True), ("Stop them", False)])
def test_closing_asks_whether_flows_go_on(qtbot, tmp_path, answer, goes_on):
    def act() -> None:
        with desk_in(tmp_path) as desk:
            show(desk, ENDLESS)
            press_run(desk)
            until(lambda: number(desk, "keep", "in") > 0, 120)
            closed: list[bool] = []
            desk.window.closed.connect(lambda: closed.append(True))
            desk.key(Qt.Key.Key_Q, CTRL)
            until(lambda: isinstance(QApplication.activeModalWidget(), QMessageBox))
            box = QApplication.activeModalWidget()
            assert isinstance(box, QMessageBox)
            assert "endless" in box.text()
            button = next(each for each in box.findChildren(QPushButton) if each.text().replace("&", "") == answer)
            QTimer.singleShot(0, button.click)
            until(lambda: bool(closed))
            engine = Engine(tmp_path / "ws")
            assert (result(engine.deployment("endless")).state == "running") is goes_on
            result(engine.close())

    run(act)
