"""Expert, who knows Python: what may stand at a place, what stands there, and where it is from."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from app.editor.typed_code import HIDDEN, TypedCode, plain

_MOST = 200
_MOST_LINES = 16
"""Of a documentation that is shown at the pointer."""
Item = dict[str, Any]


class Expert:
    """Asks jedi. Every answer is a list of what can be told as JSON."""

    def __init__(self) -> None:
        import jedi
        from jedi.api.environment import InterpreterEnvironment

        # Without these it would look for uses of a function in all files of the working folder.
        jedi.settings.dynamic_params = False
        self._jedi = jedi
        self._known: dict[str, tuple[Any, Any]] = {"": (InterpreterEnvironment(), self._project(sys.prefix))}

    def complete(self, code: str, line: int, column: int, environment: str = "") -> list[Item]:
        """What may stand at a place: `name` and `kind`, which is jedi's word."""
        typed, script = self._script(code, environment)
        found = script.complete(*typed.place(line, column))
        return [{"name": each.name, "kind": each.type} for each in found if not each.name.startswith(HIDDEN)][:_MOST]

    def signatures(self, code: str, line: int, column: int, environment: str = "") -> list[Item]:
        """The calls around a place: `name`, `parameters`, the `current` one by its number or -1, what is `returned`, `text`."""
        typed, script = self._script(code, environment)
        return [
            {
                "name": each.name,
                "parameters": [plain(one.to_string()) for one in each.params],
                "current": -1 if each.index is None else each.index,
                "returned": plain(each.to_string()).rpartition(" -> ")[2] if " -> " in each.to_string() else "",
                "text": each.docstring(raw=True).strip().split("\n\n")[0],
            }
            for each in script.get_signatures(*typed.place(line, column))
        ]

    def describe(self, code: str, line: int, column: int, environment: str = "") -> list[Item]:
        """What stands at a place: `title`, in one line of Python, and `text`, its documentation."""
        typed, script = self._script(code, environment)
        place = typed.place(line, column)
        found: list[Item] = []
        for each in script.help(*place):
            if each.type == "keyword":
                continue
            title, text = _title(each), each.docstring(raw=True).strip()
            if each.type in ("statement", "param", "instance", "property"):
                kinds = sorted({one.name for one in script.infer(*place) if one.name})
                title = f"{each.name}: {' | '.join(kinds)}" if kinds else each.name
                text = "" if each.type != "property" else text
            item = {"title": plain(title), "text": _shortened(text)}
            if item not in found:
                found.append(item)
        return found

    def define(self, code: str, line: int, column: int, environment: str = "") -> list[Item]:
        """Where what stands at a place is from: `line`, `column`, and `path` unless it is in the code itself."""
        typed, script = self._script(code, environment)
        found: list[Item] = []
        for each in script.goto(*typed.place(line, column), follow_imports=True, follow_builtin_imports=True):
            place, path = (each.line, each.column), ""
            if each.line is None:
                continue  # compiled: there is nothing to read
            if each.module_path is None:
                place = typed.users_place(*place)
            else:
                path = str(each.module_path)
            if place is not None:
                found.append({"name": each.name, "line": place[0], "column": place[1], "path": path})
        return found

    def _script(self, code: str, environment: str) -> tuple[TypedCode, Any]:
        typed = TypedCode(code)
        chosen, project = self._environment(environment)
        return typed, self._jedi.Script(typed.text, project=project, environment=chosen)

    def _environment(self, folder: str) -> tuple[Any, Any]:
        """The environment in a folder, PYFI's own where it is none, and its project, which remembers its search path."""
        if folder and not Path(folder).is_dir():
            self._known.pop(folder, None)
            return self._known[""]
        if folder not in self._known:
            try:
                # Not asked whether it is safe: PYFI made it itself, and hosts run the same program.
                self._known[folder] = (self._jedi.create_environment(folder, safe=False), self._project(folder))
            except self._jedi.InvalidPythonEnvironment:
                return self._known[""]
        return self._known[folder]

    def _project(self, folder: str) -> Any:
        return self._jedi.Project(folder, smart_sys_path=False)


def _title(name: Any) -> str:
    """What a name is, as it would be written."""
    signatures = name.get_signatures() if name.type in ("function", "class") else []
    if signatures:
        return f"{'class' if name.type == 'class' else 'def'} {signatures[0].to_string()}"
    return f"{name.type} {name.full_name or name.name}"


def _shortened(text: str) -> str:
    lines = text.splitlines()
    return text if len(lines) <= _MOST_LINES else "\n".join([*lines[:_MOST_LINES], "…"])
