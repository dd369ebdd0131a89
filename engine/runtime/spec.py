"""What a host is told about its stage: the head of the `init` frame."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine.model.flow import CODE_TYPES
from engine.runtime.plan import Plan, PlannedStep, Stage

OUTSIDE = -1
MAX_MESSAGES = 4096
"""Messages in a batch, and in a claim."""
_SHARED = 64
"""Messages in a batch for a stage with several hosts, so that there is work for all of them."""


class StageSpec:
    """The specification of one stage, and the keys behind its numbers: `links[i]` and `steps[i]` in frames are these.

    A link that leads back to the stage's head is there twice, as an entry and as one that leaves.
    """

    def __init__(
        self,
        plan: Plan,
        stage: Stage,
        *,
        folder: Path,
        claims: Path | None,
        secrets: Mapping[str, str],
        checkouts: Mapping[str, str] | None = None,
    ) -> None:
        self.stage = stage
        self.steps = stage.steps
        # What leads back to the head leaves the stage as well: it goes round through its queue, like any message of the head.
        behind = frozenset(stage.steps[1:])
        leaving = [link.key for id in stage.steps for link in plan.outbound.get(id, ()) if link.target not in behind]
        self.links = (*stage.entries, *leaving)
        self.entry_index = {key: index for index, key in enumerate(stage.entries)}
        self._route_index = self.entry_index | {key: index for index, key in enumerate(leaving, len(stage.entries))}
        self.step_index = {id: index for index, id in enumerate(stage.steps)}
        self.called = any(plan.steps[plan.links[key].source].is_router for key in stage.entries)
        """Whether its only step is one that is called: what that makes of each message is put together."""
        self.ports = {number: plan.links[key].source_port for number, key in enumerate(leaving, len(stage.entries))}
        """By number of a link that leaves the stage: the output that it starts at."""
        self.timeout_s = max((plan.steps[id].processor.timeout_s for id in stage.steps), default=0.0)
        self.head: dict[str, Any] = {
            "k": "init",
            "stage": stage.id,
            "folder": str(folder),
            "claims": "" if claims is None else str(claims),
            "memory": stage.memory_bytes,
            "order": list(range(len(stage.steps))),
            "steps": [self._step(plan, plan.steps[id], secrets, checkouts or {}) for id in stage.steps],
            "links": [
                *(self._link(plan, key, self.step_index[plan.links[key].target]) for key in stage.entries),
                *(self._link(plan, key, OUTSIDE) for key in leaving),
            ],
        }

    def _step(self, plan: Plan, step: PlannedStep, secrets: Mapping[str, str], checkouts: Mapping[str, str]) -> dict[str, Any]:
        processor = step.processor
        routes: dict[str, list[int]] = {}
        for link in plan.outbound.get(step.id, ()):
            routes.setdefault(link.source_port, []).append(self._route_index[link.key])
        return {
            "id": step.id,
            "kind": processor.type if processor.type in CODE_TYPES else "builtin",
            "body": step.declared.name if step.declared is not None else None,
            "config": step.config,
            "params": step.parameters,
            "secrets": {name: secrets[name] for name in processor.secrets if name in secrets},
            "code": processor.code,
            "module": processor.git.module if processor.git else None,
            "checkout": checkouts.get(step.id),
            "function": processor.function,
            "inputs": list(step.inputs),
            "outputs": list(step.outputs),
            "batch": processor.batch,
            "mode": processor.mode,
            "timeout": processor.timeout_s,
            "retry": [processor.retry.attempts, processor.retry.penalty_s],
            "routes": routes,
            "dead": list(step.dead),
        }

    def _link(self, plan: Plan, key: str, to: int) -> dict[str, Any]:
        link = plan.links[key]
        priority = link.policy.priority
        return {
            "to": to,
            "port": link.target_port,
            "rank": priority.removeprefix("attribute:") if priority.startswith("attribute:") else None,
            "most": _SHARED if plan.steps[link.target].is_shared else MAX_MESSAGES,
        }
