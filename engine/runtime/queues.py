"""Looking into queues, emptying them, and giving dead letters another try. Works on any ledger, with or without an engine."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from engine.errors import NotFound, UsageError
from engine.ledger.base import DEAD, Claimed, ClaimRequest, Commit, Ledger, NewBatch, Outcome, Registration
from engine.model.flow import Limit
from engine.model.problem import did_you_mean, listed, shown
from engine.runtime.editing import Edit, Editor, version_of
from engine.runtime.hosts import claims, values, wire
from engine.runtime.hosts.values import Claim
from engine.runtime.plan import Plan
from engine.runtime.readable import as_json
from engine.runtime.task import child_id

LIMITS = "limits"
"""The fact that holds a deployment's limits where they are not the default, by queue key: [messages, bytes]."""
LONGEST_PAGE = 1000
"""Messages in a page at most."""
_PAGE_BYTES = 8 << 20
_AT_ONCE = 8


class Queue(Struct, frozen=True):
    """How a queue stands. `kind` is connection or dead; a limit of 0 is none; `oldest_ms` is 0 when it is empty."""

    flow: str
    key: str
    kind: str
    messages: int
    bytes: int
    oldest_ms: int
    limit_messages: int = 0
    limit_bytes: int = 0


class Message(Struct, frozen=True):
    """A message as it waits. `id` is its batch's id and its index there; `type` is the Python type of its content.

    `held` marks what a step has put back half done: its content is the step's own. `at` is where to begin to find it first.
    `version` is another one when somebody has edited it.
    """

    id: str
    at: str
    type: str
    content: Any
    attributes: dict[str, str]
    born_ms: int
    attempt: int
    held: bool = False
    version: str = ""


class Page(Struct, frozen=True):
    """Some messages of a queue, in the order in which they will be taken; `next` is where the page after it begins."""

    messages: list[Message]
    next: str | None


def limits_of(plan: Plan) -> dict[str, list[int]]:
    """The fact `limits`."""
    default = Limit()
    return {
        key: [link.policy.limit.messages, link.policy.limit.size_bytes]
        for key, link in plan.links.items()
        if link.policy.limit != default
    }


def find_deployment(ledger: Ledger, flow: str) -> str:
    """The name of the deployment that a user means: its name, its flow file, or its flow's name if only one has it.

    An empty text means the only deployment there is.

    Raises:
        NotFound: there is none, or there are several.
    """
    known = ledger.deployments()
    if not flow and known:
        if len(known) > 1:
            raise UsageError(f"{len(known)} flows have run in this workspace; say which with --flow: {listed(sorted(known))}")
        return next(iter(known))
    for name in (flow, str(Path(flow).expanduser().absolute())):
        if name in known:
            return name
    titled = deployments_called(ledger, flow)
    if len(titled) == 1:
        return titled[0]
    if titled:
        raise NotFound(f"{len(titled)} flows are called {shown(flow)}; give the path of one: {', '.join(sorted(titled))}")
    hint = did_you_mean(flow, known) or "; `pyfi queue ls` shows those that have run here"
    raise NotFound(f"no flow {shown(flow)} has run in this workspace{hint}")


def deployments_called(ledger: Ledger, flow: str) -> list[str]:
    """The names of the deployments whose flow has a name."""
    return [name for name, number in ledger.deployments().items() if ledger.facts(number).get("flow") == flow]


def find_registration(ledger: Ledger, flow: str) -> tuple[str, Registration]:
    """The same, and how the ledger knows it."""
    name = find_deployment(ledger, flow)
    return name, _registration(ledger, name)


def list_queues(ledger: Ledger, name: str) -> list[Queue]:
    """Every queue of a deployment: those of its connections, then dead letters where there are any."""
    registration = _registration(ledger, name)
    depths = ledger.depths(registration.deployment)
    limits: Mapping[str, list[int]] = ledger.facts(registration.deployment).get(LIMITS, {})
    default = Limit()
    found: list[Queue] = []
    for key, number in sorted(registration.queues.items(), key=lambda item: (item[0].startswith(DEAD), item[0])):
        depth, dead = depths.get(number), key.startswith(DEAD)
        if dead and (depth is None or not depth.messages):
            continue
        limit = [0, 0] if dead else limits.get(key, [default.messages, default.size_bytes])
        waiting = (depth.messages, depth.size, depth.oldest_ms) if depth is not None else (0, 0, 0)
        found.append(Queue(name, key, "dead" if dead else "connection", *waiting, *limit))
    return found


def peek(ledger: Ledger, name: str, key: str, *, limit: int = 20, at: str = "", longest: int = 100_000) -> Page:
    """The next messages of a queue, from `at` (a page's `next`) on; nothing is taken out."""
    number = _queue(_registration(ledger, name), key)
    skip, first = _position(at)
    messages: list[Message] = []
    size = 0
    while True:
        batches = ledger.peek(number, _AT_ONCE, skip)
        for batch in batches:
            for message in _messages(batch, skip, first, longest):
                if len(messages) >= limit or size >= _PAGE_BYTES:
                    return Page(messages, message.at)
                messages.append(message)
                size += batch.size // max(1, batch.hi - batch.lo)
            skip, first = skip + 1, 0
        if len(batches) < _AT_ONCE:
            return Page(messages, None)


def content_of(ledger: Ledger, store: Path, name: str, key: str, id: str, at: str = "") -> Any:
    """The whole content of one message, also if it is kept in a file of the claims folder `store`.

    Raises:
        NotFound: it has moved on.
    """
    batch, index = find_message(ledger, _queue(_registration(ledger, name), key), key, id, at)
    content = values.unpack(wire.open_batch(batch.body)[1])[index]
    return claims.Store(store).get(content) if type(content) is Claim else content


def find_message(ledger: Ledger, number: int, key: str, id: str, at: str = "") -> tuple[Claimed, int]:
    """The batch of a message that waits, and its index there; `at` is where it was seen.

    Raises:
        NotFound: it has moved on.
    """
    for start in dict.fromkeys((_position(at)[0], 0)):
        skip = start
        while batches := ledger.peek(number, _AT_ONCE, skip):
            for batch in batches:
                index = id.removeprefix(f"{batch.id.hex()}:")
                if index.isdecimal() and index != id and batch.lo <= int(index) < batch.hi:
                    return batch, int(index)
            skip += len(batches)
    raise NotFound(f"the message {id} is no longer in the queue {shown(key)}; peek again to see what is")


def edit(ledger: Ledger, store: Path | None, name: str, key: str, wanted: Edit) -> list[str]:
    """Give a message that waits other content or other attributes; returns files to delete.

    Raises:
        NotFound: it has moved on.
        ConflictError: it is being worked on, or was edited meanwhile.
        UsageError: the content cannot be read, or the message was put back half done.
    """
    number = _queue(_registration(ledger, name), key)
    return Editor(ledger, store, key, lambda: find_message(ledger, number, key, wanted.id, wanted.at), wanted).write()


def purge(ledger: Ledger, name: str, key: str) -> tuple[int, list[str]]:
    """Delete what nobody is working on; returns how many messages, and files to delete."""
    return ledger.purge(_queue(_registration(ledger, name), key))


def purge_all(ledger: Ledger, name: str, within: str = "") -> tuple[dict[str, int], list[str]]:
    """Delete what nobody is working on in all connections of a flow, or of those inside a subflow of it; no dead letters.

    Returns how many messages, by connection that held any, and files to delete.

    Raises:
        NotFound: there is no such subflow.
    """
    registration = _registration(ledger, name)
    prefix = f"{within}/" if within else ""
    if not any(step.startswith(prefix) for step in registration.steps):
        raise NotFound(f"the flow has no subflow {shown(within)}; check the name")
    counts: dict[str, int] = {}
    orphans: list[str] = []
    for key, number in registration.queues.items():
        source, _, target = key.partition("->")
        if not key.startswith(DEAD) and source.startswith(prefix) and target.startswith(prefix):
            count, dropped = ledger.purge(number)
            counts[key] = count
            orphans += dropped
    return {key: count for key, count in counts.items() if count}, orphans


def replay(ledger: Ledger, name: str, step: str, *, to: str = "", limit: int | None = None) -> dict[str, int]:
    """Give a step's dead letters another try, the oldest first; `limit` counts batches. Returns messages by queue they went to.

    A run that had finished is unfinished again: the next one goes on with it.
    They go to the connection `to`, else to the one they came from: the step's first connection into the input port that the
    message names (`error.port`), or into its only one.

    Raises:
        UsageError: the step has several inputs and a message does not say which it came from.
    """
    registration = _registration(ledger, name)
    source = _queue(registration, DEAD + step)
    if ledger.facts(registration.deployment).get("state") == "finished":
        # Else the next run of the file would begin anew, and discard what is put back here.
        ledger.set_facts(registration.deployment, {"state": "running"})
    ways = _ways(registration, step)
    if to:
        return _counted(to, ledger.move(source, _queue(registration, to), limit=limit))
    if not ways:
        raise UsageError(f"processor {shown(step)} has no input to replay to; name a connection with --to")
    if len(ways) == 1:
        key = next(iter(ways.values()))
        return _counted(key, ledger.move(source, registration.queues[key], limit=limit))
    return _sort_out(ledger, registration, step, ways, limit)


def _sort_out(
    ledger: Ledger, registration: Registration, step: str, ways: Mapping[str, str], limit: int | None
) -> dict[str, int]:
    """Take dead letters batch by batch and put every message into the queue that it came from."""
    source = _queue(registration, DEAD + step)
    moved: dict[str, int] = {}
    taken = 0
    while limit is None or taken < limit:
        now_ms = int(time.time() * 1000)
        request = ClaimRequest(
            registration.deployment, registration.plan, [source], messages=1, size=1, lease_ms=60_000, now_ms=now_ms
        )
        (claimed,) = ledger.exchange([], [request]).claimed
        if not claimed:
            break
        taken += 1
        receipt = (claimed[0].row, claimed[0].lease)
        regrouped = _regrouped(registration, claimed[0], ways)
        if regrouped is None:
            ledger.release([receipt])
            raise UsageError(
                "a dead letter does not say which input it came from; name a connection with --to: "
                f"{', '.join(sorted(ways.values()))}"
            )
        outputs, children = regrouped
        parent = (claimed[0].id, claimed[0].lo, claimed[0].hi)
        commit = Commit(
            registration.deployment,
            registration.plan,
            inputs=[receipt],
            outputs=list(outputs.values()),
            lineage=values.pack([step, "", [parent], children]),
            now_ms=now_ms,
        )
        if ledger.exchange([commit], []).outcomes == [Outcome.DONE]:
            for key, batch in outputs.items():
                moved[key] = moved.get(key, 0) + batch.n
    return moved


def _regrouped(
    registration: Registration, batch: Claimed, ways: Mapping[str, str]
) -> tuple[dict[str, NewBatch], list[list[Any]]] | None:
    """A batch of dead letters by the queues they came from, and its children for the lineage log.

    None when one of the letters does not say where it came from.
    """
    contents, attributes = wire.messages(batch.body)
    by_key: dict[str, list[int]] = {}
    for row in range(batch.lo, batch.hi):
        own = (attributes[row] if attributes is not None else None) or {}
        key = ways.get(own.get("join.port") or own.get("error.port", ""))
        if key is None:
            return None
        by_key.setdefault(key, []).append(row)
    made: dict[str, NewBatch] = {}
    children: list[list[Any]] = []
    for key, rows in by_key.items():
        part = [contents[row] for row in rows]
        extra = None if attributes is None else [attributes[row] for row in rows]
        body = wire.batch(values.pack(part), len(rows), extra)
        child = child_id(b"replay:%b%d" % (batch.id, batch.lo), key, 0)
        queue, named = registration.queues[key], claims.named(part)
        made[key] = NewBatch(queue, child, len(rows), len(body), batch.born_ms, body, claims=named)
        children.append([key, child, {"rows": [row - batch.lo for row in rows]}])
    return made, children


def _counted(key: str, count: int) -> dict[str, int]:
    return {key: count} if count else {}


def _ways(registration: Registration, step: str) -> dict[str, str]:
    """By input port of a step: the key of the first connection that leads there."""
    found: dict[str, str] = {}
    for key in registration.queues:
        target = "" if key.startswith(DEAD) else key.partition("->")[2]
        owner, _, port = target.rpartition(".")
        if owner == step:
            found.setdefault(port, key)
    return found


def _registration(ledger: Ledger, name: str) -> Registration:
    found = ledger.registration(name)
    if found is None:
        raise NotFound(f"no flow {shown(name)} has run in this workspace; `pyfi queue ls` shows those that have")
    return found[0]


def _queue(registration: Registration, key: str) -> int:
    if key in registration.queues:
        return registration.queues[key]
    hint = did_you_mean(key, registration.queues) or "; `pyfi queue ls` shows them"
    raise NotFound(f"there is no queue {shown(key)} in this flow{hint}")


def _messages(batch: Claimed, position: int, first: int, longest: int) -> list[Message]:
    contents, attributes = wire.messages(batch.body)
    return [
        Message(
            id=f"{batch.id.hex()}:{index}",
            at=f"{position}.{index - batch.lo}",
            type=type(contents[index]).__name__,
            content=as_json(contents[index], longest),
            attributes=(attributes[index] if attributes is not None else None) or {},
            born_ms=batch.born_ms,
            attempt=batch.attempt,
            held=batch.kind != 0,
            version=version_of(contents[index], attributes[index] if attributes is not None else None),
        )
        for index in range(batch.lo + first, batch.hi)
    ]


def _position(at: str) -> tuple[int, int]:
    batch, _, message = (at or "0.0").partition(".")
    if not (batch.isdecimal() and message.isdecimal()) or len(at) > 40:
        raise UsageError(f"{shown(at)} is not a place in a queue; use the `next` of a page")
    return int(batch), int(message)
