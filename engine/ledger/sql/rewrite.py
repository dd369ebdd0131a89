"""Another body for a batch that waits: a person has edited a message of it."""

from __future__ import annotations

from sqlalchemy import delete, select, text, update

from engine.ledger.base import Claimed, Outcome, Rewrite
from engine.ledger.sql.batch import orphans, write_sums
from engine.ledger.sql.judge import Sums
from engine.ledger.sql.session import Session
from engine.ledger.sql.statement import inserting, parameter
from engine.ledger.sql.tables import batch, batch_file, body, lineage

# On PostgreSQL a claim that began just before would lease the row as it is now, and read the body as it was: a statement sees
# other tables as they stood at its beginning. So none may be under way. Edits are rare, and claims take a millisecond.
_NO_CLAIMS = text("LOCK TABLE ledger_batch IN EXCLUSIVE MODE")
_SEEN = (
    select(
        batch.c.row, batch.c.lease, batch.c.queue, batch.c.id, batch.c.lo, batch.c.hi, batch.c.size, batch.c.born_ms,
        batch.c.attempt, batch.c.crashes, batch.c.kind, body.c.body, batch.c.deployment,
    )
    .join(body, body.c.row == batch.c.row)
    .where(batch.c.row == parameter(batch.c.row))
)  # fmt: skip
_WRITE = (
    update(batch)
    .where(batch.c.row == parameter(batch.c.row))
    .values(size=parameter(batch.c.size), files=parameter(batch.c.files))
)
_WRITE_BODY = update(body).where(body.c.row == parameter(body.c.row)).values(body=parameter(body.c.body))
_FILES = select(batch_file.c.file).where(batch_file.c.row == parameter(batch_file.c.row))
_DROP_FILES = delete(batch_file).where(batch_file.c.row == parameter(batch_file.c.row))
_ADD_FILE = inserting(batch_file)
_ADD_LINEAGE = inserting(lineage, numbered="row")


def rewrite(session: Session, change: Rewrite) -> tuple[Outcome, list[str]]:
    """Write the body, unless the batch is not as it was seen; the files nobody refers to any more."""
    if not session.sqlite:
        session.run(_NO_CLAIMS)
    row = change.seen.row
    found = session.row(_SEEN, {"row": row})
    if found is None:
        return Outcome.CONFLICT, []
    *there, deployment = found
    now = Claimed(*there)
    if now.lease:
        return Outcome.TAKEN, []
    now.lease = change.seen.lease
    if now != change.seen:
        return Outcome.CONFLICT, []
    claims = sorted(set(change.claims))
    dropped = {file for (file,) in session.rows(_FILES, {"row": row})} - set(claims)
    session.run(_DROP_FILES, {"row": row})
    session.many(_ADD_FILE, [{"row": row, "file": file} for file in claims])
    session.run(_WRITE, {"row": row, "size": change.size, "files": len(claims)})
    session.run(_WRITE_BODY, {"row": row, "body": change.body})
    if change.lineage:
        session.run(_ADD_LINEAGE, {"deployment": deployment, "time_ms": change.now_ms, "packed": change.lineage})
    sums = Sums()
    sums.waiting[now.queue].size += change.size - now.size
    write_sums(session, sums)
    return Outcome.DONE, orphans(session, dropped)
