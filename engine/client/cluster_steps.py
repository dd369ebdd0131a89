"""Orders to single steps of a deployment on a cluster: start, stop, scale, end at once, run once, once more. It blocks."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec import convert, structs, to_builtins

from engine.client.answer import Ran
from engine.client.place import user
from engine.cluster.once import RAN, Wish
from engine.cluster.part import REPLAY, REPLAYED, TOOK
from engine.cluster.planning import Planned, least, planned, replicas
from engine.errors import ConflictError, NotFound, UsageError
from engine.model.problem import did_you_mean, listed, shown
from engine.runtime.once import ENDED
from engine.runtime.replay import check_replay, why_nothing
from engine.stores.cluster import ONCE, Order, Wanted

if TYPE_CHECKING:
    from engine.client.cluster import Cluster
    from engine.ledger.base import Ledger

_T = TypeVar("_T")
_ANSWER_S = 10.0
_TAKEN_S = 15.0
"""How long some node may take to begin what is to run once."""
_LOOK_S = 0.05
_UNTAKEN = "no node has taken it; `pyfi logs` says why, where one must have labels that none has"
_LEFT = "the node that ran it is gone; what it was at waits as before"


def scale(cluster: Cluster, name: str, step: str, number: int) -> Wanted:
    """Have the stage of a processor run on so many workers, from now on.

    Raises:
        NotFound: there is no such deployment, or no such processor in it.
        UsageError: so many must not, or cannot, run it.
    """
    order = cluster.order(name)
    made = planned(order)
    stage = made.plan.stage_of.get(step)
    if stage is None:
        raise NotFound(f"{shown(name)} runs no processor {shown(step)}{did_you_mean(step, made.plan.stage_of)}")
    bounds = replicas(made.plan, stage)
    if number > 1 and bounds.max == 1 and any(made.plan.steps[each].exclusive for each in made.plan.stages[stage].steps):
        raise UsageError(f"processor {shown(step)} must have one worker: it keeps what waits, or its place, in one place")
    if number > 1 and made.plan.held.intersection(made.plan.stages[stage].entries):
        raise UsageError(f"processor {shown(step)} must have one worker: there is a breakpoint before it; take that off first")
    if number < 0:
        raise UsageError(f"{number} workers are too few; 0 or more can run a processor")
    _register(cluster, structs.replace(order, scale=order.scale | {stage: number}))
    return cluster.store.scale(name, stage, number, user())


def set_steps(cluster: Cluster, name: str, steps: Collection[str], *, running: bool) -> Wanted:
    """Start or stop processors (the name of a subflow stands for all in it); the rest of the deployment runs on.

    Raises:
        NotFound: there is no such deployment, or no such processor in it.
    """
    order = cluster.order(name)
    found = planned(order).plan.meant(steps, name)
    return _set_stopped(cluster, order, set(order.stopped) - set(found) if running else {*order.stopped, *found})


def terminate(cluster: Cluster, name: str, steps: Collection[str]) -> None:
    """Stop processors and end what they are at, at once: their workers are killed, and all of it goes back to its queues.

    Who was just finishing something, because the flow is being stopped, say, ends as well. The rest runs on.

    Raises:
        NotFound: there is no such deployment, or no such processor in it.
    """
    order = cluster.order(name)
    ended = planned(order).plan.meant(steps, name)
    stopped = order.stopped if order.wanted.desired == "stopped" else {*order.stopped, *ended}
    _set_stopped(cluster, order, stopped, terminated=ended)


def _set_stopped(cluster: Cluster, order: Order, stopped: Collection[str], terminated: Sequence[str] = ()) -> Wanted:
    changed = structs.replace(order, stopped=tuple(sorted(stopped)))
    made = _register(cluster, changed)
    return cluster.store.set_stopped(order.wanted.name, changed.stopped, least(made.plan), user(), terminated=terminated)


def _register(cluster: Cluster, order: Order) -> Planned:
    """Make known to the ledger what an order comes to; the rows are to say it next."""
    name, made = order.wanted.name, planned(order)
    cluster.ask(lambda ledger: ledger.register(name, made.plan.queues(), list(made.plan.steps), made.revision))
    return made


def run_once(
    cluster: Cluster, name: str, steps: Collection[str], *, messages: int | None = None, timeout_s: float = 60.0
) -> list[Ran]:
    """One task of each of some processors that are stopped, in the order in which the flow has them; of a source one batch.

    Each is done by some node that may run it. If that is killed meanwhile, nothing is done, and nothing is tried again.

    Raises:
        NotFound: there is no such deployment, or no such processor in it.
        ConflictError: one of them is running.
    """
    order = cluster.order(name)
    plan = planned(order).plan
    wanted = plan.meant(steps, name)
    if order.wanted.desired != "stopped" and (running := [step for step in wanted if step in plan.stage_of]):
        raise ConflictError(f"{listed(running)} of {shown(name)} must be stopped to be run once")
    ran: list[Ran] = []
    for step in wanted:
        is_over = any(each.reason == ENDED for each in ran)
        ran.append(Ran(step, 0, ENDED) if is_over else _run_one(cluster, order, step, messages, timeout_s))
    return ran


def _run_one(cluster: Cluster, order: Order, step: str, messages: int | None, timeout_s: float) -> Ran:
    id, name = order.wanted.id, order.wanted.name
    with cluster.calls.alone(f"once {name} {step}"):
        if cluster.store.once(id, step) is not None:
            raise ConflictError(f"processor {shown(step)} runs once just now; wait until it has, or stop the flow")
        number = 1 + _number(cluster, name, RAN + step, ONCE + step)
        _note(cluster, name, {ONCE + step: to_builtins(Wish(number, messages, timeout_s))})
        cluster.store.open_once(id, step)
    until_s = time.monotonic() + _TAKEN_S
    while (slot := cluster.store.once(id, step)) is not None:
        if slot.is_held:
            until_s = time.monotonic() + _TAKEN_S
        elif time.monotonic() > until_s and cluster.store.give_up_once(id, step):
            return Ran(step, 0, _LEFT if slot.epoch else _UNTAKEN)
        time.sleep(_LOOK_S)
    found = _facts(cluster, name).get(RAN + step, {})
    return convert(found["ran"], Ran) if found.get("number") == number else Ran(step, 0, ENDED)


def replay_last(cluster: Cluster, name: str, step: str, messages: int = 1) -> dict[str, int]:
    """Have a processor work once more on the last so many messages of the last batch that it took, as copies.

    Each worker keeps in memory what it took last, as long as it runs; of several the one that took something last is asked.
    Returns how many there are, by the connection that they were put into.

    Raises:
        NotFound: there is no such processor, or what it took is not kept; says why.
        UsageError: it is a join.
        ConflictError: nobody runs it just now.
    """
    order = cluster.order(name)
    plan = planned(order).plan
    check_replay(plan, step)
    if step not in plan.steps or plan.steps[step].is_source or plan.stage_of.get(step, step) != step:
        raise NotFound(why_nothing(plan, step))
    if order.wanted.desired == "stopped" or step not in plan.stage_of:
        raise ConflictError(f"processor {shown(step)} does not run, so that nobody has what it took last; start it")
    with cluster.calls.alone(f"replay {name} {step}"):
        number = 1 + _number(cluster, name, REPLAYED + step, REPLAY + step)
        bids = _bids(cluster, order, step, number)
        try:
            worker = max(bids, key=lambda each: bids[each])
            if not bids[worker]:
                raise NotFound(
                    f"processor {shown(step)} has taken nothing since its workers began; only what came later is kept"
                )
            found = _ask_all(
                cluster, name, {REPLAY + step: _replay(number, messages, worker)}, lambda facts: _done(facts, step, number)
            )
        finally:
            # Nobody is to do it later, when it may not be wanted any more.
            gone = dict.fromkeys(f"{TOOK}{step}:{each}" for each in bids)
            _note(cluster, name, {**gone, REPLAYED + step: {"number": number}})
    if found is None or "trouble" in found:
        raise ConflictError(found["trouble"] if found is not None else _nobody(step))
    return {str(key): int(count) for key, count in found["moved"].items()}


def _bids(cluster: Cluster, order: Order, step: str, number: int) -> dict[str, int]:
    """By worker of a stage, when it took what it took last."""
    id, name = order.wanted.id, order.wanted.name

    def all_said(facts: dict[str, Any]) -> dict[str, int] | None:
        slots = [slot for slot in cluster.situation().slots if slot.key[:2] == (id, step) and slot.is_held]
        said = {slot.worker: facts.get(f"{TOOK}{step}:{slot.worker}", {}) for slot in slots}
        if not said or any(each.get("number") != number for each in said.values()):
            return None
        return {worker: int(each["at_ms"]) for worker, each in said.items()}

    found = _ask_all(cluster, name, {REPLAY + step: _replay(number, 0, "")}, all_said)
    if found is None:
        _note(cluster, name, {REPLAYED + step: {"number": number}})
        raise ConflictError(_nobody(step))
    return found


def _replay(number: int, messages: int, worker: str) -> dict[str, Any]:
    return {"number": number, "messages": messages, "worker": worker}


def _done(facts: dict[str, Any], step: str, number: int) -> dict[str, Any] | None:
    found = facts.get(REPLAYED + step, {})
    return found if found.get("number", 0) >= number else None


def _nobody(step: str) -> str:
    return f"not every worker of {shown(step)} answers just now; try again when they all run"


def _ask_all(cluster: Cluster, name: str, order: dict[str, Any], answer: Callable[[dict[str, Any]], _T | None]) -> _T | None:
    """Note an order, have all workers look at it, and wait for what they note; None: they did not."""
    _note(cluster, name, order)
    cluster.store.call_all(name)
    until_s = time.monotonic() + _ANSWER_S
    while (found := answer(_facts(cluster, name))) is None and time.monotonic() < until_s:
        time.sleep(_LOOK_S)
    return found


def _number(cluster: Cluster, name: str, *keys: str) -> int:
    facts = _facts(cluster, name)
    return max(int(facts.get(key, {}).get("number", 0)) for key in keys)


def _facts(cluster: Cluster, name: str) -> dict[str, Any]:
    def read(ledger: Ledger) -> dict[str, Any]:
        found = ledger.registration(name)
        return dict(ledger.facts(found[0].deployment)) if found is not None else {}

    return cluster.ask(read)


def _note(cluster: Cluster, name: str, facts: dict[str, Any]) -> None:
    def write(ledger: Ledger) -> None:
        found = ledger.registration(name)
        if found is not None:
            ledger.set_facts(found[0].deployment, facts)

    cluster.ask(write)
