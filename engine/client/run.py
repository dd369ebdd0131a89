"""Runs a flow file to its end on this machine, telling how it goes."""

from __future__ import annotations

import importlib
import inspect
import time
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from msgspec import Struct, structs

from engine.bus.base import Event
from engine.client.place import SECRET_PREFIX, secrets, workspace_folder
from engine.errors import UsageError, WorkspaceBusy
from engine.ledger.base import Counter
from engine.model.problem import shown
from engine.runtime.deployment import Deployment
from engine.runtime.engine import Engine
from engine.runtime.run import Outcome, Prepared, Run, RunOptions, prepare

__all__ = ["FlowRun", "Outcome", "Progress", "RunOptions", "StepProgress"]
_REMOTE = "engine.api.remote"
_EVERY_S = 0.25


class StepProgress(Struct, frozen=True):
    """A processor that has done something or has something to do: messages in, out, failed, and waiting before it."""

    id: str
    received: int
    sent: int
    failed: int
    queued: int
    busy: bool


class Progress(Struct, frozen=True):
    """How a run stands: messages its sources made, messages that wait, and the processors that have begun."""

    messages: int
    queued: int
    steps: tuple[StepProgress, ...]


class FlowRun:
    """One run of a flow file.

    Raises:
        PyfiError: the flow cannot run; nothing was done.
    """

    def __init__(self, path: Path, options: RunOptions, workspace: Path | None = None, target: str = "local") -> None:
        if target != "local":
            raise UsageError(f"there is no target {shown(target)}; flows run on 'local', this machine")
        self.options = structs.replace(options, secrets={**secrets(), **options.secrets})
        self.prepared = prepare(path, self.options)
        _check_secrets(self.prepared, self.options.secrets)
        self._folder = workspace_folder(workspace)
        self._run: Run | None = None
        self._stopped = False

    @property
    def flow(self) -> str:
        """The flow's name."""
        return self.prepared.flow.name

    async def execute(self, on_progress: Callable[[Progress], None], on_event: Callable[[Event], None]) -> Outcome:
        """Run to the end, or until `stop`. If another engine owns the workspace, it does the running.

        `on_progress` is called four times a second, `on_event` for every log line of the flow.
        """
        try:
            async with Engine(self._folder) as engine:
                engine.bus.subscribe(on_event)
                run = self._run = Run(engine, self.prepared, self.options)
                if self._stopped:
                    run.stop()
                return await run.execute(_paced(on_progress))
        except WorkspaceBusy:
            if self._run is not None or find_spec(_REMOTE.rpartition(".")[0]) is None or find_spec(_REMOTE) is None:
                raise
        return await self._hand_over(on_progress)

    async def _hand_over(self, on_progress: Callable[[Progress], None]) -> Outcome:
        """Have the engine that owns the workspace run the flow."""
        # By name: the remote side is only there when engines can be asked to serve.
        run_remote: Any = importlib.import_module(_REMOTE).run_remote
        ended: Any = run_remote(self._folder, self.prepared.path, self.options, on_progress)
        return await ended if inspect.isawaitable(ended) else ended

    def stop(self) -> None:
        """End gracefully: what runs is finished, the rest waits for the next run of the same file."""
        self._stopped = True
        if self._run is not None:
            self._run.stop()

    def kill_hosts(self) -> None:
        """End every process of the run at once. What was not committed is done again by the next run."""
        deployment = self._run.deployment if self._run is not None else None
        for runner in deployment.runners.values() if deployment is not None else ():
            for slot in runner.slots:
                if slot.host is not None:
                    slot.host.kill()


def _check_secrets(prepared: Prepared, known: Mapping[str, str]) -> None:
    for step in prepared.plan.steps.values():
        for name in step.processor.secrets if step.processor.enabled else ():
            if name not in known:
                raise UsageError(f"processor '{step.id}' needs the secret '{name}'; set the variable {SECRET_PREFIX}{name}")


def _paced(on_progress: Callable[[Progress], None]) -> Callable[[Deployment], None]:
    """Tell how a run stands not oftener than people can read; looking at thousands of processors takes time too."""
    told = 0.0

    def tell(deployment: Deployment) -> None:
        nonlocal told
        now = time.monotonic()
        if now - told >= _EVERY_S:
            told = now
            on_progress(_progress(deployment))

    return tell


def _progress(deployment: Deployment) -> Progress:
    steps: list[StepProgress] = []
    waiting = 0
    for runner in deployment.runners.values():
        for name in runner.stage.steps:
            queued = sum(deployment.depths.messages(link.key) for link in deployment.plan.inbound.get(name, ()))
            waiting += queued
            counter = deployment.totals.steps.get(name)
            if counter is not None or queued:
                counter = counter or Counter()
                sent = sum(counter.out.values())
                steps.append(StepProgress(name, counter.received, sent, counter.failed, queued, runner.busy))
    return Progress(deployment.source_messages(), waiting, tuple(steps))
