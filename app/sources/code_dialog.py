"""CodeDialog, which code of a git repository a processor runs: chosen from what is there, and what is new in it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from msgspec import structs
from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QInputDialog,
    QLineEdit,
    QListWidget,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.results.asking_dialog import AskingDialog
from app.theme.icon import icon
from app.words import counted
from engine.client.code_git import Repository, keep_token
from engine.model.flow import Git, Processor

_SHORT = 10


class CodeDialog(AskingDialog):
    """For one processor. The repository is read in a thread; `accepted_code` gives the choice, pinned to its commit."""

    accepted_code = Signal(object, object)
    """A Git, and the name of a function or None."""

    def __init__(self, step: Processor, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(step.id, parent)
        self._step, self._folder = step, folder
        self._repository: Repository | None = None
        self.setWindowTitle(self.tr("Code of '{0}' from git").format(step.name or step.id))
        self.resize(720, 520)
        self.repository = QLineEdit(step.git.repo if step.git else "", self)
        self.repository.setPlaceholderText(self.tr("https://…, git@…:… or a folder"))
        self.read_button = QPushButton(icon("restart"), self.tr("Read"), self)
        self.read_button.clicked.connect(self.read)
        self.token_button = QPushButton(icon("lock"), self.tr("Token …"), self)
        self.token_button.setToolTip(self.tr("Keep a token for the private repositories of this host in the system's keyring"))
        self.token_button.clicked.connect(self._on_token_clicked)
        self.repository.returnPressed.connect(self.read)
        self.version, self.commit, self.module, self.function, self.packages = (self._box() for _ in range(5))
        self.news = QListWidget(self)
        self.news.setAccessibleName(self.tr("New commits"))
        self.update_button = QPushButton(icon("up"), self.tr("Update to the Newest"), self)
        self.update_button.setEnabled(False)
        self.update_button.clicked.connect(self._on_update_clicked)
        self.use_button = QPushButton(self.tr("Use This Code"), self)
        self.use_button.setEnabled(False)
        self.use_button.clicked.connect(self._on_use_clicked)
        self._lay_out()
        self.version.activated.connect(lambda: self._go(self._load_commits()))
        self.commit.activated.connect(lambda: self._go(self._load_modules()))
        self.module.activated.connect(lambda: self._go(self._load_functions()))
        if step.git is not None:
            self.read()

    @staticmethod
    def _box() -> QComboBox:
        box = QComboBox()
        box.setEnabled(False)
        box.setMinimumContentsLength(30)
        return box

    def _lay_out(self) -> None:
        first = QHBoxLayout()
        first.addWidget(self.repository, 1)
        first.addWidget(self.read_button)
        first.addWidget(self.token_button)
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        form.addRow(self.tr("Repository"), first)
        rows = (
            (self.tr("Branch or tag"), self.version),
            (self.tr("Commit"), self.commit),
            (self.tr("Module"), self.module),
            (self.tr("Function"), self.function),
            (self.tr("List of packages"), self.packages),
        )
        for title, box in rows:
            box.setAccessibleName(title)
            form.addRow(title, box)
        form.addRow(self.tr("New since then"), self.news)
        last = QHBoxLayout()
        last.addWidget(self.status, 1)
        last.addWidget(self.update_button)
        last.addWidget(self.use_button)
        layout = QVBoxLayout(self)
        layout.addLayout(form, 1)
        layout.addLayout(last)

    def read(self) -> None:
        """Ask the repository what there is."""
        if self.repository.text().strip():
            self._go(self._read())

    async def _read(self) -> None:
        self.status.setText(self.tr("Reading the repository …"))
        self.read_button.setEnabled(False)
        try:
            repository = await asyncio.to_thread(Repository, self.repository.text().strip(), self._folder)
        finally:
            self.read_button.setEnabled(True)
        self._repository = repository
        branches, tags = await asyncio.to_thread(lambda: (repository.branches(), repository.tags()))
        self.status.setText(str(repository.trouble or ""))
        fill(self.version, [*branches, *tags])
        await self._load_news()
        await self._load_commits()

    async def _load_news(self) -> None:
        """What was committed since the commit that the processor runs now."""
        self.news.clear()
        self.update_button.setEnabled(False)
        git, repository = self._step.git, self._repository
        if git is None or repository is None or git.repo != self.repository.text().strip():
            return
        branch, commits = await asyncio.to_thread(repository.news, git.commit)
        for each in commits:
            self.news.addItem(f"{each.commit[:_SHORT]}  {each.author}: {each.subject}")
        one = self.tr("1 new commit on {0}").format(branch)
        many = self.tr("{} new commits on {}").format("{}", branch)
        if commits:
            self.status.setText(counted(len(commits), one, many))
        elif not repository.trouble:
            self.status.setText(self.tr("It runs the newest commit."))
        self.news.setProperty("newest", commits[0].commit if commits else "")
        self.update_button.setEnabled(bool(commits))

    async def _load_commits(self) -> None:
        repository, name = self._repository, self.version.currentText()
        if repository is None or not name:
            return
        commits = await asyncio.to_thread(repository.commits, name)
        self.commit.clear()
        for each in commits:
            self.commit.addItem(f"{each.commit[:_SHORT]}  {each.subject}", each.commit)
        self.commit.setEnabled(True)
        if self._step.git is not None:
            at = self.commit.findData(self._step.git.commit)
            self.commit.setCurrentIndex(max(0, at))
        await self._load_modules()

    async def _load_modules(self) -> None:
        repository, commit = self._repository, self.commit.currentData()
        if repository is None or not commit:
            return
        modules, lists = await asyncio.to_thread(
            lambda: (repository.modules(commit, self._step.type), repository.lists(commit))
        )
        git = self._step.git
        fill(self.module, modules, git.module if git else "")
        fill(self.packages, ["", *lists], (git.requirements or "") if git else "")
        await self._load_functions()

    async def _load_functions(self) -> None:
        repository, commit, module = self._repository, self.commit.currentData(), self.module.currentText()
        self.function.clear()
        self.use_button.setEnabled(False)
        if repository is None or not commit or not module:
            return
        functions = await asyncio.to_thread(repository.functions, commit, module, self._step.type)
        self.function.addItem(self.tr("the only one, or `process`"), None)
        for each in functions:
            self.function.addItem(each.head, each.name)
            self.function.setItemData(self.function.count() - 1, each.summary, 3)  # the tooltip
        self.function.setEnabled(True)
        at = self.function.findData(self._step.function)
        self.function.setCurrentIndex(at if at > 0 else (1 if len(functions) == 1 else 0))
        self.use_button.setEnabled(True)

    def _on_token_clicked(self) -> None:
        host = urlsplit(self.repository.text().strip()).netloc.rpartition("@")[2]
        if not host:
            self.status.setText(self.tr("Write the https address of a repository first; SSH uses your own keys."))
            return
        dialog = QInputDialog(self)
        dialog.setWindowTitle(self.tr("Token"))
        dialog.setLabelText(self.tr("Token for {0}:").format(host))
        dialog.setTextEchoMode(QLineEdit.EchoMode.Password)
        dialog.textValueSelected.connect(lambda token: self._go(self._keep(host, token)))
        dialog.open()

    async def _keep(self, host: str, token: str) -> None:
        await asyncio.to_thread(keep_token, host, token)
        self.read()

    def _on_use_clicked(self) -> None:
        repository = self.repository.text().strip()
        packages = self.packages.currentText() or None
        git = Git(repository, self.commit.currentData(), self.module.currentText(), packages)
        self.accepted_code.emit(git, self.function.currentData())
        self.accept()

    def _on_update_clicked(self) -> None:
        assert self._step.git is not None
        git = structs.replace(self._step.git, commit=str(self.news.property("newest")))
        self.accepted_code.emit(git, self._step.function)
        self.accept()


def fill(box: QComboBox, texts: Sequence[str], chosen: str = "") -> None:
    """Offer other texts, with what was chosen before still chosen where it is there."""
    before = box.currentText() or chosen
    box.clear()
    box.addItems(list(texts))
    box.setCurrentIndex(max(0, box.findText(before)) if texts else -1)
    box.setEnabled(bool(texts))
