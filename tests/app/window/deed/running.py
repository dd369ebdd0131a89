"""Deeds for actions on a flow that runs. They follow one another: six messages and four are held, looked at, let go."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QApplication, QInputDialog, QMessageBox, QWidget

from app.results.lineage_dialog import LineageDialog
from app.results.queue_dialog import QueueDialog
from app.results.state_dialog import StateDialog
from tests.app.desk import Desk, result, shown, until
from tests.app.run.test_inspecting import BEFORE, INSIDE, LINK, answer, waiting
from tests.app.window.deed.deed import by_menu, deed, pick, pick_link, write_over
from tests.app.window.test_by_mouse import when_asked

RUNNING = "running"


def state(desk: Desk) -> str:
    return desk.window.conductor.state_of(desk.page)


def stopped(desk: Desk) -> list[str]:
    """The steps that are stopped in the engine."""
    return list(result(desk.window.conductor.engine.deployment("looked-at")).stopped)


@deed(RUNNING, "run")
def run(desk: Desk, folder: Path) -> None:
    by_menu(desk, "run")
    until(lambda: (waiting(desk, LINK), waiting(desk, INSIDE)) == (6, 4))


@deed(RUNNING, "pause")
def pause(desk: Desk, folder: Path) -> None:
    by_menu(desk, "pause")
    until(lambda: state(desk) == "paused")


@deed(RUNNING, "resume")
def resume(desk: Desk, folder: Path) -> None:
    by_menu(desk, "resume")
    until(lambda: state(desk) == "running")


@deed(RUNNING, "list_queue")
def list_queue(desk: Desk, folder: Path) -> None:
    pick_link(desk, LINK)
    by_menu(desk, "list_queue")
    dialog = shown(QueueDialog)
    until(lambda: dialog.table.rowCount() == 6)
    dialog.close()


@deed(RUNNING, "list_dead_letters")
def list_dead_letters(desk: Desk, folder: Path) -> None:
    pick(desk, "sum")
    by_menu(desk, "list_dead_letters")
    dialog = shown(QueueDialog)
    assert dialog.replay_button.isVisible()
    dialog.close()


@deed(RUNNING, "view_lineage")
def view_lineage(desk: Desk, folder: Path) -> None:
    pick(desk, "sum")
    by_menu(desk, "view_lineage")
    dialog = shown(LineageDialog)
    until(lambda: dialog.events.rowCount() == 12)
    dialog.close()


@deed(RUNNING, "view_state")
def view_state(desk: Desk, folder: Path) -> None:
    pick(desk, "sum")
    by_menu(desk, "view_state")
    dialog = shown(StateDialog)
    until(lambda: dialog.table.rowCount() == 1)
    dialog.close()


@deed(RUNNING, "clear_bulletins")
def clear_bulletins(desk: Desk, folder: Path) -> None:
    overlay = desk.window.conductor.overlay_of(desk.page)
    assert overlay is not None
    until(lambda: overlay.bulletins == 6)
    by_menu(desk, "clear_bulletins")
    assert overlay.bulletins == 0


@deed(RUNNING, "replay_last")
def replay_last(desk: Desk, folder: Path) -> None:
    pick(desk, "sum")
    by_menu(desk, "replay_last")
    until(lambda: waiting(desk, LINK) == 7)


@deed(RUNNING, "terminate")
def terminate(desk: Desk, folder: Path) -> None:
    pick(desk, "sum")
    by_menu(desk, "terminate")
    until(lambda: stopped(desk) == ["sum"])


@deed(RUNNING, "start_selected")
def start_selected(desk: Desk, folder: Path) -> None:
    pick(desk, "sum")
    by_menu(desk, "start_selected")
    until(lambda: stopped(desk) == [])


@deed(RUNNING, "stop_selected")
def stop_selected(desk: Desk, folder: Path) -> None:
    pick(desk, "sum")
    by_menu(desk, "stop_selected")
    until(lambda: stopped(desk) == ["sum"])


@deed(RUNNING, "run_once")
def run_once(desk: Desk, folder: Path) -> None:
    pick(desk, "sum")
    result(desk.window.conductor.replay_last(desk.page, ["sum"]))
    until(lambda: waiting(desk, BEFORE) == 1)
    by_menu(desk, "run_once")
    until(lambda: (waiting(desk, BEFORE), waiting(desk, LINK)) == (0, 8))
    assert stopped(desk) == ["sum"]


@deed(RUNNING, "debug_step")
def debug_step(desk: Desk, folder: Path) -> None:
    pick(desk, "sum")
    result(desk.window.conductor.start_steps(desk.page, ["sum"]))
    by_menu(desk, "debug_step")
    live = desk.window.sides.code.live
    until(lambda: "listens at 127.0.0.1" in live.page.state.text())
    by_menu(desk, "debug_step")
    until(lambda: not live.is_shown)
    result(desk.window.conductor.stop_steps(desk.page, ["sum"]))


@deed(RUNNING, "release_one")
def release_one(desk: Desk, folder: Path) -> None:
    pick_link(desk, LINK)
    by_menu(desk, "release_one")
    until(lambda: waiting(desk, LINK) == 7)


@deed(RUNNING, "release_some")
def release_some(desk: Desk, folder: Path) -> None:
    def two(dialog: QWidget) -> None:
        assert isinstance(dialog, QInputDialog)
        write_over(desk, "2")

    pick_link(desk, LINK)
    when_asked(two)
    by_menu(desk, "release_some")
    until(lambda: waiting(desk, LINK) == 5)


@deed(RUNNING, "empty_queue")
def empty_queue(desk: Desk, folder: Path) -> None:
    result(desk.window.conductor.replay_last(desk.page, ["sum"]))
    until(lambda: waiting(desk, BEFORE) == 1)
    pick_link(desk, BEFORE)
    by_menu(desk, "empty_queue")
    assert "1 message is deleted" in answer(desk, "Delete")
    until(lambda: waiting(desk, BEFORE) == 0)


@deed(RUNNING, "release_all")
def release_all(desk: Desk, folder: Path) -> None:
    pick_link(desk, LINK)
    by_menu(desk, "release_all")
    until(lambda: waiting(desk, LINK) == 0)


@deed(RUNNING, "empty_all_queues")
def empty_all_queues(desk: Desk, folder: Path) -> None:
    by_menu(desk, "empty_all_queues")
    assert "of “looked-at”? 4 messages are deleted" in answer(desk, "Delete")
    until(lambda: waiting(desk, INSIDE) == 0)
    assert not any(isinstance(each, QMessageBox) and each.isVisible() for each in QApplication.topLevelWidgets())


@deed(RUNNING, "stop")
def stop(desk: Desk, folder: Path) -> None:
    by_menu(desk, "stop")
    until(lambda: state(desk) == "stopped")
