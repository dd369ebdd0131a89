"""The pattern library: folders of flow files, each a pattern to be put into other flows.

The first folder is the user's own, where new patterns go; those that come with PYFI are last and are never changed. A pattern's
description and tags are its flow's notes: Markdown, with `#tags` in the last line.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

from msgspec import Struct, structs

from engine.errors import NotFound, PyfiError, StorageError, UsageError
from engine.model.flow import CODE_TYPES, Flow, Header, Processor
from engine.model.pattern import as_parts, as_use, id_of, inside_of, pattern_of
from engine.model.problem import did_you_mean, shown
from engine.model.scope import Scope
from engine.processors.registry import catalog
from engine.resource import resource_path
from engine.settings import data_folder, read_settings, settings_path

SUFFIX = ".flow.yaml"
_TAG_LINE = re.compile(r"(?:^|\n)[ \t]*(#[\w-]+(?:[ \t,]+#[\w-]+)*)[ \t]*\Z")


class Pattern(Struct, frozen=True):
    """A pattern in its file. One that cannot be used has no `flow`, and `problem` says why."""

    path: Path
    name: str
    description: str = ""
    tags: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    is_own: bool = True
    """Whether it may be renamed and deleted."""
    problem: str = ""
    flow: Flow | None = None


def pattern_folders() -> tuple[Path, ...]:
    """The folders of patterns, the one for new patterns first; those that come with PYFI are not among them.

    Raises:
        UsageError: the settings cannot be read.
    """
    given = read_settings().patterns
    names = given.split(os.pathsep) if isinstance(given, str) else given
    return tuple(Path(name).expanduser() for name in names if name) or (data_folder() / "patterns",)


def set_pattern_folders(folders: Sequence[Path]) -> None:
    """Write the folders into the settings file; all else in it stays as it is.

    Raises:
        StorageError: it cannot be written.
    """
    path = settings_path()
    line = f"patterns = [{', '.join(json.dumps(str(folder), ensure_ascii=False) for folder in folders)}]\n"
    try:
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        # A top-level key must stand before any table.
        text = re.sub(r"^patterns\s*=\s*(?:\[[^\]]*\]|.*)\n?", "", text, flags=re.MULTILINE)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(line + text, encoding="utf-8")
    except OSError as error:
        raise StorageError(f"{path}: cannot be written ({error.strerror}); check the folder and its rights") from None


def patterns(folders: Iterable[Path] | None = None) -> list[Pattern]:
    """Every pattern of the folders (None: those of the settings), then those that come with PYFI."""
    found: list[Pattern] = []
    for folder in pattern_folders() if folders is None else folders:
        found += [read_pattern(path) for path in _files(folder)]
    own = {pattern.path.resolve() for pattern in found}
    shipped = resource_path("patterns")
    return found + [read_pattern(path, is_own=False) for path in _files(shipped) if path.resolve() not in own]


def find_pattern(name: str, folders: Iterable[Path] | None = None) -> Pattern:
    """The pattern of a name or of a file's name.

    Raises:
        NotFound: there is none.
    """
    known = patterns(folders)
    for pattern in known:
        if name in (pattern.name, pattern.path.name, pattern.path.name.removesuffix(SUFFIX)):
            return pattern
    cure = did_you_mean(name, (pattern.name for pattern in known)) or "; `pyfi ls patterns` shows those there are"
    raise NotFound(f"there is no pattern {shown(name)}{cure}")


def _files(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.rglob(f"*{SUFFIX}") if path.is_file())
    except OSError:
        return []


def read_pattern(path: Path, *, is_own: bool = True) -> Pattern:
    """The pattern in a file, or what keeps it from being one."""
    from engine.model.codec import read_flow  # imports yaml, which the desktop has no use for before it is painted

    name = path.name.removesuffix(SUFFIX)
    try:
        flow = read_flow(path)
        if not flow.steps:
            raise UsageError("it holds no processor; save a selection over it, or delete it")
        use = as_use(flow, catalog())
    except (PyfiError, OSError) as error:
        reason = str(error).splitlines()[0].removeprefix(f"{path}: ").removeprefix(f"{path.name}: ")
        return Pattern(path, name, is_own=is_own, problem=reason)
    description, tags = split_notes(flow.header.notes)
    ends = inside_of(use).header
    return Pattern(
        path=path,
        name=flow.name or name,
        description=description,
        tags=tags,
        inputs=ends.inputs,
        outputs=ends.outputs,
        is_own=is_own,
        problem=_unknown_types(flow),
        flow=flow,
    )


def _unknown_types(flow: Flow) -> str:
    """What is said of processor types that there are not here: a plug-in may be missing."""
    known = {*CODE_TYPES, *catalog()}
    for scope in Scope(flow).walk():
        for step in scope.flow.steps.values():
            if isinstance(step, Processor) and step.type not in known:
                return f"there is no processor type {shown(step.type)} here{did_you_mean(step.type, known)}"
    return ""


def split_notes(notes: str) -> tuple[str, tuple[str, ...]]:
    """A description and the tags in its last line."""
    found = _TAG_LINE.search(notes.rstrip())
    if found is None:
        return notes.strip(), ()
    return notes[: found.start()].strip(), tuple(re.findall(r"#([\w-]+)", found[1]))


def joined_notes(description: str, tags: Iterable[str]) -> str:
    """The notes of a pattern with a description and tags."""
    line = " ".join(f"#{tag}" for tag in tags)
    return "\n\n".join(part for part in (description.strip(), line) if part)


def read_tags(text: str) -> tuple[str, ...]:
    """Tags as a person types them, between commas or spaces, with or without `#`."""
    return tuple(dict.fromkeys(re.findall(r"[\w-]+", text)))


def path_of(name: str, folder: Path | None = None) -> Path:
    """The file of a pattern of a name in a folder, by default the user's own."""
    return (folder or pattern_folders()[0]) / f"{id_of(name)}{SUFFIX}"


def make_pattern(flow: Flow, keys: Sequence[str], name: str, description: str, tags: Iterable[str], within: str = "") -> Flow:
    """A selection of a flow's level as a pattern.

    Raises:
        UsageError: no step is selected.
    """
    return pattern_of(flow, keys, name, joined_notes(description, tags), catalog(), within)


def save_pattern(flow: Flow, path: Path) -> None:
    """Write a pattern's file, and its folder if there is none.

    Raises:
        StorageError: it cannot be written.
    """
    from engine.model.codec import write_flow

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(f"{path.parent}: cannot be made ({error.strerror}); check the folder and its rights") from None
    write_flow(flow, path)


def add_pattern(source: Path, *, replace: bool = False, folder: Path | None = None) -> Pattern:
    """Copy a flow file into the library, as it is.

    Raises:
        UsageError: it is no pattern, or there is one of its name and `replace` is not set.
        StorageError: it cannot be copied.
    """
    pattern = read_pattern(source)
    if pattern.flow is None:
        raise UsageError(f"{source}: {pattern.problem}")
    target = path_of(pattern.name, folder)
    if target.exists() and not replace:
        raise UsageError(f"there is a pattern {shown(pattern.name)} already ({target}); replace it, or give yours another name")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    except (OSError, shutil.SameFileError) as error:
        raise StorageError(f"{target}: cannot be written ({error}); check the folder and its rights") from None
    return read_pattern(target)


def rename_pattern(pattern: Pattern, name: str, description: str, tags: Iterable[str]) -> Pattern:
    """Give a pattern another name, description and tags; its file follows the name, but for one with another name's.

    Raises:
        UsageError: it is not one's own or cannot be read, or the name is empty or another pattern's.
        StorageError: the folder refuses.
    """
    if pattern.flow is None or not pattern.is_own:
        raise UsageError(f"pattern {shown(pattern.name)} cannot be changed; save a copy of it under another name")
    if not name.strip():
        raise UsageError("a pattern must have a name; type one")
    target = path_of(name, pattern.path.parent)
    if target != pattern.path and target.exists():
        raise UsageError(f"there is a pattern {shown(name)} already ({target}); choose another name")
    header = Header(name=name.strip(), notes=joined_notes(description, tags))
    save_pattern(structs.replace(pattern.flow, header=header), target)
    if target != pattern.path:
        _remove(pattern.path)
    return read_pattern(target)


def delete_pattern(pattern: Pattern) -> str:
    """Delete a pattern's file; returns its text, with which `restore_pattern` brings it back.

    Raises:
        UsageError: it came with PYFI.
        StorageError: the folder refuses.
    """
    if not pattern.is_own:
        raise UsageError(f"pattern {shown(pattern.name)} came with PYFI and stays; your own can be deleted")
    try:
        text = pattern.path.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError as error:
        raise StorageError(f"{pattern.path}: cannot be read ({error.strerror}); it was not deleted") from None
    _remove(pattern.path)
    return text


def restore_pattern(path: Path, text: str) -> None:
    """Bring back a pattern that was deleted; raises StorageError."""
    from engine.model.codec import write_whole

    write_whole(path, text.encode(errors="surrogateescape"))


def _remove(path: Path) -> None:
    try:
        path.unlink()
    except OSError as error:
        raise StorageError(f"{path}: cannot be deleted ({error.strerror}); check the folder and its rights") from None


def use(pattern: Pattern) -> Flow:
    """The pattern as one subflow on the top level, to be pasted."""
    assert pattern.flow is not None
    return as_use(pattern.flow, catalog())


def parts(pattern: Pattern) -> Flow:
    """The pattern as loose parts on the top level, to be pasted."""
    assert pattern.flow is not None
    return as_parts(pattern.flow)
