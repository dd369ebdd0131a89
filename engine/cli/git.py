"""`pyfi git`: flow files in git, and code from it."""

from __future__ import annotations

import sys
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
    """Say how a flow file stands in git: its branch, whether it was changed, and which parts.

    Of a folder, list the flow files that are not as they were committed.
    """
    from engine.cli.difference import print_difference, verb
    from engine.cli.terminal import print_json
    from engine.client.flow_git import WorkingTree, changes_since

    tree = WorkingTree(flow)
    if flow.is_dir():
        found = tree.flows()
        if as_json:
            print_json({"path": str(flow), "branch": tree.branch, "flows": found})
        else:
            print(f"{flow}: on branch {tree.branch}")
            print("\n".join(f"{name}: {state}" for name, state in found.items()) or "every flow is as it was committed")
        return
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
    """List the commits that changed a flow file, also under another name, or anything in a folder; the newest first."""
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


@git.command()
@click.argument("flow", type=_FILE)
@click.argument("steps", metavar="[PROCESSOR]...", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
def news(flow: Path, steps: tuple[str, ...], as_json: bool) -> None:
    """List the commits that came since those that the processors of a flow file are pinned to."""
    import msgspec

    from engine.cli.terminal import count, print_json, say
    from engine.client.code_git import news_of
    from engine.client.flow import open_file

    opened = open_file(flow)
    found = news_of(opened.flow, opened.folder, steps)
    if as_json:
        print_json(msgspec.to_builtins(found))
        return
    for each in found:
        if each.trouble:
            say(f"{each.step}: {each.trouble}")
        print(f"{each.step}: {count(len(each.commits), 'new commit')} on {each.branch or 'no branch'}")
        for commit in each.commits:
            print(f"  {commit.commit[:10]} {commit.author}: {commit.subject}")


@git.command()
@click.argument("flow", type=_FILE)
@click.argument("steps", metavar="[PROCESSOR]...", nargs=-1)
def update(flow: Path, steps: tuple[str, ...]) -> None:
    """Pin the processors of a flow file to the newest commits of the branches that theirs are on."""
    from engine.cli.terminal import say
    from engine.client.code_git import news_of
    from engine.client.code_git import update as updated
    from engine.client.flow import open_file, save
    from engine.model.apply import apply

    opened = open_file(flow)
    found = news_of(opened.flow, opened.folder, steps)
    changes = updated(opened.flow, found)
    if changes:
        save(apply(opened.flow, changes), flow)
    for each in found:
        if each.trouble:
            say(f"{each.step}: {each.trouble}")
        print(f"{each.step}: {f'{each.git.commit[:10]} -> {each.newest[:10]}' if each.newest else 'is up to date'}")


@git.command()
@click.argument("host")
@click.option("--delete", is_flag=True, help="Forget the token.")
def token(host: str, delete: bool) -> None:
    """Keep a token for private repositories of HOST in the system's keyring; it is read from the terminal or from stdin."""
    from engine.cli.terminal import say
    from engine.client.code_git import forget_token, keep_token

    if delete:
        say(f"the token of {host} is forgotten" if forget_token(host) else f"there is no token of {host}")
        return
    given = click.prompt("Token", hide_input=True, err=True) if sys.stdin.isatty() else sys.stdin.readline()
    keep_token(host, str(given))
    say(f"the token of {host} is kept in the keyring")
