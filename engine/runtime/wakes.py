"""Which stages a change of a queue concerns: the one behind it has work, those before it have room."""

from __future__ import annotations

from engine.ledger.base import DEAD
from engine.runtime.plan import Plan


class Wakes:
    """Says, for a plan, who is to be woken. Decides and does nothing."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._feeders: dict[str, list[str]] = {}
        for stage in plan.stages.values():
            for key in {key for keys in stage.blocked_by.values() for key in keys}:
                self._feeders.setdefault(key, []).append(stage.id)

    def filled(self, key: str) -> str | None:
        """The stage that has work because something came into a queue: None for dead letters and for stopped steps."""
        if key.startswith(DEAD):
            return None
        link = self._plan.links.get(key)
        return self._plan.stage_of.get(link.target) if link is not None else None

    def freed(self, key: str) -> list[str]:
        """The stages that may go on because a queue fell below its limit."""
        return self._feeders.get(key, [])
