"""Live numbers on a board, also inside frames."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPointF

from app.board.board import Board
from app.board.editing import Editing
from app.canvas.card import State
from app.canvas.card_columns import NUMBERS
from app.canvas.viewer import FlowViewer
from app.document.document import Document
from app.feed.figures import FlowFigures
from app.run.overlay import Overlay
from engine.client.answer import ConnectionFigures, ProcessorFigures
from engine.client.parts import Place
from engine.model.layout import placed
from tests.app.run.test_crossing import FLOW


def figures() -> FlowFigures:
    """Something waits everywhere and everything has a task under way."""
    made = FlowFigures()
    for id in ("read", "first/a", "first/deep/b", "second/a", "second/deep/b", "write"):
        made.processors[id] = ProcessorFigures(state="running", running=1)
    for number, key in enumerate(
        (
            "read.success->first/a.in",
            "read.success->first/deep/b.in",
            "first/deep/b.success->second/a.in",
            "first/deep/b.success->second/deep/b.in",
            "second/deep/b.success->write.in",
        )
    ):
        made.connections[key] = ConnectionFigures(messages=10**number, bytes=2 * 10**number)
    return made


class Shown:
    """A board with an overlay."""

    def __init__(self, viewer: FlowViewer) -> None:
        self.board = Board(Document(placed(FLOW), Path.cwd(), viewer), viewer, viewer)
        self.editing = Editing(self.board, viewer)
        self.overlay = Overlay(self.board)
        viewer.look_at(QPointF(0, 0), 0.3)
        self.overlay.show_flow(figures())

    def queued(self, key: str) -> tuple[int, int]:
        links = self.board.sheet.links
        messages, size = links.queued[links.rows[key]].tolist()
        return messages, size

    def running(self, key: str) -> int:
        cards = self.board.sheet.cards
        return int(cards.numbers[cards.rows[key], NUMBERS.index("running")])

    def state(self, key: str) -> State:
        cards = self.board.sheet.cards
        return State(int(cards.state[cards.rows[key]]))

    def expand(self, key: str, hand: str = "") -> None:
        self.board.viewer.choose([key], hand)
        self.editing.expand(expanded=True)


@pytest.fixture
def shown(qtbot) -> Shown:
    viewer = FlowViewer()
    qtbot.addWidget(viewer)
    return Shown(viewer)


def test_what_waits_behind_a_port_is_shown_at_the_subflow(shown):
    assert shown.queued("read.success->first.in") == (11, 22)
    assert shown.queued("first.success->second.in") == (1100, 2200)
    assert shown.queued("second.success->write.in") == (10_000, 20_000)
    assert shown.running("first") == 2


def test_cards_and_queues_in_frames_have_their_own_numbers(shown):
    shown.expand("first")
    shown.expand("first/deep", "first")
    assert [shown.running(key) for key in ("first", "first/a", "first/deep", "first/deep/b", "second")] == [2, 1, 1, 1, 2]
    assert {shown.state(key) for key in ("first", "first/a", "first/deep", "first/deep/b")} == {State.RUNNING}
    assert shown.queued("read.success->first.in") == (11, 22)
    news = figures()
    news.processors["first/deep/b"] = ProcessorFigures(state="broken", running=3)
    news.connections["read.success->first/a.in"] = ConnectionFigures(messages=5, bytes=7)
    shown.overlay.show_news(news, ["first/deep/b"], ["read.success->first/a.in"])
    assert [shown.running(key) for key in ("first", "first/a", "first/deep", "first/deep/b")] == [4, 1, 3, 3]
    assert [shown.state(key) for key in ("first", "first/a", "first/deep/b")] == [State.BROKEN, State.RUNNING, State.BROKEN]
    assert shown.queued("read.success->first.in") == (15, 27)


def test_they_are_right_at_every_level(shown):
    shown.board.show_place(Place(("first",)))
    assert [shown.running(key) for key in ("a", "deep")] == [1, 1]
    shown.expand("deep")
    assert shown.running("deep/b") == 1
    shown.overlay.show_flow(None)
    assert (shown.running("deep/b"), shown.state("deep/b")) == (0, State.STOPPED)
