"""The actions on git in the real window: a choice is one undoable step, and what differs is drawn on the canvas."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from app.sources.code_dialog import CodeDialog
from app.sources.diff_overlay import DiffOverlay
from app.sources.environments_dialog import EnvironmentsDialog
from app.sources.flow_git_dialog import FlowGitDialog
from app.theme.current import current_theme
from engine.model import edits
from engine.model.codec import load_flow
from engine.model.flow import Git, Processor
from tests.app.desk import Desk, story, until

BEFORE = """
pyfi: 1
name: drawn
processors:
  - {id: gone, type: generate, config: {count: 1}}
  - {id: b, type: python, code: "def b(n): return n"}
connections:
  - {from: gone.success, to: b.in}
auto_terminate: [b.success]
layout: {gone: [0, 0], b: [400, 0]}
"""
NOW = """
pyfi: 1
name: drawn
processors:
  - {id: a, type: generate, config: {count: 2}}
  - {id: b, type: python, code: "def b(n): return n + 1"}
connections:
  - {from: a.success, to: b.in}
auto_terminate: [b.success]
layout: {a: [0, 300], b: [400, 0]}
"""


@pytest.fixture
def place(git_user: None, tmp_path: Path) -> Path:
    """A repository with a flow and a module, and the flow changed since."""
    folder = tmp_path / "work"
    folder.mkdir()
    (folder / "x.flow.yaml").write_text(BEFORE, encoding="utf-8")
    (folder / "sample.py").write_text("def one(n):\n    return n\n", encoding="utf-8")
    for arguments in (["init", "-q", "--initial-branch=main"], ["add", "--all"], ["commit", "-q", "-m", "First"]):
        subprocess.run(["git", *arguments], cwd=folder, check=True)
    (folder / "x.flow.yaml").write_text(NOW, encoding="utf-8")
    return folder


INSIDE_BEFORE = """
pyfi: 1
name: drawn
processors:
  - {id: b, type: generate, config: {count: 1}}
  - {id: s, flow: part}
auto_terminate: [b.success]
layout: {b: [0, 0], s: [400, 0]}
subflows:
  - name: part
    processors:
      - {id: b, type: generate, config: {count: 1}}
      - {id: gone, type: generate, config: {count: 1}}
    auto_terminate: [b.success, gone.success]
    layout: {b: [0, 0], gone: [0, 300]}
"""
INSIDE_NOW = """
pyfi: 1
name: drawn
processors:
  - {id: b, type: generate, config: {count: 1}}
  - {id: s, flow: part}
auto_terminate: [b.success]
layout: {b: [0, 0], s: [400, 0]}
subflows:
  - name: part
    processors:
      - {id: b, type: generate, config: {count: 2}}
    auto_terminate: [b.success]
    layout: {b: [0, 0]}
"""


def git(folder: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, check=True).stdout.strip()


def shown(desk: Desk, kind: type) -> list:
    return [dialog for dialog in desk.window.findChildren(kind) if dialog.isVisible()]


def test_code_from_git_is_one_step_that_undo_takes_back(qtbot, place: Path, tmp_path: Path) -> None:
    def tell(desk: Desk) -> None:
        page = desk.open_again(str(place / "x.flow.yaml"))
        page.viewer.select(["b"])
        desk.window.actions_by_id["choose_code"].trigger()
        (dialog,) = shown(desk, CodeDialog)
        QTest.keyClicks(dialog.repository, str(place))
        QTest.keyClick(dialog.repository, Qt.Key.Key_Return)
        until(dialog.use_button.isEnabled)
        QTest.mouseClick(dialog.use_button, Qt.MouseButton.LeftButton)
        step = desk.flow.steps["b"]
        assert isinstance(step, Processor)
        assert (step.code, step.function) == (None, "one")
        head = subprocess.run(
            ["git", "rev-parse", "HEAD"], cwd=place, capture_output=True, text=True, check=True
        ).stdout.strip()
        assert step.git == Git(str(place), head, "sample")
        page.document.undo_stack.undo()
        assert desk.flow == load_flow(NOW)

    story(tmp_path, tell)


def test_what_differs_is_drawn_on_the_canvas(qtbot, place: Path, tmp_path: Path) -> None:
    def tell(desk: Desk) -> None:
        page = desk.open_again(str(place / "x.flow.yaml"))
        desk.window.actions_by_id["show_flow_git"].trigger()
        (dialog,) = shown(desk, FlowGitDialog)
        until(lambda: dialog.parts.count() > 0)
        (overlay,) = page.viewer.findChildren(DiffOverlay)
        theme = current_theme()
        assert overlay.marks() == {
            "gone": theme.error,
            "a": theme.running,
            "b": theme.warning,
            "a.success->b.in": theme.running,
        }
        assert overlay.isVisible()
        page.viewer.pan(-60, 40)
        assert overlay.geometry() == page.viewer.viewport().geometry(), "it stays where it is when what is below scrolls"
        page.viewer.look_at(QPointF(300, 250), 1.0)
        edge = page.viewer.mapFromScene(page.viewer.sheet.cards.rect(page.viewer.sheet.cards.rows["b"]).topLeft())
        near = overlay.grab().toImage().pixelColor(edge.x() + 100, edge.y() - 5)
        assert near.name() == theme.warning
        dialog.reject()
        until(lambda: not page.viewer.findChildren(DiffOverlay))

    story(tmp_path, tell)


def test_a_flow_without_a_file_says_what_to_do(qtbot, tmp_path: Path) -> None:
    def tell(desk: Desk) -> None:
        desk.open(load_flow(NOW))
        desk.window.actions_by_id["show_flow_git"].trigger()
        assert not shown(desk, FlowGitDialog)
        desk.window.actions_by_id["show_environments"].trigger()
        (dialog,) = shown(desk, EnvironmentsDialog)
        dialog.reject()

    story(tmp_path, tell)


def test_what_differs_inside_a_subflow_is_marked_there(qtbot, place: Path, tmp_path: Path) -> None:
    (place / "x.flow.yaml").write_text(INSIDE_BEFORE, encoding="utf-8")
    git(place, "commit", "--quiet", "--all", "-m", "Second")
    (place / "x.flow.yaml").write_text(INSIDE_NOW, encoding="utf-8")

    def tell(desk: Desk) -> None:
        page = desk.open_again(str(place / "x.flow.yaml"))
        desk.window.actions_by_id["show_flow_git"].trigger()
        (dialog,) = shown(desk, FlowGitDialog)
        until(lambda: dialog.parts.count() > 0)
        (overlay,) = page.viewer.findChildren(DiffOverlay)
        theme = current_theme()
        assert overlay.marks() == {}, "the step of the same name outside is as it was"
        page.board.enter("s")
        assert overlay.marks() == {"b": theme.warning, "gone": theme.error}
        dialog.reject()
        until(lambda: not page.viewer.findChildren(DiffOverlay))

    story(tmp_path, tell)


def test_a_flow_that_was_committed_and_switched_is_opened_again_as_one(qtbot, place: Path, tmp_path: Path) -> None:
    git(place, "branch", "other")

    def again(desk: Desk) -> Desk:
        desk.window.actions_by_id["close_flow"].trigger()
        until(lambda: not desk.window.pages())
        page = desk.open_again(str(place / "x.flow.yaml"))
        assert (page.title, page.book.remark) == ("drawn", "")
        return desk

    def tell(desk: Desk) -> None:
        desk.open_again(str(place / "x.flow.yaml"))
        desk.window.actions_by_id["show_flow_git"].trigger()
        (dialog,) = shown(desk, FlowGitDialog)
        desk.page.document.edit("edit", edits.configure(desk.flow, "b", code="def b(n): return n + 2"))
        until(lambda: dialog.branch.count() == 2)
        QTest.keyClicks(dialog.message, "Add two")
        QTest.mouseClick(dialog.commit_button, Qt.MouseButton.LeftButton)
        until(lambda: dialog.entries.count() == 2)
        committed = desk.flow
        assert again(desk).flow == committed
        assert not shown(desk, FlowGitDialog), "it goes with its page"
        desk.window.actions_by_id["show_flow_git"].trigger()
        (dialog,) = shown(desk, FlowGitDialog)
        until(lambda: dialog.branch.count() == 2)
        QTest.keyClick(dialog.branch, Qt.Key.Key_Down)
        until(lambda: desk.flow == load_flow(BEFORE) and dialog.entries.count() == 1)
        assert again(desk).flow == load_flow(BEFORE)
        assert git(place, "status", "--porcelain") == ""

    story(tmp_path, tell)


def test_without_git_a_sentence_says_what_is_missing(qtbot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "git", None)  # which makes importing it an ImportError, as does a missing git

    def tell(desk: Desk) -> None:
        page = desk.open(load_flow(NOW))
        for action in ("choose_code", "show_flow_git", "show_environments"):
            page.viewer.select(["b"])
            desk.window.strip.show_message("")
            desk.window.actions_by_id[action].trigger()
            assert desk.window.strip.message == "This needs git, which is not there: install git, then try again."

    story(tmp_path, tell)
