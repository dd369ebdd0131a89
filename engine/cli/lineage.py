"""`pyfi lineage`: where a message came from, and what became of it."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.cli.steer import JSON, WORKSPACE
from engine.cli.target_option import AT_TARGET, at_target

if TYPE_CHECKING:
    from engine.client.queues import Trace
    from engine.runtime.trace import Place

_WORDS = {
    "source": "made here",
    "waiting": "waits",
    "dead": "failed for good",
    "passed": "passed on",
    "ended": "nothing came of it",
}


@click.command()
@click.argument("flow")
@click.argument("message")
@WORKSPACE
@AT_TARGET
@JSON
def lineage(*, flow: str, message: str, workspace: Path | None, as_json: bool) -> None:
    """Say of a MESSAGE of FLOW where it came from, and what became of it.

    MESSAGE is an id as `pyfi queue peek` shows it, or `SOURCE#N` for the Nth message that a source made (from 0). One line a
    place, the first at the top, each below what it was made of; the message itself is marked with `>`.
    """
    from engine.cli.terminal import print_json
    from engine.client.queues import open_queues

    with open_queues(workspace, target=at_target()) as queues:
        found = queues.trace(flow, message)
    if as_json:
        import msgspec

        print_json(msgspec.to_builtins(found))
        return
    for line in lines(found):
        print(line)


def lines(found: Trace) -> list[str]:
    """A trace as a tree: every place once, below the first of those that it was made of."""
    places = {place.id: place for place in found.places}
    below: dict[str, list[str]] = {}
    parents: dict[str, list[str]] = {}
    for parent, child in found.links:
        below.setdefault(parent, []).append(child)
        parents.setdefault(child, []).append(parent)
    told: list[str] = []
    seen: set[str] = set()
    pending = [(id, 0) for id in reversed(places) if id not in parents]
    while pending:
        id, depth = pending.pop()
        mark = ">" if id == found.message else " "
        if id in seen:
            told.append(f"{mark} {'  ' * depth}{id}  (see above)")
            continue
        seen.add(id)
        told.append(f"{mark} {'  ' * depth}{_told(places[id])}")
        pending += [(child, depth + 1) for child in reversed(below.get(id, []))]
    if found.is_cut:
        told.append("there is more than is looked back on")
    return told


def _told(place: Place) -> str:
    where = place.queue.replace("->", " -> ") or place.step
    edits = (f"edited {_at(each.at_ms)}" + (f" by {each.by}" if each.by else "") for each in place.edits)
    return "  ".join(part for part in (place.id, where, _at(place.at_ms), _WORDS[place.state], *edits) if part)


def _at(at_ms: int) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(at_ms / 1000)) if at_ms else ""
