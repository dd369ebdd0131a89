"""From an error to one line on stderr and an exit status."""

from __future__ import annotations

import errno
import os
import platform
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path

import click

from engine.cli.terminal import prepare_streams, say
from engine.errors import InvalidFlow, PyfiError

INTERNAL = 70
"""The exit status of a fault in PYFI itself (EX_SOFTWARE of sysexits.h)."""
INTERRUPTED = 130
TERMINATED = 143
PIPE_CLOSED = 141
"""As of a program that SIGPIPE ended: whoever read the output has gone."""
_FULL = (errno.ENOSPC, errno.EDQUOT)
_SECRET = ("--set", "--data")


def guarded(call: Callable[[list[str]], int], arguments: list[str]) -> int:
    """Call a command; whatever it raises becomes a line for the user, never a traceback."""
    prepare_streams()
    try:
        status = call(arguments)
        sys.stdout.flush()
        return status
    except BrokenPipeError:
        _abandon_stdout()
        return PIPE_CLOSED
    except InvalidFlow as error:
        for problem in error.problems:
            say(" ".join(str(problem).split("\n")))
        return error.exit_code
    except PyfiError as error:
        say(f"pyfi: {_one_line(str(error))}")
        return error.exit_code
    except click.exceptions.NoArgsIsHelpError as error:
        say(error.format_message())
        return error.exit_code
    except click.ClickException as error:
        say(f"pyfi: {_usage(error)}")
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        say("pyfi: interrupted")
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001 - the last resort: a fault of ours, which the user can hand on
        return _unforeseen(error, arguments)


def _unforeseen(error: Exception, arguments: list[str]) -> int:
    """What no command expects: no room for its output, or a fault of ours."""
    if isinstance(error, OSError) and error.errno in _FULL:
        _abandon_stdout()
        place = error.filename or "the output"
        say(f"pyfi: {place} cannot be written ({error.strerror}); free some space, or write elsewhere")
        return 1
    path = _write_report(error, arguments)
    kind = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    say(f"pyfi: internal error ({_one_line(kind)}); please report it with the file {path}")
    return INTERNAL


def _abandon_stdout() -> None:
    """Python flushes stdout once more when it ends, and would complain again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _usage(error: click.ClickException) -> str:
    """A sentence about wrong use, with the cure."""
    text = _one_line(error.format_message()).rstrip(".")
    text = text[:1].lower() + text[1:]
    context = error.ctx if isinstance(error, click.UsageError) else None
    path = context.command_path if context is not None else "pyfi"
    return f"{text}{'' if text.endswith('?') else ';'} `{path} --help` shows how to use it"


def _write_report(error: Exception, arguments: list[str]) -> Path | str:
    """Keep everything that helps to find a fault; returns where."""
    from engine.client.version import version

    trace = "".join(traceback.format_exception(error))
    text = (
        f"pyfi {version()}, Python {platform.python_version()}, {platform.platform()}\n"
        f"at {time.strftime('%Y-%m-%d %H:%M:%S %z')}\n"
        f"command: pyfi {' '.join(_without_values(arguments))}\n\n{trace}"
    )
    for folder in (_reports_folder, tempfile.gettempdir):
        try:
            place = Path(folder())
            place.mkdir(parents=True, exist_ok=True, mode=0o700)
            path = place / f"pyfi-report-{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}.txt"
            path.write_text(text, encoding="utf-8", errors="backslashreplace")
        except OSError:
            continue
        return path
    say(trace)
    return "(it could not be written anywhere; copy the lines above)"


def _reports_folder() -> str:
    import platformdirs

    return str(Path(platformdirs.user_data_dir("pyfi", appauthor=False)) / "reports")


def _without_values(arguments: list[str]) -> list[str]:
    """The command line without what may be secret or private."""
    shown: list[str] = []
    for index, argument in enumerate(arguments):
        name, equals, _ = argument.partition("=")
        if equals and name in _SECRET:
            shown.append(f"{name}=...")
        elif index and arguments[index - 1] in _SECRET:
            shown.append("...")
        else:
            shown.append(argument)
    return shown
