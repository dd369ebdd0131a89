"""Answers questions about Python for the editor, in a process of its own: `python -m app.editor.completion_server`.

Reads requests from stdin and answers on stdout, one JSON object a line: `{"id", "ask", "code", "line", "column",
"environment"}` and `{"id", "items"}`. `ask` is `complete`, `signatures`, `describe` or `define`; app.editor.expert says what
their items hold; `environment` is the folder of the one that the code runs in, empty: PYFI's own. The line counts from 1, the
column is in characters. It ends with its stdin. Without jedi it says so once, by `{"missing": true}`, and ends.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from app.editor.expert import Expert

_KINDS = ("complete", "signatures", "describe", "define")


def answer(expert: Expert, request: dict[str, Any]) -> dict[str, Any]:
    """The answer to a request."""
    asked = {name: request[name] for name in ("code", "line", "column", "environment")}
    try:
        assert request["ask"] in _KINDS, request["ask"]
        items = getattr(expert, request["ask"])(**asked)
    except Exception as error:  # noqa: BLE001 - jedi fails on code that is being written; then there is nothing to say
        return {"id": request["id"], "items": [], "error": f"{type(error).__name__}: {error}"}
    return {"id": request["id"], "items": items}


def main() -> int:
    """Answer until nobody asks any more."""
    try:
        expert = Expert()
    except ImportError:
        sys.stdout.write('{"missing": true}\n')
        sys.stdout.flush()
        return 0
    for line in sys.stdin:
        reply = answer(expert, json.loads(line))
        sys.stdout.write(json.dumps(reply) + "\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
