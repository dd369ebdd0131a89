"""`pyfi logs`: what processors have logged."""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.cli.target_option import AT_TARGET, at_target

if TYPE_CHECKING:
    from engine.client.logs import Line

_EVERY_S = 0.2
_LEVELS = ("debug", "info", "warning", "error")


@click.command()
@click.argument("flow", default="")
@click.option("--follow", "-f", is_flag=True, help="Go on printing what comes, until Ctrl+C.")
@click.option("--processor", default="", metavar="P", help="Only of this processor, or of this subflow's processors.")
@click.option("--level", default="debug", type=click.Choice(_LEVELS), help="Only at this level or above.")
@click.option("--lines", "-n", default=200, type=click.IntRange(0), metavar="N", help="How many of the last; 200 if not given.")
@click.option("--workspace", type=click.Path(path_type=Path), metavar="DIR", help="The workspace; the user's own if not given.")
@AT_TARGET
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
def logs(flow: str, follow: bool, processor: str, level: str, lines: int, workspace: Path | None, as_json: bool) -> None:
    """Print the log of FLOW (its file or name), or of all flows.

    A log holds what processors print or log, and what the engine says of them.
    """
    from engine.client.cluster_logs import ClusterLogs
    from engine.client.logs import Logs, Wanted

    target = at_target()
    found = ClusterLogs(target, flow) if target else Logs(workspace, flow)
    wanted = Wanted(processor, level)
    if not follow:
        _print(found.last(wanted, lines), as_json=as_json, named=not flow)
        return
    try:
        for came in found.follow(wanted, lines):
            _print(came, as_json=as_json, named=not flow)
            if not came:
                time.sleep(_EVERY_S)
    except KeyboardInterrupt:
        return


def _print(lines: list[Line], *, as_json: bool, named: bool) -> None:
    import json
    import sys

    for name, entry in lines:
        if as_json:
            value = {"flow": name, "at_ms": entry.at_ms, "step": entry.step, "level": entry.level, "text": entry.text}
            print(json.dumps(value))
            continue
        at = datetime.fromtimestamp(entry.at_ms / 1000).astimezone().strftime("%Y-%m-%d %H:%M:%S")
        owner = f"{Path(name).name}: " if named else ""
        step = f"{entry.step}: " if entry.step else ""
        print(f"{at} {entry.level:<7} {owner}{step}{visible(entry.text)}")
    sys.stdout.flush()


def visible(text: str) -> str:
    """A text without what would move the cursor or ring the bell; further lines are indented."""
    safe = "".join(
        each if each.isprintable() or each in "\n\t" else each.encode("unicode_escape").decode("ascii") for each in text
    )
    return safe.replace("\n", "\n    ")
