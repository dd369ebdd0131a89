"""The code of a processor, its document and its trials."""

from __future__ import annotations

from pathlib import Path

import psutil
import pytest
from PySide6.QtCore import Qt

from app.document.document import Document
from app.editor.code_panel import CodePanel
from app.editor.trial import MOST_LINES, MOST_MESSAGES, failed_line
from engine.model import edits
from engine.model.codec import load_flow
from engine.model.flow import Processor

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
LONG_MS = 30_000
FLOW = """
pyfi: 1
name: small
parameters: {most: 500}
processors:
  - {id: a, type: generate, config: {count: 3}}
  - id: b
    name: Parse
    type: python
    code: |
      def process(x, ctx):
          return x
    tests: [{content: {ms: 7}}]
  - {id: c, type: python, git: {repo: 'https://example.org/r.git', commit: 955e44e00112233445566, module: ext.sample}}
  - {id: n, type: node, code: 'module.exports = (c) => c.length'}
  - {id: s, type: bash, code: "read x\\necho \\"got $x\\""}
  - {id: src, type: python, inputs: [], code: "def f():\\n    n = 0\\n    while True:\\n        yield n\\n        n += 1"}
  - {id: j, type: python, inputs: [left, right], code: "def f(left, right):\\n    return [left, right]"}
  - {id: sub, flow: inner}
subflows:
  - name: inner
    parameters: {most: 3}
    inputs: [in]
    outputs: [success]
    processors:
      - {id: b, type: python, code: "def f(x, ctx):\\n    return ctx.params['most'] * x\\n"}
    connections: [{from: in, to: b.in}, {from: b.success, to: success}]
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


def code_of(document: Document, within: str = "") -> str:
    level = document.flow.definitions[within] if within else document.flow
    step = level.steps["b"]
    assert isinstance(step, Processor)
    return step.code or ""


def at_end(panel: CodePanel) -> None:
    panel.editor.go_to(2, 100)


def test_typing_edits_the_document_in_one_step_of_its_history(panel, document, qtbot):
    at_end(panel)
    qtbot.keyClicks(panel.editor, " + 1")
    assert code_of(document) == "def process(x, ctx):\n    return x + 1\n"
    assert document.undo_stack.count() == 1
    assert document.undo_stack.undoText() == "Edit the code of 'Parse'"
    qtbot.keyClick(panel.editor, Qt.Key.Key_Z, CONTROL)
    assert panel.editor.text() == code_of(document) == "def process(x, ctx):\n    return x\n"
    qtbot.keyClick(panel.editor, Qt.Key.Key_Z, CONTROL | SHIFT)
    assert panel.editor.text() == code_of(document) == "def process(x, ctx):\n    return x + 1\n"
    assert panel.editor.place() == (2, 16)


def test_code_is_laid_out_anew_in_one_step_of_the_history(panel, document, qtbot):
    document.edit("", edits.edit_code(document.flow, "b", "def process( x,ctx ):\n    return   {'a':x}"))
    steps = document.undo_stack.count()
    panel.editor.setFocus()
    qtbot.keyClick(panel.editor, Qt.Key.Key_F, Qt.KeyboardModifier.AltModifier | SHIFT)
    laid_out = 'def process(x, ctx):\n    return {"a": x}\n'
    qtbot.waitUntil(lambda: code_of(document) == laid_out, timeout=LONG_MS)
    assert (panel.editor.text(), document.undo_stack.count()) == (laid_out, steps + 1)
    qtbot.keyClick(panel.editor, Qt.Key.Key_Z, CONTROL)
    assert code_of(document) == "def process( x,ctx ):\n    return   {'a':x}"


def test_a_pause_or_another_focus_begins_another_step(panel, document, qtbot):
    at_end(panel)
    qtbot.keyClicks(panel.editor, "1")
    qtbot.waitUntil(lambda: not panel._pause.isActive(), timeout=LONG_MS)
    qtbot.keyClicks(panel.editor, "2")
    assert document.undo_stack.count() == 2
    panel.try_strip.sample_editor.setFocus()
    panel.editor.setFocus()
    qtbot.keyClicks(panel.editor, "3")
    assert document.undo_stack.count() == 3


def test_undo_spans_code_and_everything_else(panel, document, qtbot):
    at_end(panel)
    qtbot.keyClicks(panel.editor, "1")
    document.edit("Move 'a'", edits.move(document.flow, {"a": (10.0, 20.0)}))
    qtbot.keyClicks(panel.editor, "2")
    assert document.undo_stack.count() == 3
    for _ in range(3):
        qtbot.keyClick(panel.editor, Qt.Key.Key_Z, CONTROL)
    assert document.flow == load_flow(FLOW)
    assert panel.editor.text() == code_of(document)


def test_what_others_change_appears_and_the_cursor_stays(panel, document):
    at_end(panel)
    document.merge(edits.edit_code(document.flow, "b", "import re\n\n" + code_of(document)))
    assert panel.editor.text() == "import re\n\ndef process(x, ctx):\n    return x\n"
    assert panel.editor.place() == (4, 12)
    assert document.undo_stack.count() == 0
    document.edit("Rename", edits.rename(document.flow, "b", "Other"))
    assert panel.header.name_label.text() == "Other"


def test_a_processor_that_goes_and_comes_back(panel, document):
    document.edit("Delete", edits.delete(document.flow, ["b"]))
    assert panel.empty_label.isVisible()
    assert not panel.editor.isVisible()
    document.undo_stack.undo()
    assert panel.editor.isVisible()
    assert panel.editor.text() == code_of(document)


def test_a_processor_inside_a_definition(panel, document, qtbot):
    panel.show_step("inner", "b")
    panel.editor.go_to(2, 100)
    qtbot.keyClicks(panel.editor, " + 1")
    assert code_of(document, "inner").endswith("* x + 1\n")
    assert code_of(document) == "def process(x, ctx):\n    return x\n"
    document.edit("Delete", edits.delete(document.flow, ["sub"]))
    document.edit("Remove", edits.remove_definition(document.flow, "inner"))
    assert panel.empty_label.isVisible()
    document.undo_stack.undo()
    assert panel.editor.text().endswith("* x + 1\n")


@pytest.mark.parametrize(
    ("id", "text"),
    [
        ("", "Select a processor that has code"),
        ("a", "'a' is of the built-in type generate and has no code."),
        ("sub", "'sub' is a subflow. Enter it and select a processor that has code."),
        ("nothing", "Select a processor that has code"),
    ],
)
def test_what_has_no_code_says_so(panel, id, text):
    panel.show_step("", id)
    assert panel.empty_label.isVisible()
    assert panel.empty_label.text() == text


def test_code_from_git_is_only_read(panel, document):
    panel.show_step("", "c")
    assert panel.editor.isReadOnly()
    assert panel.notice.text().startswith("From git: module ext.sample of https://example.org/r.git at 955e44e00112.")
    assert panel.header.type_label.text() == "Python, from git"
    panel.show_step("", "b")
    assert not panel.editor.isReadOnly()
    assert panel.notice.isHidden()


def test_the_header(panel, qtbot):
    assert panel.header.name_label.text() == "Parse"
    assert panel.header.function_label.text() == "process(x, ctx)"
    at_end(panel)
    with qtbot.waitSignal(panel.problems_found, timeout=LONG_MS, check_params_cb=bool):
        qtbot.keyClicks(panel.editor, "yz")
    assert panel.header.problem_button.text() == "1 error"
    panel.editor.go_to(1, 1)
    qtbot.mouseClick(panel.header.problem_button, Qt.MouseButton.LeftButton)
    assert panel.editor.place() == (2, 11)


def test_another_document(panel, qtbot):
    other = Document(load_flow("pyfi: 1\nname: o\nprocessors: [{id: b, type: python, code: 'def g(): yield 1'}]"), Path.cwd())
    panel.set_document(other)
    assert panel.step() == ("", "")
    panel.show_step("", "b")
    assert panel.editor.text() == "def g(): yield 1"
    panel.set_document(None)
    assert panel.empty_label.isVisible()


# -- trials


def attempt(panel: CodePanel, qtbot, sample: str | None = None):
    """Type a sample, press Ctrl+Enter, wait for the outcome."""
    if sample is not None:
        panel.try_strip.sample_editor.selectAll()
        qtbot.keyClicks(panel.try_strip.sample_editor, sample)
    with qtbot.waitSignal(panel.try_strip.ended, timeout=LONG_MS) as ended:
        qtbot.keyClick(panel.editor, Qt.Key.Key_Return, CONTROL)
    return ended.args[0]


def test_a_trial_shows_what_leaves_by_which_output(panel, document, qtbot):
    assert panel.try_strip.sample_editor.text() == '{\n  "ms": 7\n}', "the first of the processor's own tests"
    code = (
        "def process(x, ctx):\n    print('got', x)\n    ctx.emit('failure', ctx.params['most'], {'a': 'b'})\n    return x * 2\n"
    )
    document.edit("", edits.edit_code(document.flow, "b", code))
    outcome = attempt(panel, qtbot, "21")
    assert sorted((made.port, made.content) for made in outcome.made) == [("failure", 500), ("success", 42)]
    assert outcome.logged == (("info", "got 21"),)
    assert not outcome.failed
    text = panel.try_strip.result.toPlainText()
    for part in ("Done · 2 messages", "success 1\n42", "a = b", "Logged and printed 1\ngot 21"):
        assert part in text


def test_a_failure_is_marked_in_the_code(panel, document, qtbot):
    document.edit("", edits.edit_code(document.flow, "b", "def process(x):\n    y = x\n    return 1 / y\n"))
    outcome = attempt(panel, qtbot, "0")
    assert (outcome.line, outcome.complaint) == (3, "ZeroDivisionError: division by zero")
    assert panel.editor.marks() == {2: "failed"}
    text = panel.try_strip.result.toPlainText()
    assert text.count("ZeroDivisionError: division by zero") == 2, "the message and the end of the traceback"
    panel.try_strip.line_chosen.emit(outcome.line)
    assert panel.editor.place() == (3, 0)
    qtbot.keyClicks(panel.editor, " ")
    assert panel.editor.marks() == {}


def test_code_that_does_not_compile(panel, document, qtbot):
    document.edit("", edits.edit_code(document.flow, "b", "def process(x):\n    return (\n"))
    outcome = attempt(panel, qtbot, "0")
    assert (outcome.line, outcome.reason) == (2, "its code does not compile: line 2: '(' was never closed")


@pytest.mark.parametrize(("id", "sample", "content"), [("n", "four", 4), ("s", "hello", "got hello"), ("b", '["x"]', ["x"])])
def test_every_language_and_kind_of_sample(panel, qtbot, id, sample, content):
    panel.show_step("", id)
    outcome = attempt(panel, qtbot, sample)
    assert [made.content for made in outcome.made] == [content]


def test_a_source_needs_no_sample_and_is_stopped(panel, qtbot):
    panel.show_step("", "src")
    assert not panel.try_strip.sample_editor.isVisible()
    outcome = attempt(panel, qtbot)
    assert [made.content for made in outcome.made] == list(range(MOST_MESSAGES))


def test_a_join_takes_an_object_with_all_inputs(panel, qtbot):
    panel.show_step("", "j")
    assert [panel.try_strip.port_box.itemText(row) for row in range(3)] == ["every input", "left", "right"]
    outcome = attempt(panel, qtbot, '{"left": 1, "right": 2}')
    assert [made.content for made in outcome.made] == [[1, 2]]


def test_parameters_are_those_of_the_definition(panel, qtbot):
    panel.show_step("inner", "b")
    assert [made.content for made in attempt(panel, qtbot, "5").made] == [15]


def test_samples_are_remembered_per_processor(panel, qtbot):
    attempt(panel, qtbot, "1")
    panel.show_step("", "n")
    assert panel.try_strip.sample_editor.text() == ""
    assert panel.try_strip.result.toPlainText() == ""
    panel.show_step("", "b")
    assert panel.try_strip.sample_editor.text() == "1"


def hosts() -> list[psutil.Process]:
    found = []
    for process in psutil.Process().children(recursive=True):
        try:
            if "hosts" in " ".join(process.cmdline()):
                found.append(process)
        except psutil.NoSuchProcess:
            continue
    return found


def test_a_trial_is_cancelled_and_its_host_ends(panel, document, qtbot):
    document.edit(
        "", edits.edit_code(document.flow, "b", "def process(x):\n    print('begun', flush=True)\n    while True: pass\n")
    )
    qtbot.keyClicks(panel.try_strip.sample_editor, "1")
    qtbot.keyClick(panel.try_strip.sample_editor, Qt.Key.Key_Return, CONTROL)
    assert not panel.try_strip.run_button.isEnabled()
    qtbot.waitUntil(lambda: bool(panel.try_strip._trial._gathered.logged), timeout=LONG_MS)
    assert hosts()
    with qtbot.waitSignal(panel.try_strip.ended, timeout=LONG_MS) as ended:
        qtbot.mouseClick(panel.try_strip.cancel_button, Qt.MouseButton.LeftButton)
    assert ended.args[0].was_cancelled
    assert "Cancelled" in panel.try_strip.result.toPlainText()
    assert panel.try_strip.run_button.isEnabled()
    qtbot.waitUntil(lambda: not hosts(), timeout=LONG_MS)


def test_a_trial_that_takes_too_long_is_stopped(panel, document, qtbot):
    document.edit("", edits.edit_code(document.flow, "b", "def process(x):\n    while True: pass\n"))
    panel.try_strip.limit_s = 0.5
    outcome = attempt(panel, qtbot, "1")
    assert outcome.reason == "stopped after 0.5 s"


@pytest.mark.parametrize(
    ("type", "text", "line"),
    [
        ("python", 'File "<p>", line 3, in f\n  File "/lib/x.py", line 9, in g\n  File "<p>", line 7, in h', 7),
        ("node", "TypeError\n    at inner (<p>:4:1)\n    at module.exports (<p>:9:2)", 4),
        ("bash", "p: line 2: nosuch: command not found", 2),
        ("python", "ValueError: line 5", 0),
    ],
)
def test_the_line_that_failed(type, text, line):
    assert failed_line(type, "p", text) == line


def test_what_is_printed_without_end_is_cut(panel, document, qtbot):
    code = "def process(x):\n    for n in range(5000):\n        print(n)\n    return [0] * 1_000_000"
    document.edit("", edits.edit_code(document.flow, "b", code))
    outcome = attempt(panel, qtbot, "1")
    assert 100 < len(outcome.logged) <= MOST_LINES
    assert len(panel.try_strip.result.toPlainText()) < 20_000


def test_an_outcome_marks_no_line_of_other_code(panel, document, qtbot):
    code = "import time\ndef process(x):\n    print('begun')\n    time.sleep(0.3)\n    return 1 / x\n"
    document.edit("", edits.edit_code(document.flow, "b", code))
    panel.try_strip.sample_editor.setPlainText("0")
    with qtbot.waitSignal(panel.try_strip.ended, timeout=LONG_MS) as ended:
        qtbot.keyClick(panel.editor, Qt.Key.Key_Return, CONTROL)
        qtbot.keyClicks(panel.editor, "#")
    assert ended.args[0].line == 5
    assert "failed" not in panel.editor.marks().values()


def test_a_trial_of_another_processor_shows_nothing_here(panel, document, qtbot):
    code = "import time\ndef process(x):\n    time.sleep(60)\n"
    document.edit("", edits.edit_code(document.flow, "b", code))
    qtbot.keyClick(panel.editor, Qt.Key.Key_Return, CONTROL)
    assert panel.try_strip.is_running
    panel.show_step("", "n")
    assert not panel.try_strip.is_running
    assert panel.try_strip.result.toPlainText() == ""
    assert [made.content for made in attempt(panel, qtbot, "abc").made] == [3]


def test_a_panel_that_goes_takes_its_helper_with_it(qtbot, document):
    panel = CodePanel()
    panel.set_document(document)
    panel.show_step("", "b")
    client = panel.completion_client
    qtbot.waitUntil(lambda: client.pid > 0, timeout=LONG_MS)
    pid = client.pid
    panel.deleteLater()
    del panel
    qtbot.waitUntil(lambda: not psutil.pid_exists(pid), timeout=LONG_MS)
    document.edit("", edits.edit_code(document.flow, "b", "def f(x): return x"))
