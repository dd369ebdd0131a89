"""What the wheel's extras bring, each in an environment of its own with nothing else in it."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from environment import BIN, CONSTRAINTS, OVERRIDES, ROOT
from release.wheel import build_wheel, version

from tests.cluster.conftest import new_site  # noqa: F401 - a fixture
from tests.cluster.site import Site, until

FLOW = """
pyfi: 1
name: numbers
processors:
  - {id: source, type: generate, config: {count: 3, content: {n: "{n}"}}}
  - id: twice
    type: python
    code: |
      def twice(message):
          return {"n": 2 * int(message["n"])}
  - {id: keep, type: write_lines, config: {path: out.jsonl}}
connections:
  - {from: source.success, to: twice.in}
  - {from: twice.success, to: keep.in}
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_wheel(tmp_path_factory.mktemp("dist"))[0]


def installed(folder: Path, what: str) -> Path:
    """A new environment with `what` and the pinned versions of what it asks for; returns its folder of programs."""
    uv, python = BIN / "uv", folder / "bin" / "python"
    pins = ["--constraints", CONSTRAINTS, "--overrides", OVERRIDES]
    subprocess.run([uv, "venv", "--quiet", "--python", BIN / "python", folder], check=True)
    subprocess.run([uv, "pip", "install", "--quiet", "--python", python, *pins, what], check=True)
    return folder / "bin"


def packages(programs: Path) -> set[str]:
    listing = [BIN / "uv", "pip", "list", "--format", "json", "--python", programs / "python"]
    done = subprocess.run(listing, capture_output=True, text=True, check=True)
    return {each["name"].lower() for each in json.loads(done.stdout)}


@pytest.fixture(scope="module")
def node(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a node of a cluster has."""
    return installed(tmp_path_factory.mktemp("node") / "venv", f"{wheel}[cluster]")


def test_the_plain_wheel_runs_a_flow_and_says_what_the_desktop_needs(wheel: Path, tmp_path: Path) -> None:
    programs = installed(tmp_path / "venv", str(wheel))
    assert not {"pyside6-essentials", "celery", "boto3", "pytest"} & packages(programs)
    (tmp_path / "numbers.flow.yaml").write_text(FLOW, encoding="utf-8")
    run = [programs / "pyfi", "run", "numbers.flow.yaml", "--workspace", "ws", "--json"]
    done = subprocess.run(run, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["processors"]["keep"]["in"] == 3
    refused = subprocess.run([programs / "pyfi", "app"], capture_output=True, text=True, check=False)
    assert (refused.returncode, "pyfi[app]" in refused.stderr) == (2, True), refused.stderr


@pytest.mark.parametrize(("extras", "brings"), [("", set()), ("[cluster,s3]", {"celery", "boto3"})])
def test_pipx_gives_the_command(wheel: Path, tmp_path: Path, extras: str, brings: set[str]) -> None:
    """Real pipx, with folders of its own; it has uv do what takes time."""
    folders = {f"PIPX_{name}": str(tmp_path / name.lower()) for name in ("HOME", "BIN_DIR", "MAN_DIR", "COMPLETION_DIR")}
    pins = {"UV_CONSTRAINT": str(CONSTRAINTS), "UV_OVERRIDE": str(OVERRIDES), "PIPX_DEFAULT_BACKEND": "uv"}
    environment = {**os.environ, **folders, **pins, "PATH": f"{BIN}:{os.environ['PATH']}"}
    command = [BIN / "pipx", "install", "--python", BIN / "python", f"{wheel}{extras}"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert [path.name for path in (tmp_path / "bin_dir").iterdir()] == ["pyfi"]
    said = subprocess.run([tmp_path / "bin_dir" / "pyfi", "--version"], capture_output=True, text=True, check=True, env={})
    assert said.stdout == f"pyfi {version()}\n"
    there = packages(tmp_path / "home" / "venvs" / "pyfi" / "bin")
    assert brings <= there
    assert not ({"pyside6-essentials", "pytest", "celery", "boto3"} - brings) & there


def test_the_extra_for_developers_brings_what_checks_the_code(wheel: Path) -> None:
    """Resolved, not installed: it is what these tests are run with."""
    command = [BIN / "uv", "pip", "compile", "--quiet", "--no-header", "--no-annotate", "--constraints", CONSTRAINTS, "-"]
    asked = f"pyfi[dev] @ {wheel.as_uri()}"
    done = subprocess.run(command, input=asked, capture_output=True, text=True, check=True)
    found = {line.partition("==")[0] for line in done.stdout.splitlines()}
    assert {"pytest", "ruff", "pyright", "hypothesis", "import-linter"} <= found
    assert "pyside6-essentials" not in found


def test_the_extra_for_s3_brings_what_reaches_it_and_no_more(wheel: Path, tmp_path: Path) -> None:
    programs = installed(tmp_path / "venv", f"{wheel}[s3]")
    assert "boto3" in packages(programs)
    assert not {"pyside6-essentials", "celery", "pytest"} & packages(programs)
    program = "import sys; from engine.results.url import open_results; print(type(open_results(sys.argv[1])).__name__)"
    shown = subprocess.run([programs / "python", "-c", program, "s3://b"], capture_output=True, text=True, check=True)
    assert shown.stdout == "S3Results\n"
    refused = subprocess.run([programs / "python", "-c", program, "redis://h"], capture_output=True, text=True, check=False)
    assert "pip install 'pyfi[cluster]'" in refused.stderr


@pytest.mark.servers
def test_an_agent_runs_without_qt(node: Path, new_site: Callable[[str], Site]) -> None:  # noqa: F811
    assert not {"pyside6-essentials", "shiboken6", "nodegraphqt", "numpy", "pytest"} & packages(node)
    site = new_site("redis")
    agent = site.agent("n1", program=[str(node / "pyfi")])
    site.deploy(FLOW)
    out = site.folder / "out.jsonl"
    until(lambda: out.is_file() and len(out.read_text().splitlines()) == 3, what=site.logs())
    assert [json.loads(line)["n"] for line in out.read_text().splitlines()] == [0, 2, 4]
    programs = {Path(process.exe()).resolve() for process in agent.family()}
    assert programs == {(node / "python").resolve()}


def test_every_mention_of_the_version_is_the_projects() -> None:
    tags = [line for path in (ROOT / "packaging" / "kubernetes").rglob("kustomization.yaml") for line in _tags(path)]
    assert tags == [f"newTag: {version()}"] * 2
    assert f"REGISTRY/pyfi:{version()} " in (ROOT / "resources" / "manual" / "cluster.md").read_text(encoding="utf-8")


def _tags(path: Path) -> list[str]:
    return [line.strip() for line in path.read_text(encoding="utf-8").splitlines() if line.strip().startswith("newTag:")]
