"""The dialogs on git and environments, by clicks and keys, over real repositories and real environments."""

from __future__ import annotations

import subprocess
from pathlib import Path

import keyring.core
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QInputDialog, QLineEdit

from app.sources.code_dialog import CodeDialog
from app.sources.environments_dialog import EnvironmentsDialog
from app.sources.flow_git_dialog import FlowGitDialog
from app.sources.merge_dialog import MergeDialog
from engine.client.environments import inventory
from engine.client.flow import save
from engine.model.codec import dump_flow, load_flow
from engine.model.flow import Flow, Git, Processor
from tests.app.feed.looping import run, until
from tests.engine.sources.packages import wheel
from tests.engine.sources.test_repository import Keyring

LEFT = Qt.MouseButton.LeftButton
FLOW = """
pyfi: 1
name: drawn
processors:
  - {id: a, type: generate, config: {count: 1}}
  - {id: b, type: python, code: "def b(n): return n"}
  - {id: c, type: log}
connections:
  - {from: a.success, to: b.in}
  - {from: b.success, to: c.in}
layout: {a: [0, 0], b: [400, 0], c: [800, 0]}
"""


class Canvas:
    """A flow that is drawn, without a window around it. `noted` tells that its file was written by git."""

    def __init__(self, path: Path, text: str) -> None:
        self.path, self.flow, self.noted = path, load_flow(text), False
        self.complaints: list[str] = []

    def take(self, flow: Flow) -> None:
        self.flow = flow

    async def write(self) -> None:
        save(self.flow, self.path)

    async def note(self) -> None:
        self.noted = True

    def complain(self, text: str) -> None:
        self.complaints.append(text)


@pytest.fixture
def place(git_user: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is a repository, with a cache and a folder of packages of its own."""
    monkeypatch.setenv("PYFI_PACKAGES", str(tmp_path))
    folder = tmp_path / "work"
    folder.mkdir()
    git(folder, "init", "--quiet", "--initial-branch=main")
    return folder


def git(folder: Path, *arguments: str, check: bool = True) -> str:
    return subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, check=check).stdout.strip()


def commit(folder: Path, message: str, **files: str) -> str:
    for name, text in files.items():
        (folder / name.replace("_", ".")).write_text(text, encoding="utf-8")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "-m", message)
    return git(folder, "rev-parse", "HEAD")


def test_environments_of_the_flow_are_made_with_a_bar_and_taken_away(qapp, qtbot, place, tmp_path):
    wheel(tmp_path, "sun")
    text = FLOW.replace("{id: b, type: python,", "{id: b, type: python, requirements: [sun],")
    heard: list[int] = []

    async def test() -> None:
        dialog = EnvironmentsDialog(load_flow(text), place)
        dialog.progressed.connect(lambda progress: heard.append(progress.done))
        dialog.show()
        await until(lambda: dialog.totals.text() == "There are none yet.")
        qtbot.mouseClick(dialog.make_button, LEFT)
        await until(lambda: dialog.table.rowCount() == 1 and dialog._found[0].state == "ready" and not dialog.bar.isVisible())
        assert heard[-1] == 4
        assert "+ sun==1.0" in dialog.log.toPlainText()
        await until(dialog.make_button.isEnabled)
        await until(lambda: dialog.totals.text().startswith("1 environment, "))
        assert dialog.status.text() == "The environment is there."
        qtbot.mouseClick(dialog.remove_button, LEFT)
        await until(lambda: dialog.table.rowCount() == 0)
        dialog.close()

    run(qapp, test())


def test_code_is_chosen_from_lists_and_updated(qapp, qtbot, place):
    first = commit(place, "First", sample_py="def one(n):\n    return n\n\n\ndef two(n):\n    return n\n", requirements_txt="")
    chosen: list[tuple[Git, str | None]] = []

    async def test() -> None:
        dialog = CodeDialog(Processor(id="b", type="python"), place)
        dialog.accepted_code.connect(lambda git, function: chosen.append((git, function)))
        dialog.show()
        qtbot.keyClicks(dialog.repository, ".")
        qtbot.mouseClick(dialog.read_button, LEFT)
        await until(dialog.use_button.isEnabled)
        assert [dialog.function.itemText(row) for row in range(1, 3)] == ["one(n)", "two(n)"]
        assert [dialog.version.currentText(), dialog.module.currentText()] == ["main", "sample"]
        dialog.function.setCurrentIndex(2)
        qtbot.mouseClick(dialog.use_button, LEFT)
        assert chosen == [(Git(".", first, "sample"), "two")]
        second = commit(place, "Second", sample_py="def two(n):\n    return n + 1\n")
        dialog = CodeDialog(Processor(id="b", type="python", git=chosen[0][0], function="two"), place)
        dialog.accepted_code.connect(lambda git, function: chosen.append((git, function)))
        dialog.show()
        await until(lambda: dialog.news.count() == 1 and dialog.update_button.isEnabled())
        assert dialog.news.item(0).text() == f"{second[:10]}  Ada: Second"
        qtbot.mouseClick(dialog.update_button, LEFT)
        assert chosen[1] == (Git(".", second, "sample"), "two")

    run(qapp, test())


def test_a_repository_that_is_not_there_is_said(qapp, qtbot, place):
    async def test() -> None:
        dialog = CodeDialog(Processor(id="b", type="python"), place)
        dialog.show()
        dialog.repository.setText("no/such")
        qtbot.keyClick(dialog.repository, Qt.Key.Key_Return)
        await until(lambda: "there is no git repository at" in dialog.status.text())
        assert not dialog.use_button.isEnabled()
        dialog.close()

    run(qapp, test())


def test_what_is_drawn_is_compared_with_a_commit_and_committed(qapp, qtbot, place):
    path = place / "x.flow.yaml"
    path.write_text(dump_flow(load_flow(FLOW)), encoding="utf-8")
    commit(place, "First")
    drawn = Canvas(path, FLOW.replace("return n", "return n + 1"))

    async def test() -> None:
        dialog = FlowGitDialog(path, drawn)
        dialog.show()
        await until(lambda: dialog.parts.count() == 1)
        assert dialog.state.text() == "The file is as it was committed."
        assert dialog.parts.item(0).text() == "~ processor 'b'"
        assert "return n + 1" in dialog.text.toPlainText()
        qtbot.mouseClick(dialog.commit_button, LEFT)
        await until(lambda: "a commit needs a message" in dialog.status.text())
        qtbot.keyClicks(dialog.message, "Add one")
        qtbot.keyClick(dialog.message, Qt.Key.Key_Return)
        await until(lambda: dialog.entries.count() == 2)
        await until(lambda: dialog.status.text() == "What is drawn is what this commit has.")
        dialog.close()

    run(qapp, test())
    assert git(place, "log", "-1", "--format=%s") == "Add one"
    assert load_flow(path.read_text(encoding="utf-8")) == drawn.flow


def test_conflicts_are_settled_field_by_field(qapp, qtbot, place):
    path = place / "x.flow.yaml"
    for branch, count in (("main", 1), ("theirs", 2)):
        if branch != "main":
            git(place, "switch", "--quiet", "-c", branch)
        path.write_text(FLOW.replace("count: 1", f"count: {count}"), encoding="utf-8")
        commit(place, branch)
    git(place, "switch", "--quiet", "main")
    path.write_text(FLOW.replace("count: 1", "count: 3"), encoding="utf-8")
    commit(place, "Ours")
    git(place, "merge", "theirs", check=False)
    drawn = Canvas(path, FLOW)

    async def test() -> None:
        dialog = FlowGitDialog(path, drawn)
        dialog.show()
        await until(dialog.settle_button.isVisible)
        qtbot.mouseClick(dialog.settle_button, LEFT)
        await until(lambda: dialog.findChild(MergeDialog) is not None)
        merging = dialog.findChild(MergeDialog)
        assert merging is not None
        assert merging.conflicts[0].field == "config.count"
        qtbot.keyClick(merging.boxes[0], Qt.Key.Key_Down)
        qtbot.mouseClick(merging.ok_button, LEFT)
        await until(dialog.settle_button.isHidden)
        dialog.close()

    run(qapp, test())
    assert drawn.flow == load_flow(path.read_text(encoding="utf-8")) == load_flow(FLOW.replace("count: 1", "count: 2"))
    assert git(place, "diff", "--name-only", "--diff-filter=U") == ""


def test_a_token_is_kept_in_the_keyring_for_the_host_of_the_repository(qapp, qtbot, place, monkeypatch):
    ring = Keyring()
    monkeypatch.setattr(keyring.core, "_keyring_backend", ring)

    async def test() -> None:
        dialog = CodeDialog(Processor(id="b", type="python"), place)
        dialog.show()
        qtbot.mouseClick(dialog.token_button, LEFT)
        assert dialog.status.text().startswith("Write the https address of a repository first")
        dialog.repository.setText("https://127.0.0.1:1/team/code.git")
        qtbot.mouseClick(dialog.token_button, LEFT)
        asking = dialog.findChild(QInputDialog)
        assert asking is not None
        line = asking.findChild(QLineEdit)
        assert line is not None
        assert line.echoMode() is QLineEdit.EchoMode.Password
        qtbot.keyClicks(line, "secret")
        qtbot.keyClick(line, Qt.Key.Key_Return)
        await until(lambda: "cannot fetch git repository" in dialog.status.text())
        dialog.close()

    run(qapp, test())
    assert ring.kept == {("pyfi-git", "127.0.0.1:1"): "secret"}


def test_switching_to_a_branch_takes_its_flow_and_a_refusal_is_said(qapp, qtbot, place):
    path = place / "x.flow.yaml"
    path.write_text(FLOW, encoding="utf-8")
    commit(place, "First")
    git(place, "switch", "--quiet", "-c", "other")
    path.write_text(FLOW.replace("count: 1", "count: 7"), encoding="utf-8")
    commit(place, "Other")
    git(place, "switch", "--quiet", "main")
    drawn = Canvas(path, FLOW)

    async def test() -> None:
        dialog = FlowGitDialog(path, drawn)
        dialog.show()
        await until(lambda: dialog.branch.count() == 2)
        path.write_text(FLOW.replace("count: 1", "count: 9"), encoding="utf-8")
        qtbot.keyClick(dialog.branch, Qt.Key.Key_Down)
        await until(lambda: "git switch was refused" in dialog.status.text())
        assert (dialog.branch.currentText(), drawn.flow) == ("main", load_flow(FLOW))
        path.write_text(FLOW, encoding="utf-8")
        qtbot.keyClick(dialog.branch, Qt.Key.Key_Down)
        dialog.close()  # it is done to its end
        await until(lambda: drawn.noted)

    run(qapp, test())
    assert drawn.flow == load_flow(FLOW.replace("count: 1", "count: 7"))
    assert git(place, "branch", "--show-current") == "other"


def test_a_branch_is_made_and_one_that_a_shell_switched_to_gets_no_commit_unasked(qapp, qtbot, place):
    path = place / "x.flow.yaml"
    path.write_text(dump_flow(load_flow(FLOW)), encoding="utf-8")
    commit(place, "First")
    git(place, "branch", "other")
    drawn = Canvas(path, FLOW.replace("count: 1", "count: 7"))
    (place / "sub").mkdir()
    for beside in ("y.flow.yaml", "sub/z.flow.yaml", "note.txt"):
        (place / beside).write_text(FLOW, encoding="utf-8")

    def name(text: str) -> None:
        qtbot.mouseClick(dialog.new_branch_button, LEFT)
        asked = dialog.findChildren(QInputDialog)[-1]
        qtbot.keyClicks(asked.findChild(QLineEdit), text)
        qtbot.keyClick(asked, Qt.Key.Key_Return)

    async def test() -> None:
        nonlocal dialog
        dialog = FlowGitDialog(path, drawn)
        dialog.show()
        await until(lambda: dialog.branch.count() == 2)
        name("two words")
        await until(lambda: "git switch was refused" in dialog.status.text())
        name("tried")
        await until(lambda: dialog.branch.currentText() == "tried" and dialog.commit_button.isEnabled())
        assert git(place, "branch", "--show-current") == "tried"

        git(place, "switch", "--quiet", "other")
        qtbot.keyClicks(dialog.message, "Seven")
        qtbot.mouseClick(dialog.commit_button, LEFT)
        await until(lambda: "is 'other' now and no longer 'tried'" in dialog.status.text())
        assert (dialog.branch.currentText(), git(place, "log", "--all", "--format=%s")) == ("other", "First")
        assert load_flow(path.read_text(encoding="utf-8")) == load_flow(FLOW), "not even the file is written"
        assert dialog.others.text() == "With the other flows of the folder (2)"
        qtbot.mouseClick(dialog.others, LEFT)
        qtbot.mouseClick(dialog.commit_button, LEFT)
        await until(lambda: dialog.entries.count() == 2)
        await until(dialog.others.isHidden)
        dialog.close()

    dialog: FlowGitDialog
    run(qapp, test())
    assert git(place, "log", "-1", "--format=%s", "--name-only", "other").split() == [
        "Seven",
        "sub/z.flow.yaml",
        "x.flow.yaml",
        "y.flow.yaml",
    ]


def test_a_branch_without_a_flow_that_can_be_drawn_is_not_switched_to(qapp, qtbot, place):
    path = place / "x.flow.yaml"
    commit(place, "Nothing", note_txt="")
    for branch, text in (("main", FLOW), ("broken", "pyfi: 1\nname: [")):
        git(place, "switch", "--quiet", *(["-c"] if branch != "main" else []), branch)
        path.write_text(text, encoding="utf-8")
        commit(place, branch)
    git(place, "branch", "empty", "main~1")
    git(place, "switch", "--quiet", "main")
    drawn = Canvas(path, FLOW)

    async def test() -> None:
        dialog = FlowGitDialog(path, drawn)
        dialog.show()
        await until(lambda: dialog.branch.count() == 3)
        for key, said in (
            (Qt.Key.Key_Home, "What the branch 'broken' has cannot be drawn"),
            (Qt.Key.Key_Up, "There is no x.flow.yaml on the branch 'empty'"),
        ):
            qtbot.keyClick(dialog.branch, key)
            await until(lambda said=said: dialog.status.text().startswith(said))
            assert dialog.branch.currentText() == "main"
        dialog.close()

    run(qapp, test())
    assert (git(place, "branch", "--show-current"), drawn.flow, drawn.complaints) == ("main", load_flow(FLOW), [])


def test_only_the_repository_that_was_read_is_pinned(qapp, qtbot, place):
    first = commit(place, "First", sample_py="def one(n):\n    return n\n")
    git(place, "switch", "--quiet", "-c", "other")
    pinned = commit(place, "Other", sample_py="def one(n):\n    return 2 * n\n")
    git(place, "switch", "--quiet", "main")
    chosen: list[Git] = []

    async def test() -> None:
        dialog = CodeDialog(Processor(id="b", type="python", git=Git(".", pinned, "sample"), function="one"), place)
        dialog.accepted_code.connect(lambda git, function: chosen.append(git))
        dialog.show()
        await until(dialog.use_button.isEnabled)
        assert (dialog.version.currentText(), dialog.commit.currentData()) == ("other", pinned)
        qtbot.keyClicks(dialog.repository, "x")
        assert not dialog.use_button.isEnabled(), "what is written was not read"
        qtbot.keyClick(dialog.repository, Qt.Key.Key_Backspace)
        qtbot.keyClick(dialog.repository, Qt.Key.Key_Return)
        await until(dialog.use_button.isEnabled)
        qtbot.mouseClick(dialog.use_button, LEFT)

    run(qapp, test())
    assert chosen == [Git(".", pinned, "sample")]
    git(place, "branch", "--delete", "--force", "--quiet", "other")
    git(place, "tag", "kept", pinned)

    async def test_on_no_branch() -> None:
        dialog = CodeDialog(Processor(id="b", type="python", git=Git(".", "kept", "sample")), place)
        dialog.show()
        await until(dialog.use_button.isEnabled)
        assert [dialog.commit.itemData(row) for row in range(dialog.commit.count())] == [first, pinned]
        assert dialog.commit.currentData() == pinned
        dialog.close()

    run(qapp, test_on_no_branch())


def test_a_making_goes_on_when_its_dialog_is_closed(qapp, qtbot, place, tmp_path):
    wheel(tmp_path, "sun")
    text = FLOW.replace("{id: b, type: python,", "{id: b, type: python, requirements: [sun],")

    async def test() -> None:
        dialog = EnvironmentsDialog(load_flow(text), place)
        dialog.show()
        qtbot.mouseClick(dialog.make_button, LEFT)
        await until(dialog.bar.isVisible)
        dialog.close()
        await until(lambda: [kept.state for kept in inventory()] == ["ready"])

    run(qapp, test())
