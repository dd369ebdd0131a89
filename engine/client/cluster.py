"""Cluster, a target with all that runs there: deploy flows, say what should become of them, see how they do.

Everything here blocks for as long as the servers take to answer: the desktop asks in a thread. Nothing is told to agents; what
is wanted is written to rows, and they react to that within a second.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from msgspec import Struct, structs

from engine.client.cluster_check import cluster_problems
from engine.client.flow import Opened
from engine.client.place import user
from engine.client.version import version
from engine.cluster.figures import Figures, read
from engine.cluster.leftovers import remove_claims, sweep
from engine.cluster.part import FLUSH, FLUSHED
from engine.cluster.planning import Planned, least, planned
from engine.cluster.versions import is_other_version
from engine.database.session import open_database
from engine.errors import ConflictError, InvalidFlow, NotFound
from engine.ledger.base import DEAD, Ledger, Registration
from engine.ledger.url import open_ledger
from engine.model.apply import diff
from engine.model.change import Change
from engine.model.problem import listed, shown
from engine.model.validation import validate
from engine.processors.registry import catalog
from engine.runtime import queues
from engine.runtime.calls import PREFIX
from engine.runtime.run import reset
from engine.runtime.summary import Totals, as_json
from engine.stores.calls import CallStore
from engine.stores.cluster import AgentView, ClusterStore, Identity, LogLine, Order, Situation, Slot, Wanted
from engine.stores.flows import FlowStore
from engine.targets import Target, Targets

if TYPE_CHECKING:
    from engine.client.cluster_calls import Origin

__all__ = ["AgentView", "Cluster", "Comparison", "LogLine", "Situation", "Slot", "Standing", "Wanted"]
_LOOK_S = 0.1
_T = TypeVar("_T")


class Comparison(Struct, frozen=True):
    """What deploying a flow would change there.

    `changes` are those of the flow's parts; of the stages `begun` are new, `restarted` change, `kept` go on untouched, `gone`
    end. `held` are connections that would go although messages wait in them. `is_new`: nothing of that name is there.
    """

    name: str
    is_new: bool
    changes: tuple[Change, ...] = ()
    begun: tuple[str, ...] = ()
    restarted: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    held: dict[str, int] = {}


class Standing(Struct, frozen=True):
    """How a deployment stands.

    `state` is running, paused, stopped, ended or broken; `processors` and `connections` hold the values that the events `stats`
    have; `slots` say who runs what. `revision` is another one whenever something else runs.
    """

    wanted: Wanted
    state: str
    trouble: str | None
    stopped: tuple[str, ...]
    processors: dict[str, dict[str, Any]]
    connections: dict[str, dict[str, Any]]
    slots: tuple[Slot, ...]
    revision: str = ""


class Cluster:
    """One target. Use as a context manager, in one thread at a time.

    Raises:
        StorageError: its database cannot be reached.
    """

    def __init__(self, target: Target) -> None:
        self.target = target
        self._database = open_database(target.database, create=True)
        self.store = ClusterStore(self._database)
        self.calls = CallStore(self._database)
        self._ledger_: Ledger | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the servers."""
        if self._ledger_ is not None:
            self._ledger_.close()
        self._database.close()

    # -- looking

    def situation(self) -> Situation:
        """Agents and their nodes, deployments, slots."""
        return self.store.situation()

    def standing(self, name: str) -> Standing:
        """How one deployment stands.

        Raises:
            NotFound: there is none of that name.
        """
        order = self.store.order(name)
        made = planned(order)
        slots = tuple(slot for slot in self.situation().slots if slot.deployment_id == order.wanted.id)
        by_stage: dict[str, list[Slot]] = {}
        for slot in slots:
            by_stage.setdefault(slot.stage, []).append(slot)
        trouble = next((slot.trouble for slot in slots if slot.trouble), None)
        wanted = order.wanted
        state = "ended" if wanted.ended else wanted.desired
        known = self._registration(name)
        values = Figures(made.plan, order.base).values(read(self._ledger, known.deployment), known, by_stage, state)
        shown_state = "broken" if trouble is not None and state == "running" else state
        figures = values["processors"], values["connections"]
        return Standing(wanted, shown_state, trouble, order.stopped, *figures, slots, made.revision)

    def order(self, name: str) -> Order:
        """What a deployment runs; raises NotFound."""
        return self.store.order(name)

    def log(
        self, flow: str = "", *, within: str = "", levels: Sequence[str] = (), limit: int = 200, after: int = 0
    ) -> list[LogLine]:
        """The last lines of a deployment's log, or of all, the newest last; see `ClusterStore.log`."""
        return self.store.log(flow, within=within, levels=levels, limit=limit, after=after)

    # -- deploying

    def compare(self, opened: Opened, *, name: str = "", overrides: Mapping[str, Any] | None = None) -> Comparison:
        """What deploying a flow would change.

        Raises:
            InvalidFlow: it cannot run on this target.
        """
        name = name or opened.flow.name
        self._check(opened, overrides or {})
        found = self.found(name)
        made = planned(_order(opened, overrides or {}, found))
        if found is None:
            return Comparison(name, is_new=True, begun=tuple(made.plan.stages))
        return self._compared(found, opened, made)

    def deploy(
        self,
        opened: Opened,
        *,
        name: str = "",
        overrides: Mapping[str, Any] | None = None,
        fresh: bool = False,
        force: bool = False,
    ) -> Wanted:
        """Have a flow run here: anew, or in the place of what a deployment of that name runs; only what changes restarts.

        Args:
            opened: the flow.
            name: what the deployment is called; the flow's name if empty.
            overrides: values that override the flow's parameters.
            fresh: discard what is queued, state and positions, but no dead letters. One that has ended begins so anyway.
            force: also when connections that would go hold messages, which are then kept aside.

        Raises:
            InvalidFlow: it cannot run on this target; carries its problems.
            ConflictError: an agent is of another version, or connections that would go hold messages.
        """
        name = name or opened.flow.name
        overrides = overrides or {}
        self._check(opened, overrides)
        self._check_versions()
        found = self.found(name)
        made = planned(_order(opened, overrides, found))
        if found is not None and not force:
            self._check_queues(self._compared(found, opened, made).held)
        anew = fresh or found is None or found.wanted.ended
        if fresh and found is not None and not found.wanted.ended:
            self._halt(name)
        stored = FlowStore(self._database).import_flow(opened.flow, user())
        # The ledger first: until the rows say what is wanted, workers go on with what they know.
        self._ledger.register(name, made.plan.queues(), list(made.plan.steps), made.revision)
        facts = self._reset(name) if anew else {}
        return self.store.deploy(
            opened.flow,
            stored.id,
            user(),
            name=name,
            parameters=overrides,
            folder=str(opened.folder),
            version=version(),
            stages=least(made.plan),
            **facts,
        )

    def deploy_calls(self, copies: Opened, name: str, origin: Origin, found: Order | None) -> None:
        """Have copies of steps that are called be a deployment of that name, instead of what is `found` there.

        Raises:
            InvalidFlow: they cannot run on this target.
            ConflictError: an agent is of another version, or calls wait for a step that would go.
        """
        self._check(copies, origin.overrides)
        self._check_versions()
        made = planned(_order(copies, origin.overrides, found))
        if found is not None:
            self._check_queues(self._compared(found, copies, made).held)
        if origin.is_deployed:
            flow_id = self.calls.flow_id(origin.name)
        else:  # under a name of its own: a stored flow of the name that the file says is not to be replaced by a call
            flow = origin.opened.flow
            named = structs.replace(flow, header=structs.replace(flow.header, name=name))
            flow_id = FlowStore(self._database).import_flow(named, user()).id
        self._ledger.register(name, made.plan.queues(), list(made.plan.steps), made.revision)
        facts = self._reset(name) if found is None else {}
        # One of each, so that the first call need not wait for workers; where none comes, they are soon taken away.
        stages = {stage: max(1, number) for stage, number in least(made.plan).items()}
        self.store.deploy(
            copies.flow,
            flow_id,
            user(),
            name=name,
            parameters=origin.overrides,
            folder=str(copies.folder),
            version=version(),
            stages=stages,
            **facts,
        )

    def undeploy(self, name: str, *, patience_s: float = 30.0) -> None:
        """Take a deployment away with everything it holds, and with the calls of its steps.

        Raises:
            NotFound: there is none of that name.
        """
        self._undeploy(name, patience_s)
        if self.found(PREFIX + name) is not None:
            self._undeploy(PREFIX + name, patience_s)

    def _undeploy(self, name: str, patience_s: float) -> None:
        stages = planned(self.store.order(name)).plan.stages
        self._halt(name, patience_s)
        self.store.delete(name, user())
        if name in self._ledger.deployments():
            remove_claims(self.target, self._ledger.forget(name))
        sweep(self.target, self.identity(), name, stages, at_ms=self._ledger.now_ms())

    # -- wanting

    def start(self, name: str, *, fresh: bool = False) -> Wanted:
        """Have a deployment run: it goes on where it stopped, or begins anew if it had ended or is to be `fresh`.

        Raises:
            NotFound: there is none of that name.
        """
        order = self.store.order(name)
        if fresh or order.wanted.ended:
            self._halt(name)
            return self.store.desire(name, "running", user(), **self._reset(name))
        return self.store.desire(name, "running", user())

    def stop(self, name: str) -> Wanted:
        """Have it stop: what runs is finished, everything waits where it is; raises NotFound."""
        return self.store.desire(name, "stopped", user())

    def pause(self, name: str) -> Wanted:
        """Have it begin nothing more, with hosts kept ready.

        Raises:
            NotFound: there is none of that name.
            ConflictError: it does not run.
        """
        if self.store.order(name).wanted.desired == "stopped":
            raise ConflictError(f"{shown(name)} does not run, so it cannot pause; start it")
        return self.store.desire(name, "paused", user())

    def resume(self, name: str) -> Wanted:
        """Have it go on after a pause.

        Raises:
            NotFound: there is none of that name.
            ConflictError: it is not paused.
        """
        if self.store.order(name).wanted.desired != "paused":
            raise ConflictError(f"{shown(name)} is not paused; start it")
        return self.store.desire(name, "running", user())

    def wait(
        self, name: str, timeout_s: float = 0.0, progress: Callable[[Standing], None] | None = None
    ) -> tuple[dict[str, Any], str]:
        """Wait until a deployment has ended, stopped or broken; the object of `pyfi run --json`, and its state.

        `timeout_s` 0: as long as it takes.

        Raises:
            NotFound: there is none of that name.
            TimeoutError: it goes on.
        """
        deadline_s = time.monotonic() + timeout_s
        while True:
            standing = self.standing(name)
            if progress is not None:
                progress(standing)
            if standing.state not in ("running", "paused"):
                return self.summary(name), standing.state
            if timeout_s and time.monotonic() > deadline_s:
                raise TimeoutError(f"{shown(name)} goes on after {timeout_s:g} seconds")
            time.sleep(_LOOK_S)

    def summary(self, name: str) -> dict[str, Any]:
        """What a deployment has done since it began anew, as `pyfi run --json` tells it; raises NotFound."""
        order = self.store.order(name)
        made, known = planned(order), self._registration(name)
        reading = read(self._ledger, known.deployment)
        names = {number: key for key, number in known.steps.items()}
        keys = {number: key for key, number in known.queues.items()}
        totals = Totals()
        totals.load(
            {names[step]: counter for step, counter in reading.counters.items() if step in names},
            {keys[queue]: passage for queue, passage in reading.passages.items() if queue in keys},
            order.base,
        )
        totals.first_ms, totals.last_ms = order.wanted.since_ms, int(order.wanted.updated_at.timestamp() * 1000)
        depths = {keys[queue]: depth.messages for queue, depth in reading.depths.items() if queue in keys}
        before: dict[str, int] = order.base.get("dead", {})
        dead = {step: depths.get(DEAD + step, 0) - before.get(step, 0) for step in made.plan.steps}
        facts = self._ledger.facts(known.deployment)
        return as_json(
            order.wanted.flow_name,
            self.target.name,
            totals,
            source_messages=sum(sum(totals.steps[id].out.values()) for id in made.plan.sources if id in totals.steps),
            steps={id: step.outputs for id, step in made.plan.steps.items()},
            queued={key: depths.get(key, 0) for key in made.plan.links},
            dead_letters={step: count for step, count in dead.items() if count > 0},
            unpaired={
                step: found["unpaired"]
                for step in made.plan.steps
                if (found := facts.get(FLUSHED + step)) is not None and found.get("unpaired")
            },
        )

    # -- queues

    def queues(self, name: str) -> list[queues.Queue]:
        """Every queue of a deployment; raises NotFound."""
        return queues.list_queues(self._ledger, self._named(name))

    def peek(self, name: str, key: str, *, limit: int = 20, at: str = "") -> queues.Page:
        """The next messages of a queue; nothing is taken out. Raises NotFound."""
        return queues.peek(self._ledger, self._named(name), key, limit=limit, at=at)

    def purge(self, name: str, key: str) -> int:
        """Delete what nobody is working on; returns how many messages. Raises NotFound."""
        return queues.purge(self._ledger, self._named(name), key)[0]

    def replay(self, name: str, step: str, *, to: str = "", limit: int | None = None) -> dict[str, int]:
        """Give dead letters of a step another try; returns messages by the queue that they went to. Raises NotFound."""
        moved = queues.replay(self._ledger, self._named(name), step, to=to, limit=limit)
        if moved and self.store.order(name).wanted.ended:
            self.store.desire(name, "running", user())
        return moved

    # -- nodes

    def enable(self, node: str, *, enabled: bool) -> None:
        """Have a node take work, or none any more; raises NotFound."""
        self.store.enable(node, enabled=enabled)

    def forget_node(self, node: str) -> None:
        """Drop a node that is no more.

        Raises:
            NotFound: there is no such node.
            ConflictError: its agent lives.
        """
        self.store.forget_node(node)

    # -- small things

    def ask(self, question: Callable[[Ledger], _T]) -> _T:
        """What the ledger answers."""
        return question(self._ledger)

    def identity(self) -> Identity:
        """The cluster's own name, and the key that tickets are signed with."""
        return self.store.identity(self.target.name)

    def is_known(self, order: Order) -> bool:
        """Whether the ledger has the plan of a deployment. Else whoever deployed it was ended in the midst of that."""
        found = self._ledger.registration(order.wanted.name)
        return found is not None and found[1] == planned(order).revision

    @property
    def _ledger(self) -> Ledger:
        if self._ledger_ is None:
            self._ledger_ = open_ledger(self.target.database)
        return self._ledger_

    def _named(self, name: str) -> str:
        return self.store.order(name).wanted.name

    def found(self, name: str) -> Order | None:
        """What a deployment runs; None if there is none of that name."""
        try:
            return self.store.order(name)
        except NotFound:
            return None

    def _registration(self, name: str) -> Registration:
        found = self._ledger.registration(name)
        if found is None:
            raise NotFound(f"the ledger has nothing of {shown(name)}; deploy it again")
        return found[0]

    def _check(self, opened: Opened, overrides: Mapping[str, Any]) -> None:
        flow = _overridden(opened, overrides)
        # Which runtimes there are is each node's own matter.
        problems = validate(flow, catalog(), opened.folder, None, opened.shown)
        problems += cluster_problems(flow, opened.folder, self.target, opened.shown)
        if problems:
            raise InvalidFlow(problems)

    def _check_versions(self) -> None:
        mine = version()
        for agent in self.situation().agents:
            if agent.is_alive and is_other_version(agent.version, mine):
                raise ConflictError(
                    f"the agent '{agent.name}' runs PYFI {agent.version}, and this is {mine}; install the same version on both"
                )

    def _check_queues(self, held: Mapping[str, int]) -> None:
        if held:
            raise ConflictError(
                f"connections that would go still hold messages: {listed(list(held))}; let them drain, purge them, or "
                "force the change (the messages are kept aside, and there again when the connection comes back)"
            )

    def _compared(self, found: Order, opened: Opened, made: Planned) -> Comparison:
        before = planned(found).plan
        after = made.plan
        both = [stage for stage in after.stages if stage in before.stages]
        kept = tuple(stage for stage in both if _same(before, after, stage))
        gone = [key for key in before.links if key not in after.links]
        known = self._ledger.registration(found.wanted.name)
        waiting: dict[str, int] = {}
        if known is not None and gone:
            depths = self._ledger.depths(known[0].deployment)
            numbers = known[0].queues
            waiting = {key: depths[numbers[key]].messages for key in gone if key in numbers and numbers[key] in depths}
        return Comparison(
            found.wanted.name,
            is_new=False,
            changes=tuple(diff(found.flow, opened.flow)),
            begun=tuple(stage for stage in after.stages if stage not in before.stages),
            restarted=tuple(stage for stage in both if stage not in kept),
            kept=kept,
            gone=tuple(stage for stage in before.stages if stage not in after.stages),
            held={key: messages for key, messages in waiting.items() if messages},
        )

    def _halt(self, name: str, patience_s: float = 30.0) -> None:
        """Have it stop, and wait until nobody holds a slot of it."""
        wanted = self.store.desire(name, "stopped", user())
        deadline_s = time.monotonic() + patience_s
        while not self.store.is_empty_of(wanted.id):
            if time.monotonic() > deadline_s:
                raise ConflictError(f"workers of {shown(name)} did not end within {patience_s:g} s; try again")
            time.sleep(_LOOK_S)

    def _reset(self, name: str) -> dict[str, Any]:
        """Have a deployment begin anew; the columns that say so."""
        ledger = self._ledger
        _, base = reset(ledger, name)
        known = self._registration(name)
        flushes = [key for key in ledger.facts(known.deployment) if key.startswith((FLUSH, FLUSHED))]
        ledger.set_facts(known.deployment, dict.fromkeys(flushes))
        return {"run": uuid.uuid4().hex, "since_ms": ledger.now_ms(), "base": base}


def open_cluster(target: str) -> Cluster:
    """The target of that name.

    Raises:
        NotFound: this user knows none.
        StorageError: its database cannot be reached.
    """
    return Cluster(Targets().find(target))


def _overridden(opened: Opened, overrides: Mapping[str, Any]) -> Any:
    from engine.model.parameters import override

    return override(opened.flow, overrides)


def _order(opened: Opened, overrides: Mapping[str, Any], found: Order | None) -> Order:
    """What would be ordered."""
    stopped: Iterable[str] = found.stopped if found is not None else ()
    wanted = found.wanted if found is not None else _NOBODY
    scale = found.scale if found is not None else {}
    return Order(wanted, opened.flow, dict(overrides), str(opened.folder), tuple(stopped), scale, "", {})


def _same(before: Any, after: Any, stage: str) -> bool:
    """Whether a stage's hosts are told the same under both plans, so that they go on untouched."""
    if before.stages[stage] != after.stages[stage]:
        return False
    return all(before.steps[step] == after.steps[step] for step in after.stages[stage].steps)


_NOBODY = Wanted(
    id="",
    name="",
    flow_name="",
    revision=0,
    desired="stopped",
    ended=False,
    change=0,
    version="",
    author="",
    updated_at=datetime.fromtimestamp(0, UTC),
    since_ms=0,
)
