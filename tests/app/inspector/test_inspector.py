"""What is selected is shown, edited, followed."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QPlainTextEdit, QPushButton

from app.inspector.ports_page import PortsPage
from app.inspector.text_page import TextPage
from engine.model import edits
from engine.model.flow import Limit, Processor, Retry, Schedule
from tests.app.inspector.shown_inspector import FLOW, ShownInspector

PROCESSOR_TABS = ["Settings", "Ports", "Running", "Notes", "YAML"]


@pytest.mark.parametrize(
    ("keys", "within", "name", "kind", "tabs"),
    [
        (["read"], "", "read", "Read lines", PROCESSOR_TABS),
        (["clean"], "", "clean", "Subflow of clean-text", ["Settings", "Ports", "Notes", "YAML"]),
        (["read.success->parse.in"], "", "read.success → parse.in", "Connection", ["Settings", "YAML"]),
        (["label:note"], "", "Label", "note", ["Settings", "YAML"]),
        ([], "", "triage", "Flow", ["Settings"]),
        ([], "clean-text", "clean-text", "Subflow, as all that use it have it", ["Settings"]),
        (["input:in"], "clean-text", "clean-text", "Subflow, as all that use it have it", ["Settings"]),
        (["log"], "clean-text", "log", "Log", PROCESSOR_TABS),
        (["read", "slow"], "", "2 parts", "2 processors", ["In common"]),
        (["read", "label:note"], "", "2 parts", "1 processor, 1 label", []),
    ],
)
def test_each_kind_of_part_has_its_tabs(it: ShownInspector, keys, within, name, kind, tabs):
    it.inspector.show_parts(within, keys)
    assert it.inspector.heading.name.full_text == name
    assert it.inspector.heading.kind.full_text == kind
    assert it.tabs() == tabs
    for title in tabs:
        it.inspector.show_tab(title)
        assert it.inspector.page(title) is not None
    assert it.document.undo_stack.count() == 0


def test_typing_in_one_field_is_one_step_and_undo_is_followed(it: ShownInspector):
    it.show("read")
    it.type("encoding", "latin-1")
    it.type("path", "other.log")
    assert it.step("read").config == {"path": "other.log", "encoding": "latin-1"}
    assert it.history == ["Change encoding of 'read'", "Change path of 'read'"]
    it.document.undo_stack.undo()
    assert it.input("path").text() == "${file}"
    it.document.undo_stack.undo()
    assert it.input("encoding").text() == ""
    assert it.document.flow == FLOW


def test_the_keys_of_undo_go_to_the_document(it: ShownInspector):
    undo = it.document.undo_stack.createUndoAction(it.inspector)
    undo.setShortcut(QKeySequence(QKeySequence.StandardKey.Undo))
    it.inspector.addAction(undo)
    it.show("read")
    it.type("encoding", "latin-1")
    it.qtbot.keyClick(it.input("encoding"), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert it.input("encoding").text() == ""
    assert it.document.flow == FLOW


def test_coming_back_to_a_field_is_another_step(it: ShownInspector):
    it.show("read")
    it.type("encoding", "a")
    it.input("path").setFocus()
    it.type("encoding", "b")
    assert it.history == ["Change encoding of 'read'"] * 2


def test_what_is_changed_elsewhere_is_shown(it: ShownInspector):
    it.show("read")
    it.document.edit("elsewhere", edits.configure(it.document.flow, "read", config={"path": "elsewhere.log"}))
    assert it.input("path").text() == "elsewhere.log"
    it.document.edit("elsewhere", edits.rename(it.document.flow, "read", "Reader"))
    assert it.inspector.heading.name.full_text == "Reader"
    assert it.input("name").text() == "Reader"


def test_a_part_that_goes_gives_way_to_the_flow_and_comes_back_when_chosen(it: ShownInspector):
    it.show("read")
    it.document.edit("delete", edits.delete(it.document.flow, ["read"]))
    assert it.inspector.heading.name.full_text == "triage"
    it.document.undo_stack.undo()
    it.show("read")
    assert it.input("path").text() == "${file}"


def test_a_level_that_goes_gives_way_to_the_flow(it: ShownInspector):
    it.show("log", within="clean-text")
    without = edits.delete(it.document.flow, ["clean"])
    it.document.edit("delete", without)
    it.document.edit("remove", edits.remove_definition(it.document.flow, "clean-text"))
    assert it.inspector.heading.name.full_text == "triage"


def test_the_form_has_what_a_runs_own_settings_are(it: ShownInspector):
    it.show("parse", tab="Running")
    it.type("timeout", "5s")
    it.type("retry", "7")
    box = it.input("schedule")
    it.qtbot.keyClick(box, Qt.Key.Key_Down)
    step = it.step("parse")
    assert (step.timeout_s, step.retry, step.schedule) == (5.0, Retry(7), Schedule(every_s=5))


def test_what_the_part_cannot_hold_is_said_and_not_made(it: ShownInspector):
    it.show("parse", tab="Running")
    it.type("timeout", "soon")
    assert it.field("timeout").reason.text() == "Must be a duration such as 500ms, 30s, 5m or 1h30m"
    assert it.step("parse").timeout_s == 60.0
    assert it.history == []


def test_what_was_typed_stays_as_it_was_typed(it: ShownInspector):
    it.show("parse", tab="Running")
    it.type("timeout", "90000ms")
    assert it.input("timeout").text() == "90000ms"
    it.type("memory", "nonsense")
    it.type("timeout", "120s")
    assert it.input("memory").text() == "nonsense", "what the document never heard of is not thrown away"
    it.document.undo_stack.undo()
    assert it.input("timeout").text() == "90s"
    it.document.edit("x", edits.configure(it.document.flow, "parse", memory_bytes=5_000_000))
    assert it.input("memory").text() == "5MB"


def test_nothing_of_one_part_is_left_when_another_of_its_kind_is_shown(it: ShownInspector):
    it.document.edit("x", edits.add(it.document.flow, Processor(id="other", type="python", code="def f(x): return x")))
    before = it.document.flow
    it.check()
    it.show("parse", tab="Ports")
    it.show("parse", tab="YAML")
    it.inspector.focusWidget()
    page = it.page()
    assert isinstance(page, TextPage)
    page.view.text.setPlainText("id: parse\ntype: [")
    it.show("parse", tab="Running")
    it.type("timeout", "soon")
    it.type("memory", "")
    it.show("other", tab="Running")
    assert it.input("timeout").text() == ""
    assert not it.field("timeout").reason.isVisible()
    it.type("timeout", "7s")
    assert (it.step("other").timeout_s, it.step("parse").timeout_s) == (7.0, 60.0)
    assert it.history[-1] == "Change timeout of 'other'"
    assert it.input("retry").text() == ""
    it.inspector.show_tab("YAML")
    assert page.view.problems == []
    assert page.view.text.toPlainText().startswith("id: other\n")
    it.inspector.show_tab("Ports")
    assert ports(it).drop_box("success") is not None
    assert "input 'in' is not connected, so nothing would ever reach it; connect it" in it.inspector.banner.reasons
    it.document.undo_stack.undo()
    assert it.document.flow == before


def test_a_config_that_is_wrong_is_kept_and_said(it: ShownInspector):
    it.show("slow")
    it.type("rules", "content[", at=1)
    assert it.step("slow").config["rules"] == {"slow": "content["}
    assert "is no Python expression" in it.field("rules").reason.text()


def test_problems_stand_on_top_and_lead_to_their_setting(it: ShownInspector):
    it.show("read", tab="Running")
    it.document.edit("x", edits.configure(it.document.flow, "read", config={"path": "${file}", "start": "end"}))
    it.check()
    assert it.inspector.banner.isVisible()
    assert it.inspector.banner.reasons == ("`start: end` goes with `follow: true` only; remove it",)
    it.click(it.inspector.banner.lines()[0])
    assert it.inspector.tabs.tabText(it.inspector.tabs.currentIndex()) == "Settings"
    assert it.input("start").hasFocus()
    assert it.field("start").reason.isVisible()
    it.document.undo_stack.undo()
    it.check()
    assert not it.inspector.banner.isVisible()
    assert not it.field("start").reason.isVisible()


def test_problems_of_other_parts_are_theirs(it: ShownInspector):
    it.document.edit("x", edits.configure(it.document.flow, "read", config={}))
    it.check()
    it.show("slow")
    assert it.inspector.banner.reasons == ()
    it.show("read")
    assert "`config.path` is missing" in it.inspector.banner.reasons
    assert it.field("path").reason.text() == "Must be given"


def test_a_setting_that_the_type_has_not_can_be_taken_out(it: ShownInspector):
    it.document.edit("x", edits.configure(it.document.flow, "read", config={"path": "${file}", "pth": 1}))
    it.show("read")
    field = it.field("pth")
    assert field.help.text() == "Not a setting of this type."
    it.click(field.reset_button)
    assert it.step("read").config == {"path": "${file}"}
    assert all("pth" not in form.fields for form in it.page().forms())


def test_a_subflow_has_the_parameters_of_what_it_uses(it: ShownInspector):
    it.show("clean")
    assert it.input("mode").toPlainText() == "hard"
    assert it.input("size").placeholderText() == "10"
    it.type("size", "20")
    assert it.step("clean").parameters == {"mode": "hard", "size": 20}
    it.click(it.field("mode").reset_button)
    assert it.step("clean").parameters == {"size": 20}


def test_a_connection_has_its_policy(it: ShownInspector):
    it.show("read.success->parse.in")
    it.type("limit", "5")
    it.type("expire", "1h")
    it.click(it.input("breakpoint"))
    connection = it.document.flow.connections["read.success->parse.in"]
    assert (connection.limit, connection.expire_s, connection.breakpoint) == (Limit(messages=5), 3600.0, True)


def test_a_label_has_its_text(it: ShownInspector):
    it.show("label:note")
    it.type("text", "# Bye")
    assert it.document.flow.labels["note"].text == "# Bye"


def test_with_nothing_selected_the_flow_is_edited(it: ShownInspector):
    it.show()
    it.type("name", "other")
    it.type("notes", "What it does.")
    assert (it.document.flow.header.name, it.document.flow.header.notes) == ("other", "What it does.")
    assert it.inspector.heading.name.full_text == "other"
    it.type("name", "")
    assert it.field("name").reason.text() == "Must be given"
    assert it.document.flow.name == "other"


def test_parameters_are_rows(it: ShownInspector):
    it.show()
    it.type("parameters", "900", at=1)
    assert it.document.flow.parameters == {"slow_ms": 900, "file": "access.log"}
    it.click(it.editor("parameters").add_button)
    it.qtbot.keyClicks(it.inspector.focusWidget(), "fast")
    it.qtbot.keyClick(it.inspector.focusWidget(), Qt.Key.Key_Tab)
    it.qtbot.keyClicks(it.inspector.focusWidget(), "true")
    assert it.document.flow.parameters == {"slow_ms": 900, "file": "access.log", "fast": True}
    it.click(it.editor("parameters").rows[0].remove_button)
    assert it.document.flow.parameters == {"file": "access.log", "fast": True}
    while it.document.undo_stack.canUndo():
        it.document.undo_stack.undo()
    assert it.document.flow == FLOW
    assert len(it.editor("parameters").rows) == 2


def test_a_parameters_name_must_be_one(it: ShownInspector):
    it.show()
    it.type("parameters", "a b", at=0)
    assert it.field("parameters").reason.text().startswith("'a b' cannot name a parameter")
    assert "a b" not in it.document.flow.parameters


def test_a_definition_has_its_ports_and_parameters(it: ShownInspector):
    it.show(within="clean-text")
    it.type("parameters", "hard", at=1)
    definition = it.document.flow.definitions["clean-text"]
    assert definition.parameters == {"mode": "hard", "size": 10}
    it.click(it.editor("outputs").add_button)
    it.qtbot.keyClicks(it.inspector.focusWidget(), "failure")
    assert it.document.flow.definitions["clean-text"].header.outputs == ("success", "failure")


def test_several_parts_are_edited_at_once(it: ShownInspector):
    it.show("read", "parse", tab="In common")
    assert it.field("retry").help.text() == "They differ; what you enter goes to all of them."
    assert it.field("timeout").help.text() == it.field("timeout").setting.meaning
    it.type("timeout", "5s")
    assert {it.step(key).timeout_s for key in ("read", "parse")} == {5.0}
    assert it.step("slow").timeout_s == 60.0
    assert it.history == ["Change timeout of 2 parts"]
    it.document.undo_stack.undo()
    assert it.document.flow == FLOW


def test_several_connections_share_their_policy(it: ShownInspector):
    keys = ["read.success->parse.in", "parse.success->slow.in"]
    it.show(*keys, tab="In common")
    it.type("priority", "lifo") if isinstance(it.input("priority"), QPlainTextEdit) else it.qtbot.keyClick(
        it.input("priority"), Qt.Key.Key_Down
    )
    assert {it.document.flow.connections[key].priority for key in keys} == {"lifo"}


def ports(it: ShownInspector) -> PortsPage:
    page = it.page()
    assert isinstance(page, PortsPage)
    return page


def test_ports_show_their_connections_and_lead_to_them(it: ShownInspector):
    heard: list[tuple[str, str]] = []
    it.inspector.part_chosen.connect(lambda within, key: heard.append((within, key)))
    it.show("slow", tab="Ports")
    buttons = {button.text(): button for button in ports(it).findChildren(QPushButton) if button.isVisible()}
    assert set(buttons) == {"←  parse.success", "→  out.in", "→  clean.in"}
    it.click(buttons["→  out.in"])
    assert heard == [("", "slow.slow->out.in")]


def test_an_output_is_dropped_on_purpose(it: ShownInspector):
    it.show("parse", tab="Ports")
    assert ports(it).drop_box("success") is None
    box = ports(it).drop_box("failure")
    assert box is not None
    it.click(box)
    assert it.step("parse").auto_terminate == ("failure",)
    again = ports(it).drop_box("failure")
    assert again is not None
    assert again.isChecked()
    it.document.undo_stack.undo()
    assert it.document.flow == FLOW


def test_connections_that_come_are_shown(it: ShownInspector):
    it.show("parse", tab="Ports")
    it.document.edit("connect", edits.connect(it.document.flow, "parse.failure", "out.in"))
    assert any(button.text() == "→  out.in" for button in ports(it).findChildren(QPushButton))


def test_user_code_can_have_other_ports(it: ShownInspector):
    it.show("parse", tab="Ports")
    it.click(it.editor("outputs").add_button)
    it.qtbot.keyClicks(it.inspector.focusWidget(), "maybe")
    assert it.step("parse").outputs == ("success", "failure", "maybe")
    assert ports(it).drop_box("maybe") is not None
    it.type("outputs", "may be", at=2)
    assert it.field("outputs").reason.text().startswith("Item 3 a port's name is letters")


def test_notes_are_text(it: ShownInspector):
    it.show("parse", tab="Notes")
    it.type("notes", "Careful.")
    assert it.step("parse").notes == "Careful."


def test_the_yaml_is_the_same_part(it: ShownInspector):
    it.show("parse", tab="YAML")
    page = it.page()
    assert isinstance(page, TextPage)
    text = page.view.text
    text.setFocus()
    text.moveCursor(text.textCursor().MoveOperation.End)
    it.qtbot.keyClicks(text, "timeout: 5s")
    assert it.step("parse").timeout_s == 5.0
    assert it.history == ["Change the YAML of 'parse'"]
    it.inspector.show_tab("Running")
    assert it.input("timeout").text() == "5s"
    it.document.undo_stack.undo()
    assert "timeout" not in text.toPlainText()


def test_another_type_has_other_tabs(it: ShownInspector):
    it.show("out")
    it.document.edit("x", edits.configure(it.document.flow, "out", type="log", config={}))
    assert "level" in {name for form in it.page().forms() for name in form.fields}


def test_the_tab_stays_from_part_to_part(it: ShownInspector):
    it.show("read", tab="Running")
    it.inspector.show_parts("", ["slow"])
    assert it.inspector.tabs.tabText(it.inspector.tabs.currentIndex()) == "Running"
    it.inspector.show_parts("", ["label:note"])
    it.inspector.show_parts("", ["slow"])
    assert it.inspector.tabs.tabText(it.inspector.tabs.currentIndex()) == "Running"


def test_code_is_asked_for(it: ShownInspector):
    heard: list[tuple[str, str]] = []
    it.inspector.code_requested.connect(lambda within, key: heard.append((within, key)))
    it.show("read")
    assert not it.inspector.code_button.isVisible()
    it.show("parse")
    it.click(it.inspector.code_button)
    assert heard == [("", "parse")]


def test_without_a_document_there_is_nothing(it: ShownInspector):
    it.inspector.set_document(None)
    assert it.tabs() == [] or not it.inspector.tabs.isVisible()
    it.inspector.show_parts("", ["read"])
    assert it.inspector.subject is None
    it.document.edit("x", edits.rename(it.document.flow, "read", "x"))
    it.inspector.set_document(it.document)
    assert it.inspector.heading.name.full_text == "triage"
