"""Every action of the window, carried out by clicks in the menu bar, each with what one sees then.

What the deeds are is in `deed/`, by the scene they need. An action without a deed fails `test_no_action_is_without_a_deed`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

import tests.app.window.deed.looking  # noqa: F401 - its deeds are noted when it is imported
from app.window.action_table import ACTIONS
from engine.database.session import open_database
from engine.ledger.url import open_ledger
from engine.targets import TARGETS_ENV, Target, Targets
from tests.app.cluster.test_deploying import choose as choose_target
from tests.app.desk import Desk, story, until
from tests.app.run.test_inspecting import FLOW as LOOKED_AT
from tests.app.window.deed.deed import DEEDS, carry_out
from tests.app.window.deed.deploying import DEPLOYED, deploy
from tests.app.window.deed.drawing import DRAWN, FLOW
from tests.app.window.deed.filing import FILES
from tests.app.window.deed.running import RUNNING
from tests.servers import PostgreSQL, Redis


@pytest.fixture
def told(qtbot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[Desk], None]], None]:
    """Tells a story whose patterns, targets, log and reports are in a folder of its own."""
    settings = tmp_path / "settings.toml"
    settings.write_text(f'patterns = ["{tmp_path / "patterns"}"]\n', encoding="utf-8")
    monkeypatch.setenv("PYFI_SETTINGS", str(settings))
    monkeypatch.delenv("PYFI_PATTERNS", raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))

    # What the system shows folders with is no program of ours; PySide 6.11 lets nobody set a handler of URLs.
    def show(url: QUrl) -> None:
        (tmp_path / "shown").write_text(url.toLocalFile(), encoding="utf-8")

    monkeypatch.setattr(QDesktopServices, "openUrl", show)
    return lambda tell: story(tmp_path, tell)


def test_no_action_is_without_a_deed():
    done = {id for acts in DEEDS.values() for id in acts}
    assert {row.id for row in ACTIONS} - done == set(), "an action that nobody carries out"
    assert done - {row.id for row in ACTIONS} == set(), "a deed for an action that is not there"


def undo_all(desk: Desk) -> None:
    """Each deed finds the drawing as it was."""
    desk.page.document.undo_stack.setIndex(0)
    assert desk.flow == FLOW


def test_what_is_done_with_a_drawing(told, tmp_path):
    def tell(desk: Desk) -> None:
        desk.open(FLOW)
        until(lambda: desk.window.first_paint.is_through)
        carry_out(desk, tmp_path, DRAWN, after=undo_all)

    told(tell)


def test_what_is_done_with_files_and_windows(told, tmp_path):
    told(lambda desk: carry_out(desk, tmp_path, FILES))


def test_what_is_done_with_a_flow_that_runs(told, tmp_path):
    def tell(desk: Desk) -> None:
        desk.open(LOOKED_AT)
        carry_out(desk, tmp_path, RUNNING)
        assert desk.page.document.undo_stack.count() == 0, "the drawing stays as it is"

    told(tell)


@pytest.mark.servers
def test_what_is_done_with_a_flow_on_a_cluster(told, tmp_path, monkeypatch, postgresql: PostgreSQL, redis_server: Redis):
    database = postgresql.create()
    open_database(database, create=True).close()
    open_ledger(database).close()
    monkeypatch.setenv(TARGETS_ENV, str(tmp_path / "targets.toml"))
    Targets().add(Target(name="prod", broker=redis_server.url, bus=redis_server.url, database=database))

    def tell(desk: Desk) -> None:
        desk.open(LOOKED_AT)
        until(lambda: desk.window.first_paint.is_through)
        choose_target(desk, "prod")
        deploy(desk)
        carry_out(desk, tmp_path, DEPLOYED)

    told(tell)
    postgresql.drop(database)
