"""Flows by the name a user gives: a flow file, or a flow of the database."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from msgspec import Struct, structs

from engine.client.reference import is_file
from engine.errors import InvalidFlow, PyfiError
from engine.model.apply import diff
from engine.model.change import Change
from engine.model.codec import dump_flow, dump_part, load_flow, read_flow, write_flow, write_whole
from engine.model.flow import Connection, Flow, Header, Label, Part, Processor, Subflow
from engine.model.layout import laid_out
from engine.model.problem import Problem
from engine.model.tree import read_tree
from engine.model.validation import all_problems, validate
from engine.processors.registry import catalog
from engine.runtime.command import runtimes


class Opened(Struct, frozen=True):
    """A flow, the folder that its relative paths start from, and how messages call it."""

    flow: Flow
    folder: Path
    shown: str
    path: Path | None = None


def open_flow(reference: str) -> Opened:
    """The flow that a reference means: a file if it looks like one or is there, otherwise a stored flow.

    Raises:
        NotFound: there is neither.
        FlowFileError, InvalidFlow: the file holds no flow.
    """
    if is_file(reference):
        return open_file(Path(reference))
    from engine.client.store import export_flow

    return Opened(export_flow(reference), Path.cwd(), reference)


def open_file(path: Path) -> Opened:
    """The flow in a file.

    Raises:
        NotFound: there is no such file.
        FlowFileError, InvalidFlow: it holds no flow.
    """
    return Opened(read_flow(path), path.absolute().parent, path.name, path)


def problems(opened: Opened) -> list[Problem]:
    """Everything that keeps a flow from running on this machine."""
    return validate(opened.flow, catalog(), opened.folder, runtimes(), opened.shown)


def check_file(path: Path) -> tuple[str, list[Problem]]:
    """A flow file's flow name ("" when it holds none) and everything that keeps it from running."""
    try:
        opened = open_file(path)
        return opened.flow.name, problems(opened)
    except InvalidFlow as error:
        found = all_problems(error, catalog(), path.absolute().parent, runtimes(), path.name)
        return "", [each if isinstance(each, Problem) else Problem("", str(each), path.name) for each in found]
    except PyfiError as error:
        return "", [Problem("", str(error))]


def save(flow: Flow, path: Path) -> None:
    """Write a flow file; as JSON when its name says so.

    Raises:
        FlowFileError: a value has no place in a flow file.
        StorageError: the file cannot be written.
    """
    if path.suffix.lower() != ".json":
        write_flow(flow, path)
        return
    write_whole(path, (json.dumps(flow_tree(flow), ensure_ascii=False, indent=2) + "\n").encode())


def save_layout(path: Path) -> tuple[Flow, bool]:
    """Lay a flow file out anew; returns the flow and whether all else in the file, comments too, stayed as it was.

    Raises:
        FlowFileError, InvalidFlow, NotFound: the file holds no flow.
        StorageError: the file cannot be written.
    """
    flow = laid_out(read_flow(path))
    text = path.read_text(encoding="utf-8-sig")
    kept = "" if path.suffix.lower() == ".json" else _with_layout(text, flow)
    if not kept:
        save(flow, path)
        return flow, "#" not in text
    write_whole(path, kept.encode())
    return flow, True


def _with_layout(text: str, flow: Flow) -> str:
    """The text with nothing but the top level's `layout` replaced; empty when that would not make the flow."""
    lines = text.splitlines(keepends=True)
    rest: list[str] = []
    inside = False
    for line in lines:
        if inside and line[:1] not in (" ", "\t", "\n", "\r", "#"):
            inside = False
        if line.startswith("layout:"):
            inside = True
        if not inside:
            rest.append(line)
    layout = dump_flow(flow).rpartition("\nlayout:\n")
    made = "".join(rest).rstrip("\n") + "\nlayout:\n" + layout[2]
    try:
        return made if layout[1] and load_flow(made) == flow else ""
    except PyfiError:
        return ""


class Difference(Struct, frozen=True):
    """A part that two flows do not share, or not alike. `before` and `after` are its texts, empty where it is absent."""

    kind: str
    """`processor`, `connection`, `subflow`, `label` or `header`."""
    name: str
    key: str
    before: str
    after: str
    moved: bool
    """Whether nothing but its place on the canvas differs."""

    @property
    def part(self) -> str:
        """What it is and what it is called."""
        return f"{self.kind} '{self.name}'"


def differences(before: Flow, after: Flow) -> list[Difference]:
    """What must be done to one flow to make it the other, part by part."""
    return [_difference(change) for change in diff(before, after)]


def _difference(change: Change) -> Difference:
    part = change.after or change.before
    assert part is not None
    name = change.id.removesuffix("flow:").rstrip("/") or part.name if isinstance(part, Header) else change.id
    old, new = change.before, change.after
    return Difference(
        _kind(part),
        name.rpartition(":")[2],
        change.id,
        "" if old is None else dump_part(old),
        "" if new is None else dump_part(new),
        old is not None and new is not None and _unplaced(old) == _unplaced(new),
    )


def _kind(part: Part) -> str:
    return "header" if isinstance(part, Header) else type(part).__name__.lower()


def _unplaced(part: Part) -> Part:
    if isinstance(part, Connection):
        return structs.replace(part, bends=(), layer=0, label_at=None)
    if isinstance(part, Label):
        return structs.replace(part, position=None)
    return structs.replace(part, position=None, layer=0) if isinstance(part, (Processor, Subflow)) else part


def flow_text(flow: Flow) -> str:
    """The text of a flow's file."""
    return dump_flow(flow)


def flow_tree(flow: Flow) -> Any:
    """A flow as a flow file in JSON has it."""
    return read_tree(dump_flow(flow), flow.name)[0]


def part_text(part: Part) -> str:
    """One part as a flow file has it."""
    return dump_part(part)


def part_tree(part: Part) -> Any:
    """One part as a flow file in JSON has it."""
    return read_tree(dump_part(part), "part")[0]
