"""Kept, a flow as the desktop left it: shown at once the next time, with the edits that the database does not have yet.

A flow's copy is two files. `SLOT.flow` is the flow at a moment, with a header that tells what it is. `SLOT.GENERATION.edits`
holds everything that happened to it since, a line each, and is only valid with the `.flow` that names its generation. A slot is
the flow's id, or that and a number when several windows have the flow open: each writes to its own.
"""

from __future__ import annotations

import fcntl
import hashlib
import zlib
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import IO

import msgspec
from msgspec import Struct

from engine.client.kept import FORMAT, read_text, text_of
from engine.errors import PyfiError
from engine.model.apply import apply
from engine.model.change import Change
from engine.model.flow import Flow

SLOTS = 9
"""More windows than this on one flow keep nothing beside the database."""


class Head(Struct, frozen=True, kw_only=True):
    """The first line of a `.flow` file. `database` tells which one the flow is of, `waiting` how many edits it lacks."""

    format: int
    id: str
    database: str
    generation: str
    sha256: str
    waiting: int = 0


class Kept(Struct, kw_only=True):
    """A flow, the revision in the database that it builds on, and the Changes in it that the database does not have."""

    slot: str
    generation: str
    flow: Flow
    revision: int
    stamp: str = ""
    """When that revision was made; empty: not known."""
    waiting: list[Change] = []
    used: int = 0
    """How far its edits go in their file."""
    is_cut: bool = False
    """Whether more follow there that could not be made again."""


# -- events, as lines

EDIT, THEIRS, SAVED, WAITING = "edit", "theirs", "saved", "waiting"
"""What happened: an edit that waits to be saved; one that was made elsewhere; so many of those that wait were saved, at a
revision; just these wait now, at a revision."""


def line_of(what: str, changes: list[Change], count: int | None = None, revision: int | None = None) -> bytes:
    """An event as a line that can be told from half a line."""
    text = text_of(None, changes, what=what, count=count, revision=revision).encode()
    return b"%08x %s\n" % (zlib.crc32(text), text)


def _lines(content: bytes) -> Iterator[tuple[str, int]]:
    """The whole lines at the beginning of a file, and where each ends."""
    start = 0
    while (end := content.find(b"\n", start)) >= 0:
        line = content[start:end]
        text = line[9:]
        if line[:9] != b"%08x " % zlib.crc32(text):
            return
        yield text.decode(), end + 1
        start = end + 1


def _replay(kept: Kept, content: bytes) -> None:
    """Have happen again what the lines tell, up to the first that does not follow from what is before it."""
    for text, end in _lines(content):
        try:
            _repeat(kept, text)
        except (PyfiError, KeyError, TypeError, ValueError):
            kept.is_cut = True
            return
        kept.used = end


def _repeat(kept: Kept, text: str) -> None:
    """Have one event happen again, or leave everything as it was and raise."""
    _, changes, about = read_text(text)
    what = about.get("what")
    flow = apply(kept.flow, changes) if what in (EDIT, THEIRS) else kept.flow
    count = int(about["count"]) if what == SAVED else 0
    if "revision" in about:
        kept.revision, kept.stamp = int(about["revision"]), ""
    kept.flow = flow
    if what == EDIT:
        kept.waiting = [*kept.waiting, *changes]
    elif what == SAVED:
        kept.waiting = kept.waiting[count:]
    elif what == WAITING:
        kept.waiting = changes


# -- files


def slots_of(id: str) -> list[str]:
    """The slots that a flow may have, in their order."""
    return [id, *(f"{id}-{number}" for number in range(2, SLOTS + 1))]


def content_of(head: Head, flow: Flow, revision: int, stamp: str, waiting: list[Change]) -> bytes:
    """A `.flow` file."""
    body = text_of(flow, waiting, revision=revision, stamp=stamp).encode()
    head = msgspec.structs.replace(head, sha256=hashlib.sha256(body).hexdigest(), waiting=len(waiting))
    return msgspec.json.encode(head) + b"\n" + body


def head_of(path: Path) -> Head | None:
    """The header of a `.flow` file; None if there is none that can be read."""
    try:
        with path.open("rb") as file:
            return _head(file.readline())
    except OSError:
        return None


def _head(line: bytes) -> Head | None:
    try:
        return msgspec.json.decode(line, type=Head)
    except msgspec.MsgspecError:
        return None


def read_kept(folder: Path, id: str, database: str) -> Kept | None:
    """How a flow was left, by a window that is there no more; with edits that wait, if any window left some.

    None when nothing was kept that can be used: then the database's own is shown.
    """
    found: Kept | None = None
    for slot in slots_of(id):
        path = folder / f"{slot}.flow"
        if not path.exists() or (lock := lock_slot(folder, slot)) is None:
            continue
        with lock:
            kept = _read_slot(folder, slot, id, database)
        if kept is not None and kept.waiting:
            return kept
        found = found or kept
    return found


def _read_slot(folder: Path, slot: str, id: str, database: str) -> Kept | None:
    try:
        line, _, body = (folder / f"{slot}.flow").read_bytes().partition(b"\n")
        head = _head(line)
        if head is None or (head.format, head.id, head.database) != (FORMAT, id, database):
            return None
        if hashlib.sha256(body).hexdigest() != head.sha256:
            return None
        flow, waiting, about = read_text(body.decode())
        if flow is None:
            return None
        kept = Kept(slot=slot, generation=head.generation, flow=flow, revision=int(about["revision"]), waiting=waiting)
        kept.stamp = str(about.get("stamp", ""))
        edits = edits_path(folder, slot, head.generation)
        if edits.exists():
            _replay(kept, edits.read_bytes())
        return kept
    except (OSError, PyfiError, UnicodeDecodeError, KeyError, TypeError, ValueError):
        return None


def forget_kept(folder: Path, id: str) -> None:
    """Remove what is kept of a flow that is no more, but for what belongs to a window that is there."""
    for slot in slots_of(id):
        if (folder / f"{slot}.flow").exists() and (lock := lock_slot(folder, slot)) is not None:
            with lock:
                _forget_slot(folder, slot)


def _forget_slot(folder: Path, slot: str) -> None:
    for each in (*folder.glob(f"{slot}.*.edits"), folder / f"{slot}.flow", folder / f"{slot}.lock"):
        each.unlink(missing_ok=True)


def forget_others(folder: Path, database: str, ids: Collection[str]) -> None:
    """Remove what is kept of flows that a database has no more, but for edits that it never had."""
    for path in folder.glob("*.flow"):
        head = head_of(path)
        if head is None or head.database != database or head.id in ids:
            continue
        if (lock := lock_slot(folder, path.stem)) is not None:
            with lock:
                if not _may_lack(folder, path.stem):
                    _forget_slot(folder, path.stem)


def _may_lack(folder: Path, slot: str) -> bool:
    """Whether there may be edits in a slot that the database does not have."""
    head = head_of(folder / f"{slot}.flow")
    return head is None or head.waiting > 0 or edits_path(folder, slot, head.generation).exists()


def edits_path(folder: Path, slot: str, generation: str) -> Path:
    """Where the edits of a slot are."""
    return folder / f"{slot}.{generation}.edits"


def lock_slot(folder: Path, slot: str) -> IO[bytes] | None:
    """The right to write to a slot, for as long as the file is open; None while another window has it."""
    try:
        lock = (folder / f"{slot}.lock").open("ab")
    except OSError:
        return None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        return None
    return lock
