"""Steps that run a user's bash code: one process a message, or, in `mode: lines`, one a batch."""

from __future__ import annotations

import datetime as dt
import decimal
import json
import os
import re
import shutil
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from .bash_process import Command, Result
from .context import Log
from .errors import Failure
from .rows import Attributes, Rows
from .stage import Delivery
from .watch import Watch

Resolve = Callable[[list[Any]], list[Any]]

_KEPT = ("PATH", "HOME", "LANG")
_NO_NAME = re.compile(r"[^A-Za-z0-9_]")
_LONGEST_ARGUMENT = 100_000


class BashStep:
    """Runs bash for messages, one after the other or many at once as lines."""

    def __init__(self, spec: Mapping[str, Any], folder: str, log: Log, watch: Watch, resolve: Resolve) -> None:
        self._command = _command(spec, folder)
        self._by_lines = spec["mode"] == "lines"
        self._timeout_s: float = spec["timeout"]
        self._log = log
        self._watch = watch
        self._resolve = resolve

    def process(self, port: str, rows: Rows, out: Delivery) -> None:
        """Run bash for every row, or for all of them."""
        contents = self._resolve(rows.contents)
        done: list[None] = []
        # Bash is timed here; the watch only tells the engine that things go on.
        self._watch.enter(done, 0.0)
        if self._by_lines:
            self._lines(port, contents, out, done)
        else:
            self._messages(port, contents, out, done)
        self._watch.leave()

    def timer(self, out: Delivery) -> None:
        """Bash code asks for no timers."""

    def flush(self, out: Delivery) -> None:
        """Nothing waits here."""

    def source(self) -> Iterator[str | bytes]:
        """Every line that the code writes, as it comes."""
        reading, writing = os.pipe()
        threading.Thread(target=self._log_lines, args=(reading,), name="stderr", daemon=True).start()
        with os.fdopen(writing, "wb") as errors:
            for line in self._command.lines(errors):
                yield _text(line.removesuffix(b"\n"))

    def _messages(self, port: str, contents: Sequence[Any], out: Delivery, done: list[None]) -> None:
        made: list[str | bytes] = []
        index: list[int] = []
        for row, content in enumerate(contents):
            try:
                result = self._run(_stdin(content), {"PYFI_PORT": port, **_named("PYFI_ATTR_", out.rows.attributes_of(row))})
            except Failure as failure:
                out.fail(row, failure)
            else:
                if result.stdout:
                    made.append(_text(result.stdout.removesuffix(b"\n")))
                    index.append(row)
            done.append(None)
        out.send("success", cast("list[Any]", made), index)

    def _run(self, data: bytes, extra: Mapping[str, str]) -> Result:
        result = self._command.run(data, extra, self._timeout_s)
        failure = result.failure()
        if failure is not None:
            raise failure
        for line in result.errors.splitlines():
            self._log("warning", line)
        return result

    def _lines(self, port: str, contents: Sequence[Any], out: Delivery, done: list[None]) -> None:
        """All rows as lines of one run; when it fails, each half, until the bad line is alone."""
        lines: list[bytes] = []
        rows: list[int] = []
        for row, content in enumerate(contents):
            try:
                lines.append(_line(content))
                rows.append(row)
            except Failure as failure:
                out.fail(row, failure)
        pending = [(lines, rows)] if rows else []
        while pending:
            part, members = pending.pop()
            try:
                result = self._run(b"\n".join(part) + b"\n", {"PYFI_PORT": port})
            except Failure as failure:
                if len(members) == 1:
                    out.fail(members[0], failure)
                else:
                    half = len(members) // 2
                    pending += [(part[half:], members[half:]), (part[:half], members[:half])]
            else:
                _send_lines(result.stdout, part, members, out)
            done.append(None)

    def _log_lines(self, descriptor: int) -> None:
        with os.fdopen(descriptor, "rb") as errors:
            for line in errors:
                self._log("warning", line.rstrip(b"\n").decode("utf-8", "backslashreplace"))


def _command(spec: Mapping[str, Any], folder: str) -> Command:
    bash = shutil.which("bash")
    if bash is None:
        raise Failure("EnvironmentFailed", "there is no bash on this machine; install it, or use another runtime")
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
    environment |= _named("PYFI_PARAM_", {name: _plain(value) for name, value in spec["params"].items()})
    environment |= _named("PYFI_SECRET_", spec["secrets"])
    if spec.get("module"):
        script = Path(spec["checkout"], spec["module"])
        if not script.is_file():
            raise Failure("LookupError", f"there is no file '{spec['module']}' in the repository")
        return Command(bash, [str(script)], environment, folder)
    if len(spec["code"].encode()) > _LONGEST_ARGUMENT:
        raise Failure(
            "ValueError", f"inline bash code may have {_LONGEST_ARGUMENT:,} bytes; keep longer scripts in a git repository"
        )
    return Command(bash, ["-c", spec["code"], spec["id"]], environment, folder)


def _named(prefix: str, named: Mapping[str, str]) -> dict[str, str]:
    """Variables: what cannot stand in a variable's name becomes `_`."""
    return {prefix + _NO_NAME.sub("_", name): value for name, value in named.items()}


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else _json(value)


def _json(value: Any) -> str:
    try:
        return json.dumps(value, ensure_ascii=False, default=_as_json)
    except (TypeError, ValueError, RecursionError) as error:
        raise Failure("UnsupportedValue", f"the content cannot be given to bash as JSON: {error}") from None


def _as_json(value: Any) -> Any:
    if isinstance(value, (decimal.Decimal, uuid.UUID, dt.timedelta)):
        return str(value)
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    if isinstance(value, (set, frozenset)):
        return list(cast("set[Any]", value))
    raise TypeError(f"a value of type {type(value).__name__} has no JSON form")


def _stdin(content: Any) -> bytes:
    """Bytes as they are; text, or JSON, with a newline behind it, as `<<<` gives it."""
    return content if isinstance(content, bytes) else (_plain(content) + "\n").encode()


def _line(content: Any) -> bytes:
    line = content if isinstance(content, bytes) else _plain(content).encode()
    if b"\n" in line:
        raise Failure(
            "ValueError", "content with line breaks is not one line; use `mode: message`, or split it first", retry=False
        )
    return line


def _text(data: bytes) -> str | bytes:
    """Text where it is text, else the bytes."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data


def _send_lines(stdout: bytes, lines: Sequence[bytes], rows: Sequence[int], out: Delivery) -> None:
    """Send the lines of a run, each with the origin and the attributes of the line it was made of, as far as that is known.

    As many lines as went in: each of its own. Lines that went in unchanged and in order, as from `grep` or `head`: those. Else
    nobody knows: they count as made of the first, with the attributes that all lines have in common.
    """
    if not stdout:
        return
    made = stdout.removesuffix(b"\n").split(b"\n")
    contents: list[Any] = [_text(line) for line in made]
    index = rows if len(made) == len(lines) else _unchanged(made, lines, rows)
    if index is not None:
        out.send("success", contents, index)
        return
    common: list[Attributes | None] = [_common(out.rows, rows)] * len(made)
    out.send("success", contents, [rows[0]] * len(made), common if out.rows.attributes is not None else None)


def _unchanged(made: Sequence[bytes], lines: Sequence[bytes], rows: Sequence[int]) -> list[int] | None:
    """The rows of lines that came out as they went in, in order; None when there is another among them."""
    index: list[int] = []
    left = zip(lines, rows, strict=True)
    for line in made:
        found = next((row for given, row in left if given == line), None)
        if found is None:
            return None
        index.append(found)
    return index


def _common(rows: Rows, members: Sequence[int]) -> Attributes | None:
    common = dict(rows.attributes_of(members[0]))
    for row in members[1:]:
        attributes = rows.attributes_of(row)
        common = {name: value for name, value in common.items() if attributes.get(name) == value}
    return common or None
