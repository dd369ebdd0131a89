"""Code from git and tests of code: filled in, checked while typing, undone, the same as YAML."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPlainTextEdit

from app.form.group_editor import GroupEditor
from app.form.groups_editor import GroupsEditor
from app.form.rows_editor import Row
from app.inspector.text_page import TextPage
from engine.model.flow import Git, Sample
from tests.app.inspector.shown_inspector import FLOW, ShownInspector

URL = "https://example.org/code.git"


def git(it: ShownInspector) -> GroupEditor:
    editor = it.editor("git")
    assert isinstance(editor, GroupEditor)
    return editor


def samples(it: ShownInspector) -> GroupsEditor:
    editor = it.editor("tests")
    assert isinstance(editor, GroupsEditor)
    return editor


def fill(it: ShownInspector, *texts: str) -> None:
    """Type into one field after the other, the Tab key between them, from where the keyboard is."""
    for text in texts:
        it.qtbot.keyClicks(QApplication.focusWidget(), text)
        it.qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        QApplication.processEvents()  # what is new gets its place


def test_code_is_taken_from_git_by_the_keyboard_alone_and_undo_brings_the_code_back(it: ShownInspector):
    it.show("parse")
    button = git(it).open_button
    assert git(it).inputs() == [button]
    button.setFocus()
    it.qtbot.keyClick(button, Qt.Key.Key_Space)
    fill(it, URL, "955e44e")
    assert it.step("parse").git is None, "it is none yet"
    assert it.field("git").reason.text() == "Module must be given"
    fill(it, "ext.sample", "needs.txt")
    assert it.step("parse").git == Git(URL, "955e44e", "ext.sample", "needs.txt")
    assert it.step("parse").code is None
    assert it.field("git").is_valid
    assert it.history == ["Change code from git of 'parse'"]
    it.document.undo_stack.undo()
    assert it.document.flow == FLOW
    assert git(it).inputs() == [button]


def test_what_is_wrong_with_git_is_said_while_typing_at_the_field_that_is_wrong(it: ShownInspector):
    it.show("parse")
    it.click(git(it).open_button)
    fill(it, "https://me:secret@example.org/code.git", "955e44e", "ext.sample")
    assert it.field("git").reason.text().startswith("Repository must be an address or a path, without a password")
    marked = [name for name, editor in git(it).editors.items() if editor.inputs()[0].property("invalid")]
    assert marked == ["repo"]
    assert it.step("parse").git is None, "a password does not get into the flow"
    it.type("git", URL)
    it.type("git", "9lives", at=2)
    assert it.field("git").reason.text().startswith("Module must be a dotted module name")
    assert it.step("parse").git == Git(URL, "955e44e", "ext.sample"), "what was right stays"


def test_git_takes_parameters_and_unknown_ones_are_told(it: ShownInspector):
    it.show("parse")
    it.click(git(it).open_button)
    fill(it, URL, "${file}", "ext.sample")
    assert it.step("parse").git == Git(URL, "${file}", "ext.sample")
    assert it.field("git").is_valid
    it.type("git", "${fil}", at=1)
    assert "did you mean 'file'" in it.field("git").reason.text()


def test_git_is_taken_away_by_reset(it: ShownInspector):
    it.show("parse")
    it.click(git(it).open_button)
    fill(it, URL, "955e44e", "ext.sample")
    it.click(it.field("git").reset_button)
    assert it.step("parse").git is None
    assert git(it).inputs() == [git(it).open_button]


def test_types_that_take_no_git_are_not_asked_for_it(it: ShownInspector):
    it.show("slow")
    assert all("git" not in form.fields and "tests" not in form.fields for form in it.page().forms())


def test_a_test_is_added_filled_in_and_removed(it: ShownInspector):
    it.show("parse")
    it.click(samples(it).add_button)
    assert it.step("parse").tests == (), "an empty one is nothing yet"
    fill(it, "a line")
    assert it.field("tests").reason.text() == "Item 1: content must be given"
    fill(it, "{ms: 5}")
    assert it.step("parse").tests == (Sample({"ms": 5}, name="a line"),)
    item = samples(it).items[0].group
    assert isinstance(item, GroupEditor)
    it.click(item.editors["expect"].inputs()[-1])
    fill(it, "success")
    it.qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)
    fill(it, "{ms: 6}")
    assert it.step("parse").tests == (Sample({"ms": 5}, name="a line", expect={"success": [{"ms": 6}]}),)
    assert set(it.history) == {"Change tests of 'parse'"}
    it.click(samples(it).add_button)
    fill(it, "", "null")
    assert [sample.content for sample in it.step("parse").tests] == [{"ms": 5}, None]
    it.click(samples(it).items[0].remove_button)
    assert it.step("parse").tests == (Sample(None),)
    for _ in range(it.document.undo_stack.count()):
        it.document.undo_stack.undo()
    assert it.document.flow == FLOW
    assert samples(it).items == []


def test_git_and_tests_are_the_same_in_the_yaml(it: ShownInspector):
    it.show("parse")
    it.click(samples(it).add_button)
    fill(it, "", "5")
    it.inspector.show_tab("YAML")
    page = it.page()
    assert isinstance(page, TextPage)
    text = page.findChild(QPlainTextEdit)
    assert text is not None
    assert "tests: [{content: 5}]" in text.toPlainText()
    text.setPlainText(f"id: parse\ntype: python\ngit: {{repo: {URL}, commit: v1, module: m}}\ntests: [{{content: 7}}]\n")
    assert it.step("parse").git == Git(URL, "v1", "m")
    it.inspector.show_tab("Settings")
    assert [editor.value() for editor in git(it).editors.values()][:3] == [URL, "v1", "m"]
    assert samples(it).value() == [{"content": 7}]
    text.setPlainText("id: parse\ntype: python\ngit: {repo: x}\ntests: [{port: in}]\n")
    it.inspector.show_tab("YAML")
    reasons = [problem.reason for problem in page.view.problems]
    assert reasons == ["`git` `commit` is missing", "`git` `module` is missing", "`tests.1` `content` is missing"]


def test_a_name_and_its_value_are_of_one_height(it: ShownInspector):
    it.show("clean")
    for name in ("mode", "size"):
        assert it.field(name).editor.inputs()[0].height() == it.input("name").height()
    it.inspector.show_parts("", ())
    rows = it.page().findChildren(Row)
    assert [row.name() for row in rows] == ["slow_ms", "file"]
    for row in rows:
        name, value = row.inputs()
        assert name.height() == value.height()


def test_a_parameters_name_has_as_much_room_as_its_value_and_is_told_whole(it: ShownInspector):
    it.inspector.show_parts("", ())
    for row in it.page().findChildren(Row):
        name, value = row.inputs()
        assert abs(name.width() - value.width()) <= 1
        assert name.toolTip() == row.name()
