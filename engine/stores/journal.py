"""Journal, the record of every edit: the audit, and each text that a processor's code ever was."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct
from sqlalchemy import Connection as Transaction
from sqlalchemy import insert, select, update

from engine.database.tables import AuditRow, CodeRow
from engine.model.change import Change
from engine.model.flow import Processor
from engine.stores.edit import Edit
from engine.stores.record import read_part, write_part

EDITS = ("create", "import", "edit", "rename")
"""Acts that make a revision; others are records only."""


class Revision(Struct, frozen=True):
    """One step of a flow's history. `parts` are the keys of what changed, in order; empty for an act on the whole flow."""

    number: int
    at: datetime
    author: str
    action: str
    parts: tuple[str, ...] = ()


class CodeVersion(Struct, frozen=True):
    """A processor's code from a revision of the flow on; the text itself is read by `read_code`."""

    revision: int
    at: datetime
    author: str
    sha256: str
    note: str = ""


class Journal:
    """What one author does to one flow, in one transaction."""

    def __init__(self, transaction: Transaction, flow_id: str, author: str, at: datetime) -> None:
        self._transaction = transaction
        self._flow_id = flow_id
        self._author = author
        self._at = at

    def record(self, action: str, name: str, revision: int, changes: Sequence[Change] = ()) -> None:
        """Record Changes as they were made; none of them is an act on the flow as a whole."""
        rows = [
            {
                "at": self._at,
                "author": self._author,
                "action": action,
                "flow_id": self._flow_id,
                "flow_name": name,
                "revision": revision,
                "part": change and change.id,
                "before": change and write_part(change.before),
                "after": change and write_part(change.after),
            }
            for change in (changes or (None,))
        ]
        self._transaction.execute(insert(AuditRow), rows)

    def keep_code(self, edit: Edit, revision: int) -> None:
        """Keep every code that the edit brings."""
        rows = [
            {
                "flow_id": self._flow_id,
                "processor": str(place),
                "revision": revision,
                "code": each.after.code,
                "sha256": hashlib.sha256(each.after.code.encode()).hexdigest(),
                "at": self._at,
                "author": self._author,
            }
            for place, each in edit.steps.items()
            if isinstance(each.after, Processor) and each.after.code is not None
            if not isinstance(each.before, Processor) or each.before.code != each.after.code
        ]
        if rows:
            self._transaction.execute(insert(CodeRow), rows)


def read_history(transaction: Transaction, flow_id: str, limit: int) -> list[Revision]:
    """The newest revisions of a flow, newest first."""
    row = AuditRow
    of_flow = (row.flow_id == flow_id, row.action.in_(EDITS))
    newest = select(row.revision).where(*of_flow).distinct().order_by(row.revision.desc()).limit(limit)
    query = select(row.revision, row.at, row.author, row.action, row.part)
    found: dict[int, Revision] = {}
    parts: dict[int, list[str]] = {}
    query = query.where(*of_flow, row.revision.in_(newest)).order_by(row.revision.desc(), row.id)
    for number, at, author, action, part in transaction.execute(query):
        assert number is not None
        found.setdefault(number, Revision(number, at, author, action))
        if part is not None:
            parts.setdefault(number, []).append(part)
    return [
        Revision(each.number, each.at, each.author, each.action, tuple(parts.get(each.number, ()))) for each in found.values()
    ]


def read_changes(transaction: Transaction, flow_id: str, since: int) -> list[Change]:
    """Every Change made after revision `since`, in order."""
    row = AuditRow
    query = select(row.part, row.before, row.after).where(row.flow_id == flow_id, row.revision > since, row.part.is_not(None))
    return [
        Change(part, read_part(before), read_part(after))
        for part, before, after in transaction.execute(query.order_by(row.id))
        if part
    ]


def read_versions(transaction: Transaction, flow_id: str, processor: str) -> list[CodeVersion]:
    """Every version of a processor's code, newest first."""
    row = CodeRow
    query = select(row.revision, row.at, row.author, row.sha256, row.note)
    query = query.where(row.flow_id == flow_id, row.processor == processor).order_by(row.id.desc())
    return [CodeVersion(*values) for values in transaction.execute(query)]


def read_code(transaction: Transaction, flow_id: str, processor: str, revision: int) -> str | None:
    """The code that came with a revision; None: none did."""
    row = CodeRow
    query = select(row.code).where(row.flow_id == flow_id, row.processor == processor, row.revision == revision)
    return transaction.scalars(query.order_by(row.id.desc()).limit(1)).first()


def write_note(transaction: Transaction, flow_id: str, processor: str, revision: int, note: str) -> None:
    """Have a version of a processor's code say something of itself."""
    row = CodeRow
    of_version = (row.flow_id == flow_id, row.processor == processor, row.revision == revision)
    transaction.execute(update(row).where(*of_version).values(note=note))
