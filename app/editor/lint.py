"""Checks code with the tools that are there: Python's compiler, ruff, node, bash."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import shutil
import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

from app.editor.code_problem import CodeProblem, Fix, FixEdit
from engine.interpreter import own_python

_LIMIT_S = 15.0
_RULES = "E7,E9,F,PLE,B006,B008,B015,B018"
"""Rules of ruff that find mistakes; style is the user's own affair."""
_COMPILE = """
import json, sys, warnings
code = sys.stdin.buffer.read().decode("utf-8", "surrogatepass")
found = []
with warnings.catch_warnings(record=True) as seen:
    warnings.simplefilter("always")
    try:
        compile(code, "code", "exec", dont_inherit=True)
    except SyntaxError as e:
        found.append([e.lineno or 1, (e.offset or 1) - 1, e.end_lineno or 0, (e.end_offset or 0) - 1, e.msg, "error"])
    except (ValueError, RecursionError, MemoryError) as e:
        found.append([1, 0, 0, -1, str(e) or type(e).__name__, "error"])
found += [[w.lineno or 1, 0, 0, -1, str(w.message), "warning"] for w in seen]
print(json.dumps(found))
"""
_NODE_LINE = re.compile(r"^\[stdin\]:(\d+)$", re.MULTILINE)
_NODE_ERROR = re.compile(r"^(SyntaxError: .*)$", re.MULTILINE)
_NODE_CARET = re.compile(r"^( *)(\^+)$", re.MULTILINE)
_BASH = re.compile(r"^/dev/stdin: line (\d+): (.*)$", re.MULTILINE)


async def check(language: str, code: str) -> list[CodeProblem]:
    """What is wrong with code in a language; nothing where no tool for it is installed."""
    checker = _CHECKERS.get(language)
    return await checker(code) if checker and code.strip() else []


async def _check_python(code: str) -> list[CodeProblem]:
    compiled, linted = await asyncio.gather(_compile(code), _ruff(code))
    if any(problem.severity == "error" for problem in compiled):
        return compiled  # what ruff says of broken code says the same again
    return [*compiled, *linted]


async def _compile(code: str) -> list[CodeProblem]:
    status, output, _ = await _run((own_python(), "-I", "-S", "-c", _COMPILE), code)
    if status:
        return []
    return [
        CodeProblem(line, max(0, column), message, severity, max(0, end_line), max(0, end_column), "Python")
        for line, column, end_line, end_column, message, severity in json.loads(output)
    ]


async def _ruff(code: str) -> list[CodeProblem]:
    ruff = _ruff_program()
    if ruff is None:
        return []
    options = (
        "check",
        "--isolated",
        "--no-cache",
        "--output-format",
        "json",
        "--select",
        _RULES,
        "--stdin-filename",
        "code.py",
        "-",
    )
    status, output, _ = await _run((ruff, *options), code)
    if status not in (0, 1):
        return []
    return [
        CodeProblem(
            each["location"]["row"],
            each["location"]["column"] - 1,
            each["message"],
            "error" if each["code"] in ("F821", "F823", "F706") else "warning",
            each["end_location"]["row"],
            each["end_location"]["column"] - 1,
            "ruff",
            each["code"] or "",
            _fix(each["fix"]),
        )
        for each in json.loads(output)
    ]


def _fix(found: dict[str, Any] | None) -> Fix | None:
    """What ruff would do. One that is for display only is none; one that may change what the code does can be undone."""
    if not found or not found["edits"] or found["applicability"] == "display":
        return None
    edits = [(each["location"], each["end_location"], each["content"] or "") for each in found["edits"]]
    return Fix(
        found["message"] or "",
        tuple(
            FixEdit(start["row"], start["column"] - 1, end["row"], end["column"] - 1, content) for start, end, content in edits
        ),
    )


async def formatted(language: str, code: str) -> str | None:
    """Python code as ruff lays it out; None where there is nobody to ask, or the code does not compile."""
    ruff = _ruff_program()
    if language != "python" or ruff is None or not code.strip():
        return None
    options = ("format", "--isolated", "--no-cache", "--line-length", "120", "--stdin-filename", "code.py", "-")
    status, output, _ = await _run((ruff, *options), code)
    return None if status else output


def _ruff_program() -> str | None:
    beside = Path(sys.executable).parent / ("ruff.exe" if os.name == "nt" else "ruff")
    return str(beside) if beside.is_file() else shutil.which("ruff")


async def _check_node(code: str) -> list[CodeProblem]:
    node = shutil.which("node") or shutil.which("nodejs")
    if node is None:
        return []
    status, _, errors = await _run((node, "--input-type=commonjs", "--check", "-"), code)
    error = _NODE_ERROR.search(errors)
    if not status or error is None:
        return []
    line = _NODE_LINE.search(errors)
    caret = _NODE_CARET.search(errors)
    column, width = (len(caret[1]), len(caret[2])) if caret else (0, 0)
    row = int(line[1]) if line else 1
    return [CodeProblem(row, column, error[1], "error", row if width else 0, column + width, "Node.js")]


async def _check_bash(code: str) -> list[CodeProblem]:
    bash = shutil.which("bash")
    if bash is None:
        return []
    status, _, errors = await _run((bash, "-n", "/dev/stdin"), code)  # read as a file, so that it tells lines
    found = [(int(line), text) for line, text in _BASH.findall(errors) if not text.startswith("`")]
    return [CodeProblem(line, 0, text, "error" if status else "warning", 0, 0, "bash") for line, text in found]


_CHECKERS: dict[str, Callable[[str], Awaitable[list[CodeProblem]]]] = {
    "python": _check_python,
    "javascript": _check_node,
    "bash": _check_bash,
}


async def _run(command: Sequence[str], text: str) -> tuple[int, str, str]:
    """Run a tool on a text; returns its status, its output and its errors. A status of -1: it could not be run."""
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "NO_COLOR": "1"}
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=environment,
        )
    except OSError:
        return -1, "", ""
    try:
        async with asyncio.timeout(_LIMIT_S):
            output, errors = await process.communicate(text.encode("utf-8", "surrogatepass"))
    except TimeoutError:
        return -1, "", ""
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    return process.returncode or 0, output.decode("utf-8", "replace"), errors.decode("utf-8", "replace")
