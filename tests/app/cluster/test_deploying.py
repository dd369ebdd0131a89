"""A flow is deployed from the window to agents of a real cluster, and followed there."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec import structs
from PySide6.QtCore import QSize, QTimer
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QInputDialog, QMessageBox, QPushButton

from app.canvas.card import State
from app.cluster.deploy_dialog import DeployDialog
from app.results.lineage_dialog import LineageDialog
from app.results.queue_dialog import QueueDialog
from app.results.state_dialog import StateDialog
from engine.client.targets import Targets
from engine.model import edits
from engine.model.codec import dump_flow, load_flow
from engine.model.flow import Flow
from engine.model.layout import placed
from engine.targets import TARGETS_ENV
from tests.app.desk import Desk, desk_in, result, run, shown, until
from tests.app.hand import LEFT
from tests.cluster.site import Site


def flow(name: str) -> Flow:
    return placed(
        load_flow(f"""
pyfi: 1
name: {name}
parameters: {{rate: 20}}
processors:
  - {{id: ticks, type: generate, config: {{count: 0, rate: "${{rate}}"}}}}
  - id: check
    type: python
    code: |
      def check(n):
          if n % 10 == 7:
              raise ValueError(f"{{n}} is refused")
          return n
  - {{id: score, type: python, code: "def score(n): return n", requires: [gpu]}}
connections:
  - {{from: ticks.success, to: check.in, fuse: false}}
  - {{from: check.success, to: score.in}}
auto_terminate: [score.success]
layout: {{ticks: [0, 0], check: [450, 0], score: [900, 0]}}
""")
    )


@pytest.fixture
def story(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qapp: QApplication) -> Callable[..., None]:
    """Tells one in a window that knows the targets of the site."""
    monkeypatch.setenv(TARGETS_ENV, str(site.targets.path))

    def tell(act: Callable[[Desk], None]) -> None:
        def in_desk() -> None:
            with desk_in(tmp_path) as desk:
                act(desk)

        run(in_desk)

    return tell


def choose(desk: Desk, name: str) -> None:
    """Choose a target from the menu beside Run."""
    selector = desk.window.target_bar.selector

    def pick() -> None:
        menu = selector.menu()
        action = next(each for each in menu.actions() if each.text() == name)
        QTest.mouseClick(menu, LEFT, pos=menu.actionGeometry(action).center())

    QTimer.singleShot(50, pick)
    desk.click(selector)  # returns when the menu is closed
    until(lambda: selector.text() == name)


def trigger(desk: Desk, id: str) -> None:
    action = desk.window.actions_by_id[id]
    until(action.isEnabled)
    action.trigger()


def deploy(desk: Desk) -> None:
    trigger(desk, "run")
    dialog = shown(DeployDialog)
    until(dialog.deploy_button.isEnabled)
    desk.click(dialog.deploy_button)
    until(lambda: desk.window.conductor.state_of(desk.page) == "running")


def undeploy(desk: Desk) -> None:
    trigger(desk, "undeploy")
    box = shown(QMessageBox)
    desk.click(next(each for each in box.findChildren(QPushButton) if each.text() == "Undeploy"))
    until(lambda: desk.window.conductor.state_of(desk.page) == "")


def figure(desk: Desk, step: str, name: str) -> object:
    figures = desk.window.conductor.figures_of(desk.page)
    found = figures.processors.get(step) if figures is not None else None
    return getattr(found, name) if found is not None else None


def state(desk: Desk, key: str) -> State:
    cards = desk.page.board.sheet.cards
    return State(int(cards.state[cards.rows[key]]))


def runs(desk: Desk, key: str) -> str:
    cards = desk.page.board.sheet.cards
    found = cards.runs.get(cards.rows[key])
    return found.badge if found is not None else ""


def badges(desk: Desk) -> dict[str, str]:
    """What cards say of another version that runs."""
    cards = desk.page.board.sheet.cards
    shown = [cards.card(row) for row in cards.rows.all().tolist()]
    return {each.key: each.badge for each in shown if each.badge == "runs another"}


def look_inside(desk: Desk) -> None:
    """Where messages came from, and what a processor keeps."""
    desk.page.viewer.select(["check"])
    trigger(desk, "view_lineage")
    messages = shown(LineageDialog)
    until(lambda: messages.events.rowCount() > 0)
    messages.close()
    trigger(desk, "view_state")
    kept = shown(StateDialog)
    until(lambda: kept.status.text() != "")
    assert kept.table.rowCount() == 0
    kept.close()


def change_what_runs(desk: Desk) -> None:
    """A change is compared with what runs; messages that wait hold it up until the user says so."""
    page = desk.page
    assert badges(desk) == {}
    page.document.edit("other", edits.configure(page.document.flow, "check", code="def check(n): return n"))
    until(lambda: badges(desk) == {"check": "runs another"})
    page.document.edit("delete", edits.delete(page.document.flow, ["score"]))
    page.document.edit("end", edits.set_auto_terminate(page.document.flow, "check", ["success"]))
    trigger(desk, "run")
    dialog = shown(DeployDialog)
    until(lambda: dialog.comparison is not None)
    assert dialog.comparison is not None
    assert dialog.comparison.gone == ("score",)
    assert "check.success->score.in" in dialog.comparison.held
    assert dialog.held.isVisible()
    assert not dialog.deploy_button.isEnabled()
    desk.click(dialog.force_box)
    assert dialog.deploy_button.isEnabled()
    desk.click(dialog.deploy_button)
    until(lambda: figure(desk, "score", "state") is None)
    until(lambda: badges(desk) == {})


def steer(desk: Desk) -> None:
    """Scale, pause, resume, stop, start and take away."""
    window, page = desk.window, desk.page
    page.viewer.select(["check"])
    trigger(desk, "scale")
    asked = shown(QInputDialog)
    asked.setIntValue(2)
    asked.accept()
    until(lambda: figure(desk, "check", "nodes") == ["east", "west"])
    steer_step(desk)

    trigger(desk, "pause")
    until(lambda: window.conductor.state_of(page) == "paused")
    trigger(desk, "resume")
    until(lambda: window.conductor.state_of(page) == "running")
    trigger(desk, "stop")
    until(lambda: window.conductor.state_of(page) == "stopped")
    trigger(desk, "start_deployed")
    until(lambda: window.conductor.state_of(page) == "running")
    undeploy(desk)
    until(lambda: state(desk, "check") is State.STOPPED)  # figures reach the cards a tenth of a second after they came


def steer_step(desk: Desk) -> None:
    """End a processor at once, run it once, start it again, and have it work once more on what it took last."""
    said: list[str] = []
    desk.window.conductor.told.connect(said.append)
    desk.page.viewer.select(["check"])
    trigger(desk, "terminate")
    until(lambda: "1 step terminated" in said)
    until(lambda: state(desk, "check") is State.STOPPED)
    trigger(desk, "run_once")
    until(lambda: any(each.startswith("check: ") and each.endswith(("message", "messages")) for each in said))
    received = int(str(figure(desk, "check", "received")))
    trigger(desk, "start_selected")
    until(lambda: int(str(figure(desk, "check", "received"))) > received)
    until(lambda: figure(desk, "check", "nodes") == ["east", "west"])
    trigger(desk, "replay_last")
    until(lambda: "check: the last message comes once more" in said)


def see_figures(desk: Desk) -> None:
    """The canvas shows figures of the cluster, and who runs what."""
    window, page = desk.window, desk.page
    until(lambda: int(str(figure(desk, "check", "received") or 0)) > 20)
    until(lambda: runs(desk, "check") in ("east", "west"))
    assert state(desk, "check") is State.RUNNING
    assert runs(desk, "score") == "waits"
    row = page.board.sheet.cards.rows["score"]
    assert page.board.sheet.cards.runs[row].hint == "Waits for a node with the label gpu."
    until(lambda: page.board.sheet.links.queued[page.board.sheet.links.rows["check.success->score.in"]][0] > 10)
    assert window.conductor.targets.remote_of(page).feed.link == "connected"  # type: ignore[union-attr]
    window.docks.show("charts")
    charts = window.sides.charts
    until(lambda: charts.plot is not None and charts.stack.currentWidget() is charts.plot)
    assert charts.subjects[0].door is window.conductor.targets.remote_of(page).link  # type: ignore[union-attr]


@pytest.mark.servers
def test_a_flow_is_deployed_followed_changed_scaled_stopped_and_taken_away(story: Callable[..., None]) -> None:
    def tell(desk: Desk) -> None:
        window = desk.window
        page = desk.open(flow("orders"))
        until(lambda: window.first_paint.is_through)
        choose(desk, "prod")
        assert window.actions_by_id["run"].text() == "&Deploy …"
        assert window.strip.number("target") == "prod"

        # It says what would change, and takes parameters.
        trigger(desk, "run")
        dialog = shown(DeployDialog)
        until(dialog.deploy_button.isEnabled)
        assert dialog.comparison is not None
        assert dialog.comparison.is_new
        QTest.keyClicks(dialog.overrides.fields["rate"], "50")
        until(lambda: dialog.deploy_button.isEnabled() and dialog.comparison is not None)
        desk.click(dialog.deploy_button)

        see_figures(desk)

        # What waits there can be looked at.
        page.viewer.select(["check.success->score.in"])
        trigger(desk, "list_queue")
        listed = shown(QueueDialog)
        until(lambda: listed.table.rowCount() > 0)
        listed.close()
        look_inside(desk)

        # On this machine it does not run, and it is instantly so; back on the cluster all is there at once.
        choose(desk, "local")
        assert state(desk, "check") is State.STOPPED
        assert runs(desk, "check") == ""
        assert len(window.docks.log.view.log) == 0
        assert window.sides.charts.subjects[0].door is window.conductor.engine
        choose(desk, "prod")
        assert state(desk, "check") is State.RUNNING
        assert runs(desk, "check") != ""
        until(lambda: len(window.docks.log.view.log) > 0)  # refused numbers are warnings

        change_what_runs(desk)
        steer(desk)

    story(tell)


@pytest.mark.servers
def test_nodes_are_listed_disabled_and_enabled(story: Callable[..., None]) -> None:
    def tell(desk: Desk) -> None:
        desk.open(flow("listed"))
        until(lambda: desk.window.first_paint.is_through)
        choose(desk, "prod")
        desk.window.docks.show("nodes")
        panel = desk.window.target_bar.nodes

        def names() -> dict[str, str]:
            found = [panel.tree.topLevelItem(number) for number in range(panel.tree.topLevelItemCount())]
            return {item.text(0): item.text(1) for item in found if item is not None}

        until(lambda: names().get("east") == "running" and names().get("west") == "running")
        QTest.keyClicks(panel.field, "east")
        assert list(names()) == ["east"]
        item = panel.tree.topLevelItem(0)
        assert item is not None
        desk.click_at(panel.tree.viewport(), panel.tree.visualItemRect(item).center())
        assert panel.disable_button.isEnabled()
        assert not panel.forget_button.isEnabled()
        desk.click(panel.disable_button)
        until(lambda: names().get("east") == "disabled")
        desk.click(panel.enable_button)
        until(lambda: names().get("east") == "running")

    story(tell)


@pytest.mark.servers
def test_while_the_bus_is_away_the_database_is_asked_and_the_strip_says_why(story: Callable[..., None], site: Site) -> None:
    Targets(site.targets.path).add(structs.replace(site.target, name="deaf", bus="redis://127.0.0.1:1/0"), replace=True)

    def tell(desk: Desk) -> None:
        page = desk.open(flow("unheard"))
        until(lambda: desk.window.first_paint.is_through)
        choose(desk, "deaf")
        deploy(desk)
        before = figure(desk, "ticks", "out")
        until(lambda: figure(desk, "ticks", "out") not in (None, {}, before))
        assert "127.0.0.1:1" in desk.window.strip.target_trouble
        result(desk.window.conductor.stop(page))
        until(lambda: desk.window.conductor.state_of(page) == "stopped")

        # The choice is the flow's: it is there again when the flow is opened again.
        book = page.book.id
        result(desk.window.farewell.close_page(page))
        page = desk.open_again(book)
        assert desk.window.conductor.targets.name_of(page) == "deaf"
        until(lambda: desk.window.conductor.state_of(page) == "stopped")
        undeploy(desk)
        choose(desk, "local")
        assert desk.window.strip.target_trouble == ""

    story(tell)


@pytest.mark.servers
def test_what_cannot_run_there_is_told_and_shown(story: Callable[..., None]) -> None:
    def tell(desk: Desk) -> None:
        page = desk.open(
            placed(
                load_flow("""
pyfi: 1
name: files
processors:
  - {id: ticks, type: generate, config: {count: 1}}
  - {id: keep, type: write_lines, config: {path: /var/tmp/kept.txt}}
connections: [{from: ticks.success, to: keep.in}]
""")
            )
        )
        until(lambda: desk.window.first_paint.is_through)
        choose(desk, "prod")
        trigger(desk, "run")
        dialog = shown(DeployDialog)
        until(lambda: bool(dialog.problems.problems))
        assert not dialog.deploy_button.isEnabled()
        view = dialog.problem_view
        desk.click_at(view.viewport(), view.visualRect(dialog.problems.index(0, 1)).center())
        until(lambda: not any(isinstance(each, DeployDialog) and each.isVisible() for each in QApplication.topLevelWidgets()))
        assert page.viewer.selected_keys() == ["keep"]

    story(tell)


@pytest.mark.servers
def test_a_picture_is_taken_of_what_runs_there(site: Site, tmp_path: Path) -> None:
    path = site.folder / "pictured.flow.yaml"
    path.write_text(dump_flow(flow("pictured")), encoding="utf-8")
    folders = {name: str(tmp_path / name) for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "PYFI_WORKSPACE")}
    command = [sys.executable, "-m", "engine.cli.main", "app", str(path), "--target"]
    environment = {**site.environment(), **folders, "QT_QPA_PLATFORM": "offscreen"}
    picture = ["--screenshot", str(tmp_path / "out.png")]
    done = subprocess.run([*command, "prd", *picture], env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "prd" in done.stderr
    more = ["--run", "--wait", "3", "--size", "1200x700"]
    done = subprocess.run([*command, "prod", *picture, *more], env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert QImage(str(tmp_path / "out.png")).size() == QSize(1200, 700)
    with site.cluster() as cluster:
        assert cluster.standing("pictured").state == "running"
        cluster.undeploy("pictured")
