"""How definitions are used: which ones, with which parameters, and whether they can be unfolded at all."""

from __future__ import annotations

from typing import Any

from engine.errors import PyfiError
from engine.model.flatten import MAX_DEPTH, MAX_STEPS, TOO_LARGE, unfolded_size
from engine.model.flow import Subflow
from engine.model.parameters import resolve
from engine.model.problem import did_you_mean, shown
from engine.model.scope import Scope


class Instances:
    """The uses of a flow's definitions.

    `problems` holds (scope, id of the subflow or nothing, reason); `unused` the paths of definitions that only disabled parts
    use, which are not checked.
    """

    def __init__(self, root: Scope) -> None:
        self.problems: list[tuple[Scope, str, str]] = []
        self.unused: set[str] = set()
        self._visited: set[str] = set()
        self._used: set[str] = set()
        self._environments: dict[str, dict[str, dict[str, Any]]] = {}
        self._visit_all(root)
        if not self.problems:
            self._gather(root, root.flow.parameters)

    def parameters(self, scope: Scope) -> list[dict[str, Any]]:
        """The different parameters with which a definition is used; its own where it is not used."""
        return list(self._environments.get(scope.path, {}).values()) or [scope.flow.parameters]

    def _visit_all(self, root: Scope) -> None:
        self._visit(root, ())
        disabled_only: set[str] = set()
        for scope in root.walk():
            for step in scope.flow.steps.values():
                definition = scope.find(step.flow) if isinstance(step, Subflow) else None
                if definition is not None and definition.path not in self._used:
                    disabled_only.add(definition.path)
        self.unused = disabled_only
        for scope in root.walk():
            if scope.path not in self._visited and scope.path not in disabled_only:
                self._visit(scope, ())
        if not self.problems and unfolded_size(root) > MAX_STEPS:
            self.problems.append((root, "", TOO_LARGE))

    def _visit(self, scope: Scope, above: tuple[str, ...]) -> None:
        """Finds definitions that are missing or use themselves, from a flow downwards."""
        if scope.path in self._visited:
            return
        for step in scope.flow.steps.values():
            if not isinstance(step, Subflow) or not step.enabled:
                continue
            definition = scope.find(step.flow)
            if definition is None:
                cure = did_you_mean(step.flow, scope.visible()) or "; add it"
                self.problems.append((scope, step.id, f"there is no definition {shown(step.flow)} under `subflows`{cure}"))
            elif definition.path in (*above, scope.path):
                self.problems.append((scope, step.id, f"definition '{step.flow}' uses itself; take this step out of it"))
            elif len(above) >= MAX_DEPTH:
                self.problems.append((scope, step.id, f"subflows are nested more than {MAX_DEPTH} deep; flatten some of them"))
            else:
                self._used.add(definition.path)
                self._visit(definition, (*above, scope.path))
        self._visited.add(scope.path)

    def _gather(self, scope: Scope, parameters: dict[str, Any]) -> None:
        """Notes the parameters of every use below; a definition used twice with the same ones is walked once."""
        seen = self._environments.setdefault(scope.path, {})
        key = repr(parameters)
        if key in seen:
            return
        seen[key] = parameters
        for step in scope.flow.steps.values():
            definition = scope.find(step.flow) if isinstance(step, Subflow) and step.enabled else None
            if definition is None or not isinstance(step, Subflow):
                continue
            try:
                own = resolve(step.parameters, parameters)
            except PyfiError:
                continue  # the reference is reported where it stands
            self._gather(definition, {**definition.flow.parameters, **own})
