"""`pyfi listen`: what happens, as it happens."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from engine.client.events import Event, Stream

_KINDS = ("stats", "state", "log", "bulletin")


@click.command()
@click.option("--target", default="local", help="Where to listen; the engine of this machine if not given.")
@click.option("--flow", "flows", multiple=True, metavar="F", help="Only to this flow; may be repeated.")
@click.option("--kind", "kinds", multiple=True, type=click.Choice(_KINDS), help="Only to events of this kind; may be repeated.")
@click.option("--workspace", type=click.Path(path_type=Path), metavar="DIR", help="The workspace; the user's own if not given.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
def listen(target: str, flows: tuple[str, ...], kinds: tuple[str, ...], workspace: Path | None, as_json: bool) -> None:
    """Print what happens on this machine or on a cluster, until Ctrl+C.

    Events are figures that changed (stats), flows that start, stop or break (state), lines of logs (log), and of those the
    warnings and errors (bulletin). It begins with how every flow stands, and goes on by itself when a server was away.
    """
    import asyncio

    from engine.client.events import events_of

    async def run() -> None:
        stream = await events_of(target, workspace=workspace, flows=flows or None, kinds=kinds or _KINDS)
        try:
            await _print_all(stream, as_json=as_json)
        finally:
            await stream.close()

    try:
        asyncio.run(run())
    except KeyboardInterrupt:
        return


async def _print_all(stream: Stream, *, as_json: bool) -> None:
    import json
    import sys

    from engine.cli.terminal import write_line
    from engine.client.events import plain

    async for event in stream:
        if as_json:
            value = {"kind": event.kind, "flow": event.flow, "at_ms": event.at_ms, "data": plain(event.data)}
            write_line(json.dumps(value, ensure_ascii=False), value)
        else:
            for line in lines_of(event):
                print(line)
        sys.stdout.flush()


def lines_of(event: Event) -> list[str]:
    """An event for people."""
    at = datetime.fromtimestamp(event.at_ms / 1000).astimezone().strftime("%H:%M:%S")
    return [f"{at} {line}" for line in _said(event)]


def _said(event: Event) -> list[str]:
    from engine.cli.logs import visible

    data = event.data
    match event.kind:
        case "hello":
            return [f"listening; flows: {', '.join(sorted(data['flows'])) or 'none yet'}"]
        case "lost":
            return [f"nothing to be heard: {data.get('trouble', 'no engine serves the workspace')}; waiting"]
        case "gap":
            return [f"{data['missed']} lines were missed; `pyfi logs` has them"]
        case "state":
            return [f"{event.flow}: {_state(data)}"]
        case "log" | "bulletin":
            step = f"{data['step']}: " if data["step"] else ""
            return [visible(f"{event.flow}: {data['level']:<7} {step}{data['text']}")]
        case _:
            state = [f"{event.flow}: {_state(data)}"] if data.get("state") else []
            parts = (("processors", _processor), ("connections", _connection))
            return state + [
                f"{event.flow}: {id}: {say(figures)}" for key, say in parts for id, figures in data.get(key, {}).items()
            ]


def _state(data: dict[str, Any]) -> str:
    trouble = f" ({data['trouble']})" if data.get("trouble") else ""
    return f"{data['state']}{trouble}"


def _processor(figures: dict[str, Any]) -> str:
    out = ", ".join(f"{count:,} {port}" for port, count in figures.get("out", {}).items() if count)
    words = [figures.get("state", ""), f"{figures.get('in', 0):,} in", f"out {out}" if out else ""]
    words += [f"{figures[key]:,} {key}" for key in ("failed", "dead") if figures.get(key)]
    words += [f"{figures['rate']:,}/s" if figures.get("rate") else "", figures.get("trouble") or ""]
    return ", ".join(word for word in words if word)


def _connection(figures: dict[str, Any]) -> str:
    full = ", full" if figures.get("full") else ""
    return (
        f"{figures.get('passed', 0):,} passed, {figures.get('messages', 0):,} queued ({figures.get('bytes', 0):,} bytes){full}"
    )
