"""`pyfi calls`: calls of steps that were made, and what they gave."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from engine.cli.steer import JSON, WORKSPACE

if TYPE_CHECKING:
    from engine.results.standing import CallState

TARGET = click.option("--target", default="local", metavar="TARGET", help="Where it was made; this machine if not given.")


@click.group()
def calls() -> None:
    """Look at calls of steps, and fetch their results.

    `pyfi task run --target`, the Python API and the HTTP API make calls; `pyfi ls calls` lists them.
    """


@calls.command()
@click.argument("id")
@TARGET
@WORKSPACE
@JSON
def show(*, id: str, target: str, workspace: Path | None, as_json: bool) -> None:
    """Show how the call ID stands: its steps, where it is, and what it gave.

    Of a call that is not over, the tree says what became of every message that it began with.
    """
    print_call(id, target, workspace, as_json=as_json)


@calls.command()
@click.argument("id")
@click.option("--timeout", default="0", metavar="SECONDS", help="Wait no longer; 0: as long as it takes.")
@click.option("--port", metavar="PORT", help="Print only what left by this output, and of it only the contents.")
@click.option("--lines", is_flag=True, help="Print contents that are text plainly (with --port).")
@TARGET
@WORKSPACE
@click.pass_context
def result(
    context: click.Context,
    *,
    id: str,
    timeout: str,
    port: str | None,
    lines: bool,
    target: str,
    workspace: Path | None,
) -> None:
    """Wait for the call ID, and print what it gave, as `pyfi task run` does.

    Exit status: 0 done, 1 the call failed, or there is no result in time.
    """
    from engine.cli.call_session import messages_of
    from engine.cli.pipe import Pipe
    from engine.cli.run import seconds
    from engine.client.call import Call

    try:
        found = Call(id, target=target, workspace=workspace).sent(seconds(timeout) or None)
    except TimeoutError as error:
        from engine.cli.terminal import say

        say(f"{error}")
        context.exit(1)
    Pipe((), lines=lines, port=port).print(messages_of(found))
    context.exit(1 if found.error is not None else 0)


def print_call(id: str, target: str, workspace: Path | None, *, as_json: bool) -> None:
    """Print how a call stands."""
    from engine.cli.terminal import print_json
    from engine.client.gates import show_call

    state = asyncio.run(show_call(id, target, workspace))
    if as_json:
        print_json(_as_json(state))
        return
    for line in _lines(state, target, workspace):
        print(line)


def _as_json(state: CallState) -> dict[str, Any]:
    from engine.cli.call_session import messages_of
    from engine.results.result import unpack
    from engine.runtime.readable import as_json

    shown: dict[str, Any] = {"id": state.id, "state": state.state}
    if state.packed is None:
        return shown | {
            "flow": state.flow,
            "graph": state.graph,
            "since_ms": state.since_ms,
            "messages": state.messages,
            "trouble": state.trouble,
        }
    messages = messages_of(unpack(state.packed))
    return shown | {
        "messages": [
            {"port": each.port, "content": as_json(each.content, 100_000), "attributes": each.attributes} for each in messages
        ]
    }


def _lines(state: CallState, target: str, workspace: Path | None) -> Iterator[str]:
    """A call in lines."""
    from engine.cli.call_session import messages_of
    from engine.client.call import graph_text
    from engine.results.result import unpack

    yield f"{state.id}  {state.state}"
    if state.packed is not None:
        result = unpack(state.packed)
        for message in messages_of(result):
            yield f"  {message.port}: {_short(message.content)}"
        if result.error is not None:
            yield f"  {result.error.processor}: {result.error.type}: {result.error.message}"
            yield from (f"    {line}" for line in result.error.traceback.rstrip().splitlines())
        return
    when = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(state.since_ms / 1000))
    yield f"  {graph_text(state.graph)} of {state.flow}, made {when}"
    if state.trouble:
        yield f"  waits: {state.trouble}"
    yield from (f"  {line}" for line in _tree(state, target, workspace))


def _tree(state: CallState, target: str, workspace: Path | None) -> list[str]:
    """What became of the messages that a call began with."""
    from engine.cli.lineage import lines
    from engine.client.queues import open_queues
    from engine.runtime.calls import PREFIX
    from engine.targets import LOCAL

    with open_queues(workspace, target="" if target == LOCAL else target) as queues:
        return [line for message in state.messages for line in lines(queues.trace(PREFIX + state.flow, message))]


def _short(content: object) -> str:
    shown = repr(content)
    return shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]} ..."


_LONGEST = 200
