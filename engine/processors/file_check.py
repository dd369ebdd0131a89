"""What can be wrong with the files that a config names."""

from __future__ import annotations

import codecs
import glob
from collections.abc import Sequence
from pathlib import Path

COMPRESSED = (".gz", ".bz2", ".xz", ".lzma", ".zst")


def encoding_problem(encoding: str) -> str | None:
    """Why text cannot be read or written in an encoding."""
    try:
        "\n".encode(codecs.lookup(encoding).name)
    except (LookupError, TypeError, ValueError):
        return f"`encoding` is '{encoding}', which is none that Python knows; use utf-8, latin-1 or another text encoding"
    return None


def compression_problem(path: str) -> str | None:
    """Why a file that grows cannot be read."""
    if path.lower().endswith(COMPRESSED):
        return f"'{path}' is compressed, and only plain files can be followed; set `follow: false`"
    return None


def missing_problem(path: str, folder: Path, otherwise: str = "") -> str | None:
    """Why there is nothing to read: no such file, or none that matches."""
    full = folder / Path(path).expanduser()
    if full.is_dir():
        return f"`path` is the folder '{full}'; name a file, or files by a pattern such as '{path.rstrip('/')}/*'"
    if full.exists() or (glob.has_magic(path) and _matches(str(full))):
        return None
    what = "no file matches" if glob.has_magic(path) else "there is no file"
    return f"{what} '{full}'; check `path`, which is relative to the flow file{otherwise}"


def _matches(pattern: str) -> bool:
    # The very function that the body uses: pathlib's patterns differ in what ** and hidden files mean.
    return any(glob.iglob(pattern, recursive=True))  # noqa: PTH207


def writing_problem(encoding: str) -> str | None:
    """Why text cannot be written in an encoding."""
    problem = encoding_problem(encoding)
    if problem is None and "".encode(encoding):
        name = codecs.lookup(encoding).name
        cure = "utf-8" if name == "utf-8-sig" else f"{name}-le"
        return f"`encoding` is '{encoding}', which begins every text with a byte order mark; use {cure}"
    return problem


def target_problem(path: str, folder: Path) -> str | None:
    """Why a file cannot be written."""
    full = folder / Path(path).expanduser()
    if full.is_dir() or path.endswith(("/", "\\")):
        return f"`path` is the folder '{full}'; name a file in it"
    if full.exists() and not full.is_file():
        return f"`path` is '{full}', which is no regular file; name one that can be cut back after a crash"
    return None


def csv_problems(delimiter: str, quotechar: str, columns: Sequence[str]) -> list[str | None]:
    """Why a table cannot be read or written so."""
    twice = [name for name in columns if columns.count(name) > 1]
    return [
        _mark_problem("delimiter", delimiter),
        _mark_problem("quotechar", quotechar),
        f"`delimiter` and `quotechar` are both '{delimiter}'; they must differ" if delimiter == quotechar else None,
        f"`columns` names '{twice[0]}' twice; every column needs a name of its own" if twice else None,
    ]


def _mark_problem(setting: str, mark: str) -> str | None:
    if len(mark) != 1 or mark in "\r\n":
        return f"`{setting}` is {mark!r}; it must be one character, such as a comma, a semicolon or a tab"
    return None
