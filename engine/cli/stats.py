"""`pyfi stats`: what a flow, or parts of it, did over time."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from engine.cli.target_option import AT_TARGET, at_target

if TYPE_CHECKING:
    from engine.client.stats import History, HistoryPart

_STEPS_S = (60, 120, 300, 600, 1800, 3600, 7200, 21_600, 86_400)
_ROWS = 60
_FINEST_S = 300


@click.command()
@click.argument("flow", default="")
@click.option(
    "--processor", multiple=True, metavar="ID", help="Of a processor, or all in a subflow; several times for several."
)
@click.option("--connection", multiple=True, metavar="KEY", help="Of a connection, such as `a.success->b.in`.")
@click.option("--since", default="1h", metavar="TIME", help="How far back: 5m, 2h, 3d, or `all` that is kept; 1h if not given.")
@click.option("--every", default="", metavar="TIME", help="How much time a row is about: 1s (of the last 5m), 1m, 1h.")
@click.option("--workspace", type=click.Path(path_type=Path), metavar="DIR", help="The workspace; the user's own if not given.")
@AT_TARGET
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--csv", "as_csv", is_flag=True, help="Print comma-separated values.")
def stats(
    flow: str,
    processor: tuple[str, ...],
    connection: tuple[str, ...],
    since: str,
    every: str,
    workspace: Path | None,
    as_json: bool,
    as_csv: bool,
) -> None:
    """Show what FLOW (its file or name) did over time: all of it, or the processors and connections named.

    Minutes are kept for as many days as the setting `history_days` says; seconds are known of the last five minutes, by the
    engine that the flow runs in. A cluster (`--target`) keeps minutes for a week.
    """
    from engine.client.stats import HistoryPart, open_stats

    if as_json and as_csv:
        raise click.UsageError("--json and --csv exclude each other; choose one")
    back_s = 0.0 if since == "all" else _seconds("--since", since)
    every_s = int(_seconds("--every", every)) if every else _handy(back_s)
    since_ms = int((time.time() - back_s) * 1000) if back_s else 0
    parts = [*(HistoryPart(processor=id) for id in processor), *(HistoryPart(connection=key) for key in connection)]
    with open_stats(workspace, target=at_target()) as known:
        found = [(part, known.history(flow, part, since_ms=since_ms, every_s=every_s)) for part in parts or [HistoryPart()]]
    if as_json:
        from engine.cli.terminal import print_json

        print_json({"flow": flow, "series": [_json(part, history) for part, history in found]})
    elif as_csv:
        _print_csv(found)
    else:
        from engine.cli.terminal import print_tables

        print_tables(*(_table(part, history) for part, history in found))


def _seconds(option: str, text: str) -> float:
    """A duration of at least a second."""
    from engine.model.quantity import parse_duration

    try:
        seconds = parse_duration(text)
    except ValueError as error:
        raise click.BadParameter(f"{text!r} {error}", param_hint=option) from None
    if seconds < 1:
        raise click.BadParameter(f"{text!r} must be a second at least", param_hint=option)
    return seconds


def _handy(back_s: float) -> int:
    """So that the rows fit a screen; of an unknown span it is the engine's choice."""
    return next((step for step in _STEPS_S if back_s <= step * _ROWS), _STEPS_S[-1]) if back_s else 0


def _name(part: HistoryPart) -> str:
    return part.processor or part.connection


def _times(history: History) -> Iterator[datetime]:
    """When each row begins, as the clock here shows it."""
    first_ms = history.until_ms - len(history.rows) * history.every_s * 1000
    for number in range(len(history.rows)):
        yield datetime.fromtimestamp(first_ms / 1000 + number * history.every_s).astimezone()


def _json(part: HistoryPart, history: History) -> dict[str, Any]:
    import msgspec

    named = {kind: name for kind, name in (("processor", part.processor), ("connection", part.connection)) if name}
    return {**named, **msgspec.to_builtins(history)}


def _print_csv(found: Sequence[tuple[HistoryPart, History]]) -> None:
    """One table of all, whose columns are those that any of them has."""
    import csv

    columns = list(dict.fromkeys(column for _, history in found for column in history.columns))
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(["time", "part", *columns])
    for part, history in found:
        for at, row in zip(_times(history), history.rows, strict=True):
            values = dict(zip(history.columns, row, strict=True))
            writer.writerow([at.isoformat(), _name(part), *(_plain(values.get(column, "")) for column in columns)])


def _table(part: HistoryPart, history: History) -> Any:
    from engine.cli.terminal import table

    columns = [name.replace("_", " ") for name in history.columns]
    pattern = "%Y-%m-%d %H:%M" if history.every_s >= _FINEST_S else "%H:%M:%S"
    rows = [(at.strftime(pattern), *map(_shown, row)) for at, row in zip(_times(history), history.rows, strict=True)]
    title = _name(part) or "the whole flow"
    return table(["time", *columns], rows, numbers=columns, title=title if rows else f"{title}: nothing is known of this time")


def _shown(value: float) -> str:
    if not value:
        return "-"
    return f"{value:,.3f}" if value != int(value) else f"{int(value):,}"


def _plain(value: float | str) -> float | str:
    return int(value) if not isinstance(value, str) and value == int(value) else value
