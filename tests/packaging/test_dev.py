"""The commands of `packaging/dev.py`, as a person types them."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import debian
import dev
import environment
import pytest

ROOT = environment.ROOT
COMMANDS = ("run", "test", "setup", "lint", "bench", "pin", "clean")


def call(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, ROOT / "packaging" / "dev.py", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture
def became(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The commands that dev.py would have become, with everything set up."""
    commands: list[list[str]] = []

    def become(command: list[str]) -> int:
        commands.append([Path(command[0]).name, *command[1:]])
        return 0

    monkeypatch.setattr(dev, "_become", become)
    monkeypatch.setattr(environment, "ensure", lambda extras: None)
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    return commands


def test_help_names_every_command() -> None:
    done = call("--help")
    assert done.returncode == 0
    assert all(f"\n    {command} " in done.stdout for command in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str) -> None:
    done = call(command, "--help")
    assert done.returncode == 0
    assert done.stdout.startswith(f"usage: dev.py {command}")


def test_without_a_display_the_example_runs(became: list[list[str]]) -> None:
    assert dev.main(["run", "--json"]) == 0
    example = ROOT / "resources" / "examples" / "web-log-triage" / "web-log-triage.flow.yaml"
    assert became == [["pyfi", "run", str(example), "--json"]]


def test_a_flow_file_takes_the_examples_place(became: list[list[str]]) -> None:
    dev.main(["run", "mine.flow.yaml", "--set", "n=3"])
    assert became == [["pyfi", "run", "mine.flow.yaml", "--set", "n=3"]]


def test_with_a_display_the_desktop_opens_if_there_is_one(
    became: list[list[str]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(debian, "install", lambda packages, reason: asked.append(reason))
    monkeypatch.setenv("DISPLAY", ":1")
    monkeypatch.setattr(dev, "ROOT", tmp_path)
    dev.main(["run"])
    assert asked == []
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "main.py").touch()
    dev.main(["run", "--theme", "dark"])
    assert [command[1] for command in became] == ["run", "app"]
    assert became[1] == ["pyfi", "app", "--theme", "dark"]
    assert asked == ["for the desktop"]


def test_a_wrong_option_is_refused() -> None:
    done = call("clean", "--hard")
    assert done.returncode == 2
    assert "`clean` does not know --hard: see `dev.py clean --help`" in done.stderr


def test_an_unknown_benchmark_is_refused() -> None:
    done = call("bench", "no-such-benchmark")
    assert done.returncode == 1
    assert done.stderr.startswith("dev.py: there is no benchmark no-such-benchmark: choose from ")


def test_a_broken_disk_is_one_sentence(
    became: list[list[str]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(extras: frozenset[str]) -> None:
        raise OSError(28, "No space left on device", "/there")

    monkeypatch.setattr(environment, "ensure", fail)
    assert dev.main(["run"]) == 1
    assert capsys.readouterr().err == "dev.py: No space left on device (/there): make room or correct the permissions.\n"


def test_a_second_start_imports_nothing_slow() -> None:
    """What takes long to import is what a start must do without; the clock would measure the machine."""
    program = """
import json, sys
sys.path.insert(0, sys.argv[1])
import dev, environment
environment.is_ready = lambda extras: True
dev._become = lambda command: print(json.dumps(sorted(sys.modules))) or 0
dev.main(["run"])
"""
    done = subprocess.run([sys.executable, "-I", "-c", program, ROOT / "packaging"], capture_output=True, text=True, check=True)
    loaded = set(json.loads(done.stdout))
    assert "environment" in loaded
    slow = {"progress", "debian", "checks", "subprocess", "asyncio", "tempfile", "xml", "tomllib"}
    assert not loaded & slow - STARTED_WITH


def test_clean_removes_what_tools_made_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for made in (".venv/bin", ".ruff_cache", "engine/__pycache__", "packaging/bench-node/node_modules/x", "dist"):
        (tmp_path / made).mkdir(parents=True)
    (tmp_path / "engine" / "kept.py").touch()
    monkeypatch.setattr(dev, "ROOT", tmp_path)
    assert dev.main(["clean"]) == 0
    assert sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*")) == [
        "engine",
        "engine/kept.py",
        "packaging",
        "packaging/bench-node",
    ]


def test_an_older_python_is_told_so() -> None:
    program = "import runpy, sys; sys.version_info = (3, 9, 1); runpy.run_path(sys.argv[1], run_name='__main__')"
    command = [sys.executable, "-c", program, ROOT / "packaging" / "dev.py"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == "PYFI needs Python 3.11 or newer and this is 3.9: start it with a newer python3.\n"


def _bare_modules() -> set[str]:
    """What the interpreter and argparse load by themselves."""
    program = "import argparse, hashlib, json, pathlib, contextlib, sys; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-I", "-c", program], capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout))


STARTED_WITH = _bare_modules()


# Pins


@pytest.fixture
def shelf(tmp_path: Path, became: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project that needs `kept` and `added`, of which there are two versions, and the only place that packages come from."""
    folder = tmp_path / "shelf"
    folder.mkdir()
    for name in ("kept", "added", "dropped"):
        for version in ("1.0", "2.0"):
            with zipfile.ZipFile(folder / f"{name}-{version}-py3-none-any.whl", "w") as wheel:
                info = f"{name}-{version}.dist-info"
                wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
                wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
                wheel.writestr(f"{info}/RECORD", "")
    project = '[project]\nname = "it"\nversion = "1"\nrequires-python = ">=3.11"\ndependencies = ["kept", "added"]\n'
    (tmp_path / "pyproject.toml").write_text(project)
    (tmp_path / "constraints.txt").write_text("# head\ndropped==1.0\nkept==1.0\n")
    (tmp_path / "overrides.txt").write_text("")
    monkeypatch.setattr(dev, "ROOT", tmp_path)
    monkeypatch.setattr(environment, "CONSTRAINTS", tmp_path / "constraints.txt")
    monkeypatch.setattr(environment, "OVERRIDES", tmp_path / "overrides.txt")
    monkeypatch.setenv("UV_FIND_LINKS", str(folder))
    monkeypatch.setenv("UV_NO_INDEX", "1")
    monkeypatch.setenv("UV_OFFLINE", "1")
    return tmp_path


def pins(project: Path) -> list[str]:
    head, *lines = (project / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert head.startswith("# Exact versions")
    return lines


def test_pin_keeps_versions_adds_what_is_missing_and_drops_what_nothing_needs(shelf: Path) -> None:
    assert dev.main(["pin"]) == 0
    assert pins(shelf) == ["added==2.0", "kept==1.0"]


def test_pin_takes_the_newest_versions_when_asked(shelf: Path) -> None:
    assert dev.main(["pin", "--upgrade"]) == 0
    assert pins(shelf) == ["added==2.0", "kept==2.0"]


def test_pin_leaves_the_file_alone_when_there_is_no_answer(shelf: Path) -> None:
    before = (shelf / "constraints.txt").read_bytes()
    project = shelf / "pyproject.toml"
    project.write_text(project.read_text(encoding="utf-8").replace('"kept"', '"kept>2"'), encoding="utf-8")
    assert dev.main(["pin"]) != 0
    assert (shelf / "constraints.txt").read_bytes() == before


def test_the_pins_say_nothing_of_where_packages_come_from() -> None:
    lines = environment.CONSTRAINTS.read_text(encoding="utf-8").splitlines()[1:]
    assert [line for line in lines if not re.fullmatch(r"[a-z0-9-]+==[0-9a-z.]+( ; [\w.<>='! ]+)?", line)] == []
