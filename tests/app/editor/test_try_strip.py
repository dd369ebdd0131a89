"""Samples from files and queues, tests that are kept, and the host that serves the next trial, by clicks, with real hosts."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QInputDialog, QLineEdit

from app.document.document import Document
from app.editor.code_panel import CodePanel
from app.editor.queue_sample_dialog import QueueSampleDialog, content_of, is_before
from app.theme.apply import apply
from app.theme.current import current_theme
from engine.model import edits
from engine.model.codec import dump_flow, load_flow
from engine.model.flow import Processor, Sample
from tests.app.editor.test_code_panel import LONG_MS, attempt, hosts
from tests.app.feed.looping import run, until
from tests.engine.client.launching import engine_of

FLOW = """
pyfi: 1
name: small
processors:
  - id: b
    type: python
    code: |
      import os
      calls = 0
      def process(x, ctx):
          global calls
          calls += 1
          ctx.state["n"] = ctx.state.get("n", 0) + 1
          ctx.log(str(os.getpid()))
          return [x, ctx.state["n"], calls, ctx.attributes.get("by")]
  - id: len
    type: python
    code: "def f(x): return len(x)"
    tests: [{name: two, content: [1, 2], expect: {success: [2]}}, {name: wrong, content: abc, expect: {success: [4]}}]
  - id: twin
    type: python
    code: "def f(x): return len(x) + 100"
    tests: [{name: two, content: [1, 2], expect: {success: [2]}}, {name: wrong, content: abc, expect: {success: [4]}}]
  - id: hangs
    type: python
    code: "import time\\ndef f(x):\\n    while x > 1: time.sleep(0.01)\\n    return x"
    tests: [{name: one, content: 1}, {name: ever, content: 2}, {name: after, content: 1}]
"""


@pytest.fixture
def document(qapp) -> Document:
    return Document(load_flow(FLOW), Path.cwd())


@pytest.fixture
def panel(open_panel, document) -> CodePanel:
    panel = open_panel(document)
    panel.show_step("", "b")
    panel.editor.setFocus()
    return panel


def samples_of(document: Document, id: str) -> tuple[Sample, ...]:
    step = document.flow.steps[id]
    assert isinstance(step, Processor)
    return step.tests


def test_the_next_trial_of_the_same_code_is_made_by_the_same_host_with_an_empty_state(panel, document, qtbot):
    first, second = attempt(panel, qtbot, '"a"'), attempt(panel, qtbot)
    assert [first.made[0].content, second.made[0].content] == [["a", 1, 1, None], ["a", 1, 2, None]]
    assert first.logged == second.logged

    panel.editor.go_to(9, 200)
    qtbot.keyClicks(panel.editor, "  # other code")
    third = attempt(panel, qtbot)
    assert third.made[0].content == ["a", 1, 1, None]
    assert third.logged != first.logged, "another host"


def test_a_sample_is_kept_with_what_came_of_it(panel, document, qtbot):
    strip = panel.try_strip
    panel.show_step("", "len")
    assert not strip.keep_button.isEnabled()
    attempt(panel, qtbot, '["x", "y", "z"]')
    qtbot.mouseClick(strip.keep_button, Qt.MouseButton.LeftButton)
    assert samples_of(document, "len")[2] == Sample(["x", "y", "z"], {}, "in", {"success": [3]})
    assert document.undo_stack.undoText() == "Edit the tests of 'len'"
    assert (strip.tabs.currentWidget(), strip.tabs.tabText(1)) == (strip.tests, "Tests (3)")
    assert load_flow(dump_flow(document.flow)) == document.flow
    panel.editor.setFocus()
    qtbot.keyClicks(panel.editor, " ")
    assert not strip.keep_button.isEnabled(), "it is no longer what the code makes"


def test_tests_are_run_and_what_came_otherwise_is_shown_and_accepted(panel, document, qtbot):
    panel.show_step("", "len")
    strip, page = panel.try_strip, panel.try_strip.tests
    strip.show_tests()
    with qtbot.waitSignal(page.ran, timeout=LONG_MS) as ran:
        qtbot.mouseClick(page.run_button, Qt.MouseButton.LeftButton)
    assert ran.args == [2, 1]
    assert [page.table.item(row, 3).text() for row in range(2)] == ["passed", "failed"]
    assert strip.tabs.tabText(1) == "Tests (1 of 2 failed)"
    assert not page.accept_button.isEnabled()
    qtbot.keyClick(page.table, Qt.Key.Key_Down)
    assert page.details.toPlainText() == "success\n-4\n+3"

    qtbot.mouseClick(page.accept_button, Qt.MouseButton.LeftButton)
    assert samples_of(document, "len")[1].expect == {"success": [3]}
    with qtbot.waitSignal(page.ran, timeout=LONG_MS) as ran:
        qtbot.mouseClick(page.run_button, Qt.MouseButton.LeftButton)
    assert ran.args == [2, 0]
    qtbot.mouseClick(page.use_button, Qt.MouseButton.LeftButton)
    assert strip.sample.content == "abc"


def verdicts(page) -> list[str]:
    return [page.table.item(row, 3).text() for row in range(page.table.rowCount())]


def test_what_comes_of_one_processor_is_never_shown_at_another(panel, document, qtbot):
    page = panel.try_strip.tests
    panel.show_step("", "len")
    panel.try_strip.show_tests()
    qtbot.mouseClick(page.run_button, Qt.MouseButton.LeftButton)
    assert page.run_button.text() == "Cancel"
    panel.show_step("", "twin")
    assert page.run_button.text() == "Run all", "the run of the other has ended"
    with qtbot.waitSignal(page.ran, timeout=LONG_MS) as ran:
        qtbot.mouseClick(page.run_button, Qt.MouseButton.LeftButton)
    assert ran.args == [2, 2]
    page.table.setCurrentCell(0, 0)
    assert page.details.toPlainText() == "success\n-2\n+102"
    panel.show_step("", "len")
    assert (verdicts(page), page.accept_button.isEnabled()) == (["", ""], False)


def test_after_an_edit_what_came_may_no_longer_be_accepted(panel, document, qtbot):
    strip, page = panel.try_strip, panel.try_strip.tests
    panel.show_step("", "len")
    strip.show_tests()
    with qtbot.waitSignal(page.ran, timeout=LONG_MS):
        qtbot.mouseClick(page.run_button, Qt.MouseButton.LeftButton)
    page.table.setCurrentCell(1, 0)
    assert page.accept_button.isEnabled()
    panel.editor.setFocus()
    panel.editor.go_to(1, 100)
    qtbot.keyClicks(panel.editor, "+1")
    assert (verdicts(page), page.accept_button.isEnabled()) == (["", ""], False)
    assert strip.tabs.tabText(1) == "Tests (2)"
    with qtbot.waitSignal(page.ran, timeout=LONG_MS) as ran:
        qtbot.mouseClick(page.run_button, Qt.MouseButton.LeftButton)  # before the pause that ends the edit
    assert ran.args == [2, 1]
    assert verdicts(page) == ["failed", "passed"], "it is the code of now that has run"
    qtbot.mouseClick(page.run_button, Qt.MouseButton.LeftButton)
    qtbot.keyClicks(panel.editor, "1")
    assert page.run_button.text() == "Run all", "what runs is no longer the code"


def test_a_run_that_hangs_is_cancelled_or_stopped(panel, document, qtbot):
    page = panel.try_strip.tests
    panel.show_step("", "hangs")
    panel.try_strip.show_tests()
    qtbot.mouseClick(page.run_button, Qt.MouseButton.LeftButton)
    run = page._run
    assert run is not None
    qtbot.waitUntil(lambda: len(run.results) == 1, timeout=LONG_MS)
    with qtbot.waitSignal(page.ran, timeout=LONG_MS) as ran:
        qtbot.mouseClick(page.run_button, Qt.MouseButton.LeftButton)
    assert (ran.args, verdicts(page)) == ([1, 0], ["passed", "", ""])
    qtbot.waitUntil(lambda: not hosts(), timeout=LONG_MS)
    page.limit_s = 2.0
    with qtbot.waitSignal(page.ran, timeout=LONG_MS):
        qtbot.mouseClick(page.run_button, Qt.MouseButton.LeftButton)
    row = verdicts(page).index("failed")
    page.table.setCurrentCell(row, 0)
    assert page.details.toPlainText() == "stopped after 2 s"
    assert verdicts(page)[row + 1 :] == [""] * (2 - row)
    qtbot.waitUntil(lambda: not hosts(), timeout=LONG_MS)


def test_beside_the_canvas_the_tests_have_the_room_and_show_how_they_went(panel, qtbot, qapp):
    apply(qapp, current_theme())  # whose buttons are wider than plain ones
    strip, page = panel.try_strip, panel.try_strip.tests
    panel.show_step("", "len")
    strip.cancel_button.show()
    strip.run_button.setText("Running…")
    qtbot.waitUntil(lambda: panel.minimumSizeHint().width() < 400)
    strip.cancel_button.hide()
    panel.resize(390, 700)
    qtbot.mouseClick(strip.tabs.tabBar(), Qt.MouseButton.LeftButton, pos=strip.tabs.tabBar().tabRect(1).center())
    assert not strip.sample.isVisible()
    with qtbot.waitSignal(page.ran, timeout=LONG_MS):
        qtbot.mouseClick(page.run_button, Qt.MouseButton.LeftButton)
    assert page.details.mapTo(page, QPoint(0, 0)).y() > page.table.mapTo(page, QPoint(0, 0)).y()
    seen = [page.table.visualItemRect(page.table.item(row, 0)) for row in range(2)]
    assert all(rect.left() + page.table.iconSize().width() <= page.table.viewport().width() for rect in seen)
    assert [page.table.item(row, 0).toolTip() for row in range(2)] == ["passed", "failed"]
    assert all(not page.table.item(row, 0).icon().isNull() for row in range(2))
    qtbot.mouseClick(strip.tabs.tabBar(), Qt.MouseButton.LeftButton, pos=strip.tabs.tabBar().tabRect(0).center())
    assert strip.sample.isVisible()


def test_tests_are_renamed_and_deleted(panel, document, qtbot):
    panel.show_step("", "len")
    page = panel.try_strip.tests
    panel.try_strip.show_tests()
    page.table.setFocus()
    page.table.setCurrentCell(1, 0)
    qtbot.keyClick(page.table, Qt.Key.Key_F2)
    field = page.table.findChild(QLineEdit)
    field.selectAll()
    qtbot.keyClicks(field, "three")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: [each.name for each in samples_of(document, "len")] == ["two", "three"], timeout=LONG_MS)
    page.table.setCurrentCell(0, 1)
    qtbot.mouseClick(page.delete_button, Qt.MouseButton.LeftButton)
    assert [each.name for each in samples_of(document, "len")] == ["three"]
    document.undo_stack.undo()
    assert page.table.rowCount() == 2


def test_a_file_is_a_sample_with_its_name_as_an_attribute(panel, qtbot, tmp_path, monkeypatch):
    box = panel.try_strip.sample
    (tmp_path / "one.json").write_text('{"n": 1}', encoding="utf-8")
    (tmp_path / "one.bin").write_bytes(b"\xff\x00")
    box.read_file(tmp_path / "one.json")
    qtbot.waitUntil(lambda: box.content == {"n": 1}, timeout=LONG_MS)
    assert box.attributes == {"file.name": "one.json"}
    box.read_file(tmp_path / "one.bin")
    qtbot.waitUntil(lambda: box.content == b"\xff\x00", timeout=LONG_MS)
    assert (box.editor.text(), box.editor.isReadOnly()) == ("one.bin: 2 bytes", True)
    assert [made.content[0] for made in attempt(panel, qtbot).made] == [b"\xff\x00"]
    monkeypatch.setattr("app.editor.sample_box._MOST_READ", 1)
    for name, sentence in (
        ("gone", "gone cannot be read: No such file or directory"),
        ("", f"{tmp_path.name} cannot be read: it is no file"),
        ("one.bin", "one.bin has more than 0 MB; take a shorter file as the sample"),
    ):
        box.read_file(tmp_path / name)
        qtbot.waitUntil(lambda sentence=sentence: box._kind.text() == sentence, timeout=LONG_MS)
        assert box._kind.toolTip() == sentence
    assert box.content == b"\xff\x00", "what was there stays"
    qtbot.mouseDClick(box.editor.viewport(), Qt.MouseButton.LeftButton)
    assert (box.content, box.attributes, box.editor.isReadOnly()) == ("", {}, False)
    qtbot.keyClicks(box.editor, "12")
    qtbot.mouseDClick(box.editor.viewport(), Qt.MouseButton.LeftButton)
    assert box.content == 12, "what is typed is selected as anywhere"


def test_a_file_that_is_read_does_not_write_over_what_became_the_sample_meanwhile(panel, qtbot, tmp_path):
    box = panel.try_strip.sample
    (tmp_path / "late.json").write_text("1", encoding="utf-8")
    box.read_file(tmp_path / "late.json")
    late = box._reading
    assert late is not None
    qtbot.keyClicks(box.editor, "7")
    with qtbot.waitSignal(late.destroyed, timeout=LONG_MS):
        assert (box._reading, box.content) == (None, 7)
    box.read_file(tmp_path / "late.json")
    panel.show_step("", "len")
    assert (box._reading, box.content) == (None, [1, 2])
    panel.show_step("", "b")
    box.menu().actions()[-1].trigger()
    assert (box.content, box.editor.isReadOnly()) == ("", False)


def test_attributes_are_typed_and_go_in(panel, qtbot):
    panel.try_strip.sample.menu().actions()[3].trigger()
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, QInputDialog)
    dialog.setTextValue("by = ann\nkind = a=b\nnothing\n")
    dialog.accept()
    assert panel.try_strip.sample.attributes == {"by": "ann", "kind": "a=b"}
    assert attempt(panel, qtbot, "1").made[0].content == [1, 1, 1, "ann"]


RUNNING = load_flow("""
pyfi: 1
name: waiting
processors:
  - {id: two, type: generate, config: {count: 2}}
  - id: bad
    type: python
    code: "def f(n): return {'n': n, 'x': 1 / n}"
  - {id: hold, type: python, enabled: false, code: "def f(m): return m"}
connections:
  - {from: two.success, to: bad.in}
  - {from: bad.success, to: hold.in}
auto_terminate: [hold.success]
""")


def test_a_real_message_is_the_sample_and_stays_in_its_queue(qapp, qtbot, tmp_path):
    async def test() -> None:
        async with engine_of(tmp_path) as engine:
            await engine.launch()
            await engine.run("waiting", RUNNING, tmp_path)
            while sum([each.messages for each in await engine.queues("waiting")]) < 2:
                pass

            async def here():
                return engine

            for step, content, port in (("hold", {"n": 1, "x": 1.0}, "in"), ("bad", 0, "")):
                dialog = QueueSampleDialog("waiting", step, here)
                taken: list[tuple] = []
                dialog.taken.connect(lambda *given, taken=taken: taken.append(given))
                dialog.show()
                await until(lambda dialog=dialog: dialog.table.rowCount() == 1 and dialog.take_button.isEnabled())
                qtbot.mouseClick(dialog.take_button, Qt.MouseButton.LeftButton)
                await until(lambda taken=taken: bool(taken))
                assert (taken[0][0], taken[0][2]) == (content, port)
                assert not any(name.startswith("error.") for name in taken[0][1])
            assert sum([each.messages for each in await engine.queues("waiting")]) == 2

    run(qapp, test())


def test_which_queue_is_in_front_of_a_step():
    assert is_before("a.success->sub/b.in", "sub/b")
    assert is_before("dead:b", "b")
    assert not is_before("b.success->c.in", "b")
    assert content_of("application/json", b'{"a": 1}') == {"a": 1}
    assert content_of("text/plain; charset=utf-8", "ä".encode()) == "ä"
    assert content_of("application/octet-stream", b"\xff") == b"\xff"


def test_what_is_typed_for_another_processor_is_another_sample(panel, document, qtbot):
    qtbot.keyClicks(panel.try_strip.sample_editor, "7")
    panel.try_strip.sample.attributes["by"] = "ann"
    panel.try_strip.sample.changed.emit()
    panel.show_step("", "len")
    assert (panel.try_strip.sample.content, panel.try_strip.sample.attributes) == ([1, 2], {})
    panel.show_step("", "b")
    assert (panel.try_strip.sample.content, panel.try_strip.sample.attributes) == (7, {"by": "ann"})
    document.edit("", edits.delete(document.flow, ["b"]))
    assert panel.empty_label.isVisible()
