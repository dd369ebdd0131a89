"""Asks the completion server, and keeps it running."""

from __future__ import annotations

import json
import os
from pathlib import Path

from msgspec import Struct
from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, QTimer, Signal

from engine.interpreter import own_python

_ROOT = Path(__file__).resolve().parents[2]
_PATIENCE_MS = 8_000
_MOST_DEATHS = 3


class Completion(Struct, frozen=True):
    """Something that may stand at the cursor; `kind` is jedi's word for it."""

    name: str
    kind: str = ""


class CompletionClient(QObject):
    """The helper process's end in the user interface.

    One request is on its way at a time; of those that come meanwhile only the newest is sent. A server that dies or does not
    answer is replaced; one that dies again and again without an answer is given up.
    """

    completed = Signal(int, list)
    """The request with this number found these Completions."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._process: QProcess | None = None
        self._number = 0
        self._asked: dict[str, object] | None = None
        self._next: dict[str, object] | None = None
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

    def ask(self, code: str, line: int, column: int) -> int:
        """Ask what may stand at a place (line from 1, column in characters); returns the number of the request."""
        self._number += 1
        self._next = {"id": self._number, "code": code, "line": line, "column": column}
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
        if self._asked is not None or self._next is None or not self.is_available:
            return
        self.start()
        assert self._process is not None
        self._asked, self._next = self._next, None
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
            self._asked = None
            self.completed.emit(reply["id"], [Completion(each["name"], each["kind"]) for each in reply["items"]])
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
        if self._next is None:
            self._next = self._asked  # asked again: it may not have been the request's fault
        self._asked = None
        self._send()
