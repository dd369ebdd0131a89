"""The manual page and the completions, from the commands themselves."""

from __future__ import annotations

import gzip
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click

from engine.cli.completion import script
from engine.cli.root import root
from engine.client.version import version

_COMPLETIONS = {
    "bash": "bash-completion/completions/pyfi",
    "zsh": "zsh/vendor-completions/_pyfi",
    "fish": "fish/vendor_completions.d/pyfi.fish",
}


def write_shared(share: Path, epoch: int) -> None:
    """Write the manual page and the completions into a folder like `/usr/share`."""
    page = share / "man" / "man1" / "pyfi.1.gz"
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_bytes(gzip.compress(manual_page(epoch).encode(), compresslevel=9, mtime=0))
    for shell, name in _COMPLETIONS.items():
        path = share / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(script(root, shell) + "\n", encoding="utf-8")


def manual_page(epoch: int) -> str:
    """`man pyfi`, in the words of `man` itself."""
    day = datetime.fromtimestamp(epoch, UTC).date().isoformat()
    context = click.Context(root, info_name="pyfi")
    lines = [
        f'.TH PYFI 1 "{day}" "PYFI {version()}" "User commands"',
        ".SH NAME",
        "pyfi \\- visual data flows of your own code, on the desktop and in the shell",
        ".SH SYNOPSIS",
        ".B pyfi",
        "[\\fICOMMAND\\fR [\\fIARGUMENTS\\fR]]",
        ".SH DESCRIPTION",
        *_prose(root.help or ""),
        *_options(root, context),
        ".SH COMMANDS",
        *_commands(root, context),
        ".SH EXIT STATUS",
        "0: done. 1: ran, but messages failed. 2: wrong use, or an invalid flow.",
        ".SH FILES",
        ".TP",
        ".I ~/.config/pyfi/settings.toml",
        "what is set once for all",
        ".TP",
        ".I ~/.local/share/pyfi",
        "the flow database and the default workspace; nothing removes them but you",
    ]
    return "\n".join(lines) + "\n"


def _commands(group: click.Group, context: click.Context) -> Iterator[str]:
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if command is None or command.hidden:
            continue
        inner = click.Context(command, info_name=name, parent=context)
        if isinstance(command, click.Group):
            yield from _commands(command, inner)
            continue
        usage = " ".join(command.collect_usage_pieces(inner))
        yield f".SS {_plain(inner.command_path)} {_plain(usage)}"
        yield from _prose(command.help or "")
        yield from _options(command, inner)


def _options(command: click.Command, context: click.Context) -> Iterator[str]:
    for parameter in command.get_params(context):
        record = parameter.get_help_record(context)
        if record is not None:
            yield from (".TP", f"\\fB{_plain(record[0])}\\fR", _plain(record[1]) or "\\&")


def _prose(text: str) -> Iterator[str]:
    for number, paragraph in enumerate(text.replace("\b\n", "").strip().split("\n\n")):
        if number:
            yield ".PP"
        yield from (_plain(line.strip()) for line in paragraph.splitlines())


def _plain(text: str) -> str:
    """Text in which `man` finds no commands of its own."""
    text = " ".join(text.split()).replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{text}" if text.startswith((".", "'")) else text


if __name__ == "__main__":
    write_shared(Path(sys.argv[1]), int(sys.argv[2]))
