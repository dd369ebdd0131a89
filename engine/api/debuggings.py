"""Debuggings, the processors of a deployed flow that are debugged while it runs. Kept in memory: they end with the engine."""

from __future__ import annotations

from collections.abc import Iterator

from engine.errors import ConflictError, NotFound
from engine.model.problem import did_you_mean, shown
from engine.runtime.debugged import Debugged, DebugState
from engine.runtime.debugging import check_debuggable, debug_head
from engine.runtime.plan import Plan


class Debuggings(dict[str, Debugged]):
    """By processor. Whoever changes them has the flow planned anew."""

    @property
    def steps(self) -> frozenset[str]:
        """The processors."""
        return frozenset(self)

    def begin(self, plan: Plan, step: str, port: int) -> None:
        """Debug a processor of a flow.

        Raises:
            NotFound: there is no such processor.
            UsageError: it cannot be debugged, or the port is taken.
            ConflictError: it is stopped, or somebody debugs it already.
        """
        if step not in plan.steps:
            raise NotFound(f"the flow has no processor {shown(step)}{did_you_mean(step, plan.steps)}")
        check_debuggable(plan.steps[step].processor)
        if step in self:
            raise ConflictError(f"somebody debugs processor {shown(step)} already; end that first")
        if step not in plan.stage_of:
            raise ConflictError(f"processor {shown(step)} is stopped; start it, then debug it")
        debug_head(port)
        self[step] = Debugged(step, port)

    def end(self, step: str) -> None:
        """Debug a processor no more."""
        if (debugged := self.pop(step, None)) is not None:
            debugged.end()

    def end_all(self) -> None:
        """Debug nothing any more."""
        for step in list(self):
            self.end(step)

    def forgotten(self) -> Iterator[str]:
        """Processors for which nobody has asked for long."""
        return (step for step, debugged in list(self.items()) if debugged.is_forgotten)

    def still_in(self, plan: Plan) -> frozenset[str]:
        """Those that can be debugged under another plan."""
        running = (step for step in self if step in plan.stage_of)
        return frozenset(step for step in running if plan.steps[step].processor.type == "python")

    async def state(self, step: str, after: int, wait_s: float) -> DebugState:
        """How the debugging of a processor stands, once that is another than number `after`, or the time is over.

        Raises:
            NotFound: nobody debugs it (any more).
        """
        debugged = self.get(step)
        if debugged is not None:
            state = await debugged.state(after, wait_s)
            if not debugged.is_over:
                return state
        raise NotFound(f"processor {shown(step)} is not debugged")
