"""`pyfi debug`: one processor, alone, with a debugger at its code."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.cli.step_options import data_option, input_option, limit_option

if TYPE_CHECKING:
    from engine.runtime.debugging import DebugAddress

_MOST_PORT = 65_535


@click.command()
@click.argument("flow")
@click.argument("processor")
@data_option
@click.option("--lines", is_flag=True, help="Each line of stdin is a message, as text.")
@input_option
@limit_option
@click.option(
    "--port",
    type=click.IntRange(0, _MOST_PORT),
    default=0,
    metavar="N",
    help="The port of this machine that the debugger attaches to; any that is free if not given.",
)
@click.option("--live", is_flag=True, help="Debug it in the flow that runs, on real messages, until Ctrl+C.")
@click.option(
    "--workspace",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="With --live: the workspace; the user's own if not given.",
)
@click.pass_context
def debug(
    context: click.Context,
    *,
    flow: str,
    processor: str,
    data: tuple[str, ...],
    lines: bool,
    input_: str | None,
    limit: int,
    port: int,
    live: bool,
    workspace: Path | None,
) -> None:
    """Run one Python PROCESSOR of a FLOW on given data, once a debugger has attached.

    The address to attach to and the file to set breakpoints in are printed on stderr. Any debugger will do that speaks the
    Debug Adapter Protocol, such as that of VS Code ("request": "attach"). The code is loaded when the debugger has come, so
    that it can be stopped while it is loaded, too. No limit of time holds meanwhile. A debugger that leaves lets the code
    go on.

    Data goes in and results come out as with `pyfi task run`.

    With --live, PROCESSOR is one of a FLOW that an engine has deployed. It has a host of its own that waits for the debugger;
    the rest of the flow runs on. Ctrl+C gives it back: what stands at a breakpoint then is worked on anew, and nothing is lost.

    \b
    pyfi debug triage.flow.yaml parse --data '"10.0.0.1 GET /"' --port 5678
    pyfi debug triage parse --live
    """  # noqa: D301 - click takes the character itself for "keep these lines as they are"
    if live:
        if data or lines or input_:
            raise click.UsageError("--live takes the messages of the flow; leave out --data, --lines and --input")
        from engine.cli.live_session import debug_live

        debug_live(flow, processor, port, workspace, _say)
        return
    from engine.cli.pipe import Pipe
    from engine.cli.task_session import TaskSession
    from engine.runtime.debugging import Debugging

    pipe = Pipe(data, lines=lines, port=None)
    session = TaskSession(flow, processor, pipe, input_=input_, port=None, limit=limit, debugging=Debugging(_say, port))
    context.exit(session.run())


def _say(address: DebugAddress) -> None:
    from engine.cli.terminal import say

    say(f"attach a debugger to {address}\nset breakpoints in {address.file}")
