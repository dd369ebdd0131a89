"""Runs a flow file to its end on this machine, telling how it goes."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from msgspec import structs

from engine.bus.base import Event
from engine.client.place import SECRET_PREFIX, secrets, workspace_folder
from engine.errors import UsageError, WorkspaceBusy
from engine.model.problem import shown
from engine.runtime.deployment import Deployment
from engine.runtime.engine import Engine
from engine.runtime.progress import Progress, StepProgress, progress_of
from engine.runtime.run import Outcome, Prepared, Run, RunOptions, prepare
from engine.runtime.workspace import Workspace
from engine.settings import read_settings

__all__ = ["FlowRun", "Outcome", "Progress", "RunOptions", "StepProgress"]
_EVERY_S = 0.25


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
        self._stop = asyncio.Event()

    @property
    def flow(self) -> str:
        """The flow's name."""
        return self.prepared.flow.name

    async def execute(self, on_progress: Callable[[Progress], None], on_event: Callable[[Event], None]) -> Outcome:
        """Run to the end, or until `stop`. If another engine owns the workspace, it does the running.

        `on_progress` is called four times a second, `on_event` for every log line of the flow.
        """
        try:
            async with Engine(self._folder, history_days=read_settings().history_days) as engine:
                engine.bus.subscribe(on_event)
                run = self._run = Run(engine, self.prepared, self.options)
                if self._stop.is_set():
                    run.stop()
                return await run.execute(_paced(on_progress))
        except WorkspaceBusy:
            if self._run is not None:
                raise
        return await self._hand_over(on_progress, on_event)

    async def _hand_over(self, on_progress: Callable[[Progress], None], on_event: Callable[[Event], None]) -> Outcome:
        """Have the engine that owns the workspace run the flow."""
        from engine.api.remote import run_remote

        folder = Workspace(self._folder).folder
        return await run_remote(folder, self.prepared.path, self.options, on_progress, on_event, self._stop)

    def stop(self) -> None:
        """End gracefully: what runs is finished, the rest waits for the next run of the same file."""
        self._stop.set()
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
            on_progress(progress_of(deployment))

    return tell
