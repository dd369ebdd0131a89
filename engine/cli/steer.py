"""`pyfi run-once`, `terminate` and `replay-last`: single processors of a flow that an engine or a cluster has."""

from __future__ import annotations

from pathlib import Path

import click

from engine.cli.target_option import AT_TARGET, at_target

WORKSPACE = click.option(
    "--workspace", type=click.Path(path_type=Path), metavar="DIR", help="The workspace; the user's own if not given."
)
JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


@click.command(name="run-once")
@click.argument("flow")
@click.argument("steps", nargs=-1, required=True, metavar="STEP...")
@click.option(
    "--messages", type=click.IntRange(1), metavar="N", help="At most so many; as many as one task takes if not given."
)
@click.option("--timeout", default="60", metavar="SECONDS", help="End what takes longer; 60 if not given.")
@WORKSPACE
@AT_TARGET
@JSON
@click.pass_context
def run_once(
    context: click.Context,
    *,
    flow: str,
    steps: tuple[str, ...],
    messages: int | None,
    timeout: str,
    workspace: Path | None,
    as_json: bool,
) -> None:
    """Run one task of each STEP of FLOW, which an engine or a cluster has and in which these steps are stopped.

    A subflow stands for all processors in it. Exit status: 0 all of them did something, 1 one of them did not.
    """
    from engine.cli.run import seconds
    from engine.cli.terminal import count, print_json
    from engine.client.steering import open_steering

    with open_steering(flow, workspace, target=at_target()) as steering:
        done = steering.run_once(steps, messages=messages, timeout_s=seconds(timeout))
    if as_json:
        print_json({"ran": [{"step": ran.step, "messages": ran.messages, "reason": ran.reason} for ran in done]})
    else:
        for ran in done:
            print(f"{ran.step}: {count(ran.messages, 'message') if ran.messages else ran.reason}")
    context.exit(0 if all(ran.messages for ran in done) else 1)


@click.command()
@click.argument("flow")
@click.argument("steps", nargs=-1, required=True, metavar="STEP...")
@WORKSPACE
@AT_TARGET
@JSON
def terminate(*, flow: str, steps: tuple[str, ...], workspace: Path | None, as_json: bool) -> None:
    """Stop each STEP of FLOW and end what it is at, at once: its process is killed.

    Nothing is lost: the messages that it was at go back to their queues whole, and are worked on again when it is started. A
    subflow stands for all processors in it.
    """
    from engine.cli.terminal import print_json
    from engine.client.steering import open_steering

    with open_steering(flow, workspace, target=at_target()) as steering:
        steering.terminate(steps)
    if as_json:
        print_json({"terminated": list(steps)})
    else:
        for step in steps:
            print(f"{step}: stopped, and what it was at is ended")


@click.command(name="replay-last")
@click.argument("flow")
@click.argument("step")
@click.option("--count", "messages", type=click.IntRange(1), default=1, metavar="N", help="How many messages; 1 if not given.")
@WORKSPACE
@AT_TARGET
@JSON
def replay_last(*, flow: str, step: str, messages: int, workspace: Path | None, as_json: bool) -> None:
    """Have STEP of FLOW work once more on the last message that it took, as a copy.

    `--count` takes the last N of the last batch that it took. An engine, or each worker of a
    cluster, keeps that batch in memory, for as long as it runs.
    """
    from engine.cli.terminal import count, print_json
    from engine.client.steering import open_steering

    with open_steering(flow, workspace, target=at_target()) as steering:
        moved = steering.replay_last(step, messages)
    if as_json:
        print_json({"step": step, "replayed": sum(moved.values()), "queues": moved})
        return
    for key, number in moved.items():
        print(f"{key}: {count(number, 'message')} put in again")
