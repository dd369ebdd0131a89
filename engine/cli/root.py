"""What `pyfi` itself takes: its version, shell completion, or nothing, which opens the desktop."""

from __future__ import annotations

import os

import click

from engine.cli.words import COMPLETE, Words


@click.group(
    cls=Words,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    epilog="`pyfi COMMAND --help` shows how to use a command. Exit status: 0 done, 1 ran but messages failed, 2 wrong use or "
    "invalid flow.",
)
@click.option("--version", is_flag=True, help="Print the version.")
@click.option("--show-completion", metavar="SHELL", help="Print the completion script for bash, zsh or fish.")
@click.option("--install-completion", metavar="SHELL", help="Set completion up for bash, zsh or fish.")
@click.pass_context
def root(context: click.Context, version: bool, show_completion: str | None, install_completion: str | None) -> None:
    """Data flows of your own Python, Node.js and bash code: durable on this machine, unchanged on a cluster.

    Without a command, the desktop opens.
    """
    if version:
        from engine.client.version import version as current

        print(f"pyfi {current()}")
    elif show_completion or install_completion:
        from engine.cli import completion

        print(completion.script(root, show_completion) if show_completion else completion.install(install_completion or ""))
    elif context.invoked_subcommand is None:
        from engine.cli.desktop import open_desktop

        context.exit(open_desktop([]))
    else:
        return
    context.exit(0)


def call(arguments: list[str]) -> int:
    """Run the command that the arguments name; returns its exit status."""
    if COMPLETE in os.environ:
        root.main(arguments, prog_name="pyfi")
    # Not by `main` otherwise: it would end the process by itself when nobody reads the output any more.
    try:
        with root.make_context("pyfi", arguments) as context:
            root.invoke(context)
    except click.exceptions.Exit as ended:
        return ended.exit_code
    return 0
