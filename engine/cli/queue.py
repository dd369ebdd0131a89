"""`pyfi queue`: look into queues and dead letters, edit messages, empty queues, try dead letters again."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from engine.cli.target_option import AT_TARGET, at_target

if TYPE_CHECKING:
    from engine.client.queues import Message, Page, Queue

_WORKSPACE = click.option(
    "--workspace", type=click.Path(path_type=Path), metavar="DIR", help="The workspace; the user's own if not given."
)
_FLOW = click.option("--flow", default="", metavar="FLOW", help="A flow's file or name; may be left out if there is only one.")
_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
_WIDTH = 160


@click.group()
def queue() -> None:
    """Look into the queues of flows, and into what failed for good.

    Every connection has a queue, called `a.success->b.in`; what failed for good is in `dead:STEP`. An engine that owns
    the workspace is asked; without one the workspace's ledger is read.
    """


@queue.command("ls")
@_FLOW
@_WORKSPACE
@AT_TARGET
@_JSON
def list_(flow: str, workspace: Path | None, as_json: bool) -> None:
    """List queues: what waits in them, how long, and their limits."""
    from engine.cli.terminal import print_json, print_tables
    from engine.client.queues import open_queues

    with open_queues(workspace, target=at_target()) as queues:
        found = queues.list(flow)
    if as_json:
        print_json({"queues": [_queue_json(each) for each in found]})
        return
    by_flow: dict[str, list[Queue]] = {}
    for each in found:
        by_flow.setdefault(each.flow, []).append(each)
    print_tables(*(_table(name, members) for name, members in by_flow.items()))


@queue.command()
@click.argument("key")
@_FLOW
@click.option("--limit", default=20, type=click.IntRange(1, 1000), metavar="N", help="How many messages; 20 if not given.")
@click.option("--from", "at", default="", metavar="PLACE", help="Where to begin: the `next` that an earlier call printed.")
@_WORKSPACE
@AT_TARGET
@_JSON
def peek(key: str, flow: str, limit: int, at: str, workspace: Path | None, as_json: bool) -> None:
    """Show the next messages of the queue KEY. Nothing is taken out."""
    from engine.cli.terminal import print_json
    from engine.client.queues import open_queues

    with open_queues(workspace, target=at_target()) as queues:
        page = queues.peek(flow, key, limit=limit, at=at)
    if as_json:
        import msgspec

        print_json(msgspec.to_builtins(page))
        return
    _print_page(page, key)


@queue.command()
@click.argument("words", nargs=-1, required=True, metavar="[FLOW] KEY MESSAGE")
@click.option("--flow", default="", hidden=True)
@click.option("--content", metavar="TEXT", help="The content: a text as it is, bytes in hexadecimal, anything else as JSON.")
@click.option(
    "--file", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE", help="Take it from a file."
)
@click.option("--as", "kind", type=click.Choice(["text", "json", "hex"]), help="What it is, if not what it was.")
@click.option("--attribute", "attributes", multiple=True, metavar="NAME=VALUE", help="Set an attribute; may be repeated.")
@click.option("--drop-attribute", "dropped", multiple=True, metavar="NAME", help="Take an attribute away; may be repeated.")
@_WORKSPACE
@AT_TARGET
@_JSON
def edit(
    *,
    words: tuple[str, ...],
    flow: str,
    content: str | None,
    file: Path | None,
    kind: str | None,
    attributes: tuple[str, ...],
    dropped: tuple[str, ...],
    workspace: Path | None,
    as_json: bool,
) -> None:
    """Change a MESSAGE that waits at the connection KEY of FLOW, or as a dead letter: its content, or its attributes.

    MESSAGE is an id as `peek` shows it. What is not given stays as it is, and so do its place, its age and where it came from.
    A message that is being worked on, or has gone on, is left alone.
    """
    from engine.cli.terminal import print_json
    from engine.client.message_edit import edit_of
    from engine.client.queues import open_queues

    if len(words) not in (2, 3):
        raise click.UsageError("give a connection and a message's id; quote the connection's key, since `>` is the shell's")
    *flows, key, id = words
    if (content is not None) and (file is not None):
        raise click.UsageError("give either --content or --file")
    if content is None and file is None and not attributes and not dropped:
        raise click.UsageError("say what is to be different: --content, --file, --attribute or --drop-attribute")
    flow = flow or "".join(flows)
    with open_queues(workspace, write=True, target=at_target()) as queues:
        found = queues.find(flow, key, id)
        new = _content_for(found, content, file, kind)
        queues.edit(flow, key, edit_of(found, content=new, attributes=_attributes_for(found, attributes, dropped)))
    if as_json:
        print_json({"queue": key, "edited": id})
    else:
        print(f"{key}: the message {id} is edited")


def _content_for(found: Message, text: str | None, file: Path | None, kind: str | None) -> Any:
    """What an edit has as content; of the kind that the message's is, unless told otherwise."""
    from msgspec import UNSET

    from engine.client.message_edit import Kind, kind_of, read_file, read_text

    if text is None and file is None:
        return UNSET
    chosen = Kind(kind) if kind else kind_of(found)
    if chosen is None:
        raise click.UsageError("the content is so large that it is kept in a file; say what the new one is with --as")
    return read_text(chosen, text) if text is not None else read_file(chosen, file.read_bytes() if file is not None else b"")


def _attributes_for(found: Message, given: tuple[str, ...], dropped: tuple[str, ...]) -> dict[str, str] | None:
    """All attributes that a message is to have; None: those that it has."""
    if not given and not dropped:
        return None
    wanted = {name: value for name, value in found.attributes.items() if name not in dropped}
    for name in dropped:
        if name not in found.attributes:
            raise click.UsageError(f"the message has no attribute '{name}'")
    for each in given:
        name, mark, value = each.partition("=")
        if not mark or not name:
            raise click.UsageError(f"--attribute '{each}' is not NAME=VALUE")
        wanted[name] = value
    return wanted


@queue.command()
@click.argument("words", nargs=-1, required=True, metavar="[FLOW] KEY")
@click.option("--flow", default="", hidden=True)
@click.option("--count", "messages", type=click.IntRange(1), metavar="N", help="Only so many; all that wait if not given.")
@_WORKSPACE
@AT_TARGET
@_JSON
def release(words: tuple[str, ...], flow: str, messages: int | None, workspace: Path | None, as_json: bool) -> None:
    """Let messages go that the breakpoint at the connection KEY of FLOW holds.

    FLOW, which an engine or a cluster must be running, may be left out if there is only one.
    """
    from engine.cli.terminal import count, print_json
    from engine.client.steering import open_steering

    *flows, key = words
    if len(flows) > 1:
        raise click.UsageError("give a flow and one connection; quote the connection's key, since `>` is the shell's")
    flow = flow or "".join(flows)
    with open_steering(flow, workspace, target=at_target()) as steering:
        released = steering.release(key, messages)
    if as_json:
        print_json({"queue": key, "released": released})
    else:
        print(f"{key}: {count(released, 'message')} released")


@queue.command()
@click.argument("key", default="")
@click.option("--all", "all_", is_flag=True, help="Every connection of the flow instead of one; dead letters stay.")
@click.option("--within", default="", metavar="SUBFLOW", help="With --all: only the connections inside a subflow.")
@_FLOW
@_WORKSPACE
@AT_TARGET
@_JSON
def purge(key: str, all_: bool, within: str, flow: str, workspace: Path | None, as_json: bool) -> None:
    """Delete every message of the queue KEY, but for those being worked on."""
    from engine.cli.terminal import count, print_json
    from engine.client.queues import open_queues

    if all_ == bool(key) or (within and not all_):
        raise click.UsageError("give either the KEY of a queue, or --all (with --within SUBFLOW for those inside a subflow)")
    with open_queues(workspace, write=True, target=at_target()) as queues:
        if all_:
            _print_purged(queues.purge_all(flow, within), as_json=as_json)
            return
        deleted = queues.purge(flow, key)
    if as_json:
        print_json({"queue": key, "deleted": deleted})
    else:
        print(f"{key}: {count(deleted, 'message')} deleted")


@queue.command()
@click.argument("step")
@_FLOW
@click.option("--to", default="", metavar="KEY", help="The connection to put them into; the one they came from if not given.")
@click.option("--limit", type=click.IntRange(1), metavar="N", help="Only so many batches, the oldest first.")
@_WORKSPACE
@AT_TARGET
@_JSON
def replay(step: str, flow: str, to: str, limit: int | None, workspace: Path | None, as_json: bool) -> None:
    """Give the dead letters of STEP another try."""
    from engine.cli.terminal import count, print_json
    from engine.client.queues import open_queues

    step = step.removeprefix("dead:")
    with open_queues(workspace, write=True, target=at_target()) as queues:
        moved = queues.replay(flow, step, to=to, limit=limit)
    if as_json:
        print_json({"step": step, "replayed": sum(moved.values()), "queues": moved})
        return
    for key, number in moved.items():
        print(f"{key}: {count(number, 'message')} put back")
    if not moved:
        print(f"{step}: there are no dead letters")


def _print_purged(counts: dict[str, int], *, as_json: bool) -> None:
    from engine.cli.terminal import count, print_json

    if as_json:
        print_json({"deleted": sum(counts.values()), "queues": counts})
        return
    for key, number in counts.items():
        print(f"{key}: {count(number, 'message')} deleted")
    if not counts:
        print("the queues are empty")


def _table(name: str, found: list[Queue]) -> Any:
    from engine.cli.terminal import table

    now_ms = time.time() * 1000
    rows = [
        (
            each.key,
            f"{each.messages:,}" if each.messages else "-",
            _size(each.bytes) if each.messages else "-",
            _age((now_ms - each.oldest_ms) / 1000) if each.oldest_ms else "-",
            f"{each.limit_messages:,}" if each.limit_messages else "-",
            _size(each.limit_bytes) if each.limit_bytes else "-",
        )
        for each in found
    ]
    columns = ("queue", "messages", "size", "oldest", "limit", "size limit")
    return table(columns, rows, numbers=columns[1:], title=name)


def _queue_json(found: Queue) -> dict[str, Any]:
    return {
        "flow": found.flow,
        "queue": found.key,
        "kind": found.kind,
        "messages": found.messages,
        "bytes": found.bytes,
        "oldest_ms": found.oldest_ms,
        "limit": {"messages": found.limit_messages, "bytes": found.limit_bytes},
    }


def _print_page(page: Page, key: str) -> None:
    import json

    for message in page.messages:
        print(f"{message.id}  {message.type}" + (f"  tried {message.attempt} times" if message.attempt else ""))
        for name, value in message.attributes.items():
            print(f"  {name}: {_line(value)}")
        print(f"  {_line(json.dumps(message.content, ensure_ascii=False))}")
    if not page.messages:
        print(f"{key}: empty")
    if page.next is not None:
        print(f"more: --from {page.next}")


def _line(text: str) -> str:
    """A text on one line, with what a terminal must not get to see made visible."""
    shown = "".join(each if each.isprintable() else each.encode("unicode_escape").decode("ascii") for each in text[:_WIDTH])
    return shown + ("…" if len(text) > _WIDTH else "")


def _size(number: int) -> str:
    size = float(number)
    for unit in ("B", "kB", "MB"):
        if size < 1000:
            return f"{size:.3g} {unit}"
        size /= 1000
    return f"{size:,.3g} GB" if size < 1000 else f"{size:,.0f} GB"


def _age(seconds: float) -> str:
    for limit, divisor, unit in ((120, 1, "s"), (7200, 60, "min"), (172_800, 3600, "h")):
        if seconds < limit:
            return f"{max(0.0, seconds) / divisor:.0f} {unit}"
    return f"{seconds / 86_400:.0f} d"
