"""FlowGitDialog, the open flow's file in git: how it stands, its log, what changed, committing, settling conflicts."""

from __future__ import annotations

import asyncio
import difflib
import time
from collections.abc import Callable, Coroutine
from functools import partial
from html import escape
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QInputDialog,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSplitter,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from app.results.asking_dialog import AskingDialog
from app.sources.diff_overlay import color_of
from app.theme.current import current_theme
from app.theme.icon import icon
from engine.client.flow import Difference, differences
from engine.client.flow_git import Entry, WorkingTree
from engine.errors import ConflictError, NotFound, PyfiError, UsageError
from engine.model.codec import load_flow, read_flow
from engine.model.flow import Flow

_KEY = int(Qt.ItemDataRole.UserRole)
_under_way: set[asyncio.Task[str]] = set()
"""Changes that go on to their end, though the dialog that began them may be closed."""


class Drawing(Protocol):
    """The flow that is drawn, and its file. It outlives the dialog."""

    @property
    def flow(self) -> Flow:
        """The flow as it is drawn."""
        ...

    def take(self, flow: Flow) -> None:
        """Draw another flow in its place."""
        ...

    async def write(self) -> None:
        """Write the file, so that it holds what is drawn."""
        ...

    async def note(self) -> None:
        """The file holds what is drawn, but git has written it."""
        ...

    def complain(self, text: str) -> None:
        """Say what went wrong after the dialog was closed."""
        ...


class FlowGitDialog(AskingDialog):
    """A commit is made of what is drawn: its file is written first."""

    compared = Signal(object)
    """The differences that are shown, for the canvas to draw."""

    def __init__(self, path: Path, drawing: Drawing, parent: QWidget | None = None) -> None:
        super().__init__(path.name, parent)
        self._tree = WorkingTree(path)
        self._drawing = drawing
        self._branch = ""
        """The branch that is checked out."""
        self._is_changing = False
        self._others: list[str] = []
        """Other flow files of the folder that were changed."""
        self._entries: list[Entry] = []
        self._found: list[Difference] = []
        self.setWindowTitle(self.tr("{0} in git").format(path.name))
        self.resize(960, 620)
        self.state = QLabel(self)
        self.branch = QComboBox(self)
        self.branch.setAccessibleName(self.tr("Branch"))
        self.branch.activated.connect(self._on_branch_chosen)
        self.new_branch_button = QPushButton(icon("plus"), self.tr("New Branch …"), self)
        self.new_branch_button.clicked.connect(self._on_new_branch_wanted)
        self.entries = QListWidget(self)
        self.entries.setAccessibleName(self.tr("Commits"))
        self.entries.currentRowChanged.connect(lambda row: self._go(self._compare(row)))
        self.parts = QListWidget(self)
        self.parts.setAccessibleName(self.tr("Parts that differ"))
        self.parts.currentRowChanged.connect(self._on_part_chosen)
        self.text = QTextBrowser(self)
        self.text.setAccessibleName(self.tr("What differs"))
        self.message = QLineEdit(self)
        self.message.setPlaceholderText(self.tr("What was changed"))
        self.message.setAccessibleName(self.tr("Message"))
        self.message.returnPressed.connect(self._on_commit_wanted)
        self.others = QCheckBox(self)
        self.others.hide()
        self.commit_button = QPushButton(icon("check"), self.tr("Commit"), self)
        self.commit_button.clicked.connect(self._on_commit_wanted)
        self.settle_button = QPushButton(icon("merge"), self.tr("Settle Conflicts …"), self)
        self.settle_button.hide()
        self.settle_button.clicked.connect(lambda: self._go(self._settle()))
        self._lay_out()
        self._go(self._load())

    def _lay_out(self) -> None:
        first = QHBoxLayout()
        first.addWidget(QLabel(self.tr("Branch"), self))
        first.addWidget(self.branch)
        first.addWidget(self.new_branch_button)
        first.addWidget(self.state, 1)
        first.addWidget(self.settle_button)
        split = QSplitter(Qt.Orientation.Horizontal)
        for widget in (self.entries, self.parts, self.text):
            split.addWidget(widget)
        split.setSizes([280, 220, 460])
        last = QHBoxLayout()
        last.addWidget(self.message, 1)
        last.addWidget(self.others)
        last.addWidget(self.commit_button)
        layout = QVBoxLayout(self)
        layout.addLayout(first)
        layout.addWidget(split, 1)
        layout.addWidget(self.status)
        layout.addLayout(last)

    async def _load(self) -> None:
        tree = self._tree
        state, self._branch, branches, self._entries, self._others = await asyncio.to_thread(
            lambda: (tree.status(), tree.branch, tree.branches(), tree.log(), tree.others())
        )
        self.others.setVisible(bool(self._others))
        self.others.setText(self.tr("With the other flows of the folder ({0})").format(len(self._others)))
        self.others.setToolTip("\n".join(self._others))
        words = {
            "unchanged": self.tr("The file is as it was committed."),
            "changed": self.tr("The file was changed since the last commit."),
            "new": self.tr("The file is not in git yet."),
            "conflict": self.tr("The file is in conflict."),
        }
        self.state.setText(words[state])
        self.settle_button.setVisible(state == "conflict")
        self._enable()
        self.branch.clear()
        self.branch.addItems(branches if self._branch in branches else [self._branch, *branches])
        self.branch.setCurrentText(self._branch)
        self.entries.clear()
        for each in self._entries:
            day = time.strftime("%Y-%m-%d %H:%M", time.localtime(each.at_s))
            item = QListWidgetItem(f"{each.subject}\n{each.commit[:8]} · {each.author} · {day}")
            self.entries.addItem(item)
        self.entries.setCurrentRow(0)

    async def _compare(self, row: int) -> None:
        """What is drawn against a commit. What another commit has in it is not shown meanwhile."""
        self._found = []
        self.parts.clear()
        self.text.clear()
        self.compared.emit(self._found)
        if not 0 <= row < len(self._entries):
            return
        entry = self._entries[row]
        text = await asyncio.to_thread(self._tree.text, entry.commit)
        if row != self.entries.currentRow() or self._entries[row : row + 1] != [entry]:
            return  # another one was chosen since
        self._found = differences(load_flow(text), self._drawing.flow)
        self.parts.clear()
        for each in self._found:
            sign = "+" if not each.before else "-" if not each.after else "~"
            item = QListWidgetItem(f"{sign} {self._part(each)}")
            item.setForeground(QColor(color_of(each)))
            item.setData(_KEY, each.key)
            self.parts.addItem(item)
        self.status.setText("" if self._found else self.tr("What is drawn is what this commit has."))
        self.parts.setCurrentRow(0)
        self.compared.emit(self._found)

    def _part(self, difference: Difference) -> str:
        """What a part is and what it is called."""
        words = {
            "processor": self.tr("processor '{0}'"),
            "connection": self.tr("connection '{0}'"),
            "subflow": self.tr("subflow '{0}'"),
            "label": self.tr("label '{0}'"),
            "header": self.tr("header '{0}'"),
        }
        return words[difference.kind].format(difference.name)

    def _on_part_chosen(self, row: int) -> None:
        if 0 <= row < len(self._found):
            self.text.setHtml(_shown(self._found[row]))

    # -- what changes the branch or the file

    def _begin(self, change: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """One change after the other: a flow that is drawn for one branch must not be committed to another."""
        if not self._is_changing:
            self._is_changing = True
            self._enable()
            task = asyncio.ensure_future(self._said(change))
            _under_way.add(task)
            task.add_done_callback(_under_way.discard)
            self._go(self._follow(task))

    def _enable(self) -> None:
        self.branch.setEnabled(not self._is_changing)
        self.new_branch_button.setEnabled(not self._is_changing)
        self.settle_button.setEnabled(not self._is_changing)
        self.commit_button.setEnabled(not self._is_changing and self.settle_button.isHidden())

    async def _follow(self, task: asyncio.Task[str]) -> None:
        """Show what came of a change. It goes on when the dialog is closed: half of it would leave drawn what is not there."""
        try:
            said = await asyncio.shield(task)
        finally:
            self._is_changing = False
            if not self._is_gone:
                self._enable()
        if said:
            if self.branch.findText(self._branch) < 0:
                self.branch.insertItem(0, self._branch)
            self.branch.setCurrentText(self._branch)
            self.status.setText(said)
        else:
            await self._load()

    async def _said(self, change: Callable[[], Coroutine[Any, Any, None]]) -> str:
        """Make a change; returns what went wrong."""
        try:
            await change()
        except PyfiError as error:
            if self._is_gone:
                self._drawing.complain(str(error))
            return str(error)
        return ""

    def _on_commit_wanted(self) -> None:
        also = self._others if self.others.isChecked() else []
        self._begin(partial(self._commit, self.message.text(), also))

    async def _commit(self, message: str, also: list[str]) -> None:
        await self._see_branch()
        if message.strip():  # otherwise the commit says what is missing, and the file stays as it is
            await self._drawing.write()
        await asyncio.to_thread(self._tree.commit, message, self._branch, also)
        if not self._is_gone:
            self.message.clear()

    async def _see_branch(self) -> None:
        """What is drawn was drawn for the branch that is shown: to another one it goes only when somebody says so again."""
        now = await asyncio.to_thread(lambda: self._tree.branch)
        if now != self._branch:
            before, self._branch = self._branch, now
            told = self.tr("The branch is '{0}' now and no longer '{1}': it was switched elsewhere. Once more commits to it.")
            raise ConflictError(told.format(now, before))

    def _on_new_branch_wanted(self) -> None:
        dialog = QInputDialog(self)
        dialog.setWindowTitle(self.tr("New Branch"))
        dialog.setLabelText(self.tr("Name of the branch, which begins at '{0}':").format(self._branch))
        dialog.textValueSelected.connect(lambda name: self._begin(partial(self._create, name.strip())))
        dialog.open()

    async def _create(self, name: str) -> None:
        """What is drawn stays drawn, and what is not committed comes along."""
        await asyncio.to_thread(self._tree.switch, name, create=True)

    async def _settle(self) -> None:
        from app.sources.merge_dialog import MergeDialog

        texts = await asyncio.to_thread(lambda: [self._tree.text(side) for side in (":1", ":2", ":3")])
        base, ours, theirs = map(load_flow, texts)
        dialog = MergeDialog(base, ours, theirs, self)
        dialog.merged.connect(lambda flow: self._begin(partial(self._take, flow)))
        dialog.open()

    async def _take(self, flow: Flow) -> None:
        self._drawing.take(flow)
        await self._drawing.write()
        await asyncio.to_thread(self._tree.settle)

    def _on_branch_chosen(self) -> None:
        if self.branch.currentText() != self._branch:
            self._begin(partial(self._switch, self.branch.currentText()))

    async def _switch(self, branch: str) -> None:
        # What is drawn is what a commit is made of: it must not carry one branch over to the other.
        self._drawing.take(await asyncio.to_thread(_switched, self._tree, branch))
        await self._drawing.note()


def _switched(tree: WorkingTree, branch: str) -> Flow:
    """Check a branch out; returns the flow that the file holds then.

    Raises PyfiError, with everything as it was, when there would be none that can be drawn.
    """
    try:
        load_flow(tree.text(f"refs/heads/{branch}"), tree.path.name)
    except NotFound:
        told = QCoreApplication.translate("FlowGitDialog", "There is no {0} on the branch '{1}'; choose another branch.")
        raise NotFound(told.format(tree.path.name, branch)) from None
    except PyfiError as error:
        told = QCoreApplication.translate(
            "FlowGitDialog", "What the branch '{0}' has cannot be drawn; correct it there first: {1}"
        )
        raise UsageError(told.format(branch, error)) from None
    read_flow(tree.path)  # what is not committed comes along where git allows it
    tree.switch(branch)
    return read_flow(tree.path)


def _shown(difference: Difference) -> str:
    """The lines that differ, as a coloured page."""
    theme = current_theme()
    colors = {"+": theme.running, "-": theme.error}
    before, after = difference.before.splitlines(), difference.after.splitlines()
    lines = [
        line for line in difflib.unified_diff(before, after, lineterm="", n=3) if not line.startswith(("---", "+++", "@@"))
    ]
    spans = [
        f'<span style="color:{colors[line[0]]}">{escape(line)}</span>' if line[:1] in colors else escape(line) for line in lines
    ]
    return f"<pre>{chr(10).join(spans)}</pre>"
