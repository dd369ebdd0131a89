"""What it takes to have a debugger attach to a host."""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from msgspec import Struct

from engine.errors import EnvironmentFailed, UsageError
from engine.model.flow import Processor
from engine.runtime.hosts.debugger import LOOPBACK

_UNSAFE = str.maketrans(dict.fromkeys('/\\<>:"|?*\x00', "_"))


class DebugAddress(Struct, frozen=True):
    """Where a debugger attaches, and the file in which it sets its breakpoints."""

    host: str
    port: int
    file: Path

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


class Debugging(Struct, frozen=True):
    """The wish to debug: on a port (0: any that is free). `listening` is called as soon as a debugger can attach."""

    listening: Callable[[DebugAddress], None]
    port: int = 0


def check_debuggable(processor: Processor) -> None:
    """Raise UsageError for a processor that is not Python, EnvironmentFailed if the debugger is missing."""
    if processor.type != "python":
        raise UsageError(f"processor '{processor.id}' is of the type {processor.type}; a debugger attaches to Python code only")
    _folder()


def debug_head(port: int) -> dict[str, Any]:
    """What a host is told that is to listen on a port, 0 for any that is free.

    Raises UsageError if the port is taken, for which debugpy would wait in silence.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError as error:
            raise UsageError(
                f"cannot listen for a debugger on port {port}: {error.strerror}; choose another, or leave it open"
            ) from error
    return {"folder": str(_folder()), "port": port}


def code_file(step: Mapping[str, Any], folder: Path) -> Path:
    """The file of a step's code: that of its checkout, or one written into the folder for code that has none."""
    if step["module"]:
        base = Path(step["checkout"], *step["module"].split("."))
        return base / "__init__.py" if base.is_dir() else base.with_suffix(".py")
    file = folder / f"{step['id'].translate(_UNSAFE)}.py"
    file.write_text(step["code"] or "", encoding="utf-8")
    return file


def address(port: int, file: Path) -> DebugAddress:
    """Hosts listen on this machine only."""
    return DebugAddress(LOOPBACK, port, file)


def _folder() -> Path:
    found = find_spec("debugpy")
    if found is None or found.origin is None:
        raise EnvironmentFailed("debugging needs the package debugpy; install it: pip install 'pyfi[debug]'")
    return Path(found.origin).parent
