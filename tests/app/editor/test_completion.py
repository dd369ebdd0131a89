"""Completion, by the real helper process."""

from __future__ import annotations

import subprocess
import sys

import psutil
import pytest
from PySide6.QtCore import Qt

from app.editor.completion import CompletionSession
from app.editor.completion_client import CompletionClient
from app.editor.language import JAVASCRIPT, PYTHON
from app.editor.words import prefix_of, words_for

CONTROL = Qt.KeyboardModifier.ControlModifier
LONG_MS = 30_000


@pytest.fixture
def client(qapp):
    client = CompletionClient()
    yield client
    client.stop()


@pytest.fixture
def session(editor, client) -> CompletionSession:
    return CompletionSession(editor, client)


def ask(qtbot, client, code: str) -> list[str]:
    """What may stand at the end of code."""
    lines = code.split("\n")
    with qtbot.waitSignal(client.answered, timeout=LONG_MS) as answer:
        number = client.ask(code, len(lines), len(lines[-1]))
    assert answer.args[0] == number
    return [each.name for each in answer.args[1]]


def test_ctx_is_known_wherever_it_is_a_parameter(qtbot, client):
    names = ask(qtbot, client, "def f(x, ctx):\n    ctx.")
    assert {"emit", "state", "attributes", "params", "log", "attempt"} <= set(names)
    assert "setdefault" in ask(qtbot, client, "def f(x, *, ctx): ctx.state.")
    assert ask(qtbot, client, "def f(x, ctx): ctx.em") == ["emit"]
    assert ask(qtbot, client, "class A:\n  def f(self, ctx=None, y=1):\n    if y:\n      ctx.att") == ["attempt", "attributes"]


def test_the_stub_does_not_show(qtbot, client):
    assert not [name for name in ask(qtbot, client, "def f(x):\n    _py") if "pyfi" in name.lower()]
    assert ask(qtbot, client, "import json\nx = 1\njson.load") == ["load", "loads"]


def test_code_that_is_being_written_is_no_matter(qtbot, client):
    assert "upper" in ask(qtbot, client, "def f(x, ctx:\n  y = (1,\n  ''.")


def test_a_server_that_dies_is_replaced(qtbot, client):
    assert ask(qtbot, client, "import json\njson.loads") == ["loads"]
    first = client.pid
    psutil.Process(first).kill()
    qtbot.waitUntil(lambda: client.pid != first, timeout=LONG_MS)
    assert ask(qtbot, client, "import json\njson.loads") == ["loads"]
    assert client.pid not in (0, first)


def test_a_question_is_asked_again_when_the_server_dies_over_it(qtbot, client):
    client.start()
    with qtbot.waitSignal(client.answered, timeout=LONG_MS) as answer:
        number = client.ask("import json\njson.loads", 2, 10)
        psutil.Process(client.pid).kill()
    assert answer.args[0] == number
    assert [each.name for each in answer.args[1]] == ["loads"]


def test_the_server_ends_with_whoever_started_it():
    done = subprocess.run(
        [sys.executable, "-m", "app.editor.completion_server"], input="", capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_jedi_stays_out_of_the_user_interface():
    heavy = ("jedi", "parso", "sqlalchemy", "git", "httpx")
    code = f"import sys, app.editor.code_panel; print([each for each in {heavy} if each in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_dot_opens_the_list_and_keys_choose(editor, session, qtbot):
    editor.load("def f(x, ctx):\n    ", PYTHON)
    editor.go_to(2, 5)
    qtbot.keyClicks(editor, "ctx.")
    qtbot.waitUntil(session.list.isVisible, timeout=LONG_MS)
    assert not [name for name in session.list.names() if name.startswith("__")]
    qtbot.keyClicks(editor, "at")
    assert session.list.names() == ["attempt", "attributes"]
    qtbot.keyClick(editor, Qt.Key.Key_Down)
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert editor.text() == "def f(x, ctx):\n    ctx.attributes"
    assert session.list.isHidden()


def test_the_list_goes_by_escape_and_by_leaving_the_word(editor, session, qtbot):
    editor.load("def f(x, ctx):\n    ctx.", PYTHON)
    editor.go_to(2, 9)
    for leave in (Qt.Key.Key_Escape, Qt.Key.Key_Left, Qt.Key.Key_Space):
        qtbot.keyClick(editor, Qt.Key.Key_Space, CONTROL)
        qtbot.waitUntil(session.list.isVisible, timeout=LONG_MS)
        qtbot.keyClick(editor, leave)
        assert session.list.isHidden()
        editor.load("def f(x, ctx):\n    ctx.", PYTHON)
        editor.go_to(2, 9)


def test_a_dot_in_a_string_opens_nothing(editor, session, client, qtbot):
    editor.load("x = 'a", PYTHON)
    editor.go_to(1, 7)
    qtbot.keyClicks(editor, ".")
    assert client.pid == 0


def test_other_languages_offer_the_words_of_the_text(editor, session, qtbot):
    editor.load("const total = 1\nconst tower = 2\nto", JAVASCRIPT)
    editor.go_to(3, 3)
    qtbot.keyClick(editor, Qt.Key.Key_Space, CONTROL)
    assert session.list.names() == ["total", "tower"]
    qtbot.keyClick(editor, Qt.Key.Key_Tab)
    assert editor.text().endswith("\ntotal")


def test_words():
    assert prefix_of("a.bc") == "bc"
    assert prefix_of("a. ") == prefix_of("12") == ""
    assert words_for("alpha alpha Album al", "al", ["alter"]) == ["alpha", "Album", "alter"]
    assert words_for("word", "word") == []
