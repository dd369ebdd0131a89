"""`pyfi task`: one processor, alone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.cli.step_options import data_option, input_option, limit_option

if TYPE_CHECKING:
    from engine.cli.call_session import CallSession
    from engine.cli.task_session import TaskSession


@click.group()
def task() -> None:
    """Run single processors."""


@task.command()
@click.argument("flow", required=False)
@click.argument("processor", required=False)
@click.option("--socket", metavar="FLOW.PROCESSOR", help="The flow and the processor in one word.")
@data_option
@click.option(
    "--lines", is_flag=True, help="Each line of stdin is a message, as text; results that are text are printed plainly."
)
@input_option
@click.option("--port", metavar="PORT", help="Print only what leaves by this output, and of it only the contents.")
@limit_option
@click.option(
    "--target",
    metavar="TARGET",
    help="Call the step of a flow that is deployed there: durably, by that target's engine. `local` is this machine.",
)
@click.option("--no-wait", is_flag=True, help="With --target: print the ids of the calls, and wait for nothing.")
@click.option(
    "--workspace", type=click.Path(path_type=Path), metavar="DIR", help="With --target local: the workspace of the engine."
)
@click.pass_context
def run(context: click.Context, /, **options: object) -> None:
    """Run one PROCESSOR of a FLOW on given data, and print what it makes.

    FLOW is a flow file or a stored flow. Data is JSON: with --data, or on stdin as any number of JSON values, best one a line.
    Each message that leaves is printed as one line of JSON: {"port": "success", "content": ..., "attributes": {...}}. What the
    processor logs goes to stderr. Effects outside, such as files that it writes, are real.

    With --target, every message is a call of the step as it is deployed there: it is kept on disk, finished whatever ends
    meanwhile, and its result can be fetched later (`pyfi calls result`).

    Exit status: 0 done, 1 when a message failed.

    \b
    pyfi task run triage.flow.yaml parse --data '"10.0.0.1 GET /"'
    zcat access.log.gz | pyfi task run triage.flow.yaml parse --lines --port success
    """  # noqa: D301 - click takes the character itself for "keep these lines as they are"
    context.exit(_session(**options).run())  # pyright: ignore[reportArgumentType] - click hands over what is declared above


def _session(
    *,
    flow: str | None,
    processor: str | None,
    socket: str | None,
    data: tuple[str, ...],
    lines: bool,
    input_: str | None,
    port: str | None,
    limit: int,
    target: str | None,
    no_wait: bool,
    workspace: Path | None,
) -> TaskSession | CallSession:
    from engine.cli.pipe import Pipe
    from engine.cli.task_session import TaskSession, step_of
    from engine.errors import UsageError

    flow, processor = step_of(flow, processor, socket)
    pipe = Pipe(data, lines=lines, port=port)
    if target is not None:
        from engine.cli.call_session import CallSession

        return CallSession(flow, processor, pipe, target=target, workspace=workspace, port=input_ or "", wait=not no_wait)
    if no_wait or workspace is not None:
        raise UsageError("--no-wait and --workspace are for calls; give --target, too")
    return TaskSession(flow, processor, pipe, input_=input_, port=port, limit=limit)
