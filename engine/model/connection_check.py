"""Checks of how the steps of one flow are joined."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from engine.model.flow import Connection, Flow, Processor, Subflow
from engine.model.ports import FAILURE, Ports, split_end
from engine.model.problem import did_you_mean, listed, shown

PRIORITY = re.compile(r"fifo|lifo|oldest|attribute:\S.*")

Report = Callable[[str, str, str], None]
"""Called with kind of part, its id and the reason."""


class ConnectionCheck:
    """The connections of one flow or definition.

    `ports` holds the ports of every step of which they can be told; `is_sink` tells whose `success` may end unconnected.
    """

    def __init__(
        self, flow: Flow, ports: Mapping[str, Ports], is_sink: Callable[[str], bool], report: Report, *, root: bool
    ) -> None:
        self._flow = flow
        self._ports = ports
        self._is_sink = is_sink
        self._report = report
        self._root = root
        self._begun: set[str] = set()
        self._ended: set[str] = set()

    def run(self) -> None:
        """Reports everything that is wrong."""
        for connection in self._flow.connections.values():
            self._begun.add(connection.source)
            self._ended.add(connection.target)
            for reason in self._check(connection):
                self._report("connection", connection.id, reason)
        for step in self._flow.steps.values():
            if step.enabled:
                for reason in self._check_step(step):
                    self._report("processor" if isinstance(step, Processor) else "subflow", step.id, reason)
        if not self._root:
            for port in self._flow.header.inputs:
                if port not in self._begun:
                    self._report("", "flow:", f"its input port '{port}' leads nowhere; connect it or remove it from `inputs`")

    def _check(self, connection: Connection) -> Iterator[str]:
        yield from self._check_end(connection.source, "from")
        yield from self._check_end(connection.target, "to")
        if connection.limit.messages < 0 or connection.limit.size_bytes < 0:
            yield "`limit` must have messages and bytes of 0 (no limit) or more"
        if connection.expire_s < 0:
            yield "`expire` must be 0s (never) or more"
        if not PRIORITY.fullmatch(connection.priority):
            yield f"`priority` must be fifo, lifo, oldest or attribute:NAME, not {shown(connection.priority)}"

    def _check_end(self, end: str, word: str) -> Iterator[str]:
        step_id, port = split_end(end)
        if not step_id:
            yield from self._check_own_port(port, word)
            return
        step = self._flow.steps.get(step_id)
        if step is None:
            cure = did_you_mean(step_id, self._flow.steps) or "; add it or remove the connection"
            yield f"`{word}` names {shown(step_id)}, which is no processor here{cure}"
            return
        ports = self._ports.get(step_id)
        if ports is None:
            return
        wanted, others = (ports.outputs, ports.inputs) if word == "from" else (ports.inputs, ports.outputs)
        if port in wanted:
            return
        kind, other = ("output", "input") if word == "from" else ("input", "output")
        if word == "to" and not wanted:
            yield f"'{step_id}' is a source and takes no input; remove the connection"
        elif port in others:
            yield f"'{port}' is an {other} of '{step_id}'; `{word}` must name an {kind}: {listed(wanted) or 'it has none'}"
        else:
            cure = did_you_mean(port, wanted) or f"; it has {listed(wanted) or 'none'}"
            yield f"'{step_id}' has no {kind} {shown(port)}{cure}"

    def _check_own_port(self, port: str, word: str) -> Iterator[str]:
        if self._root:
            yield f"`{word}: {port}` must be `processor.port`; a port alone is one of a subflow's own"
            return
        header = self._flow.header
        wanted = header.inputs if word == "from" else header.outputs
        if port not in wanted:
            kind = "input" if word == "from" else "output"
            cure = did_you_mean(port, wanted) or f"; it has {listed(wanted) or 'none'}"
            yield f"the subflow has no {kind} port {shown(port)}{cure}"

    def _check_step(self, step: Processor | Subflow) -> Iterator[str]:
        ports = self._ports.get(step.id)
        if ports is None:
            return
        for port in step.auto_terminate:
            if port not in ports.outputs:
                cure = did_you_mean(port, ports.outputs) or f"; it has {listed(ports.outputs) or 'none'}"
                yield f"`auto_terminate` drops output {shown(port)}, which it has not{cure}"
            elif f"{step.id}.{port}" in self._begun:
                yield f"output '{port}' is connected and under `auto_terminate`; keep one of both"
        for port in ports.outputs:
            ends_here = port == FAILURE or port in step.auto_terminate or (port == "success" and self._is_sink(step.id))
            if not ends_here and f"{step.id}.{port}" not in self._begun:
                yield f"output '{port}' is not connected; connect it, or put {step.id}.{port} under `auto_terminate`"
        for port in ports.inputs:
            if f"{step.id}.{port}" not in self._ended:
                yield f"input '{port}' is not connected, so nothing would ever reach it; connect it"
