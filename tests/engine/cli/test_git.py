"""`pyfi git`: real repositories, and git itself calling us."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from engine.model.codec import load_flow
from tests.engine.cli.command import CHAIN, Done, pyfi

ROOT = Path(__file__).parents[3]
NAME = "chain.flow.yaml"


class Repository:
    """A repository with one flow file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / NAME
        self.git("init", "--quiet", "--initial-branch=main")
        self.change({})
        self.git("add", NAME)
        self.git("commit", "--quiet", "-m", "First")

    def git(self, *arguments: str, fails: bool = False) -> str:
        done = subprocess.run(["git", *arguments], cwd=self.folder, capture_output=True, text=True, check=False)
        assert bool(done.returncode) == fails, done.stdout + done.stderr
        return done.stdout + done.stderr

    def change(self, changes: dict[str, str], commit: str = "") -> None:
        """Write the first text with replacements, and commit it."""
        text = CHAIN
        for old, new in changes.items():
            assert old in text
            text = text.replace(old, new)
        self.file.write_text(text, encoding="utf-8")
        if commit:
            self.git("commit", "--quiet", "-am", commit)

    def pyfi(self, *arguments: str) -> Done:
        return pyfi("git", *arguments, cwd=self.folder)


@pytest.fixture
def repository(git_user: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]))
    folder = tmp_path / "work"
    folder.mkdir()
    return Repository(folder)


def test_git_itself_shows_and_merges_flows_once_that_is_installed(repository: Repository) -> None:
    said = repository.pyfi("install")
    assert said.returncode == 0
    assert ".gitattributes says which files are flows; commit it" in said.stdout
    assert repository.pyfi("install").stdout.count("\n") == 1, "a second time changes nothing"
    repository.git("add", ".gitattributes")
    repository.git("commit", "--quiet", "-m", "Attributes")

    repository.git("switch", "--quiet", "-c", "theirs")
    repository.change({"count: 20": "count: 30", 'message["n"] * 2': 'message["n"] * 3'}, "Theirs")
    repository.git("switch", "--quiet", "main")
    # The same lines of text as theirs, but other parts: git alone would not know how.
    repository.change({"count: 20, bad: -1": "count: 20, bad: 7", "- id: keep\n": "- id: keep\n    concurrency: 1\n"}, "Ours")
    shown = repository.git("diff", "HEAD~1", "HEAD")
    assert "+parameters: {bad: 7, count: 20}" in shown or "+parameters: {count: 20, bad: 7}" in shown
    assert "concurrency" not in shown, "what is the default anyway is no difference"
    repository.git("merge", "--quiet", "--no-edit", "theirs")
    merged = load_flow(repository.file.read_text(encoding="utf-8"))
    assert merged.parameters == {"count": 30, "bad": 7}
    assert 'message["n"] * 3' in str(getattr(merged.steps["double"], "code", ""))


def test_a_conflict_stands_between_marks_and_is_named(repository: Repository) -> None:
    repository.pyfi("install")
    repository.git("switch", "--quiet", "-c", "theirs")
    repository.change({"count: 20": "count: 30"}, "Theirs")
    repository.git("switch", "--quiet", "main")
    repository.change({"count: 20": "count: 40"}, "Ours")
    said = repository.git("merge", "theirs", fails=True)
    assert f"{NAME}: 'parameter:count' `value` was changed on both sides" in said
    text = repository.file.read_text(encoding="utf-8")
    before, ours, theirs = text.index("<<<<<<< ours"), text.index("count: 40"), text.index("count: 30")
    assert before < ours < text.index("=======") < theirs < text.index(">>>>>>> theirs")
    assert json.loads(repository.pyfi("status", NAME, "--json").stdout)["status"] == "conflict"


def test_what_is_no_flow_is_merged_by_lines_and_shown_as_it_is(repository: Repository) -> None:
    names = [repository.folder / name for name in ("base", "ours", "theirs")]
    for path, text in zip(names, ("a\nb\n", "a\nB\n", "a\nc\n"), strict=True):
        path.write_text(text)
    done = repository.pyfi("merge-driver", *map(str, names))
    assert (done.returncode, "its lines were merged" in done.stderr) == (1, True)
    assert "<<<<<<<" in names[1].read_text()
    assert repository.pyfi("textconv", str(names[2])).stdout == "a\nc\n"


def test_status_log_and_diff_speak_of_parts(repository: Repository) -> None:
    assert repository.pyfi("status", NAME).stdout == f"{NAME}: unchanged, on branch main\n"
    repository.change({"count: 20": "count: 30"}, "More of them")
    repository.change({"count: 20": "count: 31"})
    said = repository.pyfi("status", NAME)
    assert said.stdout.startswith(f"{NAME}: changed, on branch main\nchanged parameter 'count'\n")
    assert "More of them" in repository.pyfi("log", NAME).stdout
    assert [entry["subject"] for entry in json.loads(repository.pyfi("log", NAME, "--json").stdout)] == [
        "More of them",
        "First",
    ]
    done = repository.pyfi("diff", NAME, "HEAD~1")
    assert (done.returncode, "count" in done.stdout) == (1, True)
    missing = repository.pyfi("diff", NAME, "no-such")
    assert (missing.returncode, missing.stderr) == (2, f"pyfi: {NAME} is not in no-such\n")
    shutil.rmtree(repository.folder / ".git")
    assert "is in no git repository; make one with `git init`" in repository.pyfi("status", NAME).stderr


def test_processors_are_pinned_to_what_is_new_in_the_repository_of_their_code(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (repository.folder / "code.py").write_text("def one(n): return n\n")
    repository.git("add", "code.py")
    repository.git("commit", "--quiet", "-m", "Code")
    first = repository.git("rev-parse", "HEAD").strip()
    git = f"{{repo: ., commit: {first}, module: code}}"
    text = f"pyfi: 1\nname: f\nprocessors: [{{id: a, type: python, git: {git}}}]\n"
    (repository.folder / "f.flow.yaml").write_text(text)
    assert repository.pyfi("news", "f.flow.yaml").stdout == "a: 0 new commits on main\n"
    (repository.folder / "code.py").write_text("def two(n): return n\n")
    repository.git("commit", "--quiet", "-am", "Better code")
    newest = repository.git("rev-parse", "HEAD").strip()
    said = repository.pyfi("news", "f.flow.yaml", "a").stdout
    assert said == f"a: 1 new commit on main\n  {newest[:10]} Ada: Better code\n"
    assert repository.pyfi("update", "f.flow.yaml").stdout == f"a: {first[:10]} -> {newest[:10]}\n"
    assert newest in (repository.folder / "f.flow.yaml").read_text()
    assert repository.pyfi("update", "f.flow.yaml").stdout == "a: is up to date\n"
