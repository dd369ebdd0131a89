from __future__ import annotations

import json

import pytest

from tests.engine.cli.command import CHAIN, answer, process, pyfi, write_flow


@pytest.fixture(autouse=True)
def _own_database(tmp_path, monkeypatch):
    monkeypatch.setenv("PYFI_DATABASE_URL", f"sqlite:///{tmp_path / 'flows.db'}")


def test_import_and_export_lose_nothing(tmp_path):
    path = write_flow(tmp_path)

    first = process("import", path, cwd=tmp_path)
    exported = process("export", "chain", "out.flow.yaml", cwd=tmp_path)
    again = pyfi("import", "out.flow.yaml", "--json", cwd=tmp_path)
    printed = pyfi("export", "chain", cwd=tmp_path)
    compared = pyfi("diff", "chain", path, cwd=tmp_path)

    assert first.stdout == "chain: stored with 3 processors and 2 connections\n"
    assert exported.stdout == "chain: written to out.flow.yaml\n"
    assert answer(again) == {"flow": "chain", "revision": 1, "changes": 0, "new": False, "problems": 0}
    assert printed.stdout == (tmp_path / "out.flow.yaml").read_text()
    assert (compared.returncode, compared.stdout) == (0, "")


def test_importing_again_changes_only_what_differs(tmp_path):
    path = write_flow(tmp_path)
    pyfi("import", path, "--name", "mine", cwd=tmp_path)
    write_flow(tmp_path, CHAIN.replace("* 2}", "* 3}").replace("type: python\n    outputs: [success, failure]", "type: pithon"))

    done = pyfi("import", path, "--name", "mine", cwd=tmp_path)
    listed = pyfi("ls", "flows", "--json", cwd=tmp_path)

    assert done.returncode == 0
    assert done.stdout == "mine: 2 parts changed, now revision 2\n"
    assert done.stderr.startswith("note: chain.flow.yaml: processor 'keep': there is no processor type 'pithon'")
    assert [(row["name"], row["revision"], row["processors"]) for row in answer(listed)] == [("mine", 2, 3)]


def test_wrong_names_and_places_are_one_line(tmp_path, monkeypatch):
    path = write_flow(tmp_path)
    pyfi("import", path, cwd=tmp_path)

    unknown = pyfi("export", "chian", cwd=tmp_path)
    nowhere = pyfi("export", "chain", "no/where.yaml", cwd=tmp_path)
    monkeypatch.setenv("PYFI_DATABASE_URL", "mysql://x")
    database = pyfi("import", path, cwd=tmp_path)

    assert (unknown.returncode, nowhere.returncode, database.returncode) == (2, 1, 2)
    assert unknown.stderr == "pyfi: there is no flow 'chian' in the database; did you mean 'chain'?\n"
    assert "no/where.yaml: cannot be written" in nowhere.stderr
    assert "which PYFI does not know" in database.stderr
    assert all(done.stderr.count("\n") == 1 for done in (unknown, nowhere, database))


def test_the_database_is_made_and_dumped(tmp_path):
    url = f"sqlite:///{tmp_path / 'new.db'}"
    pyfi("import", write_flow(tmp_path), cwd=tmp_path)

    made = pyfi("db", "init", "--url", url, "--json", cwd=tmp_path)
    migrated = pyfi("db", "migrate", "--url", url, cwd=tmp_path)
    dumped = process("db", "json", cwd=tmp_path)
    wrong = pyfi("db", "init", "--url", "sqlite:////nowhere/at/all.db", cwd=tmp_path)

    assert answer(made)["database"].endswith("new.db")
    assert migrated.stdout.endswith(f"at version {answer(made)['version']}\n")
    assert [row["name"] for row in json.loads(dumped.stdout)["tables"]["flows"]] == ["chain"]
    assert (wrong.returncode, wrong.stderr.count("\n")) == (1, 1)
    assert "cannot be opened" in wrong.stderr
