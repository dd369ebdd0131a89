"""`pyfi test`: the samples that a flow's processors keep, with what is expected of them."""

from __future__ import annotations

import click


@click.command()
@click.argument("flow")
@click.argument("processor", nargs=-1)
@click.option("--set", "settings", multiple=True, metavar="NAME=VALUE", help="Another value for a parameter; may be repeated.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def test(context: click.Context, /, *, flow: str, processor: tuple[str, ...], settings: tuple[str, ...], as_json: bool) -> None:
    """Run the tests of a FLOW, or of some PROCESSORs of it: what they keep under `tests`.

    FLOW is a flow file or a stored flow. Every processor runs alone in a real host on this machine; no server is needed and no
    queue is touched, but effects outside, such as files that it writes, are real. A processor inside a subflow is called
    `subflow/processor`.

    Exit status: 0 all passed, 1 when one did not, with what is missing (-) and what came instead (+), 2 when there are no tests
    or a processor cannot run.

    \b
    pyfi test triage.flow.yaml
    pyfi test triage.flow.yaml parse clean/strip
    """  # noqa: D301 - click takes the character itself for "keep these lines as they are"
    import asyncio

    from engine.cli.test_session import TestSession
    from engine.model.parameters import parse_settings

    session = TestSession(flow, processor, parse_settings(settings), as_json=as_json)
    context.exit(asyncio.run(session.run()))
