"""TargetsDialog, where the user names the clusters that flows can be deployed to."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QMessageBox,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.cluster.probe_list import ProbeList
from app.cluster.target_form import TargetForm
from app.feed.background import in_background
from app.help.shown import add_help_key
from app.theme.fonts import scaled, wear_icon_size
from app.theme.icon import icon
from app.theme.style_sheet import set_look
from engine.client.targets import Target, Targets, probe_all
from engine.errors import PyfiError


class TargetsDialog(QDialog):
    """The targets at the left, the one that is chosen at the right. It opens with a new one if there is none yet."""

    targets_changed = Signal()
    """The file holds other targets, or others' servers."""

    def __init__(self, targets: Targets, parent: QWidget | None = None, *, chosen: str = "") -> None:
        super().__init__(parent)
        self._targets = targets
        self._known: dict[str, Target] = {}
        self._testing: asyncio.Task[None] | None = None
        self.setWindowTitle(self.tr("Targets"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(scaled(820), scaled(600))
        self.list = QListWidget()
        self.form = TargetForm()
        self.probes = ProbeList()
        self.status = QLabel()
        self.new_button = QPushButton(icon("plus"), self.tr("New"))
        self.delete_button = QPushButton(icon("trash"), self.tr("Delete …"))
        self.test_button = QPushButton(icon("connection"), self.tr("Test Connection"))
        self.save_button = QPushButton(self.tr("Save"))
        self._arrange()
        add_help_key(self, "desktop.md#clusters")
        self.list.currentItemChanged.connect(lambda *_: self._on_chosen())
        self.new_button.clicked.connect(self.begin_new)
        self.delete_button.clicked.connect(self._on_delete_clicked)
        self.test_button.clicked.connect(self._on_test_clicked)
        self.save_button.clicked.connect(self._on_save_clicked)
        self.form.edited.connect(self._on_edited)
        self._fill(chosen)

    def _arrange(self) -> None:
        self.list.setAccessibleName(self.tr("Targets"))
        wear_icon_size(self.list, 16)
        self.list.setFixedWidth(scaled(200))
        self.status.setWordWrap(True)
        self.status.setTextFormat(Qt.TextFormat.PlainText)
        set_look(self.status, "muted")
        set_look(self.save_button, "primary")
        set_look(self.delete_button, "danger")
        below = QHBoxLayout()
        below.addWidget(self.new_button)
        below.addWidget(self.delete_button)
        left = QVBoxLayout()
        left.addWidget(self.list, 1)
        left.addLayout(below)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(14)
        for widget in (self.form, self.probes):
            column.addWidget(widget)
        column.addStretch()
        area = QScrollArea()
        area.setWidget(inner)
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        acts = QHBoxLayout()
        acts.addWidget(self.test_button)
        acts.addStretch()
        acts.addWidget(self.save_button)
        right = QVBoxLayout()
        right.addWidget(area, 1)
        right.addWidget(self.status)
        right.addLayout(acts)
        halves = QHBoxLayout()
        halves.setSpacing(18)
        halves.addLayout(left)
        halves.addLayout(right, 1)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(14, 14, 14, 12)
        whole.setSpacing(12)
        whole.addLayout(halves, 1)
        whole.addWidget(buttons)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Return belongs to the field that has the keyboard."""
        for button in self.findChildren(QPushButton):
            button.setAutoDefault(False)
        super().showEvent(event)

    def done(self, result: int) -> None:
        """Nobody waits for answers any more."""
        if self._testing is not None:
            self._testing.cancel()
        super().done(result)

    # -- the list

    @property
    def chosen(self) -> Target | None:
        """The target whose servers are shown; None: a new one."""
        item = self.list.currentItem()
        return self._known.get(item.text()) if item is not None else None

    def _fill(self, chosen: str = "") -> None:
        trouble = ""
        try:
            known = self._targets.all()
        except PyfiError as error:
            known, trouble = [], str(error)
        self._known = {target.name: target for target in known}
        self.list.clear()
        for target in known:
            self.list.addItem(QListWidgetItem(icon("cluster"), target.name))
        names = list(self._known)
        if names:
            self.list.setCurrentRow(names.index(chosen) if chosen in names else 0)
        else:
            self.begin_new()
        if trouble:
            self.status.setText(trouble)

    def begin_new(self) -> None:
        """Let the user name another target."""
        self.list.setCurrentItem(None)  # type: ignore[arg-type] - none is chosen
        self._show(None)
        self.form.fields["name"].setFocus()

    def _on_chosen(self) -> None:
        self._show(self.chosen)

    def _show(self, target: Target | None) -> None:
        self.form.show_target(target)
        self.probes.hide()
        self.delete_button.setEnabled(target is not None)
        self.save_button.setEnabled(False)
        self.test_button.setEnabled(target is not None)
        if target is None:
            self.status.setText(
                self.tr("Name the servers of a cluster. Agents on its machines are started with the same ones.")
            )
        else:
            self.status.setText(self.tr("Passwords are kept, and not shown. Type one to change it."))

    # -- the form

    def _on_edited(self) -> None:
        is_right = self._is_right()
        self.probes.hide()
        self.test_button.setEnabled(is_right)
        self.save_button.setEnabled(is_right and self.form.target() != self.chosen)
        self.status.setText("")

    def _is_right(self) -> bool:
        return self.form.check(complain=False)

    def _on_save_clicked(self) -> None:
        target, is_new = self.form.target(), self.chosen is None
        try:
            self._targets.add(target, replace=not is_new)
        except PyfiError as error:
            self.status.setText(str(error))
            return
        self._fill(target.name)
        self.status.setText(self.tr("Saved."))
        self.targets_changed.emit()

    def _on_test_clicked(self) -> None:
        self.probes.show_asking()
        self.test_button.setEnabled(False)
        self._testing = in_background(self._test(self.form.target()))

    async def _test(self, target: Target) -> None:
        try:
            answers = await asyncio.to_thread(probe_all, target)
        finally:
            self.test_button.setEnabled(True)
        if self.form.target() == target:
            self.probes.show_answers(answers, has_results=bool(target.results))

    def _on_delete_clicked(self) -> None:
        target = self.chosen
        if target is None:
            return
        box = QMessageBox(self)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setText(self.tr("Forget the target “{}”?").format(target.name))
        box.setInformativeText(self.tr("What runs there goes on; only its servers and passwords are forgotten here."))
        forget = box.addButton(self.tr("Forget"), QMessageBox.ButtonRole.DestructiveRole)
        box.addButton(QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(QMessageBox.StandardButton.Cancel)
        box.finished.connect(lambda _: self._delete(target.name) if box.clickedButton() is forget else None)
        box.open()

    def _delete(self, name: str) -> None:
        try:
            self._targets.delete(name)
        except PyfiError as error:
            self.status.setText(str(error))
            return
        self._fill()
        self.targets_changed.emit()
