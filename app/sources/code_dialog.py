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
from engine.client.code_git import Entry, Repository, keep_token
from engine.errors import PyfiError
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
        self._address = ""
        """What the repository that was read is called; what is written above may be another one by now."""
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
        self.repository.textEdited.connect(lambda: self.use_button.setEnabled(False))
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
        address = self.repository.text().strip()
        self.status.setText(self.tr("Reading the repository …"))
        self.use_button.setEnabled(False)
        self.read_button.setEnabled(False)
        try:
            repository = await asyncio.to_thread(Repository, address, self._folder)
            branches, tags = await asyncio.to_thread(lambda: (repository.branches(), repository.tags()))
        finally:
            if not self._is_gone:
                self.read_button.setEnabled(True)
        self._repository, self._address = repository, address
        self.status.setText(str(repository.trouble or ""))
        fill(self.version, [*branches, *tags])
        try:
            pinned = await self._load_news(repository)
        except PyfiError as error:  # the commit is no more; one chooses another
            self.status.setText(str(error))
            pinned = None
        await self._load_commits(pinned)

    async def _load_news(self, repository: Repository) -> Entry | None:
        """What was committed since the commit that the processor runs now, which is returned, and whose branch is chosen."""
        self.news.clear()
        self.update_button.setEnabled(False)
        git = self._step.git
        if git is None or git.repo != self._address:
            return None
        pinned = (await asyncio.to_thread(repository.commits, git.commit, 1))[0]
        branch, commits = await asyncio.to_thread(repository.news, git.commit)
        if branch:
            self.version.setCurrentText(branch)
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
        return pinned

    async def _load_commits(self, pinned: Entry | None = None) -> None:
        """The commits of the branch or tag that is chosen. `pinned` is among them, and chosen, however old it is."""
        repository, name = self._repository, self.version.currentText()
        self.use_button.setEnabled(False)
        if repository is None or not name:
            return
        commits = await asyncio.to_thread(repository.commits, name)
        if repository is not self._repository or name != self.version.currentText():
            return  # another one was chosen since
        if pinned is not None and pinned not in commits:
            commits.append(pinned)
        self.commit.clear()
        for each in commits:
            self.commit.addItem(f"{each.commit[:_SHORT]}  {each.subject}", each.commit)
        self.commit.setEnabled(True)
        runs = pinned or self._step.git
        self.commit.setCurrentIndex(max(0, self.commit.findData(runs.commit)) if runs is not None else 0)
        await self._load_modules()

    async def _load_modules(self) -> None:
        repository, commit = self._repository, self.commit.currentData()
        self.use_button.setEnabled(False)
        if repository is None or not commit:
            return
        modules, lists = await asyncio.to_thread(
            lambda: (repository.modules(commit, self._step.type), repository.lists(commit))
        )
        if repository is not self._repository or commit != self.commit.currentData():
            return
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
        if repository is not self._repository or (commit, module) != (self.commit.currentData(), self.module.currentText()):
            return
        self.function.clear()
        self.function.addItem(self.tr("the only one, or `process`"), None)
        for each in functions:
            self.function.addItem(each.head, each.name)
            self.function.setItemData(self.function.count() - 1, each.summary, 3)  # the tooltip
        self.function.setEnabled(True)
        at = self.function.findData(self._step.function)
        self.function.setCurrentIndex(at if at > 0 else (1 if len(functions) == 1 else 0))
        self.use_button.setEnabled(self.repository.text().strip() == self._address)

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
        packages = self.packages.currentText() or None
        git = Git(self._address, self.commit.currentData(), self.module.currentText(), packages)
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
