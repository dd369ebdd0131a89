"""The actions on git in the real window: a choice is one undoable step, and what differs is drawn on the canvas."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from app.sources.code_dialog import CodeDialog
from app.sources.diff_overlay import DiffOverlay
from app.sources.environments_dialog import EnvironmentsDialog
from app.sources.flow_git_dialog import FlowGitDialog
from app.theme.current import current_theme
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
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with a flow and a module, and the flow changed since."""
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "Ada")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "ada@example.org")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = tmp_path / "work"
    folder.mkdir()
    (folder / "x.flow.yaml").write_text(BEFORE, encoding="utf-8")
    (folder / "sample.py").write_text("def one(n):\n    return n\n", encoding="utf-8")
    for arguments in (["init", "-q", "--initial-branch=main"], ["add", "--all"], ["commit", "-q", "-m", "First"]):
        subprocess.run(["git", *arguments], cwd=folder, check=True)
    (folder / "x.flow.yaml").write_text(NOW, encoding="utf-8")
    return folder


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
