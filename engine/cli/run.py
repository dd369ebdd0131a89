"""`pyfi run`: a flow file to its end, on this machine."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("flow", type=click.Path(path_type=Path))
@click.option("--set", "settings", multiple=True, metavar="NAME=VALUE", help="Another value for a parameter; may be repeated.")
@click.option("--target", default="local", metavar="NAME", help="The cluster to run on; this machine if not given.")
@click.option("--timeout", default="0", metavar="SECONDS", help="Stop after this long, for example 30, 5m or 1h.")
@click.option(
    "--workspace",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Keeps queues and progress; the user's data folder if not given.",
)
@click.option("--fresh", is_flag=True, help="Discard what an unfinished run of this file left, and begin anew.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as one JSON object.")
@click.option("--no-fuse", is_flag=True, hidden=True, help="Give every processor its own stage, to measure.")
@click.pass_context
def run(
    context: click.Context,
    *,
    flow: Path,
    settings: tuple[str, ...],
    target: str,
    timeout: str,
    workspace: Path | None,
    fresh: bool,
    as_json: bool,
    no_fuse: bool,
) -> None:
    """Run a flow until its sources are exhausted and its queues are empty, then print the summary.

    A run that was stopped or killed goes on when the same command is given again. Exit status: 0 done, 1 when messages failed
    for good or are held at a breakpoint, the time limit struck or a processor could not start, 2 when the flow is not valid,
    130 after Ctrl+C.
    """
    if target != "local":
        from engine.cli.deploying import run_there

        context.exit(run_there(str(flow), target, settings, seconds(timeout), fresh=fresh, as_json=as_json))
    from engine.cli.run_session import RunSession
    from engine.client.run import FlowRun, RunOptions
    from engine.model.parameters import parse_settings

    options = RunOptions(overrides=parse_settings(settings), fresh=fresh, timeout_s=seconds(timeout), fuse=not no_fuse)
    session = RunSession(FlowRun(flow, options, workspace, target), as_json=as_json)
    context.exit(session.run())


def seconds(text: str) -> float:
    """What `--timeout` says."""
    from engine.errors import UsageError
    from engine.model.quantity import parse_duration

    try:
        parsed = parse_duration(text)
    except ValueError as error:
        raise UsageError(f"--timeout: {error}") from None
    if parsed < 0:
        raise UsageError(f"--timeout: {text} is less than nothing; give seconds, or 0 for no limit")
    return parsed
