"""Flow files belong to the program: what a desktop reads says so, and says the same in all its files."""

from __future__ import annotations

import configparser
import fnmatch
import tomllib
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

ROOT = Path(__file__).parents[2]
LINUX = ROOT / "packaging" / "linux"
_TAG = "{http://www.freedesktop.org/standards/shared-mime-info}"


@pytest.fixture
def entry() -> configparser.SectionProxy:
    parsed = configparser.ConfigParser(interpolation=None)
    parsed.read_string((LINUX / "pyfi.desktop").read_text(encoding="utf-8"))
    return parsed["Desktop Entry"]


def test_the_entry_opens_flow_files_with_the_command_there_is(entry):
    assert entry["Exec"] == "pyfi app %F"
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["scripts"].keys() == {"pyfi"}
    assert entry["Type"] == "Application"


def test_the_type_of_the_entry_is_that_of_flow_files(entry):
    kind = ET.parse(LINUX / "pyfi-flow.xml").getroot().find(f"{_TAG}mime-type")
    assert kind is not None
    assert kind.get("type") in entry["MimeType"].split(";")
    patterns = [glob.get("pattern", "") for glob in kind.iter(f"{_TAG}glob")]
    examples = [path.name for path in (ROOT / "resources" / "examples").glob("*/*.flow.yaml")]
    assert examples
    assert all(any(fnmatch.fnmatch(name, pattern) for pattern in patterns) for name in examples)


def test_the_icon_of_the_entry_is_there(entry):
    assert (ROOT / "resources" / f"{entry['Icon']}.svg").is_file()
