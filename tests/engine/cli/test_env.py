"""`pyfi env`: what there is, made ahead, looked into, taken away."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.engine.cli.command import Done, pyfi
from tests.engine.sources.packages import wheel

FLOW = """
pyfi: 1
name: needy
processors:
  - {id: a, type: python, inputs: [], requirements: [sun], code: "def a(): yield 1"}
  - {id: b, type: python, requirements: [NEEDS], code: "def b(n): return n"}
connections: [{from: a.success, to: b.in}]
auto_terminate: [b.success]
"""


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYFI_PACKAGES", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    wheel(tmp_path, "sun")
    return tmp_path


def said(*arguments: str) -> Done:
    return pyfi(*arguments, cwd=Path.cwd())


def test_environments_of_a_flow_are_made_once_listed_and_taken_away(packages: Path) -> None:
    Path("flow.yaml").write_text(FLOW.replace("NEEDS", "sun"))
    made = said("env", "make", "flow.yaml")
    assert made.returncode == 0
    name = made.stdout.split()[0]
    assert made.stdout == f"{name} sun\n"
    assert made.stderr.splitlines()[0] == f"{name} 0/4: making an environment of sun"
    assert "4/4: Installed 1 package" in made.stderr
    assert said("env", "make", "flow.yaml").stderr == "", "it is there"
    (listed,) = json.loads(said("env", "ls", "--json").stdout)
    assert (listed["state"], listed["requirements"], listed["in_use"]) == ("ready", ["sun"], False)
    assert re.search(rf"^{name} +ready +python +sun ", said("env", "ls").stdout, re.MULTILINE)
    assert "+ sun==1.0" in said("env", "log", name).stdout
    assert said("env", "clean").stdout == "0 environments taken away, 0.0 MB\n"
    assert said("env", "rm", name).stdout == f"{name} {listed['size_bytes'] / 1e6:,.1f} MB\n"
    assert said("env", "ls").stdout == ""
    gone = said("env", "rm", name)
    assert (gone.returncode, gone.stderr) == (
        2,
        f"pyfi: there is no environment '{name}'; `pyfi env ls` shows those there are\n",
    )


def test_what_cannot_be_made_is_said_and_cleaned_up(packages: Path) -> None:
    Path("flow.yaml").write_text(FLOW.replace("NEEDS", "comet"))
    made = said("env", "make", "flow.yaml")
    assert made.returncode == 1
    assert "cannot install what a processor requires" in made.stderr
    assert made.stdout.endswith(" sun\n"), "the other is there"
    assert [each["state"] for each in json.loads(said("env", "ls", "--json").stdout)].count("failed") == 1
    assert said("env", "clean").stdout == "1 environment taken away, 0.0 MB\n"
    assert said("env", "clean", "--unused-for", "0").stdout.startswith("1 environment taken away, ")
