"""Condition, how the parts of a flow are: what is wrong with them, and how they run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QCoreApplication

from app.board.picture import Remark, state_of
from app.canvas.card import State
from engine.client.parts import Place
from engine.model.flow import Processor, Subflow
from engine.model.problem import Problem
from engine.model.scope import Scope


class Condition:
    """What is known of a flow's parts, at whatever level they are."""

    def __init__(self) -> None:
        self.problems: dict[str, str] = {}
        """Why parts are invalid, by their keys in changes; another mapping when they are others."""
        self.states: dict[str, State] = {}
        """How processors run, by full id; those that are missing do not run."""
        self.versions: Mapping[str, str] = {}
        """Steps of which another version runs than is drawn, by their keys in changes: its commit, "" if it has none."""

    def set_problems(self, problems: Iterable[Problem]) -> None:
        """Say what is wrong."""
        reasons: dict[str, list[str]] = {}
        for problem in problems:
            reasons.setdefault(problem.key, []).append(problem.reason)
        self.problems = {key: "\n".join(texts) for key, texts in reasons.items()}

    def learn(self, states: Mapping[str, State | None]) -> list[str]:
        """Say how processors run from now on; None: they do not. Returns those that run otherwise than before."""
        other = {id: state for id, state in states.items() if self.states.get(id) is not state}
        for id, state in other.items():
            if state is None:
                del self.states[id]
            else:
                self.states[id] = state
        return list(other)

    def problem_at(self, scope: Scope, key: str) -> str:
        """Why a step of a level is invalid, "" if it is not."""
        step = scope.flow.steps.get(key)
        own = self.problems.get(scope.prefix + key, "")
        if own or not isinstance(step, Subflow):
            return own
        below = scope.find(step.flow)
        inside = below is not None and any(each.startswith(below.prefix) for each in self.problems)
        return QCoreApplication.translate("Board", "Something inside it is not valid.") if inside else ""

    def remark_at(self, scope: Scope, key: str) -> Remark:
        """What there is to say of a step of a level."""
        return Remark(self.problem_at(scope, key), self._version_at(scope, key) if self.versions else None)

    def _version_at(self, scope: Scope, key: str) -> str | None:
        """The commit of the other version of a step that runs; None if what is drawn does."""
        step = scope.flow.steps.get(key)
        own = self.versions.get(scope.prefix + key)
        if own is not None or not isinstance(step, Subflow):
            return own
        below = scope.find(step.flow)
        return "" if below is not None and any(each.startswith(below.prefix) for each in self.versions) else None

    def state_at(self, place: Place, scope: Scope, key: str) -> State:
        """How a step of a level is; `scope` is what is at the place."""
        step = scope.flow.steps.get(key)
        if step is None:
            return State.NONE
        resting = state_of(step, self.problem_at(scope, key))
        if isinstance(step, Processor):
            return self.states.get(place.prefix + key, resting)
        if resting is not State.STOPPED:
            return resting
        prefix = f"{place.prefix}{key}/"
        inside = {state for id, state in self.states.items() if id.startswith(prefix)}
        for state in (State.BROKEN, State.RUNNING, State.PAUSED, State.ENDED):
            if state in inside:
                return state
        return State.STOPPED
