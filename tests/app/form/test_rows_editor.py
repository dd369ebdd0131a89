"""Lists and mappings, row by row."""

from __future__ import annotations

from msgspec import UNSET
from PySide6.QtCore import Qt

from engine.client.setting import Kind, Setting
from engine.client.type_setting import type_settings

ALT = Qt.KeyboardModifier.AltModifier


def rules(shown, values=None):
    return shown(type_settings("route"), {"rules": {} if values is None else values})


def test_rows_are_added_and_filled_in_by_keys_alone(shown):
    it = shown(type_settings("route"))
    editor = it.editor("rules")
    editor.add_button.setFocus()
    it.qtbot.keyClick(editor.add_button, Qt.Key.Key_Space)
    it.qtbot.keyClicks(it.window.focusWidget(), "slow")
    it.qtbot.keyClick(it.window.focusWidget(), Qt.Key.Key_Tab)
    it.qtbot.keyClicks(it.window.focusWidget(), "content > 1")
    it.qtbot.keyClick(it.window.focusWidget(), Qt.Key.Key_Return)
    it.qtbot.keyClicks(it.window.focusWidget(), "fast")
    it.qtbot.keyClick(it.window.focusWidget(), Qt.Key.Key_Tab)
    it.qtbot.keyClicks(it.window.focusWidget(), "content < 1")
    assert it.form.values() == {"rules": {"slow": "content > 1", "fast": "content < 1"}}
    assert it.form.is_valid


def test_rows_change_their_order_and_go(shown):
    it = rules(shown, {"a": "1", "b": "2", "c": "3"})
    editor = it.editor("rules")
    it.qtbot.keyClick(editor.rows[2].inputs()[0], Qt.Key.Key_Up, ALT)
    assert list(it.heard[-1][1]) == ["a", "c", "b"]
    assert [row.name() for row in editor.rows] == ["a", "c", "b"]
    it.qtbot.keyClick(editor.rows[0].inputs()[1], Qt.Key.Key_Down, ALT)
    assert list(it.heard[-1][1]) == ["c", "a", "b"]
    it.qtbot.keyClick(editor.rows[0].inputs()[0], Qt.Key.Key_Up, ALT)
    assert list(it.form.values()["rules"]) == ["c", "a", "b"], "the first stays where it is"
    it.click(editor.rows[1].remove_button)
    assert it.heard[-1] == ("rules", {"c": "3", "b": "2"})
    it.qtbot.keyClick(editor.rows[0].inputs()[0], Qt.Key.Key_Delete, Qt.KeyboardModifier.ControlModifier)
    assert it.heard[-1] == ("rules", {"b": "2"})
    assert editor.rows[0].inputs()[0].hasFocus()


def test_an_empty_row_is_nothing_yet(shown):
    it = rules(shown, {"a": "1"})
    it.click(it.editor("rules").add_button)
    assert it.form.values() == {"rules": {"a": "1"}}
    assert it.form.is_valid


def test_a_mapping_needs_names_and_each_once(shown):
    it = rules(shown, {"a": "1", "b": "2"})
    it.type("rules", "a", at=2)
    assert it.form.field("rules").reason.text() == "Has 'a' twice"
    it.type("rules", "", at=2)
    assert it.form.field("rules").reason.text() == "Has a row without a name"
    it.type("rules", "c", at=2)
    assert it.form.values() == {"rules": {"a": "1", "c": "2"}}
    assert it.form.is_valid


def test_only_the_row_that_is_wrong_is_marked(shown):
    it = rules(shown, {"a": "content", "b": "content"})
    it.type("rules", "content[", at=3)
    assert it.form.field("rules").reason.text().startswith("'b' is no Python expression")
    assert [row.editor.inputs()[0].property("invalid") for row in it.editor("rules").rows] == [False, True]


def test_a_list_begins_with_its_default(shown):
    it = shown(type_settings("http_listen"), {"port": 80})
    editor = it.editor("methods")
    assert not editor.rows
    it.click(editor.add_button)
    it.qtbot.keyClicks(it.window.focusWidget(), "GET")
    assert it.heard[-1] == ("methods", ["POST", "GET"])
    for row in list(editor.rows):
        it.click(row.remove_button)
    assert it.form.values()["methods"] == []
    it.form.field("methods").reset()
    assert it.heard[-1] == ("methods", UNSET)


def test_a_list_can_be_left_empty_on_purpose(shown):
    it = shown(type_settings("http_listen"), {"port": 80})
    it.menu("methods")["Leave empty"].trigger()
    assert it.heard[-1] == ("methods", [])


def test_items_have_the_type_of_the_list(shown):
    it = shown(type_settings("http_request"), {"url": "http://x"})
    it.click(it.editor("accept").add_button)
    it.qtbot.keyClicks(it.window.focusWidget(), "404")
    assert it.heard[-1] == ("accept", [404])
    it.qtbot.keyClicks(it.window.focusWidget(), "x")
    assert it.form.field("accept").reason.text() == "Item 1 must be a whole number, not '404x'"


def test_choices_are_chosen_in_a_row(shown):
    it = shown(type_settings("read_csv"), {"path": "a.csv", "types": {"ms": "int"}})
    box = it.input("types", 1)
    assert box.currentText() == "int"
    it.qtbot.keyClicks(box, "float")
    assert it.form.values()["types"] == {"ms": "float"}


def test_an_empty_text_is_a_value_of_its_own(shown):
    it = shown([Setting(name="it", title="It", kind=Kind.MAPPING, item=Setting(name="", kind=Kind.TEXT))], {"it": {"a": ""}})
    it.type("it", "b")
    assert it.heard[-1] == ("it", {"b": ""})
