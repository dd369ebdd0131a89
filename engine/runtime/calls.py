"""Calls in the ledger: a call is messages in the queues of the steps that it begins with, and a row until it is answered.

The flow behind calls is made by `engine.model.calls`: a step `call` that hands calls to steps and takes back what became of
them, copies of those steps, and a step that never runs, whose state rows are the open calls. Beginning a call and noting it is
one transaction, and so are answering it and striking it off. Works on any ledger, with or without an engine.
"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct

from engine.errors import ConflictError, NotFound
from engine.ledger.base import DEAD, Commit, Ledger, NewBatch, Outcome, Passage, Registration, StateWrite
from engine.model.calls import OPEN
from engine.runtime.hosts import claims, values, wire
from engine.runtime.hosts.builtin import call_graph
from engine.runtime.hosts.builtin.call import Call
from engine.runtime.task import child_id

PREFIX = "calls:"
"""What the name of the deployment for the calls of a flow begins with."""
Answer = tuple[str, bytes, int]
"""A call's id, its result in bytes, the version of its row among the open calls (0: it is answered, but not over)."""


class NewCall(Struct, frozen=True):
    """A call to make. Whoever makes it chooses its id, and may repeat it under the same one."""

    id: str
    graph: call_graph.Graph
    content: Any
    attributes: dict[str, str] = {}


class OpenCall(Struct, frozen=True):
    """A call that is not over: its graph, when it was made (milliseconds since the epoch), its first messages' ids."""

    id: str
    graph: call_graph.Graph
    since_ms: int
    messages: list[str]


def commit_of(call: NewCall, registration: Registration, now_ms: int, store: Path | None = None) -> Commit:
    """The commit that begins a call. `store` is the folder for content that is too large for a queue.

    Raises:
        NotFound: one of its steps is not there.
    """
    version = int.from_bytes(os.urandom(6), "big") + 1
    content = call.content
    if store is not None and claims.length(content) > claims.LARGE_BYTES:
        content = claims.Store(store).put(content)
    packed, named = values.pack([content]), claims.named([content])
    outputs: list[NewBatch] = []
    children: list[Any] = []
    for serial, (place, step) in enumerate(call_graph.begin(call.graph)):
        key = entry_of(registration, step)
        marks = {**call.attributes, **Call(call.id, call.graph, place, version).attributes}
        body = wire.batch(packed, 1, [marks])
        id = first_message(call.id, key, serial)
        outputs.append(NewBatch(registration.queues[key], id, 1, len(body), now_ms, body, claims=named))
        children.append([key, id, [0, 1]])
    known = [call.graph, now_ms, [f"{batch.id.hex()}:0" for batch in outputs]]
    router = children[0][0].partition(".")[0]
    return Commit(
        registration.deployment,
        registration.plan,
        outputs=outputs,
        state=[StateWrite(registration.steps[router + OPEN], call.id, values.pack(known), 0, version)],
        passages={batch.queue: Passage(1, batch.size) for batch in outputs},
        lineage=values.pack([router, router, [], children]),
        durable=True,
        now_ms=now_ms,
    )


def begin(
    ledger: Ledger, deployment: str, call: NewCall, now_ms: int | None = None, store: Path | None = None
) -> Sequence[NewBatch]:
    """Begin a call; returns what is to be worked on now: nothing, if it was begun before. `store` is as for `commit_of`.

    Raises:
        NotFound: there is no such deployment, or it has not all the steps.
        ConflictError: the flow is changed again and again at the same moment.
    """
    for _ in range(10):
        found = ledger.registration(deployment)
        if found is None:
            raise NotFound(f"there is no deployment '{deployment}'; deploy the flow first")
        commit = commit_of(call, found[0], int(time.time() * 1000) if now_ms is None else now_ms, store)
        outcome = ledger.exchange([commit], []).outcomes[0]
        if outcome is not Outcome.STALE_PLAN:
            return commit.outputs if outcome is Outcome.DONE else ()
    raise ConflictError("the flow is changed again and again just now; try again")


def entry_of(registration: Registration, step: str) -> str:
    """The key of the queue that leads to a called step.

    Raises:
        NotFound: there is no such step.
    """
    for key in registration.queues:
        if not key.startswith(DEAD) and key.partition("->")[2].rpartition(".")[0] == step:
            return key
    raise NotFound(f"the step '{step}' cannot be called here; check its name")


def first_message(call: str, key: str, serial: int = 0) -> bytes:
    """The id of the batch that a call begins with."""
    return child_id(b"call:" + call.encode(), key, serial)


def strike_off(registration: Registration, stage: str, answers: Sequence[Answer]) -> list[StateWrite]:
    """What a commit has to write for calls that are over with it. `stage` is that of the step `call`."""
    number = registration.steps[stage + OPEN]
    return [StateWrite(number, id, None, version) for id, _, version in answers if version]


def open_calls(ledger: Ledger, deployment: str, id: str = "") -> list[OpenCall]:
    """The calls of a deployment that are not over, the newest first; only the one of the `id`, if that is given."""
    found = ledger.registration(deployment)
    if found is None:
        return []
    number = next((number for step, number in found[0].steps.items() if step.endswith(OPEN)), None)
    rows = ledger.read_state(number, [id] if id else None) if number is not None else {}
    calls = [OpenCall(id, *values.unpack(packed)) for id, (packed, _) in rows.items()]
    return sorted(calls, key=lambda call: (-call.since_ms, call.id))
