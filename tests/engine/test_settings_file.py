from __future__ import annotations

from pathlib import Path

import pytest

from engine.errors import UsageError
from engine.settings import read_settings
from engine.settings_file import write_setting

TEXT = '# mine\ntheme = "dark"\nrepositories = [\n  "https://one.example/*", # first\n]\nhistory_days = 3'


def test_one_setting_is_changed_and_all_else_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "made" / "settings.toml"
    write_setting("packages", '/srv/päckages "1"', path)
    assert read_settings(path).packages == '/srv/päckages "1"'
    path.write_text(TEXT, encoding="utf-8")
    write_setting("packages", "C:\\wheels", path)
    write_setting("repositories", ["https://two.example/*", "/srv/git"], path)
    settings = read_settings(path)
    assert (settings.packages, settings.repositories) == ("C:\\wheels", ("https://two.example/*", "/srv/git"))
    write_setting("packages", None, path)
    write_setting("repositories", None, path)
    assert path.read_text(encoding="utf-8") == '# mine\ntheme = "dark"\nhistory_days = 3\n'
    write_setting("packages", None, path)


def test_what_is_no_settings_file_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    for text in ("theme = \n", "[repositories]\na = 1\n", "packages = 5\n"):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(UsageError, match=r"settings\.toml"):
            write_setting("packages", "/srv", path)
        assert path.read_text(encoding="utf-8") == text
