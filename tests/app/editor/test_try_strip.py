"""Samples from files and queues, tests that are kept, and the host that serves the next trial, by clicks, with real hosts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QInputDialog, QLineEdit

from app.document.document import Document
from app.editor.code_panel import CodePanel
from app.editor.queue_sample_dialog import QueueSampleDialog, content_of, is_before
from engine.model import edits
from engine.model.codec import dump_flow, load_flow
from engine.model.flow import Processor, Sample
from tests.app.editor.test_code_panel import LONG_MS, attempt
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
"""


@pytest.fixture
def document(qapp) -> Document:
    return Document(load_flow(FLOW), Path.cwd())


@pytest.fixture
def panel(qtbot, document) -> Iterator[CodePanel]:
    panel = CodePanel()
    qtbot.addWidget(panel)
    panel.resize(900, 700)
    panel.set_document(document)
    panel.show()
    qtbot.waitExposed(panel)
    panel.show_step("", "b")
    panel.editor.setFocus()
    yield panel
    panel.stop()


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


def test_a_file_is_a_sample_with_its_name_as_an_attribute(panel, qtbot, tmp_path):
    box = panel.try_strip.sample
    (tmp_path / "one.json").write_text('{"n": 1}', encoding="utf-8")
    (tmp_path / "one.bin").write_bytes(b"\xff\x00")
    box.read_file(tmp_path / "one.json")
    assert (box.content, box.attributes) == ({"n": 1}, {"file.name": "one.json"})
    box.read_file(tmp_path / "one.bin")
    assert (box.content, box.editor.text(), box.editor.isReadOnly()) == (b"\xff\x00", "one.bin: 2 bytes", True)
    assert [made.content[0] for made in attempt(panel, qtbot).made] == [b"\xff\x00"]
    box.read_file(tmp_path / "gone")
    assert box._kind.text() == "gone cannot be read: No such file or directory"
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
