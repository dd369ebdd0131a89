"""Doorman, which lets a second start of the desktop open its files in the window that is there."""

from __future__ import annotations

import hashlib
import json
import logging
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtNetwork import QLocalServer, QLocalSocket

if TYPE_CHECKING:
    from app.window.main_window import MainWindow

_log = logging.getLogger("app.window")
_PATIENCE_MS = 3000
_MOST_BYTES = 1_000_000
_FILES = frozenset({".yaml", ".yml", ".json"})


def door_of(folder: Path) -> str:
    """The name of the door of the windows over a data folder; each user has their own."""
    return f"pyfi-{hashlib.sha256(f'{os.getuid()}:{folder.absolute()}'.encode()).hexdigest()[:16]}"


def hand_over(references: Sequence[str], folder: Path) -> bool:
    """Have the window over a data folder open flows; whether there is one and it has them."""
    socket = QLocalSocket()
    socket.connectToServer(door_of(folder))
    if not socket.waitForConnected(_PATIENCE_MS):
        return False
    asked = {"open": [_from_anywhere(reference) for reference in references]}
    socket.write(json.dumps(asked).encode() + b"\n")
    answered = socket.waitForReadyRead(_PATIENCE_MS) and bytes(socket.readAll().data()) == b"done\n"
    socket.disconnectFromServer()
    return answered


def _from_anywhere(reference: str) -> str:
    """A flow's file by its whole path, for a program that stands in another folder; a stored flow by its name."""
    path = Path(reference)
    return str(path.absolute()) if path.suffix in _FILES or path.exists() else reference


class Doorman(QObject):
    """Listens at the door of a data folder, unless a window does so already."""

    def __init__(self, window: MainWindow, folder: Path) -> None:
        super().__init__(window)
        self._window = window
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_connection)
        name = door_of(folder)
        if not self._server.listen(name) and not _answers(name):
            QLocalServer.removeServer(name)  # left by a window that was killed
            self._server.listen(name)
        if self._server.isListening():
            _log.info("the door is open")

    def close(self) -> None:
        """Let nobody in any more."""
        self._server.close()

    def _on_connection(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.readyRead.connect(lambda socket=socket: self._on_asked(socket))
            socket.disconnected.connect(socket.deleteLater)

    def _on_asked(self, socket: QLocalSocket) -> None:
        if socket.bytesAvailable() > _MOST_BYTES:
            socket.abort()
        elif socket.canReadLine():
            try:
                references = [str(each) for each in json.loads(bytes(socket.readLine().data()))["open"]]
            except (ValueError, KeyError, TypeError):
                socket.abort()  # no window of ours
                return
            socket.write(b"done\n")
            socket.flush()
            self._open(references)

    def _open(self, references: Sequence[str]) -> None:
        window = self._window
        window.setWindowState(window.windowState() & ~window.windowState().WindowMinimized)
        window.raise_()
        window.activateWindow()
        for reference in references:
            window.commands.open_reference(reference)


def _answers(name: str) -> bool:
    socket = QLocalSocket()
    socket.connectToServer(name)
    return socket.waitForConnected(_PATIENCE_MS)
