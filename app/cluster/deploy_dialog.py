"""DeployDialog, what deploying a flow to a target would change there, and the button that does it."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from app.cluster.change_list import ChangeList
from app.cluster.override_table import OverrideTable
from app.feed.background import in_background
from app.help.shown import add_help_key
from app.panel.problem_model import WHAT, WHERE, ProblemModel
from app.theme.fonts import scaled, wear_icon_size
from app.theme.icon import icon
from app.theme.icon_label import IconLabel
from app.theme.style_sheet import set_look
from app.words import counted
from engine.client.cluster_link import ClusterLink
from engine.errors import InvalidFlow, PyfiError
from engine.model.flow import Flow
from engine.model.problem import Problem

if TYPE_CHECKING:
    from engine.client.cluster import Cluster, Comparison

_REST_MS = 400
"""Values that are typed faster than this are compared together."""


class DeployDialog(QDialog):
    """Asks the target when it is shown, and again whenever a parameter is given another value."""

    deployed = Signal()
    """It is done: agents take it from here."""
    problem_chosen = Signal(object)
    """The user wants to see what a `Problem` is about; the dialog is closed."""

    def __init__(self, link: ClusterLink, flow: Flow, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._link = link
        self._flow = flow
        self._folder = folder
        self._task: asyncio.Task[None] | None = None
        self.comparison: Comparison | None = None
        """What would change, once the target has said so."""
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Deploy to {}").format(link.target.name))
        self.resize(scaled(640), scaled(660))
        self.heading = QLabel(self.tr("“{0}” on “{1}”").format(flow.name, link.target.name))
        self.summary = QLabel(self.tr("Comparing with what runs there …"))
        self.changes = ChangeList()
        self.problems = ProblemModel()
        self.problem_view = QTreeView()
        self.overrides = OverrideTable(flow)
        self.held = QFrame()
        self.held_words = QLabel()
        self.force_box = QCheckBox(self.tr("Deploy all the same: these messages are kept aside"))
        self.fresh_box = QCheckBox(self.tr("Begin anew: discard what waits, state and positions"))
        self.status = QLabel()
        self._middle = QStackedWidget()
        self._arrange()
        add_help_key(self, "desktop.md#clusters")
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self._compare)
        self.overrides.edited.connect(self._on_overridden)
        self.force_box.toggled.connect(lambda _: self._show_button())
        self.problem_view.clicked.connect(lambda index: self._on_problem(index.row()))
        self.problem_view.activated.connect(lambda index: self._on_problem(index.row()))
        self._begin(self._open())

    # -- what it is made of

    def _arrange(self) -> None:
        set_look(self.heading, "title")
        for label in (self.heading, self.summary, self.status, self.held_words):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        set_look(self.summary, "muted")
        set_look(self.status, "error")
        self.status.hide()
        self._arrange_problems()
        self._middle.addWidget(self.changes)
        self._middle.addWidget(self.problem_view)
        self._arrange_held()
        self.fresh_box.setToolTip(self.tr("Dead letters stay. A deployment that has ended begins anew in any case."))
        self.fresh_box.hide()
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.deploy_button = QPushButton(icon("deploy"), self.tr("Deploy"))
        self.deploy_button.setDefault(True)
        self.deploy_button.setEnabled(False)
        self.buttons.addButton(self.deploy_button, QDialogButtonBox.ButtonRole.AcceptRole)
        self.buttons.accepted.connect(self._on_accepted)
        self.buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 12)
        column.setSpacing(10)
        for widget, stretch in (
            (self.heading, 0),
            (self.summary, 0),
            (self._middle, 1),
            (self.held, 0),
            (self.overrides, 0),
            (self.fresh_box, 0),
            (self.status, 0),
            (self.buttons, 0),
        ):
            column.addWidget(widget, stretch)

    def _arrange_problems(self) -> None:
        view = self.problem_view
        view.setModel(self.problems)
        view.setAccessibleName(self.tr("Problems of the flow"))
        view.setRootIsDecorated(False)
        view.setUniformRowHeights(True)
        wear_icon_size(view, 14)
        view.header().resizeSection(WHERE, scaled(170))
        view.header().setStretchLastSection(True)
        view.setTextElideMode(Qt.TextElideMode.ElideRight)
        assert WHAT > WHERE

    def _arrange_held(self) -> None:
        set_look(self.held, "warning_banner")
        self.held.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.held_words.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        head = QHBoxLayout()
        head.addWidget(IconLabel(icon("problem", role="warning"), 16), 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self.held_words, 1)
        column = QVBoxLayout(self.held)
        column.setContentsMargins(12, 8, 12, 8)
        column.addLayout(head)
        column.addWidget(self.force_box)
        self.held.hide()

    # -- asking

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        if self._task is not None:
            self._task.cancel()
        self._task = in_background(self._told(work))
        self._task.add_done_callback(lambda _: work.close())  # one that is cancelled before it begins is never awaited

    async def _told(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except InvalidFlow as error:
            self._show_problems([each for each in error.problems if isinstance(each, Problem)])
        except PyfiError as error:
            self._say(str(error))

    async def _open(self) -> None:
        """Begin with the values that were given to the parameters there."""
        self.overrides.set_values(await self._link.ask(self._given))
        await self._ask()

    def _given(self, cluster: Cluster) -> dict[str, Any]:
        from engine.errors import NotFound

        try:
            return dict(cluster.order(self._flow.name).parameters)
        except NotFound:
            return {}

    def _compare(self) -> None:
        self._begin(self._ask())

    async def _ask(self) -> None:
        overrides = self.overrides.values()
        comparison = await self._link.ask(lambda cluster: cluster.compare(self._opened(), overrides=overrides))
        self.comparison = comparison
        self._say("")
        self._show(comparison)

    def _opened(self) -> Any:
        from engine.client.flow import Opened

        return Opened(self._flow, self._folder, self._flow.name)

    def _on_overridden(self) -> None:
        self.comparison = None
        self._show_button()
        self._rest.start()

    # -- what it shows

    def _show(self, comparison: Comparison) -> None:
        self._middle.setCurrentWidget(self.changes)
        self.changes.show_comparison(comparison, self._flow)
        if comparison.is_new:
            self.summary.setText(self.tr("Nothing of that name runs there yet."))
        else:
            self.summary.setText(self._summed(comparison))
        self.held.setVisible(bool(comparison.held))
        if comparison.held:
            lines = (f"{key}: {self._counted(count)}" for key, count in comparison.held.items())
            self.held_words.setText("\n".join((self.tr("Connections that would go still hold messages:"), *lines)))
        self.fresh_box.setVisible(not comparison.is_new)
        self._show_button()

    def _summed(self, comparison: Comparison) -> str:
        parts = (
            (comparison.begun, self.tr("1 stage begins"), self.tr("{} stages begin")),
            (comparison.restarted, self.tr("1 restarts"), self.tr("{} restart")),
            (comparison.kept, self.tr("1 goes on untouched"), self.tr("{} go on untouched")),
            (comparison.gone, self.tr("1 ends"), self.tr("{} end")),
        )
        words = ", ".join(counted(len(stages), one, many) for stages, one, many in parts if stages)
        return self.tr("Stages: {}.").format(words) if words else self.tr("No stage changes.")

    def _counted(self, count: int) -> str:
        return counted(count, self.tr("1 message"), self.tr("{} messages"))

    def _show_problems(self, problems: Sequence[Problem]) -> None:
        self.comparison = None
        self.problems.show(problems)
        self._middle.setCurrentWidget(self.problem_view)
        one, many = self.tr("1 problem keeps it from running there."), self.tr("{} problems keep it from running there.")
        self.summary.setText(counted(len(problems), one, many))
        self.held.hide()
        self._show_button()

    def _say(self, words: str) -> None:
        self.status.setText(words)
        self.status.setVisible(bool(words))
        self._show_button()

    def _show_button(self) -> None:
        found = self.comparison
        self.deploy_button.setEnabled(found is not None and (not found.held or self.force_box.isChecked()))
        if self.deploy_button.isEnabled() and self.changes.hasFocus():
            self.deploy_button.setFocus()  # what the dialog is for, unless a value is just typed

    # -- what one does

    def _on_problem(self, row: int) -> None:
        self.problem_chosen.emit(self.problems.problem(row))
        self.reject()

    def _on_accepted(self) -> None:
        if self.deploy_button.isEnabled():
            self.deploy_button.setEnabled(False)
            self.summary.setText(self.tr("Deploying …"))
            self._begin(self._deploy())

    async def _deploy(self) -> None:
        overrides, fresh, force = self.overrides.values(), self.fresh_box.isChecked(), self.force_box.isChecked()
        await self._link.ask(lambda cluster: cluster.deploy(self._opened(), overrides=overrides, fresh=fresh, force=force))
        self._link.look()
        self.deployed.emit()
        self.accept()

    def done(self, result: int) -> None:
        """Nobody waits for an answer any more."""
        self._rest.stop()
        if self._task is not None and result == QDialog.DialogCode.Rejected:
            self._task.cancel()
        super().done(result)
