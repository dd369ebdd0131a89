"""The words after `pyfi`, and the modules behind them."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from importlib.util import find_spec

import click

from engine.model.problem import did_you_mean

COMPLETE = "_PYFI_COMPLETE"
"""Set by the shell when it asks for completions."""

WORDS: Mapping[str, tuple[str, str]] = {
    "run": ("engine.cli.run", "Run a flow file to its end."),
    "app": ("engine.cli.desktop", "Open the desktop."),
    "validate": ("engine.cli.flow_file", "Say everything that keeps flows from running."),
    "layout": ("engine.cli.flow_file", "Place a flow's processors on the canvas."),
    "diff": ("engine.cli.flow_file", "Say how two flows differ."),
    "import": ("engine.cli.flow_store", "Store a flow file in the flow database."),
    "export": ("engine.cli.flow_store", "Write a stored flow to a file."),
    "ls": ("engine.cli.kind", "List flows, processor types, deployments ..."),
    "show": ("engine.cli.kind", "Show one flow, processor type, deployment ..."),
    "add": ("engine.cli.change", "Add a pattern to the library."),
    "delete": ("engine.cli.change", "Delete a pattern of the library."),
    "test": ("engine.cli.test", "Run the tests that a flow's processors keep."),
    "task": ("engine.cli.task", "Run one processor on given data."),
    "debug": ("engine.cli.debug", "Run one processor with a debugger attached."),
    "calls": ("engine.cli.calls", "Look at calls of steps, and fetch their results."),
    "queue": ("engine.cli.queue", "Look into queues and dead letters."),
    "run-once": ("engine.cli.steer", "Run one task of processors that are stopped."),
    "terminate": ("engine.cli.steer", "End what processors are at, at once."),
    "replay-last": ("engine.cli.steer", "Work once more on what a processor took last."),
    "state": ("engine.cli.state", "Look into what processors keep, and clear it."),
    "lineage": ("engine.cli.lineage", "Say where a message came from and what became of it."),
    "logs": ("engine.cli.logs", "Read what processors have logged."),
    "listen": ("engine.cli.listen", "Print what happens, as it happens."),
    "stats": ("engine.cli.stats", "Show what a flow or parts of it did over time."),
    "git": ("engine.cli.git", "Flow files in git: their differences and merges."),
    "env": ("engine.cli.env", "Look after the environments that code runs in."),
    "serve": ("engine.cli.serve", "Run an engine that others hand flows to."),
    "target": ("engine.cli.target", "Name the clusters that flows can run on."),
    "agent": ("engine.cli.agent", "Have this machine run parts of flows for a cluster."),
    "deploy": ("engine.cli.deploy", "Have a flow run on a cluster."),
    "undeploy": ("engine.cli.deploy", "Take a flow away from a cluster."),
    "start": ("engine.cli.deploy", "Start a deployed flow, or processors of it."),
    "stop": ("engine.cli.deploy", "Stop a deployed flow, or processors of it."),
    "pause": ("engine.cli.deploy", "Have a deployed flow begin nothing more."),
    "resume": ("engine.cli.deploy", "Have a deployed flow go on after a pause."),
    "scale": ("engine.cli.deploy", "Say how many workers run a processor."),
    "node": ("engine.cli.node", "Have a node take work, or none; drop one that is gone."),
    "db": ("engine.cli.db", "Set up, migrate and dump the flow database."),
}
"""Word to module and line of help, in the order of the help. A module holds the click command or group as a variable called
like the word (`run_once` for `run-once`; with a `_` behind it where that is a word of Python, such as `import_`).
"""


class Words(click.Group):
    """The commands of `pyfi`, each imported when its word is used: what one of them needs costs the others nothing."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every word whose module is there."""
        return [word for word, (module, _) in WORDS.items() if find_spec(module) is not None]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command behind a word; None when there is none."""
        module = WORDS.get(cmd_name, ("", ""))[0]
        if not module or find_spec(module) is None:
            return None
        found = importlib.import_module(module)
        variable = cmd_name.replace("-", "_")
        command = getattr(found, f"{variable}_", None) or getattr(found, variable)
        assert isinstance(command, click.Command)
        return command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that the arguments begin with."""
        word = args[0]
        known = self.list_commands(ctx)
        if word not in known and not word.startswith("-") and not ctx.resilient_parsing:
            ctx.fail(f"there is no command '{word}'{did_you_mean(word, known)}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands in the help, without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(word, WORDS[word][1]) for word in self.list_commands(ctx)])
