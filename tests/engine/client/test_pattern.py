"""The pattern library: folders of files, from the shell too."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.client.pattern import (
    Pattern,
    add_pattern,
    delete_pattern,
    find_pattern,
    joined_notes,
    make_pattern,
    path_of,
    pattern_folders,
    patterns,
    read_pattern,
    read_tags,
    rename_pattern,
    restore_pattern,
    save_pattern,
    set_pattern_folders,
    split_notes,
)
from engine.errors import NotFound, PyfiError, StorageError, UsageError
from engine.model.codec import load_flow
from tests.engine.cli.command import pyfi

FLOW = load_flow("""
pyfi: 1
name: small
processors:
  - {id: a, type: python, code: 'def f(x): return x'}
  - {id: b, type: log}
connections: [{from: a.success, to: b.in}]
""")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PYFI_SETTINGS", str(tmp_path / "settings.toml"))
    monkeypatch.setenv("PYFI_PATTERNS", str(tmp_path / "mine"))
    return tmp_path / "mine"


def saved(name: str = "Log it", tags: tuple[str, ...] = ("log",)) -> Pattern:
    path = path_of(name)
    save_pattern(make_pattern(FLOW, ["a", "b"], name, "Logs.", tags), path)
    return read_pattern(path)


def own() -> list[str]:
    return [pattern.name for pattern in patterns() if pattern.is_own]


def test_a_saved_pattern_is_a_plain_flow_file_in_the_folder(folder):
    pattern = saved()
    assert pattern.path == folder / "log-it.flow.yaml"
    assert (pattern.name, pattern.description, pattern.tags, pattern.inputs, pattern.outputs) == (
        "Log it",
        "Logs.",
        ("log",),
        ("in",),
        (),
    )
    assert pattern.path.read_text().startswith("pyfi: 1\nname: Log it\n")
    assert own() == ["Log it"]
    assert find_pattern("log-it") == find_pattern("Log it") == pattern
    with pytest.raises(NotFound, match="did you mean 'Log it'"):
        find_pattern("Log It")


def test_those_that_come_with_pyfi_are_there_and_stay(folder):
    shipped = [pattern for pattern in patterns() if not pattern.is_own]
    assert {"Retry with back-off", "Split, process, merge", "Batch writer with rotation", "Enrich by HTTP with a cache"} == {
        pattern.name for pattern in shipped
    }
    assert all(pattern.description and pattern.tags and not pattern.problem for pattern in shipped)
    with pytest.raises(UsageError, match="came with PYFI"):
        delete_pattern(shipped[0])
    with pytest.raises(UsageError, match="cannot be changed"):
        rename_pattern(shipped[0], "mine", "", ())


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("pyfi: [", "line 2, column 1: not readable as YAML"),
        ("pyfi: 1\nname: empty\n", "it holds no processor"),
        ("pyfi: 1\nname: x\nprocessors: [{id: a}]\n", "`type` is missing"),
        (
            "pyfi: 1\nname: x\nprocessors: [{id: a, type: pythn}]\n",
            "there is no processor type 'pythn' here; did you mean 'python'?",
        ),
        ("\udcff", "UTF-8"),
    ],
)
def test_a_broken_file_is_there_with_the_reason(folder, content, reason):
    folder.mkdir()
    (folder / "bad.flow.yaml").write_text(content, encoding="utf-8", errors="surrogateescape")
    saved()
    found = {pattern.path.name: pattern for pattern in patterns() if pattern.is_own}
    assert reason in found["bad.flow.yaml"].problem
    assert not found["log-it.flow.yaml"].problem
    text = delete_pattern(found["bad.flow.yaml"])
    restore_pattern(folder / "bad.flow.yaml", text)
    assert (folder / "bad.flow.yaml").read_text(encoding="utf-8", errors="surrogateescape") == content


def test_a_pattern_is_renamed_with_its_file_deleted_and_brought_back(folder):
    saved("Other")
    pattern = saved()
    with pytest.raises(UsageError, match="there is a pattern 'Other' already"):
        rename_pattern(pattern, "Other", "", ())
    with pytest.raises(UsageError, match="must have a name"):
        rename_pattern(pattern, " ", "", ())
    pattern = rename_pattern(pattern, "Log them", "New.", ("a", "b"))
    assert (pattern.path.name, pattern.description, pattern.tags) == ("log-them.flow.yaml", "New.", ("a", "b"))
    assert own() == ["Log them", "Other"]
    text = delete_pattern(pattern)
    assert own() == ["Other"]
    restore_pattern(pattern.path, text)
    assert own() == ["Log them", "Other"]


def test_files_are_added_but_not_over_others_unasked(folder, tmp_path):
    source = tmp_path / "theirs.flow.yaml"
    source.write_text("# a comment\npyfi: 1\nname: Theirs\nprocessors: [{id: a, type: log}]\n")
    added = add_pattern(source)
    assert added.path == folder / "theirs.flow.yaml"
    assert added.path.read_text() == source.read_text(), "as it is, comments too"
    with pytest.raises(UsageError, match="there is a pattern 'Theirs' already"):
        add_pattern(source)
    assert add_pattern(source, replace=True).path == added.path
    (tmp_path / "none.flow.yaml").write_text("pyfi: 1\nname: none\n")
    with pytest.raises(UsageError, match="it holds no processor"):
        add_pattern(tmp_path / "none.flow.yaml")
    with pytest.raises(PyfiError):
        add_pattern(tmp_path / "missing.flow.yaml")


def test_folders_are_a_setting_and_others_stay_in_the_file(tmp_path, monkeypatch):
    monkeypatch.setenv("PYFI_SETTINGS", str(tmp_path / "settings.toml"))
    monkeypatch.delenv("PYFI_PATTERNS", raising=False)
    (tmp_path / "settings.toml").write_text('theme = "dark"\npatterns = "old"\n')
    set_pattern_folders([tmp_path / "one", tmp_path / 'two "2"'])
    assert pattern_folders() == (tmp_path / "one", tmp_path / 'two "2"')
    assert 'theme = "dark"' in (tmp_path / "settings.toml").read_text()
    set_pattern_folders([tmp_path / "three"])
    assert pattern_folders() == (tmp_path / "three",)
    assert (tmp_path / "settings.toml").read_text().count("patterns") == 1


def test_a_folder_that_cannot_be_made_is_told(folder):
    folder.write_text("a file where the folder ought to be")
    with pytest.raises(StorageError, match="cannot be made"):
        saved()
    assert own() == []


@pytest.mark.parametrize(
    ("notes", "description", "tags"),
    [
        ("", "", ()),
        ("Text.", "Text.", ()),
        ("Text.\n\n#a #b-c", "Text.", ("a", "b-c")),
        ("#a", "", ("a",)),
        ("# Heading\n\nText", "# Heading\n\nText", ()),
        ("Is #1 of all", "Is #1 of all", ()),
    ],
)
def test_tags_are_the_last_line_of_the_notes(notes, description, tags):
    assert split_notes(notes) == (description, tags)
    assert split_notes(joined_notes(description, tags)) == (description, tags)


def test_tags_are_typed_as_one_likes():
    assert read_tags("#a, b  c-d,,b") == ("a", "b", "c-d")


def test_the_shell_lists_adds_and_deletes(folder, tmp_path):
    source = tmp_path / "x.flow.yaml"
    source.write_text("pyfi: 1\nname: From the shell\nprocessors: [{id: a, type: log}]\n")
    assert pyfi("add", "pattern", source, cwd=tmp_path).returncode == 0
    assert pyfi("add", "pattern", source, cwd=tmp_path).returncode == 2
    assert pyfi("add", "pattern", source, "--replace", cwd=tmp_path).returncode == 0
    listed = pyfi("ls", "patterns", "--json", cwd=tmp_path)
    assert '"From the shell"' in listed.stdout
    assert '"Retry with back-off"' in listed.stdout
    assert pyfi("show", "pattern", "From the shell", cwd=tmp_path).returncode == 0
    assert pyfi("delete", "pattern", "From the shell", cwd=tmp_path).returncode == 0
    assert own() == []
    gone = pyfi("delete", "pattern", "From the shell", cwd=tmp_path)
    assert (gone.returncode, "there is no pattern" in gone.stderr) == (2, True)
    assert "only patterns" in pyfi("add", "flow", source, cwd=tmp_path).stderr
