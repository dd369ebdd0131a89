"""Calls of steps on a cluster, as far as they block: the steps made ready there, calls begun and asked after."""

from __future__ import annotations

import socket
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct, structs

from engine.client.flow import Opened, open_file
from engine.client.reference import is_file
from engine.cluster.leftovers import claims_folder
from engine.errors import ConflictError, NotFound
from engine.model.calls import called_steps, renewed
from engine.processors.registry import catalog
from engine.runtime.calls import PREFIX, NewCall, begin
from engine.runtime.hosts.builtin import call_graph
from engine.sources.cache import digest

if TYPE_CHECKING:
    from engine.client.cluster import Cluster
    from engine.results.standing import CallState
    from engine.stores.cluster import Slot

_TRIES = 5


class Ready(Struct, frozen=True):
    """A deployment for calls as somebody made it, or found it, with the `steps` that can be called.

    It stands while `at` does: the last changes of it and of the flow that it was made of; of a file, that flow itself.
    """

    name: str
    id: str
    steps: frozenset[str]
    at: tuple[Any, ...]


class Origin(Struct, frozen=True):
    """The flow whose steps are called: as it is deployed, or in a file."""

    name: str
    opened: Opened
    overrides: dict[str, Any]
    is_deployed: bool


def begin_call(cluster: Cluster, flow: str, call: NewCall, known: Ready | None) -> Ready:
    """Begin a call; under an id that was begun before nothing happens. When this returns, it is in the ledger.

    Args:
        cluster: where.
        flow: a deployment, or a flow file.
        call: the call.
        known: what this returned for a call of the flow before, if anything.

    Raises:
        NotFound: there is no such flow or step.
        UsageError: a step cannot be called.
        ConflictError: the flow is changed again and again just now, or an agent is of another version.
    """
    steps = frozenset(call_graph.steps(call.graph))
    store = _claims_here(cluster)
    for _ in range(_TRIES):
        ready = known = make_ready(cluster, flow, steps, known)
        if ready is None:
            continue
        try:
            cluster.ask(lambda ledger, name=ready.name: begin(ledger, name, call, ledger.now_ms(), store))
        except NotFound:
            known = None  # it was taken away, or changed, just now
            continue
        cluster.calls.wake(ready.id, [step for _, step in call_graph.begin(call.graph)])
        return ready
    raise ConflictError(f"the calls of '{flow}' are changed, or taken away, again and again just now; try again")


def calls_name(flow: str) -> str:
    """What the deployment for calls of a flow is called; of a file, other files of its name elsewhere have others."""
    if not is_file(flow):
        return PREFIX + flow
    file = Path(flow).absolute()
    return f"{PREFIX}{file.name}-{digest(socket.gethostname(), str(file.parent.resolve()))[:8]}"


def make_ready(cluster: Cluster, flow: str, steps: frozenset[str], known: Ready | None) -> Ready | None:
    """See to it that the steps of a flow, as it is now, can be called: nothing is deployed anew where they can.

    None: what was made was taken away at once.
    """
    name = calls_name(flow)
    opened = open_file(Path(flow)) if is_file(flow) else None
    if known is not None and steps <= known.steps and known.at == _at(cluster.calls.changes([flow, name]), flow, name, opened):
        return known
    with cluster.calls.alone(name):
        # Before the flow is read: a change of it that comes meanwhile is then not taken for what was copied.
        before = cluster.calls.changes([flow])
        origin = _origin(cluster, flow, opened)
        found = cluster.found(name)
        called = steps.union(called_steps(found.flow) if found is not None else ())
        made = renewed(origin.opened.flow, sorted(called), steps, catalog())
        copies = structs.replace(origin.opened, flow=made)
        wanted = (made, origin.overrides, str(copies.folder))
        if found is None or (found.flow, found.parameters, found.folder) != wanted or not cluster.is_known(found):
            cluster.deploy_calls(copies, name, origin, found)
        after = cluster.calls.changes([name])
        if name not in after:
            return None
        return Ready(name, after[name][0], frozenset(called_steps(made)), _at(before | after, flow, name, opened))


def explained(cluster: Cluster, calls: Sequence[CallState]) -> list[CallState]:
    """The same calls, the open ones with the reason why they cannot go on now, if that is known."""
    situation = cluster.situation()
    wanted = {each.name: each for each in situation.deployments}
    slots: dict[str, list[Slot]] = {}
    for slot in situation.slots:
        slots.setdefault(slot.deployment_id, []).append(slot)

    def explain(call: CallState) -> CallState:
        deployment = wanted.get(PREFIX + call.flow) if call.state == "open" else None
        if deployment is None:
            return call
        trouble = _trouble(deployment.name, deployment.desired, slots.get(deployment.id, ()), call.graph)
        return structs.replace(call, trouble=trouble)

    return [explain(call) for call in calls]


def _trouble(name: str, desired: str, slots: Sequence[Slot], graph: call_graph.Graph) -> str | None:
    if desired != "running":
        return f"'{name}' is {desired}; start it"
    steps = set(call_graph.steps(graph))
    return next((slot.trouble for slot in slots if slot.is_held and slot.stage in steps and slot.trouble), None)


def _at(changes: Mapping[str, tuple[str, int]], flow: str, name: str, opened: Opened | None) -> tuple[Any, ...]:
    """What a deployment for calls goes by, at these `changes`."""
    return changes.get(name), changes.get(flow) if opened is None else (opened.flow, opened.folder)


def _origin(cluster: Cluster, flow: str, opened: Opened | None) -> Origin:
    if opened is not None:
        return Origin(opened.flow.name, opened, {}, is_deployed=False)
    order = cluster.order(flow)
    return Origin(flow, Opened(order.flow, Path(order.folder), flow), order.parameters, is_deployed=True)


def _claims_here(cluster: Cluster) -> Path | None:
    """Where large content goes, if whoever calls has that folder, too."""
    folder = claims_folder(cluster.target)
    return folder if folder is not None and folder.parent.is_dir() else None
