"""What is inside of a deployment on a cluster: what steps keep, large content, edits of messages, breakpoints. It blocks."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.client.answer import Content
from engine.cluster.leftovers import claims_folder, remove_claims
from engine.cluster.part import RELEASE, RELEASED
from engine.cluster.planning import planned
from engine.errors import ConflictError, UsageError
from engine.model.problem import shown
from engine.runtime import queues
from engine.runtime.holds import check_breakpoint
from engine.runtime.hosts.errors import Failure
from engine.runtime.kept_state import clear_state
from engine.runtime.readable import as_file

if TYPE_CHECKING:
    from engine.client.cluster import Cluster
    from engine.ledger.base import Ledger
    from engine.runtime.editing import Edit

_RELEASE_S = 10.0
_LOOK_S = 0.05


def content_of(cluster: Cluster, name: str, key: str, id: str, at: str) -> Content:
    """The whole content of a message.

    Raises:
        NotFound: it has moved on.
        UsageError: it is kept in a folder that this machine does not have.
    """
    store = claims_folder(cluster.target)
    try:
        found = cluster.ask(lambda ledger: queues.content_of(ledger, store or Path(), name, key, id, at))
    except Failure as error:
        where = f"in a folder that the nodes share, {store}, which" if store is not None else "in a file, which"
        raise UsageError(f"the message {id} is kept {where} this machine does not have; look from one that has it") from error
    return Content(*as_file(found))


def edit(cluster: Cluster, name: str, key: str, wanted: Edit) -> None:
    """Give a message that waits other content or other attributes.

    Raises:
        NotFound: it has moved on.
        ConflictError: it is being worked on, or was edited meanwhile.
        UsageError: its content cannot be read.
    """
    # Large content stays in its row: a file made here might not be where the nodes look for it, nor theirs to read.
    remove_claims(cluster.target, cluster.ask(lambda ledger: queues.edit(ledger, None, name, key, wanted)))


def forget_state(cluster: Cluster, name: str, step: str) -> int:
    """Have a step that is stopped forget what it keeps; returns how many rows.

    Raises:
        NotFound: there is no such deployment or step.
        ConflictError: it is running.
    """
    order = cluster.order(name)
    stage = planned(order).plan.stage_of.get(step)
    held = any(
        slot.is_held and slot.stage == stage and slot.deployment_id == order.wanted.id for slot in cluster.situation().slots
    )
    if held or (stage is not None and order.wanted.desired != "stopped"):
        raise ConflictError(f"processor {shown(step)} is running; stop it, then have it forget what it keeps")
    count, orphans = cluster.ask(lambda ledger: clear_state(ledger, name, step))
    remove_claims(cluster.target, orphans)
    return count


def release(cluster: Cluster, name: str, key: str, messages: int | None) -> int:
    """Let so many messages go that are held at a breakpoint (None: all that wait now); returns how many.

    Raises:
        NotFound: there is no such deployment or connection.
        UsageError: the connection has no breakpoint.
        ConflictError: nobody runs the step behind it.
    """
    order = cluster.order(name)
    check_breakpoint(planned(order).plan, key)
    if order.wanted.desired != "running":
        raise ConflictError(f"{shown(name)} does not run; start it, then release what is held at its breakpoints")
    with cluster.calls.alone(f"release {name}"):
        number = 1 + cluster.ask(lambda ledger: _facts(ledger, name).get(RELEASE + key, {}).get("number", 0))
        wanted = {"number": number, "messages": messages}
        cluster.ask(lambda ledger: _note(ledger, name, {RELEASE + key: wanted}))
        until_s = time.monotonic() + _RELEASE_S
        while time.monotonic() < until_s:
            done = cluster.ask(lambda ledger: _facts(ledger, name).get(RELEASED + key, {}))
            if done.get("number", 0) >= number:
                return int(done["messages"])
            time.sleep(_LOOK_S)
        # Nobody will be asked to do it later, when it may not be wanted any more.
        cluster.ask(lambda ledger: _note(ledger, name, {RELEASED + key: {"number": number, "messages": 0}}))
    raise ConflictError(f"no worker runs what is behind {shown(key)} just now; release its messages when one does")


def _facts(ledger: Ledger, name: str) -> dict[str, Any]:
    found = ledger.registration(name)
    return dict(ledger.facts(found[0].deployment)) if found is not None else {}


def _note(ledger: Ledger, name: str, facts: dict[str, Any]) -> None:
    found = ledger.registration(name)
    if found is not None:
        ledger.set_facts(found[0].deployment, facts)
