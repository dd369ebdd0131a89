"""`pyfi app`: the desktop."""

from __future__ import annotations

import importlib
from importlib.util import find_spec
from typing import Any

import click

from engine.errors import UsageError

_LIBRARIES = ("PySide6", "NodeGraphQt", "numpy", "qasync")
_ALL = "`pyfi[app]` to have all it needs (in a clone of PYFI: python3 packaging/dev.py setup)"
_PASS_ON: dict[str, Any] = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}


@click.command(context_settings=_PASS_ON)
@click.pass_context
def app(context: click.Context) -> None:
    """Open the desktop, with a flow if one is given."""
    context.exit(open_desktop(context.args))


def open_desktop(arguments: list[str]) -> int:
    """Open the desktop; returns its exit status.

    Raises:
        UsageError: the desktop is not installed.
    """
    # By name: the engine knows no desktop, it only passes on what the user typed.
    missing = next((name for name in ("app", "app.main", *_LIBRARIES) if find_spec(name) is None), None)
    asks_help = not {"-h", "--help"}.isdisjoint(arguments)  # which takes none of the libraries
    if missing in _LIBRARIES and not asks_help:
        raise UsageError(f"the desktop needs {missing}, which is not installed; install {_ALL}")
    if missing is not None and missing not in _LIBRARIES:
        raise UsageError("the desktop is not part of this installation; `pyfi --help` shows what can be done without it")
    return int(importlib.import_module("app.main").main(arguments) or 0)
