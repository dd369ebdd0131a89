"""Flow files in git: what git is told to run, merges that only a commit as a whole concludes, and what stands in a log."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from engine.client.flow_git import WorkingTree, install, merge_files
from engine.errors import ConflictError, NotFound

FLOW = "pyfi: 1\nname: f\nprocessors: [{id: a, type: generate}, {id: b, type: log}]\n"


class Work:
    """A repository with a flow file and another."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "f.flow.yaml"
        self.git("init", "--quiet", "--initial-branch=main")
        self.commit("First", FLOW, "one\n")

    def git(self, *arguments: str) -> str:
        done = subprocess.run(["git", *arguments], cwd=self.folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def commit(self, message: str, flow: str, other: str) -> None:
        """Commit both files."""
        self.file.write_text(flow, encoding="utf-8")
        (self.folder / "other.txt").write_text(other, encoding="utf-8")
        self.git("add", ".")
        self.git("commit", "--quiet", "-m", message)


@pytest.fixture
def work(git_user: None, tmp_path: Path) -> Work:
    folder = tmp_path / "work"
    folder.mkdir()
    return Work(folder)


def test_git_runs_this_installation_and_nothing_out_of_the_repository(
    work: Work, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = shutil.which("git")
    assert found is not None
    path = tmp_path / "path"
    path.mkdir()
    (path / "git").symlink_to(found)
    monkeypatch.setenv("PATH", str(path))
    monkeypatch.delenv("PYTHONPATH", raising=False)
    install(work.folder)
    trap = work.folder / "engine" / "cli"
    trap.mkdir(parents=True)
    (trap / "main.py").write_text(f"open({str(tmp_path / 'sprung')!r}, 'w')\n")
    work.file.write_text(FLOW.replace("type: log", "type: log, notes: N"), encoding="utf-8")
    assert '+    notes: "N"' in work.git("diff").splitlines()
    assert not (tmp_path / "sprung").exists()


def test_git_runs_a_packed_application_as_it_is(work: Work, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "path"
    path.mkdir()
    (path / "git").symlink_to(str(shutil.which("git")))
    monkeypatch.setenv("PATH", str(path))
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", os.fspath(tmp_path / "PY FI" / "pyfi"))
    install(work.folder)
    driver = work.git("config", "merge.pyfi.driver").strip()
    assert driver == f"{shlex.quote(sys.executable)} git merge-driver %O %A %B %P"


def test_a_step_that_one_side_removed_and_the_other_connected_stands_between_marks(tmp_path: Path) -> None:
    base, ours, theirs = (tmp_path / name for name in ("base", "ours", "theirs"))
    base.write_text(FLOW)
    ours.write_text(FLOW.replace(", {id: b, type: log}", ""))
    theirs.write_text(FLOW + "connections: [{from: a.success, to: b.in}]\n")
    assert [each.id for each in merge_files(base, ours, theirs) or []] == ["b"]
    text = ours.read_text()
    assert "<<<<<<< ours" in text
    assert text.index("<<<<<<< ours") < text.index("a.success") < text.rindex(">>>>>>> theirs")


def test_a_merge_is_concluded_as_a_whole_once_nothing_conflicts(work: Work) -> None:
    work.git("switch", "--quiet", "-c", "side")
    work.commit("Side", FLOW.replace("name: f", "name: side"), "two\n")
    work.git("switch", "--quiet", "main")
    work.commit("Main", FLOW.replace("name: f", "name: main"), "one\n")
    subprocess.run(["git", "merge", "--quiet", "side"], cwd=work.folder, capture_output=True, check=False)
    tree = WorkingTree(work.file)
    with pytest.raises(ConflictError, match=r"f\.flow\.yaml has conflicts; settle them"):
        tree.commit("Too early")
    work.file.write_text(FLOW.replace("name: f", "name: both"), encoding="utf-8")
    tree.settle()
    tree.commit("Together")
    assert len(work.git("show", "--no-patch", "--format=%P").split()) == 2
    assert work.git("show", "HEAD:other.txt") == "two\n"
    (work.folder / "other.txt").write_text("three\n")
    work.git("add", "other.txt")
    work.file.write_text(FLOW, encoding="utf-8")
    tree.commit("The flow alone")
    assert work.git("show", "HEAD:other.txt") == "two\n", "after the merge, a commit holds the one file again"


def test_a_log_takes_names_and_subjects_as_they_are(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_AUTHOR_NAME", "A\x1fda")
    work.commit("One\x0btwo\u2028three", FLOW + "notes: N\n", "one\n")
    work.git("config", "log.showSignature", "true")
    assert [(each.author, each.subject) for each in WorkingTree(work.file).log()] == [
        ("A\x1fda", "One\x0btwo\u2028three"),
        ("Ada", "First"),
    ]


def test_a_file_that_was_renamed_keeps_its_log_and_its_texts(work: Work) -> None:
    (first,) = WorkingTree(work.file).log()
    work.git("mv", work.file.name, "renamed.flow.yaml")
    work.git("commit", "--quiet", "-m", "Rename")
    tree = WorkingTree(work.file.with_name("renamed.flow.yaml"))
    assert [each.subject for each in tree.log()] == ["Rename", "First"]
    assert tree.text(first.commit) == tree.text("HEAD")
    with pytest.raises(NotFound, match=r"renamed\.flow\.yaml is not in"):
        tree.text("0" * 40)


def test_a_folder_of_flows_is_looked_at_as_one(work: Work) -> None:
    folder = work.file.parent
    beside = folder / "beside.flow.yaml"
    beside.write_text(FLOW, encoding="utf-8")
    (folder / "note.txt").write_text("no flow", encoding="utf-8")
    tree = WorkingTree(folder)
    assert tree.flows() == {"beside.flow.yaml": "new"}
    own = WorkingTree(work.file)
    assert own.others() == ["beside.flow.yaml"]
    WorkingTree(beside).commit("Beside")
    assert (tree.flows(), [each.subject for each in tree.log()]) == ({}, ["Beside", "First"])
    with pytest.raises(ConflictError, match="no longer 'gone'"):
        own.commit("Nowhere", "gone")
