"""What the tools say of code."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from app.editor import lint
from app.editor.language import PYTHON
from app.editor.lint import check
from app.editor.linter import Linter

LONG_MS = 30_000


def places(language: str, code: str) -> list[tuple[int, int, str, str]]:
    return [(each.line, each.column, each.severity, each.source) for each in asyncio.run(check(language, code))]


def test_python_that_does_not_compile():
    (problem,) = asyncio.run(check("python", "def f(x):\n    return (x\n"))
    assert (problem.line, problem.column, problem.severity) == (2, 11, "error")
    assert str(problem) == "'(' was never closed (Python)"


def test_python_with_doubtful_parts():
    code = "import os\ndef f(x):\n    return undefined + '\\d'\n"
    assert places("python", code) == [(3, 0, "warning", "Python"), (1, 7, "warning", "ruff"), (3, 11, "error", "ruff")]
    assert places("python", "def f(x):\n    return x\n") == []


def test_code_is_never_run(tmp_path):
    there = tmp_path / "ran"
    asyncio.run(check("python", f"open({str(there)!r}, 'w')\nimport os\n"))
    asyncio.run(check("bash", f"touch {there}\n"))
    asyncio.run(check("javascript", f"require('fs').writeFileSync({str(there)!r}, '')\n"))
    assert not there.exists()


def test_javascript():
    (problem,) = asyncio.run(check("javascript", "module.exports = (c) => {\n  return c.a(;\n}\n"))
    assert (problem.line, problem.column, problem.message) == (2, 13, "SyntaxError: Unexpected token ';'")
    assert places("javascript", "return 1\n") == [], "the code is the body of a function"


def test_bash():
    assert places("bash", "echo\nif true\nfi\n") == [(3, 0, "error", "bash")]
    assert places("bash", "echo 'one\n") == [(1, 0, "error", "bash")]
    assert places("bash", "cat | wc -l\n") == []


def test_tools_that_are_not_there_are_left_out(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    python = tmp_path / "python"
    python.symlink_to(Path(sys.executable).resolve())
    monkeypatch.setattr(lint.sys, "executable", str(python))
    assert places("python", "import os\n") == []
    assert places("python", "(\n") == [(1, 0, "error", "Python")]
    assert places("bash", "fi\n") == places("javascript", ";)\n") == places("yaml", "a: [\n") == []


def test_problems_come_and_go_while_typing(editor, qtbot):
    linter = Linter(editor)
    editor.load("def f(x):\n    return x", PYTHON)
    with qtbot.waitSignal(linter.checked, timeout=LONG_MS) as checked:
        linter.check()
    assert checked.args == [[]]
    editor.go_to(2, 13)
    with qtbot.waitSignal(linter.checked, timeout=LONG_MS):
        qtbot.keyClicks(editor, "y")
    assert editor.marks() == {1: "error"}
    with qtbot.waitSignal(linter.checked, timeout=LONG_MS):
        qtbot.keyClick(editor, "\b")
    assert editor.marks() == {}
