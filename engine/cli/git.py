"""`pyfi git`: flow files in git, and code from it."""

from __future__ import annotations

import time
from pathlib import Path

import click

_FILE = click.Path(path_type=Path)


@click.group()
def git() -> None:
    """Flow files in git: differences and merges part by part, here and in the shell's own git."""


@git.command()
@click.option("--global", "everywhere", is_flag=True, help="For every repository of this user.")
def install(everywhere: bool) -> None:
    """Have `git diff` and `git merge` understand flow files, in the repository of this folder."""
    from engine.client.flow_git import install as set_up

    for line in set_up(Path.cwd(), everywhere=everywhere):
        print(line)


@git.command()
@click.argument("path", type=_FILE)
def textconv(path: Path) -> None:
    """Print a flow file in its one form; git calls this for `git diff`."""
    from engine.cli.terminal import print_text
    from engine.client.flow_git import textconv as converted

    print_text(converted(path))


@git.command("merge-driver")
@click.argument("base", type=_FILE)
@click.argument("ours", type=_FILE)
@click.argument("theirs", type=_FILE)
@click.argument("shown", default="")
@click.pass_context
def merge_driver(context: click.Context, base: Path, ours: Path, theirs: Path, shown: str) -> None:
    """Merge three flow files into OURS; git calls this for `git merge`.

    Exit status: 0 merged, 1 there are conflicts, which stand in the file between git's marks.
    """
    from engine.cli.terminal import say
    from engine.client.flow_git import merge_files

    conflicts = merge_files(base, ours, theirs)
    name = shown or str(ours)
    if conflicts is None:
        say(f"{name}: is no flow on one side; its lines were merged")
    for each in conflicts or ():
        say(f"{name}: '{each.id}' {f'`{each.field}` was changed' if each.field else 'was changed or removed'} on both sides")
    context.exit(1 if conflicts is None or conflicts else 0)


@git.command()
@click.argument("flow", type=_FILE)
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def status(flow: Path, as_json: bool) -> None:
    """Say how a flow file stands in git: its branch, whether it was changed, and which parts."""
    from engine.cli.difference import print_difference, verb
    from engine.cli.terminal import print_json
    from engine.client.flow_git import WorkingTree, changes_since

    tree = WorkingTree(flow)
    state = tree.status()
    changed = changes_since(tree) if state == "changed" else []
    if as_json:
        parts = [{"part": each.part, "key": each.key, "change": verb(each)} for each in changed]
        print_json({"path": str(flow), "branch": tree.branch, "status": state, "parts": parts})
        return
    print(f"{flow}: {state}, on branch {tree.branch}")
    if changed:
        print_difference(changed, as_json=False, ignore_layout=False)


@git.command()
@click.argument("flow", type=_FILE)
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
def log(flow: Path, as_json: bool) -> None:
    """List the commits that changed a flow file, the newest first."""
    import msgspec

    from engine.cli.terminal import print_json, print_tables, table
    from engine.client.flow_git import WorkingTree

    found = WorkingTree(flow).log()
    if as_json:
        print_json(msgspec.to_builtins(found))
        return
    rows = [(e.commit[:10], time.strftime("%Y-%m-%d %H:%M", time.localtime(e.at_s)), e.author, e.subject) for e in found]
    print_tables(table(("commit", "time", "author", "subject"), rows))


@git.command()
@click.argument("flow", type=_FILE)
@click.argument("commit", default="HEAD")
@click.option("--json", "as_json", is_flag=True, help="Print the changes as JSON.")
@click.option("--ignore-layout", is_flag=True, help="Leave out what only moved.")
@click.pass_context
def diff(context: click.Context, flow: Path, commit: str, as_json: bool, ignore_layout: bool) -> None:
    """Say how a flow file differs from COMMIT (HEAD): which parts came, went or changed.

    Exit status: 0 not at all, 1 it differs.
    """
    from engine.cli.difference import print_difference
    from engine.client.flow_git import WorkingTree, changes_since

    found = changes_since(WorkingTree(flow), commit)
    context.exit(1 if print_difference(found, as_json=as_json, ignore_layout=ignore_layout) else 0)
