"""What a flow leaves behind: the files its sinks write, and a look into them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from engine.errors import PyfiError
from engine.model.flatten import flatten
from engine.model.flow import Flow
from engine.processors.registry import catalog
from engine.runtime.hosts.builtin.expand import compression_of, expander

_PIECE = 1 << 16


class ResultFile(Struct, frozen=True):
    """A file or folder that a processor (by full id) writes; `size_bytes` is -1 while it is not there."""

    step: str
    path: Path
    size_bytes: int = -1
    changed_s: float = 0.0
    is_folder: bool = False


class Preview(Struct, frozen=True):
    """The first lines of a file; `cut` when there are more."""

    lines: list[str]
    cut: bool = False
    trouble: str = ""


def result_files(flow: Flow, folder: Path) -> list[ResultFile]:
    """The files and folders that a flow's sinks write, as they are now; none while the flow cannot be unfolded."""
    try:
        flat = flatten(flow)
    except PyfiError:
        return []
    known = catalog()
    found: list[ResultFile] = []
    for step in flat.steps.values():
        declared = known.get(step.processor.type)
        if declared is None or not declared.final:
            continue
        for name in declared.paths:
            value = step.processor.config.get(name)
            if isinstance(value, str) and value:
                found.append(_looked_at(step.id, folder / value))
    return found


def _looked_at(step: str, path: Path) -> ResultFile:
    try:
        stat = path.stat()
    except OSError:
        return ResultFile(step, path)
    if path.is_dir():
        entries = sum(1 for _ in os.scandir(path))
        return ResultFile(step, path, entries, stat.st_mtime, is_folder=True)
    return ResultFile(step, path, stat.st_size, stat.st_mtime)


def preview(path: Path, lines: int = 200, longest: int = 2000) -> Preview:
    """The first lines of a text file, also of a compressed one; of a folder its entries."""
    try:
        if path.is_dir():
            names = sorted(entry.name for entry in os.scandir(path))
            return Preview(names[:lines], len(names) > lines)
        return _first_lines(path, lines, longest)
    except FileNotFoundError:
        return Preview([], trouble="Nothing has been written yet.")
    except OSError as error:
        return Preview([], trouble=f"{path.name} cannot be read: {error.strerror}.")
    except Exception as error:  # noqa: BLE001 - decompressors raise whatever their libraries do
        return Preview([], trouble=f"{path.name} cannot be shown: {error}.")


def _first_lines(path: Path, lines: int, longest: int) -> Preview:
    found: list[str] = []
    rest = b""
    for piece in _pieces(path):
        rest += piece
        *whole, rest = rest.split(b"\n")
        found.extend(line[:longest].decode("utf-8", "replace") for line in whole)
        if len(found) > lines:
            return Preview(found[:lines], cut=True)
        rest = rest[: longest * 4]
    if rest:
        found.append(rest[:longest].decode("utf-8", "replace"))
    return Preview(found[:lines], cut=len(found) > lines)


def _pieces(path: Path) -> Iterator[bytes]:
    """A file's content from its beginning; of a compressed file that is being written, as much as is there."""
    compression = compression_of(path)
    with path.open("rb") as file:
        expanding = expander(compression) if compression is not None else None
        while data := file.read(_PIECE):
            if expanding is None:
                yield data
            else:
                yield from expanding.expand(data, lambda: _PIECE)
