"""What a window does without until it is painted is there right after, and at once where somebody asks for it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.window.first_paint import FirstPaint
from engine.model.codec import load_flow
from tests.app.desk import Desk, story, until
from tests.app.hand import ALT
from tests.engine.cli.command import environment

FLOW = load_flow("{pyfi: 1, name: first, processors: [{id: a, type: python, code: 'def f(x): return x'}], layout: {a: [0, 0]}}")


def test_jobs_are_done_in_their_order_after_the_paint_and_never_before(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    first, done = FirstPaint(window), []
    for number in range(3):
        first.then(lambda number=number: done.append(number))
    qtbot.wait(50)
    assert done == []
    assert not first.is_through
    window.show()
    qtbot.waitUntil(lambda: first.is_through)
    assert done == [0, 1, 2]
    first.then(lambda: done.append(3))
    qtbot.waitUntil(lambda: done == [0, 1, 2, 3])
    window.hide()


def test_a_window_that_is_never_painted_does_them_all_the_same(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    first, done = FirstPaint(window), []
    first.then(lambda: done.append(1))
    qtbot.waitUntil(lambda: done == [1], timeout=20_000)


def test_a_job_that_fails_does_not_keep_the_others(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    first, done = FirstPaint(window), []

    def fail() -> None:
        raise RuntimeError("on purpose")

    first.then(fail)
    first.then(lambda: done.append(1))
    with qtbot.captureExceptions() as caught:
        window.show()
        qtbot.waitUntil(lambda: first.is_through)
    assert done == [1]
    assert [str(error) for _, error, _ in caught] == ["on purpose"]
    window.hide()


def test_a_window_that_goes_before_it_is_painted_does_nothing_more(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    first, done = FirstPaint(window), []
    first.then(lambda: done.append(1))
    first.stop()
    window.show()
    qtbot.wait(50)
    assert done == []
    assert first.is_through
    window.hide()


def test_a_panel_that_is_asked_for_before_it_is_made_is_made_then(qtbot: QtBot, tmp_path: Path) -> None:
    def tell(desk: Desk) -> None:
        docks, sides = desk.window.docks, desk.window.sides
        desk.window.first_paint._jobs.clear()  # as long as it takes
        desk.open(FLOW)
        assert not sides._has_code
        desk.hand.click(desk.middle("a"))
        assert desk.chosen == ["a"]  # the canvas needs no panel to be used
        desk.key(Qt.Key.Key_9, ALT)
        until(lambda: docks.dock("code").widget() is sides.code)
        assert not sides.code.visibleRegion().isEmpty()
        assert "def f(x)" in sides.code.editor.toPlainText()

    story(tmp_path, tell)


def test_panels_follow_the_page_whenever_they_are_made(qtbot: QtBot, tmp_path: Path) -> None:
    def tell(desk: Desk) -> None:
        desk.open(FLOW)
        desk.viewer.select(["a"])
        until(lambda: desk.window.first_paint.is_through)
        for id, panel in (("inspector", desk.window.sides.inspector), ("code", desk.window.sides.code)):
            assert desk.window.docks.dock(id).widget() is panel
        assert "def f(x)" in desk.window.sides.code.editor.toPlainText()
        assert desk.window.sides.inspector.heading.name.full_text == "a"
        assert desk.window.sides.results._page is desk.page

    story(tmp_path, tell)


_PAINTED = """
import os, sys
from app.canvas.viewer import FlowViewer

paint = FlowViewer.paintEvent

def painted(self, event):
    paint(self, event)
    if len(self.sheet.cards):
        print(*sorted(sys.modules), flush=True)
        os._exit(0)

FlowViewer.paintEvent = painted
from app.main import main
main(sys.argv[1:])
"""


@pytest.mark.parametrize(
    "module", ["sqlalchemy", "git", "httpx", "yaml", "pygments", "jedi", "celery", "numpy.ma", "app.editor.code_panel"]
)
def test_a_flow_shown_before_is_painted_before_much_is_imported(painted: set[str], module: str) -> None:
    assert module not in painted
    assert "app.window.docks" in painted


@pytest.fixture(scope="module")
def painted(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Modules that are imported when the canvas is painted, the second time that a flow is opened."""
    folder = tmp_path_factory.mktemp("home")
    path = folder / "first.flow.yaml"
    path.write_text("{pyfi: 1, name: first, processors: [{id: a, type: log}, {id: b, type: bash, code: cat}]}")
    places = dict.fromkeys(("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "PYFI_WORKSPACE"), str(folder))
    env = {**environment(), **places, "QT_QPA_PLATFORM": "offscreen"}
    first = [sys.executable, "-m", "engine.cli.main", "app", str(path), "--screenshot", str(folder / "a.png")]
    subprocess.run(first, env=env, check=True, timeout=120)
    second = [sys.executable, "-c", _PAINTED, str(path)]
    done = subprocess.run(second, env=env, check=True, timeout=120, capture_output=True, text=True)
    return set(done.stdout.split())
