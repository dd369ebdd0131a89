"""What PYFI is made of and what a wheel of it holds."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from environment import CONSTRAINTS, ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
PINS = {line.split("==")[0] for line in CONSTRAINTS.read_text().splitlines() if "==" in line}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel of the checkout, built with the pinned tools that are installed, so that nothing is fetched."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder], cwd=ROOT, check=True)
    (made,) = folder.glob("*.whl")
    return made


def test_a_wheel_holds_every_file_of_the_engine_and_the_resources(wheel: Path) -> None:
    listed = subprocess.run(["git", "ls-files", "engine", "resources"], cwd=ROOT, capture_output=True, text=True, check=True)
    tracked = [path for path in listed.stdout.splitlines() if (ROOT / path).is_file()]
    expected = {path if path.startswith("engine/") else f"engine/{path}" for path in tracked}
    assert "engine/__init__.py" in expected
    assert expected - set(zipfile.ZipFile(wheel).namelist()) == set()


def test_a_wheel_puts_nothing_but_pyfi_at_the_top(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} <= {"engine", "app", "pyfi.py"}


def test_an_installed_pyfi_is_imported_by_its_name(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path)
    program = "import sys; sys.path.insert(0, sys.argv[1]); import pyfi; print(pyfi.__file__, pyfi.Socket('flow.step'))"
    done = subprocess.run([sys.executable, "-I", "-c", program, tmp_path], capture_output=True, text=True, check=True)
    assert done.stdout == f"{tmp_path / 'pyfi.py'} Socket('flow.step')\n"


def test_an_installed_pyfi_finds_its_resources(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path)
    program = (
        "import sys; sys.path.insert(0, sys.argv[1]); from engine.resource import resource_path; print(resource_path('manual'))"
    )
    done = subprocess.run([sys.executable, "-I", "-c", program, tmp_path], capture_output=True, text=True, check=True)
    assert Path(done.stdout.strip()) == tmp_path / "engine" / "resources" / "manual"


def test_every_requirement_is_pinned() -> None:
    requirements = [*PROJECT["dependencies"], *(line for extra in PROJECT["optional-dependencies"].values() for line in extra)]
    names = {re.split(r"[\[<>=;, ]", line)[0] for line in requirements}
    assert names - PINS == set()
    assert "uv" in PINS


def test_pins_say_nothing_about_where_packages_come_from() -> None:
    for line in CONSTRAINTS.read_text().splitlines():
        assert line.startswith("#") or re.fullmatch(r"[a-z0-9-]+==[0-9a-z.]+( ; [\w'.<>=! ]+)?", line), line


def test_peers_are_pinned_exactly() -> None:
    package = json.loads((ROOT / "packaging" / "bench-node" / "package.json").read_text())
    assert package["private"] is True
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in package["dependencies"].values())
