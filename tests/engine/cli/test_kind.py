from __future__ import annotations

import json
from typing import Annotated, Any, Literal

import pytest
from msgspec import Meta, Struct

from engine.client.processor_type import describe_types, type_words
from engine.processors.registry import offered
from tests.engine.cli.command import answer, process, pyfi, write_flow


@pytest.fixture(autouse=True)
def _own_database(tmp_path, monkeypatch):
    monkeypatch.setenv("PYFI_DATABASE_URL", f"sqlite:///{tmp_path / 'flows.db'}")


def test_types_are_listed_and_shown_with_their_settings(tmp_path):
    listed = pyfi("ls", "types", "--json", cwd=tmp_path)
    shown = process("show", "type", "generate", cwd=tmp_path)
    as_json = pyfi("show", "types", "generate", "--json", cwd=tmp_path)

    names = [row["name"] for row in answer(listed)]
    assert names == ["python", "node", "bash", *offered()]
    assert "generate: Makes messages from a template" in shown.stdout
    assert any(line.split()[:3] == ["count", "integer", "1"] for line in shown.stdout.splitlines())
    assert answer(as_json)["settings"][0]["name"] == "count"


def test_every_type_can_be_described():
    for each in describe_types():
        assert each.summary
        for setting in each.settings:
            assert setting.type
            assert setting.default is None or json.loads(setting.default) is not NotImplemented


class Inner(Struct):
    first: int
    second: str


@pytest.mark.parametrize(
    ("hint", "words"),
    [
        (int, "integer"),
        (Annotated[float, Meta(ge=0)], "number"),
        (str | None, "text or nothing"),
        (list[int] | bool, "list of integer or true or false"),
        (dict[str, list[str]], "mapping to list of text"),
        (Literal["a", "b"], '"a" or "b"'),
        (Any, "any value"),
        (Inner, "mapping with first, second"),
    ],
)
def test_types_of_settings_are_said_in_words(hint, words):
    assert type_words(hint) == words


def test_processors_of_files_and_of_stored_flows(tmp_path):
    path = write_flow(tmp_path)
    pyfi("import", path, cwd=tmp_path)

    of_file = pyfi("ls", "processors", "--flow", path, "--json", cwd=tmp_path)
    stored = process("ls", "connections", cwd=tmp_path)
    flow = pyfi("show", "flow", "chain", cwd=tmp_path)
    processor = pyfi("show", "processor", "chain.double", cwd=tmp_path)

    assert [row["id"] for row in answer(of_file)] == ["make", "double", "keep"]
    assert "double.success->keep.in" in stored.stdout
    assert "parameter count = 20" in flow.stdout
    assert processor.stdout.startswith("id: double\ntype: python\ncode: |\n")


def test_what_has_run_here_is_listed(tmp_path):
    pyfi("run", write_flow(tmp_path), "--workspace", "ws", "--json", cwd=tmp_path)

    deployments = pyfi("ls", "deployments", "--workspace", "ws", "--json", cwd=tmp_path)
    shown = pyfi("show", "deployment", "chain", "--workspace", "ws", cwd=tmp_path)

    (row,) = answer(deployments)
    assert (row["name"], row["target"], row["state"]) == ("chain", "local", "finished")
    assert "finished" in shown.stdout


def test_kinds_without_anything_and_wrong_names(tmp_path):
    for kind in ("nodes", "agents", "workers", "tasks", "users", "roles"):
        assert answer(pyfi("ls", kind, "--json", cwd=tmp_path)) == []
    empty = pyfi("ls", "flows", cwd=tmp_path)
    kind = pyfi("ls", "flwos", cwd=tmp_path)
    name = pyfi("show", "type", "rout", cwd=tmp_path)
    user = pyfi("show", "user", "nobody", cwd=tmp_path)

    assert (empty.returncode, empty.stdout, empty.stderr) == (0, "", "there are no flows\n")
    assert (kind.returncode, name.returncode, user.returncode) == (2, 2, 2)
    assert kind.stderr == "pyfi: there is no kind of thing called 'flwos'; did you mean 'flows'?\n"
    assert name.stderr == "pyfi: there is no processor type 'rout'; did you mean 'route'?\n"
    assert user.stderr == "pyfi: there is nothing called 'nobody' among the users; `pyfi ls users` shows those there are\n"
