"""Forms of the settings of real types and parts, filled in by keys and clicks."""

from __future__ import annotations

import pytest
from msgspec import UNSET
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit

from app.form.text_editor import ValueEditor
from engine.client.part_setting import part_settings
from engine.client.processor_type import describe_types
from engine.client.setting import Kind, Setting
from engine.client.type_setting import type_settings
from engine.model.flow import Connection, Label, Processor, Subflow

PARTS = [Processor(id="p", type="python"), Connection(source="a.b", target="c.d"), Subflow(id="s", flow="f"), Label(id="l")]


@pytest.mark.parametrize("type_name", [each.name for each in describe_types()])
def test_every_type_has_a_form_that_says_nothing_until_it_is_filled_in(shown, type_name: str):
    it = shown(type_settings(type_name))
    assert it.form.values() == {}
    assert it.form.is_valid == (not any(setting.required for setting in type_settings(type_name)))
    assert it.heard == []


@pytest.mark.parametrize("part", PARTS, ids=lambda part: type(part).__name__)
def test_every_kind_of_part_has_one(shown, part):
    for settings in part_settings(part).values():
        it = shown(settings)
        assert it.form.values() == {}
        assert it.form.is_valid


def test_typing_gives_values_and_says_at_once_what_is_wrong(shown):
    it = shown(type_settings("http_listen"), {"port": 8080})
    assert it.form.is_valid
    it.type("port", "99999")
    assert it.heard[-1] == ("port", 99999)
    assert it.form.field("port").reason.text() == "Must be from 1 to 65535"
    assert it.form.field("port").reason.isVisible()
    assert it.input("port").property("invalid") is True
    it.type("port", "many")
    assert it.form.field("port").reason.text() == "Must be a whole number, not 'many'"
    it.type("port", "80")
    assert not it.form.field("port").reason.isVisible()
    assert it.valid == [False, True]
    assert it.form.values() == {"port": 80}


def test_the_default_stands_in_the_empty_field_and_can_be_gone_back_to(shown):
    it = shown(type_settings("read_lines"), {"path": "a.txt", "encoding": "latin-1"})
    field = it.form.field("encoding")
    assert field.reset_button.isVisible()
    it.click(field.reset_button)
    assert it.heard == [("encoding", UNSET)]
    assert it.input("encoding").text() == ""
    assert it.input("encoding").placeholderText() == "utf-8"
    assert not field.reset_button.isVisible()
    assert not it.form.field("path").reset_button.isVisible(), "what is required has no default"


def test_a_reference_to_a_parameter_goes_anywhere(shown):
    it = shown(type_settings("generate"))
    it.type("count", "${slow_ms}")
    assert it.form.values() == {"count": "${slow_ms}"}
    assert it.form.is_valid
    it.type("count", "${word}")
    assert it.form.reason("count") == "must be a whole number, not 'fast'"
    it.type("count", "${slwo_ms}")
    assert it.form.reason("count") == "there is no parameter 'slwo_ms'; did you mean 'slow_ms'?"


def test_where_there_is_a_box_a_reference_is_chosen_from_the_menu(shown):
    it = shown(type_settings("merge"))
    it.menu("reassemble")["${word}"].trigger()
    assert it.heard == [("reassemble", "${word}")]
    assert isinstance(it.editor("reassemble"), ValueEditor)
    assert it.form.reason("reassemble") == "must be true or false, not 'fast'"
    it.menu("reassemble")["Edit in the form"].trigger()
    assert isinstance(it.input("reassemble"), QCheckBox)
    assert it.form.values() == {}


def test_what_an_editor_cannot_show_is_shown_as_text(shown):
    it = shown(type_settings("route"), {"rules": "${word}", "match": 5})
    assert it.input("rules").toPlainText() == "${word}"
    assert it.input("match").toPlainText() == "5"
    assert it.form.reason("rules") == "must be a mapping, not 'fast'"
    it.form.set_values({"rules": {"a": "content"}})
    assert it.form.is_valid
    assert isinstance(it.input("match"), QComboBox)


def test_a_setting_can_be_edited_as_text_and_back(shown):
    it = shown(type_settings("route"), {"rules": {"slow": "content"}})
    it.menu("rules")["Edit as text"].trigger()
    text = it.input("rules")
    assert text.toPlainText() == "{slow: content}"
    text.selectAll()
    it.qtbot.keyClicks(text, "{fast: content")
    assert it.form.field("rules").reason.isVisible()
    it.qtbot.keyClicks(text, "}")
    assert it.form.values() == {"rules": {"fast": "content"}}
    it.menu("rules")["Edit in the form"].trigger()
    assert it.input("rules").text() == "fast"


def test_nothing_can_be_meant(shown):
    it = shown(type_settings("run_command"), {"command": ["ls"]})
    it.menu("input")["Leave empty"].trigger()
    assert it.heard == [("input", None)]
    assert it.input("input").placeholderText() == "nothing"
    it = shown(type_settings("read_lines"), {"path": "a"})
    assert "Leave empty" not in it.menu("path")


def test_the_flows_check_is_shown_at_the_field_until_it_is_edited(shown):
    it = shown(type_settings("read_lines"), {"path": "absent.txt"})
    it.form.set_reasons({"path": ["there is no file 'absent.txt'"]})
    assert it.form.field("path").reason.text() == "There is no file 'absent.txt'"
    assert not it.form.is_valid
    it.type("path", "other.txt")
    assert it.form.is_valid


def test_values_from_elsewhere_make_no_signal_and_keep_the_cursor(shown):
    it = shown(type_settings("read_lines"), {"path": "abc.txt"})
    it.click(it.input("path"))
    it.input("path").setCursorPosition(3)
    it.form.set_values({"path": "abc.txt", "encoding": "latin-1"})
    assert it.input("path").cursorPosition() == 3
    assert it.input("encoding").text() == "latin-1"
    assert it.heard == []


def test_a_text_that_is_no_value_yet_survives_what_happens_elsewhere(shown):
    it = shown(type_settings("generate"), {"content": 1})
    text = it.input("content")
    text.selectAll()
    it.qtbot.keyClicks(text, "{a: 1")
    it.form.set_values({"content": 1, "count": 5})
    assert text.toPlainText() == "{a: 1"
    assert it.input("count").text() == "5"
    it.form.set_values({"content": 2})
    assert text.toPlainText() == "2"


def test_without_a_document_texts_have_their_own_undo(shown):
    it = shown(type_settings("read_lines"), {"path": "a"})
    it.type("path", "bc")
    it.qtbot.keyClick(it.input("path"), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert it.form.values() != {"path": "bc"}


def walked(it, count: int) -> list:
    """Where the Tab key leads."""
    found = []
    for _ in range(count):
        it.qtbot.keyClick(it.window.focusWidget(), Qt.Key.Key_Tab)
        found.append(it.window.focusWidget())
    return found


def test_tab_goes_from_input_to_input(shown):
    it = shown(type_settings("read_lines"), {"path": "a"})
    it.form.focus_setting("path")
    assert walked(it, 4) == [it.editor("path").button, it.input("encoding"), it.input("errors"), it.input("skip_header")]


def test_tab_goes_through_rows_that_came_later(shown):
    it = shown(type_settings("route"))
    editor = it.editor("rules")
    it.click(editor.add_button)
    it.click(editor.add_button)
    it.form.focus_setting("rules")
    stops = [*editor.rows[0].inputs(), *editor.rows[1].inputs(), editor.add_button, it.input("otherwise"), it.input("match")]
    assert it.window.focusWidget() == stops[0]
    assert walked(it, 6) == stops[1:]
    it.menu("match")["Edit as text"].trigger()
    it.input("otherwise").setFocus()
    assert walked(it, 1) == [it.input("match")]


def test_the_menu_of_a_field_opens_by_a_key(shown):
    it = shown(type_settings("generate"))
    it.form.focus_setting("count")
    it.qtbot.keyClick(it.input("count"), Qt.Key.Key_Period, Qt.KeyboardModifier.ControlModifier)
    menu = it.form.field("count").menu
    assert menu.isVisible()
    menu.close()


def test_what_few_people_need_is_folded_away(shown):
    it = shown(part_settings(PARTS[0])["running"])
    assert not it.form.field("replicas").isVisible()
    it.click(it.form.fold_button)
    assert it.form.field("replicas").isVisible()
    it = shown(part_settings(PARTS[0])["running"])
    it.form.focus_setting("replicas")
    assert it.form.field("replicas").isVisible()


def test_everything_has_a_name_for_those_who_cannot_see(shown):
    it = shown(type_settings("http_request"), {"query": {"a": "b"}})
    for field in it.form.fields.values():
        for widget in [*field.editor.tab_stops(), field.menu_button, field.reset_button]:
            assert widget.accessibleName(), (field.setting.name, widget)
    assert it.input("url").accessibleDescription() == it.form.field("url").setting.meaning


def test_a_field_is_told_when_the_parameters_have_changed(shown):
    it = shown([Setting(name="it", kind=Kind.TEXT, title="It", parameters=True)], {"it": "${later}"})
    assert not it.form.is_valid
    from tests.app.form import shown_form

    shown_form.PARAMETERS["later"] = "now"
    try:
        it.form.refresh()
    finally:
        del shown_form.PARAMETERS["later"]
    assert it.form.is_valid
    assert isinstance(it.input("it"), QLineEdit)
