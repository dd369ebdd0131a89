"""Validation: every reason why a flow cannot run, found without running anything."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from msgspec import structs

from engine.errors import InvalidFlow, NotFound
from engine.model.catalog import Catalog
from engine.model.config_check import check_config
from engine.model.connection_check import ConnectionCheck
from engine.model.flatten import FlatFlow, flatten
from engine.model.flow import CODE_TYPES, Flow, Git, Processor, Subflow
from engine.model.parameters import references, resolve_git, settings_of, undefined
from engine.model.partner_check import check_partners
from engine.model.ports import Ports, code_ports
from engine.model.problem import Problem, did_you_mean, shown
from engine.model.processor_check import (
    NAME,
    NAME_RULE,
    check_built_in,
    check_exclusive,
    check_port_names,
    check_processor,
    check_python_version,
    check_requirements,
)
from engine.model.scope import Scope
from engine.model.unfolding_check import Instances

__all__ = ["Problem", "all_problems", "validate"]


def validate(
    flow: Flow, catalog: Catalog, folder: Path, runtimes: Collection[str] | None = None, where: str = ""
) -> list[Problem]:
    """Everything that keeps a flow from running, in the order of the file; empty when it can run.

    Args:
        flow: The flow; disabled parts of it are not checked.
        catalog: The built-in types by name.
        folder: The folder that relative paths in configs start from.
        runtimes: The languages that can be run here (`python`, `node`, `bash`); None to take all for granted.
        where: How messages call the flow, usually its file's name.
    """
    return _Validation(flow, catalog, folder, runtimes, where).run()


def all_problems(
    error: InvalidFlow, catalog: Catalog, folder: Path, runtimes: Collection[str] | None = None, where: str = ""
) -> list[object]:
    """Why a file holds no flow, and everything that is wrong with the parts of it that could be read."""
    partial = error.partial
    more = _Validation(partial, catalog, folder, runtimes, where).run(whole=False) if isinstance(partial, Flow) else []
    return list(dict.fromkeys([*error.problems, *more]))


class _Validation:
    """One validation; gathers the problems of all definitions."""

    def __init__(self, flow: Flow, catalog: Catalog, folder: Path, runtimes: Collection[str] | None, where: str) -> None:
        self._flow = flow
        self._catalog = catalog
        self._folder = folder
        self._runtimes = runtimes
        self._where = where
        self._problems: dict[Problem, None] = {}

    def run(self, *, whole: bool = True) -> list[Problem]:
        root = Scope(self._flow)
        if self._flow.header.inputs or self._flow.header.outputs:
            self._report(
                root, "", "flow:", "has `inputs` or `outputs`, which only a flow under `subflows` can have; remove them"
            )
        instances = Instances(root)
        for scope, key, reason in instances.problems:
            self._report(scope, "subflow" if key else "", key, reason)
        for scope in root.walk():
            if scope.path not in instances.unused:
                self._check_scope(scope, instances.parameters(scope))
        if whole and not instances.problems:
            self._check_flat()
        return list(self._problems)

    def _report(self, scope: Scope, kind: str, key: str, reason: str) -> None:
        name = f"{kind} '{scope.prefix}{key}'" if kind else ""
        if not kind and scope.path:
            name = f"subflow definition '{scope.path}'"
        shown_key = f"label:{key}" if kind == "label" else f"parameter:{key}" if kind == "parameter" else key
        self._problems[Problem(name, reason, self._where, scope.prefix + shown_key)] = None

    def _check_scope(self, scope: Scope, environments: list[dict[str, Any]]) -> None:
        """Checks one flow or definition; `environments` are the parameters with which it is used."""
        self._check_names(scope)
        ports: dict[str, Ports] = {}
        for step in scope.flow.steps.values():
            if not step.enabled:
                continue
            kind = "processor" if isinstance(step, Processor) else "subflow"
            if not NAME.fullmatch(step.id):
                self._report(scope, kind, step.id, f"its id must be {NAME_RULE}")
            if isinstance(step, Subflow):
                found = self._check_subflow(step, scope)
            else:
                found = self._check_processor(step, scope, environments)
            if found is not None:
                ports[step.id] = found

        def is_sink(step_id: str) -> bool:
            step = scope.flow.steps[step_id]
            return isinstance(step, Processor) and step.type in self._catalog and self._catalog[step.type].final

        def report(kind: str, key: str, reason: str) -> None:
            self._report(scope, kind, key, reason)

        ConnectionCheck(scope.flow, ports, is_sink, report, root=scope.parent is None).run()

    def _check_names(self, scope: Scope) -> None:
        header = scope.flow.header
        if not header.name.strip():
            self._report(scope, "", "flow:", "`name` must not be empty")
        if scope.parent is not None and not NAME.fullmatch(header.name):
            self._report(scope, "", "flow:", f"its name must be {NAME_RULE}")
        for word, names in (("inputs", header.inputs), ("outputs", header.outputs)):
            for reason in check_port_names(word, names):
                self._report(scope, "", "flow:", reason)
        needs = check_requirements(header.requirements)
        for reason in (*needs, *(check_python_version(header.python) if header.python is not None else ())):
            self._report(scope, "", "flow:", reason)
        for kind, names in (("parameter", scope.flow.parameters), ("label", scope.flow.labels)):
            for name in names:
                if not NAME.fullmatch(name):
                    self._report(scope, kind, name, f"its name must be {NAME_RULE}")

    def _check_subflow(self, step: Subflow, scope: Scope) -> Ports | None:
        self._check_references(step.parameters, scope, "subflow", step.id)
        definition = scope.find(step.flow)
        if definition is None:
            return None
        for name in step.parameters:
            if name not in definition.flow.parameters:
                cure = did_you_mean(name, definition.flow.parameters) or "; define it under its `parameters`, or remove it"
                self._report(scope, "subflow", step.id, f"definition '{step.flow}' has no parameter {shown(name)}{cure}")
        return Ports(definition.flow.header.inputs, definition.flow.header.outputs)

    def _check_references(self, value: Any, scope: Scope, kind: str, key: str) -> bool:
        """Whether a setting refers to parameters; reports those that there are not."""
        names = dict.fromkeys(references(value))
        for name in names:
            if name in scope.flow.parameters:
                continue
            reason = undefined(name, scope.flow.parameters)
            outer = scope.parent
            while outer is not None and name not in outer.flow.parameters:
                outer = outer.parent
            if outer is not None:
                reason = (
                    f"parameter '{name}' belongs to the flow around; define it in this definition's `parameters` too, and hand"
                    f' it over with `parameters: {{{name}: "${{{name}}}"}}` where it is used'
                )
            self._report(scope, kind, key, reason)
        return bool(names)

    def _check_processor(self, step: Processor, scope: Scope, environments: list[dict[str, Any]]) -> Ports | None:
        settings = settings_of(step)
        refers = self._check_references(settings, scope, "processor", step.id) if settings else False
        for reason in check_processor(self._with_git(step, environments), self._runtimes):
            self._report(scope, "processor", step.id, reason)
        if step.type in CODE_TYPES:
            return code_ports(step)
        declaration = self._catalog.get(step.type)
        if declaration is None:
            known = [*CODE_TYPES, *self._catalog]
            cure = did_you_mean(step.type, known) or f"; it can be {', '.join(known)}"
            self._report(scope, "processor", step.id, f"there is no processor type {shown(step.type)}{cure}")
            return None
        reasons = [*check_built_in(step), *(check_exclusive(step, f"type '{step.type}'") if declaration.exclusive else ())]
        found: Ports | None = None
        for parameters in environments if refers else environments[:1]:
            ports, more = check_config(step, declaration, parameters, self._folder)
            found = found or ports
            reasons.extend(more)
        for reason in reasons:
            self._report(scope, "processor", step.id, reason)
        return found

    @staticmethod
    def _with_git(step: Processor, environments: list[dict[str, Any]]) -> Processor:
        """A processor with where its code comes from as it will run, as far as the parameters for that are there."""
        if step.git is None or not environments:
            return step
        try:
            return structs.replace(step, git=resolve_git(step.git, environments[0]))
        except NotFound:  # reported as a reference
            return structs.replace(step, git=Git(repo="it", commit="it", module="it"))

    def _check_flat(self) -> None:
        """What shows only when the subflows are unfolded."""
        try:
            flat = flatten(self._flow)
        except InvalidFlow as error:
            for problem in error.problems:
                if isinstance(problem, Problem) and not self._problems:
                    self._problems[Problem(problem.part, problem.reason, self._where, problem.key)] = None
            return
        for key in flat.repeated:
            reason = "two ways through ports of subflows join the same two ends, so each message would arrive twice; remove one"
            self._problems[Problem(f"connection '{key}'", reason, self._where, key)] = None
        for key in flat.endless:
            reason = (
                "it goes round through ports of subflows without meeting a processor; remove one of the connections on the way"
            )
            self._problems[Problem(f"connection '{key}'", reason, self._where, key)] = None
        for key, reason in check_partners(flat, self._catalog):
            self._problems[Problem(f"processor '{key}'", reason, self._where, key)] = None
        for first, second, path in self._shared_files(flat):
            reason = f"writes {shown(path)}, which '{first}' writes too; give each its own file"
            self._problems[Problem(f"processor '{second}'", reason, self._where, second)] = None

    def _shared_files(self, flat: FlatFlow) -> Iterator[tuple[str, str, str]]:
        """Pairs of steps that would write the same file, with its path as the second gives it."""
        writers: dict[str, str] = {}
        for key, step in flat.steps.items():
            declaration = self._catalog.get(step.processor.type)
            if declaration is None or not step.processor.enabled or declaration.effect.value != "position":
                continue
            for field in declaration.paths:
                path = step.processor.config.get(field)
                if isinstance(path, str):
                    first = writers.setdefault(os.path.normcase(os.path.normpath(self._folder / path)), key)
                    if first != key:
                        yield first, key, path
