"""Asks the completion server what it knows of Python code, and keeps it running."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from msgspec import Struct, convert
from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, QTimer, Signal

from engine.interpreter import own_python

_ROOT = Path(__file__).resolve().parents[2]
_PATIENCE_MS = 8_000
_MOST_DEATHS = 3


class Completion(Struct, frozen=True):
    """Something that may stand at the cursor; `kind` is jedi's word for it."""

    name: str
    kind: str = ""


class Signature(Struct, frozen=True):
    """A call that is being written; `current` is the number of the parameter that is written, -1: none."""

    name: str
    parameters: list[str] = []
    current: int = -1
    returned: str = ""
    text: str = ""


class Description(Struct, frozen=True):
    """What stands at a place, in a line of Python, and its documentation."""

    title: str
    text: str = ""


class Definition(Struct, frozen=True):
    """Where something is from: line from 1, column in characters; without a path it is in the code itself."""

    name: str
    line: int
    column: int
    path: str = ""


_ITEMS = {"complete": Completion, "signatures": Signature, "define": Definition, "describe": Description}
"""What answers are made of, by what is asked; those that wait are asked in this order."""


class CompletionClient(QObject):
    """The helper process's end in the user interface.

    One request is on its way at a time; of those of a kind that come meanwhile only the newest is sent. A server that dies or
    does not answer is replaced; one that dies again and again without an answer is given up.
    """

    answered = Signal(int, list)
    """The request with this number found these: Completions, Signatures, Descriptions or Definitions."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._process: QProcess | None = None
        self._number = 0
        self.environment = ""
        """The folder of the environment that the code runs in; empty: PYFI's own."""
        self._asked: dict[str, Any] | None = None
        self._waiting: dict[str, dict[str, Any]] = {}
        self._deaths = 0
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(_PATIENCE_MS)
        self._patience.timeout.connect(self._on_silence)

    @property
    def is_available(self) -> bool:
        """Whether there is anybody to ask."""
        return self._deaths < _MOST_DEATHS

    @property
    def pid(self) -> int:
        """The server's process; 0: none."""
        return self._process.processId() if self._process is not None else 0

    def start(self) -> None:
        """Have the server ready, so that the first answer comes soon."""
        if self._process is None and self.is_available:
            self._launch()

    def ask(self, code: str, line: int, column: int, kind: str = "complete") -> int:
        """Ask about a place (line from 1, column in characters); returns the number of the request.

        `kind`: `complete`, `signatures`, `describe` or `define`.
        """
        self._number += 1
        place = {"code": code, "line": line, "column": column, "environment": self.environment}
        self._waiting[kind] = {"id": self._number, "ask": kind, **place}
        self._send()
        return self._number

    def stop(self) -> None:
        """End the server."""
        self._patience.stop()
        process, self._process = self._process, None
        if process is not None:
            process.finished.disconnect(self._on_finished)
            process.errorOccurred.disconnect(self._on_error)
            process.kill()
            process.waitForFinished(1000)
            process.deleteLater()
        self._asked = None

    def _launch(self) -> None:
        process = QProcess(self)
        environment = QProcessEnvironment.systemEnvironment()
        environment.insert("PYTHONPATH", os.pathsep.join(filter(None, [str(_ROOT), environment.value("PYTHONPATH")])))
        environment.insert("PYTHONUTF8", "1")
        process.setProcessEnvironment(environment)
        process.setStandardErrorFile(QProcess.nullDevice())
        process.readyReadStandardOutput.connect(self._on_output)
        process.finished.connect(self._on_finished)
        process.errorOccurred.connect(self._on_error)
        # -P: a folder `app` in the working folder must not be taken for ours.
        process.start(own_python(), ["-P", "-m", "app.editor.completion_server"])
        self._process = process

    def _send(self) -> None:
        if self._asked is not None or not self._waiting or not self.is_available:
            return
        self.start()
        assert self._process is not None
        self._asked = self._waiting.pop(min(self._waiting, key=list(_ITEMS).index))
        self._process.write(json.dumps(self._asked).encode() + b"\n")
        self._patience.start()

    def _on_output(self) -> None:
        while self._process is not None and self._process.canReadLine():
            reply = json.loads(bytes(self._process.readLine().data()))
            if reply.get("missing"):
                self._deaths = _MOST_DEATHS
                return
            self._patience.stop()
            self._deaths = 0
            asked, self._asked = self._asked, None
            if asked is not None and asked["id"] == reply["id"]:  # not one that came after all patience was lost
                item = _ITEMS[asked["ask"]]
                self.answered.emit(reply["id"], [convert(each, item) for each in reply["items"]])
            self._send()

    def _on_silence(self) -> None:
        self._asked = None  # not asked again: it would take as long again
        if self._process is not None:
            self._process.kill()

    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self._deaths = _MOST_DEATHS
            self._on_finished()

    def _on_finished(self) -> None:
        self._patience.stop()
        process, self._process = self._process, None
        if process is not None:
            process.deleteLater()
        self._deaths += 1
        if self._asked is not None:
            self._waiting.setdefault(self._asked["ask"], self._asked)  # asked again: it may not have been its fault
        self._asked = None
        self._send()
