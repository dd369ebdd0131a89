"""run_command: runs a program for every message."""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

from .. import body
from ..errors import Failure, describe
from ..rows import Rows
from ..stage import Delivery
from ..watch import CallTimeout
from .expression import evaluator
from .identity import fail_named, opened
from .template import as_text, templates

_STDERR_TAIL = 4_000
_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None) if sys.platform.startswith("linux") else None


class Body(body.Body):
    """The program gets the content on its standard input; what it writes to its standard output is the new content."""

    def __init__(self, config: Mapping[str, Any], ctx: body.BodyContext) -> None:
        super().__init__(config, ctx)
        command = config["command"]
        if config["shell"]:
            self._command = templates([command], ctx, shlex.quote)
        else:
            self._command = templates(command, ctx)
        self._environment = templates(list(config["environment"].values()), ctx)
        self._input = evaluator(config["input"], ctx) if config["input"] is not None else None
        self._folder = str(ctx.folder / config["folder"])

    def process(self, port: str, rows: Rows, out: Delivery) -> None:
        """One run a message, in order."""
        names, contents = opened(rows, self.ctx)
        commands, failures = self._command(rows, contents)
        environments, more = self._environment(rows, contents)
        failures.update(more)
        inputs: list[Any] = [b""] * len(rows)
        if self._input is not None:
            inputs, more = self._input(rows, contents)
            failures.update(more)
        results: list[Any] = []
        index: list[int] = []
        done: list[None] = []
        self.ctx.progress(done)
        for row, name in enumerate(names):
            if row not in failures:
                try:
                    environment = self._variables(rows, row, name, environments[row])
                    results.append(self._run(list(commands[row]), _as_bytes(inputs[row]), environment))
                    index.append(row)
                except (Exception, CallTimeout) as error:
                    failures[row] = describe(error)
            done.append(None)
        attributes = None if rows.attributes is None else [rows.attributes[row] for row in index]
        out.send("success", results, index, attributes)
        for row in sorted(failures):
            fail_named(row, names[row], failures[row], rows, out)

    def _variables(self, rows: Rows, row: int, name: str, values: tuple[str, ...]) -> dict[str, str]:
        given = {f"PYFI_ATTR_{re.sub('[^A-Za-z0-9_]', '_', key)}": text for key, text in rows.attributes_of(row).items()}
        chosen = dict(zip(self.config["environment"], values, strict=True))
        return {**os.environ, "PYFI_MESSAGE_ID": name, **given, **chosen}

    def _run(self, command: list[str], data: bytes, environment: dict[str, str]) -> Any:
        arguments = ["/bin/sh", "-c", *command] if self.config["shell"] else command
        try:
            process = subprocess.Popen(
                arguments,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                cwd=self._folder,
                env=environment,
                preexec_fn=_die_with_host,  # noqa: PLW1509 - one system call, which takes no lock
            )
        except FileNotFoundError:
            raise Failure(
                "FileNotFoundError", f"there is no program '{arguments[0]}'; install it or correct `command`", retry=False
            ) from None
        with process:
            try:
                stdout, stderr = process.communicate(data)
            except BaseException:
                _kill_tree(process.pid)
                raise
        error_text = stderr.decode("utf-8", "replace").strip()
        if process.returncode not in self.config["accept"]:
            raise Failure("CommandFailed", _ended(process.returncode, error_text), error_text[-_STDERR_TAIL:])
        if error_text:
            self.ctx.log(error_text[-_STDERR_TAIL:], "warning")
        return self._result(stdout)

    def _result(self, stdout: bytes) -> Any:
        if self.config["output"] == "bytes":
            return stdout
        if self.config["output"] == "text":
            return stdout.decode("utf-8", "replace").removesuffix("\n")
        try:
            return json.loads(stdout)
        except ValueError as error:
            raise Failure("ValueError", f"the program's output is not JSON ({error})") from None


def _as_bytes(value: Any) -> bytes:
    return value if type(value) is bytes else as_text(value).encode("utf-8", "surrogateescape")


def _ended(status: int, stderr: str) -> str:
    last = stderr.rpartition("\n")[2]
    if status < 0:
        how = f"the program was ended by signal {signal.Signals(-status).name}"
    else:
        how = f"the program ended with exit status {status}"
    return f"{how}: {last}" if last else how


def _die_with_host() -> None:
    """In the new process: end when the host does, whatever ends it."""
    if _LIBC is not None:
        _LIBC.prctl(_PDEATHSIG, signal.SIGKILL)


def _kill_tree(pid: int) -> None:
    """End a process and everything it started; they share the host's process group, which has to live on."""
    try:
        with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
            children = file.read().split()
    except OSError:
        children = []
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    for child in children:
        _kill_tree(int(child))
