"""The commits of an exchange: read what they name, judge, write everything in as few statements as possible.

Nothing is written before all commits are judged, so one that is refused needs no savepoint. On PostgreSQL the rows read are
locked in one order (plans, steps, batches), which keeps them true until the transaction ends and excludes deadlocks.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import delete, select, update

from engine.errors import IntegrityError
from engine.ledger.base import Commit, NewBatch, Outcome
from engine.ledger.sql.batch import insert, remove
from engine.ledger.sql.judge import Effects, Held, Kept, Position, Standing, Sums, judge
from engine.ledger.sql.plan import Lines
from engine.ledger.sql.session import Session
from engine.ledger.sql.statement import ZERO, among, inserting, parameter, upserting
from engine.ledger.sql.tables import batch, lineage, source, state, state_file, step, timer

_HELD = (
    select(batch.c.row, batch.c.queue, batch.c.hi - batch.c.lo, batch.c.size, batch.c.files, batch.c.lease)
    .where(among(batch.c.row, "rows"))
    .order_by(batch.c.row)
    .with_for_update()
)
_GIVE_BACK = (
    update(batch)
    .where(batch.c.row == parameter(batch.c.row))
    .values(
        lo=batch.c.lo + parameter(batch.c.lo, "done"),
        size=parameter(batch.c.size),
        lease=ZERO,
        ready_ms=ZERO,
        crashes=ZERO,
    )
)
_LOCK_STEPS = select(step.c.id).where(among(step.c.id, "steps")).order_by(step.c.id).with_for_update(key_share=True)
_STATES = select(state.c.key, state.c.version, state.c.files).where(
    state.c.step == parameter(state.c.step), among(state.c.key, "keys")
)
_SOURCE = select(source.c.epoch, source.c.seq, source.c.yielded, source.c.done).where(source.c.step == parameter(source.c.step))
_TIMER = select(timer.c.due_ms).where(timer.c.step == parameter(timer.c.step))

_DELETE_STATE = delete(state).where(state.c.step == parameter(state.c.step), state.c.key == parameter(state.c.key))
_STATE_FILES = select(state_file.c.file).where(
    state_file.c.step == parameter(state_file.c.step), state_file.c.key == parameter(state_file.c.key)
)
_DELETE_STATE_FILES = delete(state_file).where(
    state_file.c.step == parameter(state_file.c.step), state_file.c.key == parameter(state_file.c.key)
)
_WRITE_STATE = upserting(state)
_ADD_STATE_FILE = inserting(state_file)
_WRITE_SOURCE = upserting(source)
_WRITE_TIMER = upserting(timer)
_DELETE_TIMER = delete(timer).where(timer.c.step == parameter(timer.c.step))
_ADD_LINEAGE = inserting(lineage, numbered="row")


def lock_steps(session: Session, steps: Iterable[int]) -> None:
    """Keep others from changing state, source or timer of these steps until the transaction ends (SQLite has one writer)."""
    if not session.sqlite:
        session.rows(_LOCK_STEPS, {"steps": sorted(set(steps))})


def apply(
    session: Session, commits: Sequence[Commit], plans: dict[int, tuple[int, Lines]], sums: Sums
) -> tuple[list[Outcome], set[str]]:
    """Carry out the commits; the outcome of each, and the files they let go of."""
    standing = Standing(plans={deployment: plan for deployment, (plan, _) in plans.items()})
    _look(session, commits, standing)
    filed = {key for key, kept in standing.states.items() if kept.files}
    outcomes, effects = judge(commits, standing, sums)
    dropped = remove(session, effects.removed)
    session.many(_GIVE_BACK, [{"row": held.row, "done": done, "size": size} for held, done, size in effects.shortened])
    if effects.inserted:
        _insert(session, effects.inserted, plans)
    if effects.states:
        dropped |= effects.dropped | _write_states(session, effects, filed)
    _write_steps(session, effects)
    session.many(_ADD_LINEAGE, [{"deployment": d, "time_ms": time_ms, "packed": p} for d, time_ms, p in effects.lineage])
    return outcomes, dropped


def _look(session: Session, commits: Sequence[Commit], standing: Standing) -> None:
    keys: dict[int, list[str]] = {}
    sources: set[int] = set()
    timers: set[int] = set()
    rows: list[int] = []
    for commit in commits:
        rows.extend(row for row, _ in commit.inputs)
        if commit.rest is not None:
            rows.append(commit.rest[0])
        for write in commit.state:
            keys.setdefault(write.step, []).append(write.key)
        if commit.source is not None:
            sources.add(commit.source.step)
        if commit.timer is not None:
            timers.add(commit.timer[0])
        timers.update(write.step for write in commit.timers)
    if keys or sources or timers:
        lock_steps(session, {*keys, *sources, *timers})
        _look_at_steps(session, keys, sources, timers, standing)
    if rows:
        for row, queue, n, size, files, lease in session.rows(_HELD, {"rows": session.array(rows)}):
            standing.held[row] = Held(row, queue, n, size, files, lease)


def _look_at_steps(
    session: Session, keys: dict[int, list[str]], sources: set[int], timers: set[int], standing: Standing
) -> None:
    for number, names in keys.items():
        for key, version, files in session.rows(_STATES, {"step": number, "keys": session.array(names)}):
            standing.states[number, key] = Kept(version, files)
    for number in sources:
        if (found := session.row(_SOURCE, {"step": number})) is not None:
            epoch, seq, yielded, done = found
            standing.sources[number] = Position(epoch, seq, yielded, bool(done))
    for number in timers:
        if (found := session.row(_TIMER, {"step": number})) is not None:
            standing.timers[number] = found[0]


def _insert(session: Session, made: Sequence[tuple[int, NewBatch]], plans: dict[int, tuple[int, Lines]]) -> None:
    for deployment, new in made:
        if new.queue not in plans[deployment][1]:
            raise IntegrityError(
                f"a batch was made for queue {new.queue}, which its deployment does not have; nothing was written"
            )
    insert(session, made, {queue: line for _, lines in plans.values() for queue, line in lines.items()})


def _write_states(session: Session, effects: Effects, filed: set[tuple[int, str]]) -> set[str]:
    dropped: set[str] = set()
    for step_number, key in filed.intersection(effects.states):
        where = {"step": step_number, "key": key}
        dropped.update(file for (file,) in session.rows(_STATE_FILES, where))
        session.run(_DELETE_STATE_FILES, where)
    written: list[dict[str, Any]] = []
    files: list[dict[str, Any]] = []
    deleted: list[dict[str, Any]] = []
    for (step_number, key), entry in effects.states.items():
        if entry is None:
            deleted.append({"step": step_number, "key": key})
            continue
        write, version = entry
        claims = sorted(set(write.claims))
        written.append({"step": step_number, "key": key, "value": write.value, "version": version, "files": len(claims)})
        files += [{"step": step_number, "key": key, "file": file} for file in claims]
    session.many(_DELETE_STATE, deleted)
    session.many(_WRITE_STATE, written)
    session.many(_ADD_STATE_FILE, files)
    return dropped


def _write_steps(session: Session, effects: Effects) -> None:
    for number, after in effects.sources.items():
        session.run(
            _WRITE_SOURCE,
            {"step": number, "epoch": after.epoch, "seq": after.seq, "yielded": after.yielded, "done": after.done},
        )
    for number, entry in effects.timers.items():
        if entry is None:
            session.run(_DELETE_TIMER, {"step": number})
        else:
            session.run(_WRITE_TIMER, {"step": number, "deployment": entry[0], "due_ms": entry[1]})
