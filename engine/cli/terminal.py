"""Where commands write: results to stdout, everything else to stderr; people get tables, programs get JSON."""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

_ENDLESS = 100_000
"""Columns: wider than any table."""


def prepare_streams() -> None:
    """A terminal that cannot show a character shows a substitute; a stream that was closed from the start is an empty one.

    Closed ones come first: what is opened next would take their numbers, and with them what is printed.
    """
    if sys.stdin is None:  # pyright: ignore[reportUnnecessaryComparison] - so it is after `<&-`
        sys.stdin = Path(os.devnull).open(encoding="utf-8")  # noqa: SIM115 - for as long as the program runs
    if sys.stdout is None:  # pyright: ignore[reportUnnecessaryComparison]
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    if sys.stderr is None:  # pyright: ignore[reportUnnecessaryComparison]
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    for stream, errors in ((sys.stdout, "replace"), (sys.stderr, "backslashreplace")):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=errors)


def say(text: str) -> None:
    """A line to the person at the terminal; one that has gone is no reason to fail."""
    with contextlib.suppress(OSError, ValueError):
        print(text, file=sys.stderr, flush=True)


def print_json(value: Any) -> None:
    """One JSON value on stdout: in lines for a person, on one line for a program."""
    indent = 2 if sys.stdout.isatty() else None
    write_line(json.dumps(value, ensure_ascii=False, indent=indent), value, indent)


def print_text(text: str) -> None:
    """A file's text on stdout, byte for byte as the file would have it."""
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode())
    sys.stdout.buffer.flush()


def write_line(text: str, value: Any, indent: int | None = None) -> None:
    """JSON text on stdout; where the terminal's encoding lacks a character, with escapes instead, so that nothing is lost."""
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        text = json.dumps(value, ensure_ascii=True, indent=indent)
    sys.stdout.write(text + "\n")


def console(stream: TextIO, width: int | None = None) -> Console:
    """A rich console on a stream; without colours where it is no terminal."""
    from rich.console import Console

    class Plain(Console):
        def on_broken_pipe(self) -> None:
            """Rich would end the program with status 1, as if messages had failed."""
            raise BrokenPipeError

    return Plain(file=stream, width=width, highlight=False, markup=False, emoji=False)


def table(columns: Sequence[str], rows: Iterable[Sequence[str]], *, numbers: Sequence[str] = (), title: str = "") -> Table:
    """A table whose columns never lose a character; those called in `numbers` are aligned to the right."""
    from rich.box import Box
    from rich.table import Table
    from rich.text import Text

    # A line under the head and nothing else, in characters that every terminal has.
    rule = Box("    \n    \n -- \n    \n    \n    \n    \n    \n", ascii=True)
    made = Table(box=rule, show_edge=False, pad_edge=False, title=title or None, title_justify="left", title_style="bold")
    for column in columns:
        right = column in numbers
        made.add_column(column, justify="right" if right else "left", no_wrap=right, overflow="fold", min_width=len(column))
    for row in rows:
        made.add_row(*(Text(cell) for cell in row))
    return made


def print_tables(*tables: Table) -> None:
    """Tables on stdout. A terminal too narrow for one folds its texts; output that goes elsewhere is as wide as the tables."""
    from rich.measure import Measurement

    endless = console(sys.stdout, _ENDLESS)
    for number, each in enumerate(tables):
        if number:
            print()
        bounds = Measurement.get(endless, endless.options, each)
        room = console(sys.stdout).width if sys.stdout.isatty() else _ENDLESS
        width = min(bounds.maximum, max(room, bounds.minimum))
        console(sys.stdout, width).print(each, crop=False)


def shown_path(path: Path) -> str:
    """A path as short as it can be said from here."""
    try:
        return str(path.relative_to(Path.cwd()))
    except (ValueError, OSError):
        return str(path)


def count(number: int, one: str, many: str = "") -> str:
    """`1 message`, `2,000 messages`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def cell(value: Any) -> str:
    """A value in a table."""
    if value is None or value == "":
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value)) or "-"  # pyright: ignore[reportUnknownArgumentType] - of anything that has a text
    return str(value)
