"""Flow files in git: three-way merges, diffs against commits, and what the shell's git is told to understand them."""

from __future__ import annotations

import difflib
import shlex
import shutil
import subprocess
from pathlib import Path

from engine.client import engine_process
from engine.client.flow import Difference, differences
from engine.errors import PyfiError, StorageError, UsageError
from engine.model.codec import dump_flow, load_flow, write_whole
from engine.model.flow import Flow
from engine.model.merge import Choices, Conflict, Merged, merge
from engine.sources.working_tree import Entry, WorkingTree

__all__ = ["Conflict", "Entry", "Merged", "WorkingTree", "changes_since", "install", "merge", "merge_files", "textconv"]

ATTRIBUTES = ("*.flow.yaml diff=pyfi merge=pyfi", "*.flow.yml diff=pyfi merge=pyfi")


def changes_since(tree: WorkingTree, commit: str = "HEAD") -> list[Difference]:
    """What was done to a flow file since a commit."""
    return differences(load_flow(tree.text(commit)), load_flow(tree.path.read_text(encoding="utf-8-sig")))


def textconv(path: Path) -> str:
    """A flow file's text in its one form, so that only what means something differs; what is no flow, as it is."""
    text = path.read_text(encoding="utf-8-sig", errors="replace")
    try:
        return dump_flow(load_flow(text))
    except PyfiError:
        return text


def merge_files(base: Path, ours: Path, theirs: Path) -> list[Conflict] | None:
    """Merge three files into `ours`. Where there are conflicts, both values stand there between git's marks.

    None: one of them is no flow, and git's own merge of lines was used, with conflicts.
    """
    try:
        own, other = _read(ours), _read(theirs)
        before = _read(base) if base.stat().st_size else Flow(header=own.header)
    except PyfiError:
        return [] if _merge_lines(base, ours, theirs) else None
    found = merge(before, own, other)
    text = dump_flow(found.flow)
    if found.conflicts:
        choices: Choices = {(each.id, each.field): "theirs" for each in found.conflicts}
        chosen = dump_flow(merge(before, own, other, choices).flow)
        # A conflict that no text shows would be committed unseen: then both sides stand there as they are.
        text = marked(text, chosen) if text != chosen else marked(dump_flow(own), dump_flow(other))
    write_whole(ours, text.encode())
    return list(found.conflicts)


def _read(path: Path) -> Flow:
    return load_flow(path.read_text(encoding="utf-8-sig"))


def marked(ours: str, theirs: str) -> str:
    """A text in which two differ between the marks of git."""
    own, other = ours.splitlines(keepends=True), theirs.splitlines(keepends=True)
    made: list[str] = []
    for tag, start, end, low, high in difflib.SequenceMatcher(None, own, other, autojunk=False).get_opcodes():
        if tag == "equal":
            made += own[start:end]
        else:
            made += ["<<<<<<< ours\n", *own[start:end], "=======\n", *other[low:high], ">>>>>>> theirs\n"]
    return "".join(made)


def _merge_lines(base: Path, ours: Path, theirs: Path) -> bool:
    done = subprocess.run(["git", "merge-file", str(ours), str(base), str(theirs)], capture_output=True, check=False)
    return done.returncode == 0


def install(folder: Path, *, everywhere: bool = False) -> list[str]:
    """Have git understand flow files, in the repository of `folder` or for this user; returns what was done, in sentences.

    Raises UsageError when the folder is in no repository.
    """
    command = "pyfi" if shutil.which("pyfi") else shlex.join(engine_process.command())
    settings = {
        "diff.pyfi.textconv": f"{command} git textconv",
        "diff.pyfi.xfuncname": r"^ *- (\{?id: .*|\{?from: .*)$",
        "merge.pyfi.name": "flows of PYFI, part by part",
        "merge.pyfi.driver": f"{command} git merge-driver %O %A %B %P",
    }
    place = ["--global"] if everywhere else []
    if everywhere:
        attributes = _global_attributes(folder)
    else:
        attributes = Path(_git(folder, "rev-parse", "--show-toplevel")) / ".gitattributes"
    for name, value in settings.items():
        _git(folder, "config", *place, name, value)
    written = _add_lines(attributes)
    said = [f"git uses `{command} git` for flow files{' of this user' if everywhere else ' in this repository'}"]
    return said + ([f"{attributes} says which files are flows; commit it"] if written and not everywhere else [])


def _global_attributes(folder: Path) -> Path:
    try:
        return Path(_git(folder, "config", "--global", "core.attributesFile")).expanduser()
    except UsageError:
        path = Path.home() / ".config" / "git" / "attributes"
        path.parent.mkdir(parents=True, exist_ok=True)
        return path


def _add_lines(path: Path) -> bool:
    """Add the lines that are missing; returns whether there were any."""
    try:
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        missing = [line for line in ATTRIBUTES if line not in text.splitlines()]
        if missing:
            gap = "" if not text or text.endswith("\n") else "\n"
            path.write_text(text + gap + "\n".join(missing) + "\n", encoding="utf-8")
    except OSError as error:
        raise StorageError(f"{path} cannot be written ({error.strerror}); correct its permissions") from None
    return bool(missing)


def _git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise UsageError(done.stderr.strip().removeprefix("fatal: ") or f"git {arguments[0]} failed")
    return done.stdout.strip()
