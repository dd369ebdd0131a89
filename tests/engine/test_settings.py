from __future__ import annotations

from pathlib import Path

import pytest

from engine.errors import UsageError
from engine.settings import Settings, data_folder, read_settings, settings_path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "settings.toml"


def test_without_a_file_everything_has_its_default(path: Path) -> None:
    assert read_settings(path) == Settings(database_url=None, workspace=None, theme="system")


def test_the_file_is_read(path: Path) -> None:
    path.write_text('database_url = "postgresql://h/d"\nworkspace = "/data"\ntheme = "dark"\n')
    assert read_settings(path) == Settings(database_url="postgresql://h/d", workspace="/data", theme="dark")


def test_an_edit_holds_at_once(path: Path) -> None:
    path.write_text('theme = "dark"')
    read_settings(path)
    path.write_text('theme = "light"')
    assert read_settings(path).theme == "light"


def test_the_environment_goes_before_the_file(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path.write_text('workspace = "/file"\ntheme = "dark"')
    monkeypatch.setenv("PYFI_WORKSPACE", "/environment")
    monkeypatch.setenv("PYFI_SETTINGS", str(path))
    assert read_settings() == Settings(workspace="/environment", theme="dark")


def test_numbers_are_numbers_in_the_environment_too(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path.write_text("history_days = 3")
    assert read_settings(path).history_days == 3
    monkeypatch.setenv("PYFI_HISTORY_DAYS", "30")
    assert read_settings(path).history_days == 30
    monkeypatch.setenv("PYFI_HISTORY_DAYS", "many")
    with pytest.raises(UsageError, match="PYFI_HISTORY_DAYS is not right: expected a whole number, got text"):
        read_settings(path)


def test_the_file_is_in_the_configuration_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert settings_path() == tmp_path / "pyfi" / "settings.toml"
    assert data_folder() == tmp_path / "data" / "pyfi"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('theme = "dark"\nworkspace = /data\n', "line 2, column 13: invalid value; correct the line or delete the file"),
        ("\n\nthem = 'dark'", "line 3: there is no setting 'them'; did you mean 'theme'?"),
        (
            "[colours]\nred = 1",
            "line 1: there is no setting 'colours'; known are 'database_url', 'workspace', 'theme', 'history_days'",
        ),
        ("# comment\ntheme = 'blue'", "line 2: 'theme' is not right: invalid enum value 'blue'; correct it or remove it"),
        ("history_days = -1", "line 1: 'history_days' is not right: expected a whole number >= 0; correct it or remove it"),
        (
            "workspace = 5",
            "line 1: 'workspace' is not right: expected text or nothing, got a whole number; correct it or remove it",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_line(path: Path, text: str, said: str) -> None:
    path.write_text(text)
    with pytest.raises(UsageError) as caught:
        read_settings(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert said in str(caught.value).lower()


def test_a_file_that_is_no_text_is_told(path: Path) -> None:
    path.write_bytes(b'theme = "dark"\nworkspace = "\xff"')
    with pytest.raises(UsageError, match="line 2 is not UTF-8 text; save the file as UTF-8"):
        read_settings(path)
    path.unlink()
    path.mkdir()
    with pytest.raises(UsageError, match=r"cannot be read .Is a directory."):
        read_settings(path)


def test_a_wrong_variable_is_told_by_its_name(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYFI_THEME", "blue")
    with pytest.raises(UsageError, match="PYFI_THEME is not right: invalid enum value 'blue'"):
        read_settings(path)
