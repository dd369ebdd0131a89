"""Deeds for actions on a flow that is deployed to a cluster; no agent of it is there, so that nothing but the plan is seen."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QMessageBox, QPushButton

from app.cluster.deploy_dialog import DeployDialog
from engine.client.cluster import Cluster
from engine.targets import Targets
from tests.app.desk import Desk, shown, until
from tests.app.window.deed.deed import by_menu, deed, pick, write_over
from tests.app.window.deed.running import state

DEPLOYED = "deployed"


def deploy(desk: Desk) -> None:
    """Where a cluster is the target, Run deploys."""
    by_menu(desk, "run")
    dialog = shown(DeployDialog)
    until(dialog.deploy_button.isEnabled)
    desk.click(dialog.deploy_button)
    until(lambda: state(desk) == "running")


@deed(DEPLOYED, "scale")
def scale(desk: Desk, folder: Path) -> None:
    def wanted() -> list[int]:
        with Cluster(Targets().find("prod")) as cluster:
            return list(cluster.order(desk.page.title).scale.values())

    assert wanted() == []
    pick(desk, "sum")  # before `hold` there is a breakpoint, which wants one worker
    by_menu(desk, "scale")
    write_over(desk, "3")
    until(lambda: wanted() == [3])


@deed(DEPLOYED, "start_deployed")
def start_deployed(desk: Desk, folder: Path) -> None:
    by_menu(desk, "stop")
    until(lambda: state(desk) == "stopped")
    by_menu(desk, "start_deployed")
    until(lambda: state(desk) == "running")


@deed(DEPLOYED, "undeploy")
def undeploy(desk: Desk, folder: Path) -> None:
    by_menu(desk, "undeploy")
    box = shown(QMessageBox)
    desk.click(next(each for each in box.findChildren(QPushButton) if each.text() == "Undeploy"))
    until(lambda: state(desk) == "")
