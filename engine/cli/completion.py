"""Completion of commands and options in the user's shell."""

from __future__ import annotations

from pathlib import Path

from click import Command
from click.shell_completion import get_completion_class

from engine.cli.words import COMPLETE
from engine.errors import StorageError, UsageError

_MARK = "# completion of pyfi"
_BEGINNINGS = {
    "bash": (".bashrc", f'eval "$({COMPLETE}=bash_source pyfi)"  {_MARK}'),
    "zsh": (".zshrc", f'eval "$({COMPLETE}=zsh_source pyfi)"  {_MARK}'),
    "fish": (".config/fish/completions/pyfi.fish", f"{COMPLETE}=fish_source pyfi | source  {_MARK}"),
}


def script(program: Command, shell: str) -> str:
    """The script that a shell must run to complete the program's commands.

    Raises:
        UsageError: there is none for that shell.
    """
    _check(shell)
    found = get_completion_class(shell)
    assert found is not None
    return found(program, {}, "pyfi", COMPLETE).source()


def install(shell: str) -> str:
    """Have a shell run the script whenever it starts; returns what was done.

    Raises:
        UsageError: there is no completion for that shell.
        StorageError: its start file cannot be written.
    """
    _check(shell)
    name, line = _BEGINNINGS[shell]
    path = Path.home() / name
    try:
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        if _MARK in text:
            return f"{path} sets completion up already"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(("" if not text or text.endswith("\n") else "\n") + line + "\n")
    except OSError as error:
        raise StorageError(f"{path} cannot be written ({error.strerror}); add this line to it yourself: {line}") from None
    return f"{path} now sets completion up; start a new {shell}"


def _check(shell: str) -> None:
    if shell not in _BEGINNINGS:
        raise UsageError(f"there is no completion for '{shell}'; it can be {', '.join(_BEGINNINGS)}")
