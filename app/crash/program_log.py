"""The desktop's own log: what the program does and what goes wrong in it, never what flows carry."""

from __future__ import annotations

import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path

from app.crash.place import log_file

MAX_BYTES = 1_000_000
KEPT = 3
_FORM = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def open_log(path: Path | None = None) -> logging.Handler | None:
    """Write the log from now on; None where that cannot be: a program without a log is better than none."""
    path = path or log_file()
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handler = RotatingFileHandler(path, maxBytes=MAX_BYTES, backupCount=KEPT, encoding="utf-8", delay=True)
    except OSError:
        return None
    handler.setFormatter(logging.Formatter(_FORM))
    handler.setLevel(logging.INFO)
    logging.raiseExceptions = False  # a full disk is not to be complained of at every line
    logging.getLogger("app").setLevel(logging.INFO)
    logging.getLogger().addHandler(handler)
    return handler


def close_log(handler: logging.Handler | None) -> None:
    """Write it no more."""
    if handler is not None:
        logging.getLogger().removeHandler(handler)
        handler.close()


def last_lines(count: int, path: Path | None = None) -> list[str]:
    """The newest lines of the log."""
    try:
        with (path or log_file()).open("rb") as file:
            file.seek(0, 2)
            file.seek(max(0, file.tell() - 64_000))
            text = file.read().decode(errors="replace")
    except OSError:
        return []
    return text.splitlines()[-count:]
