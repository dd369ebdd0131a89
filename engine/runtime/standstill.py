"""Whether a flow stands still: a connection that is full, and that nothing is taken from, stops all that is before it."""

from __future__ import annotations

from collections.abc import Callable

from engine.runtime.depths import Depths
from engine.runtime.plan import Plan, Stage


class Standstill:
    """What can never go on, as the queues stand now. Decides and does nothing.

    `takes` says of a connection whether anything is ever taken from it, if there is room behind.
    """

    def __init__(self, plan: Plan, depths: Depths, takes: Callable[[str], bool]) -> None:
        self.ends = [key for key in plan.links if depths.is_blocked((key,)) and not takes(key)]
        """The connections to blame: full, and nothing is taken from them."""
        self._held: set[tuple[str, str]] = set()
        before: dict[str, list[tuple[str, str]]] = {}
        for stage in plan.stages.values() if self.ends else ():
            for entry, beyond in stage.blocked_by.items():
                for key in beyond:
                    before.setdefault(key, []).append((stage.id, entry))
        pending = list(self.ends)
        while pending:
            for stage_id, entry in before.get(pending.pop(), ()):
                if (stage_id, entry) not in self._held:
                    self._held.add((stage_id, entry))
                    if entry and depths.is_blocked((entry,)):
                        pending.append(entry)

    def holds(self, stage: Stage, entry: str) -> bool:
        """Whether a stage can take nothing more from one of its entries (or, with "", whether its source can make nothing)."""
        return (stage.id, entry) in self._held
