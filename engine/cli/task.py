"""`pyfi task`: one processor, alone."""

from __future__ import annotations

import click


@click.group()
def task() -> None:
    """Run single processors."""


@task.command()
@click.argument("flow", required=False)
@click.argument("processor", required=False)
@click.option("--socket", metavar="FLOW.PROCESSOR", help="The flow and the processor in one word.")
@click.option("--data", multiple=True, metavar="JSON", help="A message's content; may be repeated. Without it, stdin is read.")
@click.option(
    "--lines", is_flag=True, help="Each line of stdin is a message, as text; results that are text are printed plainly."
)
@click.option("--input", "input_", metavar="PORT", help="The input that the data goes to; the first if not given.")
@click.option("--port", metavar="PORT", help="Print only what leaves by this output, and of it only the contents.")
@click.option(
    "--limit",
    type=click.IntRange(min=0),
    default=10,
    metavar="N",
    show_default=True,
    help="Of a source, print this many messages; 0: all.",
)
@click.pass_context
def run(context: click.Context, /, **options: object) -> None:
    """Run one PROCESSOR of a FLOW on given data, and print what it makes.

    FLOW is a flow file or a stored flow. Data is JSON: with --data, or on stdin as any number of JSON values, best one a line.
    Each message that leaves is printed as one line of JSON: {"port": "success", "content": ..., "attributes": {...}}. What the
    processor logs goes to stderr. Effects outside, such as files that it writes, are real.

    Exit status: 0 done, 1 when a message failed.

    \b
    pyfi task run triage.flow.yaml parse --data '"10.0.0.1 GET /"'
    zcat access.log.gz | pyfi task run triage.flow.yaml parse --lines --port success
    """  # noqa: D301 - click takes the character itself for "keep these lines as they are"
    from engine.cli.task_session import TaskSession

    context.exit(TaskSession(**options).run())  # pyright: ignore[reportArgumentType] - click hands over what is declared above
