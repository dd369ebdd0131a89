"""The settings of all types, as forms need them."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec import UNSET

from engine.client.processor_type import describe_type, describe_types
from engine.client.setting import Kind, Setting, check_setting
from engine.client.type_setting import config_reasons, type_settings

ALL = [(each.name, setting) for each in describe_types() for setting in type_settings(each.name)]
IDS = [f"{name}.{setting.name}" for name, setting in ALL]


def by_name(type_name: str) -> dict[str, Setting]:
    return {setting.name: setting for setting in type_settings(type_name)}


@pytest.mark.parametrize(("type_name", "setting"), ALL, ids=IDS)
def test_every_setting_is_explained_and_its_default_fits(type_name: str, setting: Setting):
    assert setting.title
    assert setting.meaning.endswith((".", "?"))
    assert check_setting(setting, UNSET) == ("must be given" if setting.required else None)
    # An empty text is how several types say that there is none.
    if not setting.required and setting.default != "":
        assert check_setting(setting, setting.default) is None


@pytest.mark.parametrize("type_name", [each.name for each in describe_types()])
def test_they_are_the_ones_that_are_documented(type_name: str):
    assert list(by_name(type_name)) == [setting.name for setting in describe_type(type_name).settings]


def test_each_has_the_kind_that_its_editor_needs():
    assert by_name("read_lines")["path"].kind is Kind.PATH
    assert by_name("write_lines")["path"].kind is Kind.NEW_PATH
    assert by_name("write_files")["path"].kind is Kind.FOLDER
    assert by_name("route")["rules"].item == Setting(name="", kind=Kind.EXPRESSION, parameters=True)
    assert by_name("merge")["separator"].kind is Kind.SEPARATOR
    assert by_name("merge")["age"].kind is Kind.DURATION
    assert by_name("merge")["size"].kind is Kind.SIZE
    assert by_name("sql_query")["query"].kind is Kind.LONG_TEXT
    assert by_name("sql_query")["url_secret"].kind is Kind.SECRET
    assert by_name("http_request")["method"].choices[:2] == ("GET", "POST")
    assert (by_name("http_listen")["port"].minimum, by_name("http_listen")["port"].maximum) == (1, 65535)
    assert [each.kind for each in by_name("join")["key"].alternatives] == [Kind.EXPRESSION, Kind.MAPPING]
    assert by_name("validate")["schema"].kind is Kind.ANY
    assert by_name("http_listen")["methods"].default == ["POST"]


def test_the_users_own_code_has_none():
    assert type_settings("python") == ()
    assert type_settings("no such type") == ()


def test_a_config_is_checked_as_a_whole():
    assert config_reasons("route", {"rules": {"a": "content"}}, {}) == []
    assert config_reasons("route", {"ruels": {}}, {}) == [
        "'ruels' is not one of its settings; did you mean 'rules'?",
        "`config.rules` is missing",
    ]
    assert config_reasons("read_lines", {"path": "${file}"}, {"file": "a.txt"}) == []
    assert config_reasons("read_lines", {"path": "${fiel}"}, {"file": "a"}) == [
        "there is no parameter 'fiel'; did you mean 'file'?"
    ]
    assert config_reasons("python", {"anything": 1}, {}) == []


def test_given_the_folder_the_disk_is_looked_at(tmp_path: Path):
    config = {"path": "absent.txt"}
    assert config_reasons("read_lines", config, {}) == []
    assert "absent.txt" in config_reasons("read_lines", config, {}, tmp_path)[0]
