"""Completes Python for the editor, in a process of its own: `python -m app.editor.completion_server`.

Reads requests from stdin and answers on stdout, one JSON object a line: `{"id", "code", "line", "column"}` with the line from 1
and the column in characters, and `{"id", "items": [{"name", "kind"}]}`. It ends with its stdin. Without jedi it says so once,
by `{"missing": true}`, and ends.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

_MOST = 200
_HIDDEN = "_pyfi"
STUB = '''\
import typing as _pyfi_typing
class _pyfi_Context:
    """What a processor's code can do besides returning a value."""
    state: "_pyfi_typing.MutableMapping[str, _pyfi_typing.Any]"
    attributes: "_pyfi_typing.Mapping[str, str]"
    params: "_pyfi_typing.Mapping[str, _pyfi_typing.Any]"
    secrets: "_pyfi_typing.Mapping[str, str]"
    attempt: int
    def emit(self, port: str, content: "_pyfi_typing.Any", attributes: "_pyfi_typing.Mapping[str, str] | None" = None) -> None:
        """Send content to an output."""
    def log(self, *parts: "_pyfi_typing.Any", level: str = "info") -> None:
        """Write a line to the processor's log."""
    def now(self) -> float:
        """Seconds since the epoch."""
'''
"""Stands before the user's code, so that `ctx` has a type."""


def with_context(code: str, line: int, column: int) -> tuple[str, int, int]:
    """The code behind the stub, every parameter `ctx` annotated with its type, and the place where the cursor is then."""
    note = f": {_HIDDEN}_Context"
    lines = code.split("\n")
    for row, end in sorted(_contexts(_tree(code)), reverse=True):
        text = lines[row - 1]
        lines[row - 1] = f"{text[:end]}{note}{text[end:]}"
        if row == line and end < column:
            column += len(note)
    return STUB + "\n".join(lines), line + STUB.count("\n"), column


def _tree(code: str) -> Any:
    """The code's tree. Only what differs from the code before it is parsed: of 5,000 lines, a hundredth of the time."""
    from parso.grammar import load_grammar

    return load_grammar().parse(code, path=Path("typed.py"), diff_cache=True)


def _contexts(node: Any) -> list[tuple[int, int]]:
    """Where the parameters called `ctx` end that say no type, as line and column."""
    found: list[tuple[int, int]] = []
    waiting = [node]
    while waiting:
        each = waiting.pop()
        if each.type == "param":
            if each.name.value == "ctx" and each.annotation is None and each.get_parent_function().type != "lambdef":
                found.append(each.name.end_pos)
        else:
            waiting += getattr(each, "children", ())
    return found


class Completer:
    """Asks jedi."""

    def __init__(self) -> None:
        import jedi
        from jedi.api.environment import InterpreterEnvironment

        # Without these it would look for uses of a function in all files of the working folder.
        jedi.settings.dynamic_params = False
        self._script = jedi.Script
        self._project = jedi.Project(sys.prefix, smart_sys_path=False)
        self._environment = InterpreterEnvironment()

    def complete(self, code: str, line: int, column: int) -> list[dict[str, str]]:
        """What may stand at a place."""
        code, line, column = with_context(code, line, column)
        script = self._script(code, project=self._project, environment=self._environment)
        found = script.complete(line, column)
        return [{"name": each.name, "kind": each.type} for each in found if not each.name.startswith(_HIDDEN)][:_MOST]


def answer(completer: Completer, request: dict[str, Any]) -> dict[str, Any]:
    """The answer to a request."""
    try:
        items = completer.complete(request["code"], request["line"], request["column"])
    except Exception as error:  # noqa: BLE001 - jedi fails on code that is being written; then there is nothing to offer
        return {"id": request["id"], "items": [], "error": f"{type(error).__name__}: {error}"}
    return {"id": request["id"], "items": items}


def main() -> int:
    """Answer until nobody asks any more."""
    try:
        completer = Completer()
    except ImportError:
        sys.stdout.write('{"missing": true}\n')
        sys.stdout.flush()
        return 0
    for line in sys.stdin:
        reply = answer(completer, json.loads(line))
        sys.stdout.write(json.dumps(reply) + "\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
