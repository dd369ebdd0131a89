"""One run of a flow file on this machine: continue what was left, or begin anew; until nothing more can fire."""

from __future__ import annotations

import asyncio
import hashlib
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct, structs

from engine.errors import InvalidFlow, UsageError
from engine.ledger.base import DEAD, Ledger
from engine.model.bare import bare
from engine.model.codec import dump_flow, read_flow
from engine.model.flatten import flatten
from engine.model.flow import Flow
from engine.model.parameters import override
from engine.model.validation import all_problems, validate
from engine.processors.registry import catalog
from engine.runtime.command import runtimes
from engine.runtime.deployment import Deployment
from engine.runtime.engine import Engine
from engine.runtime.plan import Plan, plan
from engine.runtime.summary import as_json
from engine.runtime.workspace import textual

UNFINISHED = ("resetting", "running")


class RunOptions(Struct, frozen=True, kw_only=True):
    """How to run: parameter overrides, a new run even if one is unfinished, a time limit, no fusion (for measurements)."""

    overrides: dict[str, Any] = {}
    fresh: bool = False
    timeout_s: float = 0.0
    fuse: bool = True
    secrets: dict[str, str] = {}


class Prepared(Struct, frozen=True):
    """A flow file, read, valid and planned."""

    path: Path
    flow: Flow
    plan: Plan
    revision: str

    @property
    def name(self) -> str:
        """The run's identity: the flow file's path."""
        return str(self.path)


class Outcome(Struct, frozen=True):
    """How a run ended: its summary object, sentences about what went wrong, whether it is complete, dead letters by step."""

    summary: dict[str, Any]
    troubles: tuple[str, ...]
    complete: bool
    continued: bool
    results: tuple[Path, ...]
    unpaired: dict[str, dict[str, int]]
    dead: dict[str, int] = {}

    @property
    def exit_code(self) -> int:
        """0 done, 1 when anything is left behind."""
        return 0 if self.complete and not self.troubles and not self.summary["dead_letters"] else 1


def prepare(path: Path, options: RunOptions) -> Prepared:
    """Read, check and plan a flow file; raises FlowFileError or InvalidFlow with every problem."""
    path = textual(path.absolute(), "the flow file")
    try:
        flow = override(read_flow(path), options.overrides)
    except InvalidFlow as error:
        raise InvalidFlow(all_problems(error, catalog(), path.parent, runtimes(), path.name)) from None
    problems = validate(flow, catalog(), path.parent, runtimes(), path.name)
    if problems:
        raise InvalidFlow(problems)
    flat = flatten(flow)
    return Prepared(path, flow, plan(flat, catalog(), fuse=options.fuse), revision_of(flow))


def revision_of(flow: Flow) -> str:
    """A digest of everything that decides what a flow does; a moved card or a note does not change it.

    Nor does a breakpoint, which only decides when: a run that ended at one goes on when it is taken away.
    """
    return hashlib.sha256(dump_flow(_unbroken(bare(flow))).encode()).hexdigest()


def _unbroken(flow: Flow) -> Flow:
    return structs.replace(
        flow,
        connections={key: structs.replace(connection, breakpoint=False) for key, connection in flow.connections.items()},
        definitions={name: _unbroken(definition) for name, definition in flow.definitions.items()},
    )


class Run:
    """A run in an engine. `progress` is called several times a second while it lasts."""

    def __init__(self, engine: Engine, prepared: Prepared, options: RunOptions) -> None:
        self._engine = engine
        self._prepared = prepared
        self._options = options
        self._stop = asyncio.Event()
        self.patience_s = 30.0
        """How long tasks may take to end when the run is stopped."""
        self.deployment: Deployment | None = None
        self.continued = False

    def stop(self) -> None:
        """End gracefully: what runs is finished, the rest waits for the next `pyfi run`."""
        self._stop.set()

    async def execute(self, progress: Callable[[Deployment], None] | None = None) -> Outcome:
        """Run to the end, the time limit, or `stop`."""
        facts = await self._begin()
        prepared = self._prepared
        deployment = self.deployment = await self._engine.deploy(
            prepared.name,
            prepared.plan,
            revision=prepared.revision,
            run_id=facts["run"],
            folder=prepared.path.parent,
            secrets=self._options.secrets,
            base=facts.get("base"),
        )
        deployment.since_ms = int(facts["started"] * 1000)
        await deployment.start()
        timed_out, finished = await self._wait(deployment, progress)
        await deployment.stop(self.patience_s)
        if deployment.failure is not None:
            raise deployment.failure
        troubles = deployment.ending.troubles()
        if deployment.given_up is not None:
            troubles.append(f"storage: {deployment.given_up}; run it again when that is cured, it goes on from the last commit")
        if timed_out:
            troubles.append(f"stopped at the time limit of {self._options.timeout_s:g} s; run it again to go on")
        complete = finished and not troubles
        if complete:
            await self._note_end()
        return self._outcome(deployment, tuple(troubles), facts, complete=complete)

    async def _wait(self, deployment: Deployment, progress: Callable[[Deployment], None] | None) -> tuple[bool, bool]:
        """Wait for the end; returns whether the time limit struck and whether everything was done."""
        finished = asyncio.ensure_future(deployment.ending.finished())
        stopped = asyncio.ensure_future(self._stop.wait())
        deadline = time.monotonic() + self._options.timeout_s if self._options.timeout_s else None
        try:
            while not finished.done() and not stopped.done():
                remaining = 0.1 if deadline is None else min(0.1, deadline - time.monotonic())
                if remaining <= 0:
                    return True, False
                await asyncio.wait({finished, stopped}, timeout=remaining, return_when=asyncio.FIRST_COMPLETED)
                if progress is not None:
                    progress(deployment)
            if finished.done():
                finished.result()
            return False, finished.done()
        finally:
            stopped.cancel()
            if not finished.done():
                finished.cancel()

    async def _begin(self) -> dict[str, Any]:
        """Decide whether to go on with an unfinished run, and make a new one ready if not."""
        name, revision = self._prepared.name, self._prepared.revision
        known = await self._engine.ledger.call(lambda ledger: _facts(ledger, name))
        unfinished = known.get("state") in UNFINISHED
        if unfinished and not self._options.fresh and known.get("state") == "running":
            if known["revision"] != revision:
                raise UsageError(
                    f"{self._prepared.path.name} has changed since its unfinished run began; "
                    "change it back to go on, or give --fresh to discard what is left"
                )
            self.continued = True
            return known
        facts = {"state": "resetting", "run": uuid.uuid4().hex, "revision": revision, "flow": self._prepared.flow.name}
        queues, steps = self._prepared.plan.queues(), list(self._prepared.plan.steps)
        await self._engine.ledger.call(lambda ledger: ledger.register(name, queues, steps, revision))
        await self._engine.ledger.call(self._keeping(facts))
        orphans, base = await self._engine.ledger.call(lambda ledger: reset(ledger, name))
        self._engine.workspace.remove_claims(orphans)
        facts |= {"state": "running", "started": time.time(), "base": base}
        await self._engine.ledger.call(self._keeping(facts))
        return facts

    def _keeping(self, facts: dict[str, Any]) -> Callable[[Ledger], None]:
        name = self._prepared.name
        return lambda ledger: ledger.set_facts(ledger.deployments()[name], facts)

    async def _note_end(self) -> None:
        """Keep that the run is finished; waits while storage fails, until the run is stopped (and then raises StorageError)."""
        line = self._engine.ledger.line()
        noted = asyncio.ensure_future(line.insist(self._keeping({"state": "finished"})))
        stopped = asyncio.ensure_future(self._stop.wait())
        await asyncio.wait({noted, stopped}, return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        line.give_up()
        await noted

    def _outcome(
        self, deployment: Deployment, troubles: tuple[str, ...], facts: Mapping[str, Any], *, complete: bool
    ) -> Outcome:
        flow_plan = self._prepared.plan
        before = {step: int(count) for step, count in facts["base"].get("dead", {}).items()}
        letters = {step: count - before.get(step, 0) for step, count in deployment.dead_letters().items()}
        dead = {step: count for step, count in letters.items() if count > 0}
        unpaired = {step: ports for step, ports in deployment.ending.unpaired.items() if ports}
        summary = as_json(
            self._prepared.flow.name,
            "local",
            deployment.totals,
            source_messages=deployment.source_messages(),
            steps={id: step.outputs for id, step in flow_plan.steps.items()},
            queued={key: deployment.depths.messages(key) for key in flow_plan.links},
            dead_letters=dead,
            unpaired=unpaired,
        )
        summary["held"] = deployment.ending.held()
        return Outcome(
            summary=summary,
            troubles=troubles,
            complete=complete,
            continued=self.continued,
            results=tuple(_results(flow_plan, self._prepared.path.parent)),
            unpaired=unpaired,
            dead=dead,
        )


def _results(flow_plan: Plan, folder: Path) -> Sequence[Path]:
    """The files and folders that the flow's sinks write."""
    found: list[Path] = []
    for step in flow_plan.steps.values():
        if step.declared is not None and step.declared.final:
            found.extend(folder / str(step.config[field]) for field in step.declared.paths if step.config.get(field))
    return found


def _facts(ledger: Ledger, name: str) -> dict[str, Any]:
    number = ledger.deployments().get(name)
    return ledger.facts(number) if number is not None else {}


def reset(ledger: Ledger, name: str) -> tuple[list[str], dict[str, Any]]:
    """Make the deployment as if it had never run, but keep its dead letters; returns files to delete and where counts start."""
    found = ledger.registration(name)
    assert found is not None
    registration = found[0]
    ledger.void(registration.deployment)
    orphans: list[str] = []
    for key, number in registration.queues.items():
        if not key.startswith(DEAD):
            orphans.extend(ledger.purge(number)[1])
    for number in registration.steps.values():
        orphans.extend(ledger.clear_state(number))
    counters, passages = ledger.counters(registration.deployment)
    names = {number: key for key, number in registration.steps.items()}
    keys = {number: key for key, number in registration.queues.items()}
    depths = ledger.depths(registration.deployment)
    # What the flow had before it was changed, and has no more, is counted in the ledger, too.
    base = {
        "steps": {names[step]: msgspec.to_builtins(counter) for step, counter in counters.items() if step in names},
        "links": {keys[queue]: msgspec.to_builtins(passage) for queue, passage in passages.items() if queue in keys},
        "dead": {
            key.removeprefix(DEAD): depths[number].messages
            for key, number in registration.queues.items()
            if key.startswith(DEAD) and number in depths
        },
    }
    return orphans, base
