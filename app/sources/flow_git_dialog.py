"""FlowGitDialog, the open flow's file in git: how it stands, its log, what changed, committing, settling conflicts."""

from __future__ import annotations

import asyncio
import difflib
import time
from collections.abc import Callable
from html import escape
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
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
from engine.client.flow import Difference, differences, save
from engine.client.flow_git import Entry, WorkingTree
from engine.errors import PyfiError
from engine.model.codec import load_flow
from engine.model.flow import Flow

_KEY = int(Qt.ItemDataRole.UserRole)


class FlowGitDialog(AskingDialog):
    """`flow` gives the flow as it is drawn. A commit is made of it: its file is written first."""

    compared = Signal(object)
    """The differences that are shown, for the canvas to draw."""
    merged = Signal(object)
    """The flow that settled a conflict, or that the branch has to which one switched: what the file holds now."""

    def __init__(self, path: Path, flow: Callable[[], Flow], parent: QWidget | None = None) -> None:
        super().__init__(path.name, parent)
        self._tree = WorkingTree(path)
        self._drawn = flow
        self._entries: list[Entry] = []
        self._found: list[Difference] = []
        self.setWindowTitle(self.tr("{0} in git").format(path.name))
        self.resize(960, 620)
        self.state = QLabel(self)
        self.branch = QComboBox(self)
        self.branch.setAccessibleName(self.tr("Branch"))
        self.branch.activated.connect(lambda: self._go(self._switch()))
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
        self.message.returnPressed.connect(lambda: self._go(self._commit()))
        self.commit_button = QPushButton(icon("check"), self.tr("Commit"), self)
        self.commit_button.clicked.connect(lambda: self._go(self._commit()))
        self.settle_button = QPushButton(icon("merge"), self.tr("Settle Conflicts …"), self)
        self.settle_button.hide()
        self.settle_button.clicked.connect(lambda: self._go(self._settle()))
        self._lay_out()
        self._go(self._load())

    def _lay_out(self) -> None:
        first = QHBoxLayout()
        first.addWidget(QLabel(self.tr("Branch"), self))
        first.addWidget(self.branch)
        first.addWidget(self.state, 1)
        first.addWidget(self.settle_button)
        split = QSplitter(Qt.Orientation.Horizontal)
        for widget in (self.entries, self.parts, self.text):
            split.addWidget(widget)
        split.setSizes([280, 220, 460])
        last = QHBoxLayout()
        last.addWidget(self.message, 1)
        last.addWidget(self.commit_button)
        layout = QVBoxLayout(self)
        layout.addLayout(first)
        layout.addWidget(split, 1)
        layout.addWidget(self.status)
        layout.addLayout(last)

    async def _load(self) -> None:
        tree = self._tree
        state, branch, branches, self._entries = await asyncio.to_thread(
            lambda: (tree.status(), tree.branch, tree.branches(), tree.log())
        )
        words = {
            "unchanged": self.tr("The file is as it was committed."),
            "changed": self.tr("The file was changed since the last commit."),
            "new": self.tr("The file is not in git yet."),
            "conflict": self.tr("The file is in conflict."),
        }
        self.state.setText(words[state])
        self.settle_button.setVisible(state == "conflict")
        self.commit_button.setEnabled(state != "conflict")
        self.branch.clear()
        self.branch.addItems(branches or [branch])
        self.branch.setCurrentText(branch)
        self.entries.clear()
        for each in self._entries:
            day = time.strftime("%Y-%m-%d %H:%M", time.localtime(each.at_s))
            item = QListWidgetItem(f"{each.subject}\n{each.commit[:8]} · {each.author} · {day}")
            self.entries.addItem(item)
        self.entries.setCurrentRow(0)

    async def _compare(self, row: int) -> None:
        """What is drawn against a commit."""
        if not 0 <= row < len(self._entries):
            return
        text = await asyncio.to_thread(self._tree.text, self._entries[row].commit)
        self._found = differences(load_flow(text), self._drawn())
        self.parts.clear()
        for each in self._found:
            sign = "+" if not each.before else "-" if not each.after else "~"
            item = QListWidgetItem(f"{sign} {each.part}")
            item.setForeground(QColor(color_of(each)))
            item.setData(_KEY, each.key)
            self.parts.addItem(item)
        self.text.clear()
        self.status.setText("" if self._found else self.tr("What is drawn is what this commit has."))
        self.parts.setCurrentRow(0)
        self.compared.emit(self._found)

    def _on_part_chosen(self, row: int) -> None:
        if 0 <= row < len(self._found):
            self.text.setHtml(_shown(self._found[row]))

    async def _commit(self) -> None:
        message, flow, path = self.message.text(), self._drawn(), self._tree.path

        def commit() -> None:
            if message.strip():  # otherwise the commit says what is missing, and the file stays as it is
                save(flow, path)
            self._tree.commit(message)

        await asyncio.to_thread(commit)
        self.message.clear()
        await self._load()

    async def _settle(self) -> None:
        from app.sources.merge_dialog import MergeDialog

        texts = await asyncio.to_thread(lambda: [self._tree.text(side) for side in (":1", ":2", ":3")])
        base, ours, theirs = map(load_flow, texts)
        dialog = MergeDialog(base, ours, theirs, self)
        dialog.merged.connect(lambda flow: self._go(self._take(flow)))
        dialog.open()

    async def _take(self, flow: Flow) -> None:
        def settle() -> None:
            save(flow, self._tree.path)
            self._tree.settle()

        await asyncio.to_thread(settle)
        self.merged.emit(flow)
        await self._load()

    async def _switch(self) -> None:
        before, branch = self._tree.branch, self.branch.currentText()
        if branch == before:
            return
        try:
            await asyncio.to_thread(self._tree.switch, branch)
        except PyfiError:
            self.branch.setCurrentText(before)
            raise
        # What is drawn is what a commit is made of: it must not carry one branch over to the other.
        self.merged.emit(load_flow(self._tree.path.read_text(encoding="utf-8-sig")))
        await self._load()


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
