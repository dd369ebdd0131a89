"""When `.venv` counts as ready, and what goes into it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import environment
import pytest
from progress import SetupError


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with an environment that was set up for `dev` and `cluster`."""
    (tmp_path / "packaging").mkdir()
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    (tmp_path / "packaging" / "constraints.txt").write_text("# pins\nuv==1.2.3 ; sys_platform == 'linux'\nuvicorn==4\n")
    (tmp_path / "packaging" / "overrides.txt").write_text("# overrides\n")
    (tmp_path / ".venv" / "bin" / "python").symlink_to(sys.executable)
    for name, path in {
        "ROOT": "",
        "CONSTRAINTS": "packaging/constraints.txt",
        "OVERRIDES": "packaging/overrides.txt",
        "VENV": ".venv",
        "BIN": ".venv/bin",
        "PYTHON": ".venv/bin/python",
        "_STAMP": ".venv/pyfi-setup.json",
    }.items():
        monkeypatch.setattr(environment, name, tmp_path / path)
    stamp = {"made_from": environment._digest(), "extras": ["cluster", "dev"]}
    (tmp_path / ".venv" / "pyfi-setup.json").write_text(json.dumps(stamp))
    return tmp_path


def test_ready_for_what_it_holds_and_for_less(project: Path) -> None:
    assert environment.is_ready({"cluster", "dev"})
    assert environment.is_ready(())


def test_not_ready_for_more(project: Path) -> None:
    assert not environment.is_ready({"dev", "app"})


@pytest.mark.parametrize("changed", ["pyproject.toml", "packaging/constraints.txt", "packaging/overrides.txt"])
def test_not_ready_after_a_change_of_what_it_is_made_from(project: Path, changed: str) -> None:
    with (project / changed).open("a") as file:
        file.write("\n")
    assert not environment.is_ready(())


@pytest.mark.parametrize("stamp", ["", "[]", '{"made_from": 3}', '{"extras": "dev"}', "\x00"])
def test_a_spoilt_stamp_means_not_ready(project: Path, stamp: str) -> None:
    (project / ".venv" / "pyfi-setup.json").write_text(stamp)
    assert not environment.is_ready(())


def test_not_ready_when_its_python_is_gone(project: Path) -> None:
    python = project / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to(project / "a-python-that-was-uninstalled")
    assert not environment.is_ready(())


def test_a_working_environment_only_lacks_uv(project: Path) -> None:
    (step,) = environment._bootstrap_steps()
    assert step.title == "install uv"
    assert step.command[-1] == "uv==1.2.3"


def test_without_pip_anywhere_the_environment_gets_its_own(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / ".venv" / "bin" / "python").unlink()
    monkeypatch.setattr(environment, "_has_module", lambda name: name != "pip")
    create, install = environment._bootstrap_steps()
    assert "--without-pip" not in create.command
    assert list(install.command[:3]) == [str(environment.PYTHON), "-m", "pip"]


def test_without_pip_and_ensurepip_debian_is_asked(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import debian

    asked: list[list[str]] = []
    monkeypatch.setattr(environment, "_has_module", lambda name: False)
    monkeypatch.setattr(debian, "install", lambda packages, reason: asked.append(packages))
    environment._install_venv_module_if_needed()
    assert asked == [["python3-venv"]]


def test_a_package_that_is_not_pinned_is_a_clear_error(project: Path) -> None:
    assert environment.pinned("uvicorn") == "4"
    with pytest.raises(SetupError, match="does not pin uvx: restore the file from git"):
        environment.pinned("uvx")


def test_the_desktop_is_installed_only_where_there_is_one(project: Path) -> None:
    assert environment.needed_extras(test=False, desktop=True) == frozenset()
    (project / "app").mkdir()
    (project / "app" / "main.py").touch()
    assert environment.needed_extras(test=False, desktop=True) == {"app"}
    assert environment.needed_extras(test=True, desktop=True) == {"app", "cluster", "dev", "dev-app", "s3"}


def test_two_set_ups_wait_for_each_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "_LOCK", tmp_path / "lock")
    program = "import fcntl, sys; fcntl.flock(open(sys.argv[1], 'w'), fcntl.LOCK_EX | fcntl.LOCK_NB)"
    other = [sys.executable, "-c", program, str(tmp_path / "lock")]
    with environment._only_one():
        assert b"BlockingIOError" in subprocess.run(other, capture_output=True, check=False).stderr
    assert subprocess.run(other, check=False).returncode == 0
