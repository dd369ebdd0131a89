"""`pyfi target`: the clusters that this user knows."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import click

_ROLES = ("broker", "results", "bus", "database")


@click.group()
def target() -> None:
    """Name the clusters that flows can run on: where their servers are. `local`, this machine, is always there."""


_SERVERS = (
    click.option("--broker", metavar="URL", help="Carries tickets: amqp://, redis:// or sqs://."),
    click.option("--bus", metavar="URL", help="Carries live figures: redis://."),
    click.option("--database", metavar="URL", help="Holds everything: postgresql://."),
    click.option("--results", metavar="URL", help="Keeps results of calls: the database if not given, or redis:// or s3://."),
    click.option("--shared", metavar="DIR", multiple=True, help="A folder that all nodes have in the same place."),
    click.option("--queues", type=click.Choice(["classic", "quorum"]), help="What RabbitMQ's queues are; classic."),
    click.option("--unchecked", is_flag=True, help="Do not see whether the servers answer."),
)
_Command = TypeVar("_Command", bound=Callable[..., object])


def _servers(command: _Command) -> _Command:
    """The options that say where a target's servers are."""
    for option in reversed(_SERVERS):
        command = option(command)
    return command


@target.command()
@click.argument("name")
@_servers
def add(name: str, unchecked: bool, **servers: object) -> None:
    """Keep the servers of a cluster under NAME, once they were seen to answer."""
    from engine.cli.terminal import say
    from engine.client.targets import Targets, made, probed

    wanted = made(name, servers)
    if not unchecked:
        probed(wanted)
    Targets().add(wanted)
    say(f"target '{name}' is kept in {Targets().path}; a machine joins it with `pyfi agent start --target {name}`")


@target.command()
@click.argument("name")
@_servers
def update(name: str, unchecked: bool, **servers: object) -> None:
    """Change some of the servers of the target NAME."""
    from engine.client.targets import Targets, changed, probed

    wanted = changed(Targets().find(name), servers)
    if not unchecked:
        probed(wanted)
    Targets().add(wanted, replace=True)


@target.command()
@click.argument("name")
def delete(name: str) -> None:
    """Forget the target NAME; what runs there goes on."""
    from engine.client.targets import Targets

    Targets().delete(name)


@target.command()
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
def ls(as_json: bool) -> None:
    """List the targets, without passwords."""
    from engine.cli.terminal import print_json, print_tables, say, table
    from engine.client.targets import Targets

    rows = [{"name": each.name, **each.servers(), "shared": list(each.shared)} for each in Targets().all()]
    if as_json:
        print_json(rows)
    elif rows:
        cells = [[str(row["name"]), *(str(row[role]) for role in _ROLES)] for row in rows]
        print_tables(table(["name", *_ROLES], cells, numbers=[]))
    else:
        say("there are no targets but this machine; name one with `pyfi target add`")


@target.command()
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
@click.pass_context
def test(context: click.Context, name: str, as_json: bool) -> None:
    """See whether every server of the target NAME answers, and say which does not and why."""
    from engine.cli.terminal import print_json
    from engine.client.targets import Targets, probe_all

    found = probe_all(Targets().find(name))
    if as_json:
        print_json(found)
    else:
        for role, reason in found.items():
            print(f"{role:9} {'answers' if reason is None else reason}")
    context.exit(0 if not any(found.values()) else 1)
