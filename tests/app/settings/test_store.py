"""Where choices are kept: read again the next time, and never a reason not to start."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec import structs
from PySide6.QtGui import QKeySequence

from app.settings.settings import DEFAULT, Settings
from app.settings.store import Store, settings_file

CHOICES = {
    "theme": "light",
    "scale": 150,
    "font": "DejaVu Sans",
    "snap": False,
    "grid": 25,
    "at_close": "stop",
    "code_size": 14,
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config" / "desktop.ini"


def test_what_was_chosen_is_there_the_next_time(qapp, path):
    store = Store(path)
    assert store.settings == DEFAULT
    store.change(**CHOICES)
    store.set_keys("run", [QKeySequence("Ctrl+R"), QKeySequence("F9")])
    store.set_keys("stop", [])
    again = Store(path)
    assert again.settings == structs.replace(DEFAULT, **CHOICES)
    assert again.keys == {"run": [QKeySequence("Ctrl+R"), QKeySequence("F9")], "stop": []}
    assert again.is_chosen("grid")
    assert not again.is_chosen("language")
    assert again.remark == ""


def test_choices_can_be_taken_back_together_or_one_by_one(qapp, path):
    store = Store(path)
    store.change(**CHOICES)
    seen: list[tuple[Settings, Settings]] = []
    store.changed.connect(lambda now, before: seen.append((now, before)))
    store.reset(["scale", "grid"])
    assert (store.settings.scale, store.settings.grid, store.settings.theme) == (100, 10, "light")
    assert [(now.scale, before.scale) for now, before in seen] == [(100, 150)]
    store.reset()
    assert Store(path).settings == DEFAULT
    assert not Store(path).is_chosen("theme")


@pytest.mark.parametrize("broken", [b"\x00\xff\x01 no settings [", b"[settings\ntheme", b"theme\nno equals sign"])
def test_a_file_that_cannot_be_read_is_put_aside_and_told_of(qapp, path, broken):
    path.parent.mkdir()
    path.write_bytes(broken)
    store = Store(path)
    aside = path.with_name("desktop.ini.broken")
    assert store.settings == DEFAULT
    assert store.remark == f"The settings could not be read and are as at first; the file is kept as {aside}."
    assert aside.read_bytes() == broken
    store.change(theme="light")
    assert Store(path).settings.theme == "light"
    assert Store(path).remark == ""
    path.write_bytes(broken)
    assert str(path.with_name("desktop.ini.broken2")) in Store(path).remark
    assert aside.read_bytes() == broken


@pytest.mark.parametrize(("name", "value"), [("scale", "1000"), ("scale", "large"), ("theme", "pink"), ("at_close", "explode")])
def test_a_value_that_is_none_costs_only_itself(qapp, path, name, value):
    store = Store(path)
    store.change(grid=40)
    path.write_text(path.read_text() + f"{name}={value}\n")
    again = Store(path)
    assert again.settings == structs.replace(DEFAULT, grid=40)
    assert again.remark == f"{path}: '{name}' is not right and was left as usual; choose it again in the settings."


def test_a_disk_that_refuses_is_told_of_once_and_the_choice_holds(qapp, tmp_path, qtbot):
    (tmp_path / "config").write_text("a file where a folder is to be")
    store = Store(tmp_path / "config" / "desktop.ini")
    told: list[str] = []
    store.trouble_met.connect(told.append)
    store.change(theme="light")
    store.change(theme="dark")
    assert store.settings.theme == "dark"
    assert len(told) == 1
    assert told[0].startswith("The settings hold until you quit: ")


def test_the_file_is_in_the_folder_of_the_user(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert settings_file() == tmp_path / "pyfi" / "desktop.ini"
