"""FlowStore, the flows in the database."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from uuid import uuid4

from msgspec.structs import replace
from sqlalchemy import Connection as Transaction
from sqlalchemy import delete as delete_from
from sqlalchemy import select

from engine.database.connect import Database
from engine.database.tables import DeploymentRow, FlowRow
from engine.errors import IntegrityError, NotFound
from engine.model.apply import diff
from engine.model.catalog import Catalog
from engine.model.change import Change
from engine.model.flow import Flow
from engine.model.problem import listed
from engine.processors.registry import catalog as built_in
from engine.stores.definitions import Definitions
from engine.stores.edit import ROOT, Edit, Net, net
from engine.stores.journal import (
    CodeVersion,
    Journal,
    Revision,
    read_changes,
    read_code,
    read_history,
    read_versions,
    write_note,
)
from engine.stores.order import put_in_places, restore_order, same_order
from engine.stores.queues import Queued, refuse_queued
from engine.stores.reader import read_flow
from engine.stores.scope import Scope
from engine.stores.stored_flow import (
    StoredFlow,
    all_flows,
    count_processors,
    find_flow,
    flow_named,
    insert_flow,
    rename_flow,
    take_revision,
)
from engine.stores.writer import write_edit


class FlowStore:
    """Flows by name or id. Every method is one transaction; a flow's revision grows by one with each that edits it.

    A name that also is another flow's id means the flow of that name.
    """

    def __init__(
        self,
        database: Database,
        catalog: Catalog | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._database = database
        self._catalog = built_in() if catalog is None else catalog
        self._now = now

    def list(self) -> list[StoredFlow]:
        """Every flow, by name."""
        with self._database.read() as transaction:
            return all_flows(transaction)

    def count_processors(self) -> dict[str, int]:
        """Processors of every flow that has any, those of its definitions included, by the flow's id."""
        with self._database.read() as transaction:
            return count_processors(transaction)

    def find(self, name_or_id: str) -> StoredFlow:
        """One flow.

        Raises:
            NotFound: there is none of that name or id.
        """
        with self._database.read() as transaction:
            return find_flow(transaction, name_or_id)

    def create(self, flow: Flow, author: str) -> StoredFlow:
        """Store a new flow, at revision 1.

        Raises:
            NameTaken: there already is a flow of that name.
            IntegrityError: the flow breaks a rule that the database keeps; names the part.
        """
        with self._database.write() as transaction:
            return self._create(transaction, flow, author)

    def load(self, name_or_id: str) -> tuple[Flow, int]:
        """A flow and its revision.

        Raises:
            NotFound: there is none of that name or id.
        """
        with self._database.read() as transaction:
            stored = find_flow(transaction, name_or_id)
            return read_flow(transaction, stored.id, stored.name), stored.revision

    def apply(
        self,
        name_or_id: str,
        revision: int,
        edits: Iterable[Change],
        author: str,
        *,
        queued: Queued | None = None,
        force: bool = False,
    ) -> int:
        """Make Changes to the flow as it was at `revision`, and say the new revision.

        Args:
            name_or_id: the flow.
            revision: what the Changes were made on.
            edits: the Changes; they may be in any order that does not contradict itself.
            author: who made them, for the record.
            queued: tells how many messages wait in a queue, by the key that a Change would give the connection
                (`read.success->parse.in`), or `dead:` and a processor's key.
            force: whether parts may go whose queues hold messages.

        Raises:
            NotFound: there is no such flow.
            ConflictError: somebody else changed the flow since `revision`.
            NameTaken: the Changes give it the name of another flow.
            IntegrityError: a rule would be broken, or messages would be lost; names the part and the cure.
        """
        made = list(edits)
        edit = net(made)
        with self._database.write() as transaction:
            stored = self._take(transaction, find_flow(transaction, name_or_id), revision, author)
            self._write(transaction, stored, edit, queued, force=force)
            put_in_places(transaction, stored.id, stored.name, made)
            self._record(transaction, stored, made, edit, "edit")
            return stored.revision

    def rename(self, name_or_id: str, name: str, author: str) -> StoredFlow:
        """Give a flow another name; its id stays.

        Raises:
            NotFound: there is no such flow.
            NameTaken: another flow has the name.
        """
        with self._database.write() as transaction:
            found = find_flow(transaction, name_or_id)
            stored = self._take(transaction, found, found.revision, author)
            before = Definitions.read(transaction, stored.id, stored.name).root
            made = [Change(str(ROOT), before, replace(before, name=name))]
            edit = net(made)
            self._write(transaction, stored, edit, None, force=False)
            self._record(transaction, stored, made, edit, "rename")
            return find_flow(transaction, stored.id)

    def delete(self, name_or_id: str, author: str, *, queued: Queued | None = None, force: bool = False) -> None:
        """Delete a flow with all its parts. The audit keeps its record.

        Raises:
            NotFound: there is no such flow.
            IntegrityError: it is deployed, or its queues hold messages and `force` is not given.
        """
        with self._database.write() as transaction:
            stored = find_flow(transaction, name_or_id)
            targets = select(DeploymentRow.target).where(DeploymentRow.flow_id == stored.id).order_by(DeploymentRow.target)
            deployed = transaction.scalars(targets).all()
            if deployed:
                raise IntegrityError(f"flow '{stored.name}' is deployed on {listed(deployed)}; delete its deployments first")
            if queued is not None and not force:
                flow = read_flow(transaction, stored.id, stored.name)
                refuse_queued(net(diff(flow, Flow(header=flow.header))), queued)
            Journal(transaction, stored.id, author, self._now()).record("delete", stored.name, stored.revision)
            transaction.execute(delete_from(FlowRow).where(FlowRow.id == stored.id))

    def import_flow(self, flow: Flow, author: str, *, queued: Queued | None = None, force: bool = False) -> StoredFlow:
        """Store a flow that may already be there: the stored one becomes equal to it, changing only what differs.

        Raises:
            IntegrityError: as `create` and `apply`.
        """
        with self._database.write() as transaction:
            found = flow_named(transaction, flow.name)
            if found is None:
                return self._create(transaction, flow, author, "import")
            before = read_flow(transaction, found.id, found.name)
            made = diff(before, flow)
            edit = net(made)
            if not made and same_order(before, flow):
                return found
            stored = self._take(transaction, found, found.revision, author)
            self._write(transaction, stored, edit, queued, force=force)
            restore_order(transaction, stored.id, flow)
            self._record(transaction, stored, made, edit, "import")
            return find_flow(transaction, stored.id)

    def export(self, name_or_id: str) -> Flow:
        """A flow as a flow file would hold it.

        Raises:
            NotFound: there is no such flow.
        """
        return self.load(name_or_id)[0]

    def history(self, name_or_id: str, limit: int = 100) -> list[Revision]:
        """The newest revisions of a flow, newest first.

        Raises:
            NotFound: there is no such flow.
        """
        with self._database.read() as transaction:
            return read_history(transaction, find_flow(transaction, name_or_id).id, limit)

    def changes_since(self, name_or_id: str, revision: int) -> list[Change]:
        """What was changed after a revision, in order: what an editor that lost a conflict merges.

        Raises:
            NotFound: there is no such flow.
        """
        with self._database.read() as transaction:
            return read_changes(transaction, find_flow(transaction, name_or_id).id, revision)

    def code_history(self, name_or_id: str, processor: str) -> list[CodeVersion]:
        """Every version of the code of a processor (its key, behind the names of its definitions), newest first.

        Raises:
            NotFound: there is no such flow.
        """
        with self._database.read() as transaction:
            return read_versions(transaction, find_flow(transaction, name_or_id).id, processor)

    def code_at(self, name_or_id: str, processor: str, revision: int) -> str:
        """The code that a processor got with a revision.

        Raises:
            NotFound: there is no such flow, or its processor got no code with that revision.
        """
        with self._database.read() as transaction:
            return self._code_at(transaction, find_flow(transaction, name_or_id), processor, revision)

    def note_code(self, name_or_id: str, processor: str, revision: int, note: str, author: str) -> None:
        """Note something on a version of a processor's code; an empty note takes it away. The flow stays as it is.

        Raises:
            NotFound: there is no such flow, or its processor got no code with that revision.
        """
        with self._database.write() as transaction:
            stored = find_flow(transaction, name_or_id)
            self._code_at(transaction, stored, processor, revision)
            write_note(transaction, stored.id, processor, revision, note)
            Journal(transaction, stored.id, author, self._now()).record("note", stored.name, revision)

    @staticmethod
    def _code_at(transaction: Transaction, stored: StoredFlow, processor: str, revision: int) -> str:
        code = read_code(transaction, stored.id, processor, revision)
        if code is None:
            raise NotFound(f"processor '{processor}' of flow '{stored.name}' got no code with revision {revision}")
        return code

    def _create(self, transaction: Transaction, flow: Flow, author: str, action: str = "create") -> StoredFlow:
        at = self._now()
        stored = StoredFlow(uuid4().hex, flow.name, 1, at, at, author)
        insert_flow(transaction, stored)
        edit = net(diff(Flow(header=flow.header), flow))
        edit.headers[ROOT] = Net(None, flow.header)
        write_edit(Scope(transaction, stored.id, Definitions(), self._catalog), edit)
        self._record(transaction, stored, (), edit, action)
        return find_flow(transaction, stored.id)

    def _take(self, transaction: Transaction, stored: StoredFlow, revision: int, author: str) -> StoredFlow:
        return take_revision(transaction, stored, revision, author, self._now())

    def _write(self, transaction: Transaction, stored: StoredFlow, edit: Edit, queued: Queued | None, *, force: bool) -> None:
        if queued is not None and not force:
            refuse_queued(edit, queued)
        definitions = Definitions.read(transaction, stored.id, stored.name)
        header = edit.headers.get(ROOT)
        if header is not None and header.after is not None and header.after.name != stored.name:
            rename_flow(transaction, stored.id, header.after.name)
        write_edit(Scope(transaction, stored.id, definitions, self._catalog), edit)

    def _record(self, transaction: Transaction, stored: StoredFlow, made: Sequence[Change], edit: Edit, action: str) -> None:
        journal = Journal(transaction, stored.id, stored.updated_by, stored.updated_at)
        journal.record(action, stored.name, stored.revision, made)
        journal.keep_code(edit, stored.revision)
