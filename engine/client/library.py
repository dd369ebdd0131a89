"""The flows of the database, for somebody who edits them: load, save change by change, hear of others' changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from types import TracebackType
from typing import Self

from msgspec import Struct, structs

from engine.client.place import user
from engine.database.session import open_database
from engine.errors import ConflictError
from engine.model.change import Change
from engine.model.flow import Flow
from engine.model.level import free_name
from engine.stores.flows import FlowStore
from engine.stores.journal import CodeVersion

__all__ = ["CodeVersion", "ConflictError", "Library", "Loaded", "Shelved"]


class Shelved(Struct, frozen=True):
    """A flow as a list shows it. Its id stays when it is renamed."""

    id: str
    name: str
    revision: int
    updated_at: datetime
    updated_by: str
    processors: int


class Loaded(Struct, frozen=True):
    """A flow, and the revision that it is of."""

    id: str
    flow: Flow
    revision: int


class Library:
    """The database that the settings name, or `url`. Use it as a context manager, in one thread.

    Raises:
        StorageError: the database cannot be reached, is full, or was written by a newer PYFI.
    """

    def __init__(self, url: str | None = None) -> None:
        self._database = open_database(url)
        self._store = FlowStore(self._database)
        self.where = self._database.where
        """What messages call the database."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()

    def list(self) -> list[Shelved]:
        """Every flow, the one that was changed last first."""
        counts = self._store.count_processors()
        found = [
            Shelved(each.id, each.name, each.revision, each.updated_at, each.updated_by, counts.get(each.id, 0))
            for each in self._store.list()
        ]
        return sorted(found, key=lambda each: each.updated_at, reverse=True)

    def create(self, flow: Flow) -> Loaded:
        """Store a new flow, under a free name if its own is taken."""
        taken = {each.name for each in self._store.list()}
        name = free_name(flow.name, taken)
        if name != flow.name:
            flow = structs.replace(flow, header=structs.replace(flow.header, name=name))
        stored = self._store.create(flow, user())
        return Loaded(stored.id, flow, stored.revision)

    def load(self, name_or_id: str) -> Loaded:
        """A flow as it is now.

        Raises:
            NotFound: there is none.
        """
        stored = self._store.find(name_or_id)
        flow, revision = self._store.load(stored.id)
        return Loaded(stored.id, flow, revision)

    def revision(self, id: str) -> int:
        """The newest revision of a flow; raises NotFound."""
        return self._store.find(id).revision

    def stamp(self, id: str) -> tuple[int, str]:
        """The newest revision of a flow and when it was made; raises NotFound."""
        stored = self._store.find(id)
        return stored.revision, stored.updated_at.isoformat()

    def save(self, id: str, revision: int, changes: Sequence[Change]) -> int:
        """Make Changes to a flow that is at `revision`; returns the new revision.

        Raises:
            ConflictError: somebody else changed it meanwhile; see `news`.
            NameTaken: the Changes give it the name of another flow.
            IntegrityError: the flow would not be sound.
        """
        return self._store.apply(id, revision, changes, user())

    def news(self, id: str, since: int) -> tuple[list[Change], int]:
        """What was changed after a revision, and the revision that this leads to."""
        revision = self.revision(id)
        while True:
            changes = self._store.changes_since(id, since)
            newest = self.revision(id)
            if newest == revision:
                return changes, revision
            revision = newest

    def code_history(self, id: str, processor: str) -> Sequence[CodeVersion]:
        """The versions of a processor's code, newest first; the processor by its key, behind the names of its definitions."""
        return self._store.code_history(id, processor)

    def code_at(self, id: str, processor: str, revision: int) -> str:
        """The code that a processor got with a revision; raises NotFound."""
        return self._store.code_at(id, processor, revision)

    def note_code(self, id: str, processor: str, revision: int, note: str) -> None:
        """Note something on a version of a processor's code; raises NotFound."""
        self._store.note_code(id, processor, revision, note, user())

    def delete(self, id: str) -> None:
        """Delete a flow with all its parts."""
        self._store.delete(id, user())
