"""The other editors: boxes, choices, colours, paths, groups, schedules, values."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec import UNSET
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QColorDialog, QFileDialog

from app.form.editor import Editor
from app.theme.theme import SWATCHES
from engine.client.part_setting import part_settings
from engine.client.setting import Kind, Setting
from engine.client.type_setting import type_settings
from engine.model.flow import Connection, Processor

RUNNING = part_settings(Processor(id="p", type="python"))["running"]
GENERAL = part_settings(Processor(id="p", type="python"))["general"]


def test_a_box_says_only_what_differs_from_the_default(shown):
    it = shown(type_settings("http_request"), {"url": "http://x"})
    assert it.input("verify").isChecked()
    it.qtbot.keyClick(it.input("verify"), Qt.Key.Key_Space)
    assert it.heard[-1] == ("verify", False)
    it.qtbot.keyClick(it.input("verify"), Qt.Key.Key_Space)
    assert it.heard[-1] == ("verify", UNSET)


def test_a_choice_is_made_by_keys(shown):
    it = shown(type_settings("http_request"), {"url": "http://x"})
    it.qtbot.keyClick(it.input("method"), Qt.Key.Key_Down)
    assert it.heard[-1] == ("method", "POST")
    it.qtbot.keyClick(it.input("method"), Qt.Key.Key_Up)
    assert it.heard[-1] == ("method", UNSET)


def test_the_wheel_scrolls_the_form_and_changes_nothing(shown):
    it = shown(type_settings("http_request"), {"url": "http://x"})
    box = it.input("method")
    wheel = QWheelEvent(
        QPointF(5, 5),
        box.mapToGlobal(QPointF(5, 5)),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,  # noqa: FBT003 - PySide takes it by position alone
    )
    QApplication.sendEvent(box, wheel)
    assert it.heard == []


def test_priority_offers_words_and_takes_others(shown):
    it = shown(part_settings(Connection(source="a.b", target="c.d"))["general"])
    box = it.input("priority")
    it.qtbot.keyClick(box, Qt.Key.Key_Down)
    assert it.heard[-1] == ("priority", "lifo")
    box.lineEdit().selectAll()
    it.qtbot.keyClicks(box.lineEdit(), "attribute:rank")
    assert it.heard[-1] == ("priority", "attribute:rank")
    assert it.form.is_valid
    box.lineEdit().selectAll()
    it.qtbot.keyClicks(box.lineEdit(), "bogus")
    assert it.form.reason("priority") == "must be fifo, lifo, oldest or attribute:NAME"


def test_a_group_holds_what_differs(shown):
    it = shown(RUNNING)
    it.type("retry", "3")
    assert it.heard[-1] == ("retry", {"attempts": 3})
    it.type("retry", "5s", at=1)
    assert it.heard[-1] == ("retry", {"attempts": 3, "penalty": "5s"})
    it.type("retry", "-1")
    assert it.form.field("retry").reason.text() == "Attempts must be 0 or more"
    it.type("retry", "")
    it.type("retry", "", at=1)
    assert it.heard[-1] == ("retry", UNSET)


def test_a_schedule_is_chosen_and_then_typed(shown):
    it = shown(RUNNING)
    box, line = it.editor("schedule").inputs()
    assert not line.isVisible()
    it.qtbot.keyClick(box, Qt.Key.Key_Down)
    assert it.heard[-1] == ("schedule", {"every": "5s"})
    it.qtbot.keyClicks(line, "1m")
    assert it.heard[-1] == ("schedule", {"every": "1m"})
    it.qtbot.keyClick(box, Qt.Key.Key_Down)
    it.qtbot.keyClicks(line, "daily")
    assert "is not a cron expression" in it.form.field("schedule").reason.text()
    it.qtbot.keyClick(box, Qt.Key.Key_Down)
    assert it.heard[-1] == ("schedule", "once")
    assert not line.isVisible()
    it.form.set_values({"schedule": {"cron": "0 * * * *"}})
    assert line.text() == "0 * * * *"
    assert line.isVisible()


def test_a_colour_is_one_of_a_few_or_any_other(shown):
    it = shown(GENERAL)
    editor = it.editor("color")
    it.click(editor.swatch(SWATCHES[2]))
    assert it.heard[-1] == ("color", SWATCHES[2])
    it.click(editor.swatch(None))
    assert it.heard[-1] == ("color", UNSET)
    it.click(editor.inputs()[-1])
    dialog = it.window.findChild(QColorDialog)
    dialog.setCurrentColor("#123456")
    dialog.accept()
    assert it.heard[-1] == ("color", "#123456")
    assert editor.inputs()[-1].isChecked()


def test_a_path_is_named_from_the_folder_of_the_flow(shown, tmp_path: Path):
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "a.txt").write_text("x")
    it = shown(type_settings("read_lines"), folder=tmp_path)
    editor = it.editor("path")
    editor.choose(tmp_path / "logs" / "a.txt")
    assert it.heard[-1] == ("path", "logs/a.txt")
    editor.choose(tmp_path.parent / "other.txt")
    assert it.heard[-1] == ("path", (tmp_path.parent / "other.txt").as_posix())


@pytest.mark.parametrize(
    ("type_name", "mode", "accept"),
    [
        ("read_lines", QFileDialog.FileMode.ExistingFile, QFileDialog.AcceptMode.AcceptOpen),
        ("write_lines", QFileDialog.FileMode.AnyFile, QFileDialog.AcceptMode.AcceptSave),
        ("write_files", QFileDialog.FileMode.Directory, QFileDialog.AcceptMode.AcceptOpen),
    ],
)
def test_the_button_opens_the_dialog_that_suits(shown, tmp_path: Path, type_name: str, mode, accept):
    (tmp_path / "a.txt").write_text("x")
    it = shown(type_settings(type_name), folder=tmp_path)
    it.click(it.editor("path").button)
    dialog = it.window.findChild(QFileDialog)
    assert (dialog.fileMode(), dialog.acceptMode()) == (mode, accept)
    assert Path(dialog.directory().absolutePath()) == tmp_path
    dialog.fileSelected.emit(str(tmp_path / "a.txt"))
    dialog.reject()
    assert it.heard[-1] == ("path", "a.txt")


def test_a_setting_of_two_kinds_is_switched(shown):
    it = shown(type_settings("join"), {"key": "content['id']"})
    editor = it.editor("key")
    assert editor.inputs()[1].text() == "content['id']"
    it.qtbot.keyClick(editor.box, Qt.Key.Key_Down)
    assert it.heard[-1] == ("key", UNSET)
    it.click(editor.editor.add_button)
    it.qtbot.keyClicks(it.window.focusWidget(), "left")
    it.qtbot.keyClick(it.window.focusWidget(), Qt.Key.Key_Tab)
    it.qtbot.keyClicks(it.window.focusWidget(), "content")
    assert it.heard[-1] == ("key", {"left": "content"})
    it.form.set_values({"key": "content"})
    assert editor.box.currentText() == "One expression"


def test_any_value_is_written_as_in_a_flow_file(shown):
    it = shown(type_settings("generate"))
    text = it.input("content")
    it.qtbot.keyClicks(text, "5")
    assert it.heard[-1] == ("content", 5)
    text.selectAll()
    it.qtbot.keyClicks(text, "{a: [1, two]")
    assert not it.form.is_valid
    it.qtbot.keyClicks(text, "}")
    assert it.heard[-1] == ("content", {"a": [1, "two"]})
    assert it.form.is_valid
    text.selectAll()
    it.qtbot.keyClick(text, Qt.Key.Key_Delete)
    assert it.heard[-1] == ("content", UNSET)


def test_long_text_grows_and_the_tab_key_leaves_it(shown):
    it = shown(type_settings("sql_query"))
    text = it.input("query")
    before = text.height()
    it.click(text)
    for line in range(6):
        it.qtbot.keyClicks(text, f"line {line}")
        it.qtbot.keyClick(text, Qt.Key.Key_Return)
    assert it.form.values()["query"].startswith("line 0\nline 1\n")
    assert text.height() > before
    assert text.verticalScrollBar().maximum() == 0, "all of it can be seen"
    it.qtbot.keyClick(text, Qt.Key.Key_Tab)
    assert not text.hasFocus()


def test_every_kind_of_setting_has_an_editor(shown):
    alternatives = (Setting(name="", kind=Kind.TEXT), Setting(name="", kind=Kind.LIST, item=Setting(name="", kind=Kind.TEXT)))
    for kind in Kind:
        choices = ("a",) if kind is Kind.CHOICE else ()
        it = shown(
            [Setting(name="it", title="It", kind=kind, choices=choices, fields=alternatives[:1], alternatives=alternatives)]
        )
        assert isinstance(it.editor("it"), Editor)
        assert it.form.values() == {}
