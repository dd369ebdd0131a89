"""A run of a flow file inside an engine, for whoever asked for it: progress while it lasts, its outcome afterwards."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from engine.errors import PyfiError
from engine.ledger.base import Ledger
from engine.runtime.deployment import Deployment
from engine.runtime.engine import Engine
from engine.runtime.progress import Progress, progress_of
from engine.runtime.run import Outcome, Prepared, Run, RunOptions

FACT = "hosted"
"""The fact that makes the engine go on with a run when it is restarted."""


class HostedRun:
    """One run. Make it, then `begin`; `state` is running, finished (its outcome says how) or failed (its error says why)."""

    def __init__(self, engine: Engine, id: str, prepared: Prepared, options: RunOptions) -> None:
        self._engine = engine
        self.id = id
        self.prepared = prepared
        self.options = options
        self._run = Run(engine, prepared, options)
        self._task: asyncio.Task[None] | None = None
        self._closing = False
        self.outcome: Outcome | None = None
        self.error: PyfiError | None = None
        self.told: Callable[[], None] = lambda: None

    @property
    def name(self) -> str:
        """The deployment's name: the flow file's path."""
        return self.prepared.name

    @property
    def state(self) -> str:
        """How it is."""
        if self.error is not None:
            return "failed"
        return "finished" if self.outcome is not None else "running"

    @property
    def deployment(self) -> Deployment | None:
        """What runs, once it has begun."""
        return self._run.deployment

    @property
    def progress(self) -> Progress:
        """How it stands."""
        deployment = self.deployment
        return progress_of(deployment) if deployment is not None else Progress()

    def begin(self) -> None:
        """Go."""
        self._task = asyncio.create_task(self._execute())

    def stop(self) -> None:
        """End gracefully; the next run of the file goes on."""
        self._run.stop()

    async def close(self, patience_s: float) -> None:
        """The engine ends, and goes on with the run when it is restarted."""
        self._closing = True
        self._run.patience_s = patience_s
        self._run.stop()
        if self._task is not None:
            await asyncio.gather(self._task, return_exceptions=True)

    async def _execute(self) -> None:
        try:
            order = {"id": self.id, "overrides": self.options.overrides, "fuse": self.options.fuse}
            await self._engine.ledger.call(self._keeping(order))
            outcome = await self._run.execute()
            if not self._closing:
                self._engine.ledger.leave(self._keeping(None))
            self.outcome = outcome
        except PyfiError as error:
            self.error = error
        except Exception as error:  # noqa: BLE001 - a fault of ours ends this run, not the engine
            traceback.print_exception(error)
            self.error = PyfiError(
                f"internal error ({type(error).__name__}: {error}); please report it with what `pyfi serve` printed"
            )
        deployment = self.deployment
        if deployment is not None:
            await self._engine.retire(deployment, patience_s=1.0)
        if self.error is not None and not self._closing:
            # It is not tried again by itself: it would fail again.
            self._engine.ledger.leave(self._keeping(None))
        self.told()

    def _keeping(self, order: Mapping[str, Any] | None) -> Callable[[Ledger], None]:
        """Notes whether the engine is to go on with the run when it is restarted."""
        prepared = self.prepared

        def keep(ledger: Ledger) -> None:
            number = ledger.deployments().get(prepared.name)
            if number is None:
                number = ledger.register(
                    prepared.name, prepared.plan.queues(), list(prepared.plan.steps), prepared.revision
                ).deployment
            ledger.set_facts(number, {FACT: order})

        return keep


def path_of(name: str) -> Path | None:
    """The flow file behind a deployment's name; None when it is none."""
    path = Path(name)
    return path if path.is_absolute() else None
