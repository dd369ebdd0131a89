"""Calls of steps of deployed flows, from Python: `Socket`, `pipeline`, `parallel`, `funnel`. Users import them from `pyfi`."""

from __future__ import annotations

import asyncio
import os
import threading
import uuid
from collections.abc import Coroutine, Generator, Mapping, Sequence
from concurrent.futures import Future
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from engine.client.gate import Gate
from engine.client.gates import open_gate
from engine.errors import EngineGone, HostError, UsageError
from engine.results.result import Result
from engine.runtime.hosts.builtin import call_graph
from engine.targets import LOCAL

_T = TypeVar("_T")


class Called:
    """A step, or several put together, that can be called. Made by `Socket`, `pipeline`, `parallel` and `funnel`."""

    def __init__(self, flow: str, graph: call_graph.Graph, target: str, workspace: Path | None) -> None:
        self.flow = flow
        self.graph = graph
        self.target = target
        self.workspace = workspace

    def __call__(self, data: Any = None, *, attributes: Mapping[str, str] | None = None, timeout_s: float | None = None) -> Any:
        """Call it and wait for what it gives. After `timeout_s` TimeoutError is raised; the call goes on.

        Raises:
            CallFailed: a step failed.
            HostError: a step cannot run now; the call waits until it can.
        """
        return _wait(self._call(data, attributes, timeout_s))

    async def call(
        self, data: Any = None, *, attributes: Mapping[str, str] | None = None, timeout_s: float | None = None
    ) -> Any:
        """The same for an event loop, which goes on meanwhile."""
        return await asyncio.wrap_future(_begin(self._call(data, attributes, timeout_s)))

    def send(self, data: Any = None, *, attributes: Mapping[str, str] | None = None) -> Call:
        """Call it and wait for nothing but that the call is on disk: it is answered whatever ends then.

        The result is fetched from the handle, or from one of the same id in another process.
        """
        return _wait(self._send(data, attributes))

    async def start(self, data: Any = None, *, attributes: Mapping[str, str] | None = None) -> Call:
        """The same for an event loop."""
        return await asyncio.wrap_future(_begin(self._send(data, attributes)))

    async def _call(self, data: Any, attributes: Mapping[str, str] | None, timeout_s: float | None) -> Any:
        call = await self._send(data, attributes)
        return (await _result(call, timeout_s)).value

    async def _send(self, data: Any, attributes: Mapping[str, str] | None) -> Call:
        call = Call(uuid.uuid4().hex, target=self.target, workspace=self.workspace)
        gate = _gate(self.target, self.workspace)
        await gate.call(call.id, self.flow, self.graph, data, dict(attributes or {}))
        return call


class Socket(Called):
    """A step of a deployed flow, by the name FLOW.STEP, that can be called as if it were a function.

    FLOW is a deployed flow, or a flow file; STEP is a processor, `subflow/processor` for one in a subflow. `target` is where
    the flow is deployed: `local` is this machine's engine, which is started if it does not run, in the given `workspace`.
    """

    def __init__(self, name: str, *, target: str = LOCAL, workspace: str | Path | None = None) -> None:
        flow, dot, step = name.rpartition(".")
        if not (flow and dot and step):
            raise UsageError(f"'{name}' names no step; use FLOW.STEP, such as 'triage.parse'")
        super().__init__(flow, step, target, Path(workspace) if workspace is not None else None)
        self.name = name

    def __repr__(self) -> str:
        return f"Socket({self.name!r})"


class Call:
    """A call that was made: its `id` is all that is needed to fetch its result, now or later, here or elsewhere."""

    def __init__(self, id: str, *, target: str = LOCAL, workspace: str | Path | None = None) -> None:
        self.id = id
        self.target = target
        self.workspace = Path(workspace) if workspace is not None else None

    def result(self, timeout_s: float | None = None) -> Any:
        """What the call gave, as soon as it is there; TimeoutError after `timeout_s`.

        Raises:
            CallFailed: a step failed.
            NotFound: there is no such call, or its result was kept for long enough.
            HostError: a step cannot run now; the call waits until it can.
        """
        return _wait(_result(self, timeout_s)).value

    async def wait(self, timeout_s: float | None = None) -> Any:
        """The same for an event loop."""
        return (await asyncio.wrap_future(_begin(_result(self, timeout_s)))).value

    def sent(self, timeout_s: float | None = None) -> Result:
        """The messages behind the result, with outputs and attributes; an error is in it, not raised."""
        return _wait(_result(self, timeout_s))

    def is_done(self) -> bool:
        """Whether there is a result."""
        return _wait(_gate(self.target, self.workspace).peek(self.id)) is not None

    def __await__(self) -> Generator[Any, Any, Any]:
        return self.wait().__await__()

    def __repr__(self) -> str:
        return f"Call({self.id!r})"


def pipeline(*parts: Called | Sequence[Called]) -> Called:
    """Each part gets what the one before it gave; the last one's is the result."""
    return _together(call_graph.PIPELINE, parts)


def parallel(*parts: Called | Sequence[Called]) -> Called:
    """Every part gets the same; the result is the list of what each gave, in their order."""
    return _together(call_graph.PARALLEL, parts)


def funnel(parts: Sequence[Called], into: Called) -> Called:
    """Every part gets the same; `into` gets the list of what each gave."""
    return pipeline(parallel(parts), into)


def _together(kind: str, given: Sequence[Called | Sequence[Called]]) -> Called:
    parts = [part for each in given for part in ([each] if isinstance(each, Called) else each)]
    if not parts:
        raise UsageError(f"a {kind} of nothing cannot be called; give it one or more sockets")
    first = parts[0]
    for part in parts:
        if part.flow != first.flow or (part.target, part.workspace) != (first.target, first.workspace):
            raise UsageError(
                f"the parts of a {kind} must be steps of one flow on one target, not of '{first.flow}' and '{part.flow}'; "
                "call one after the other, or put the steps into one flow"
            )
    return Called(first.flow, [kind, *(part.graph for part in parts)], first.target, first.workspace)


def graph_text(graph: call_graph.Graph) -> str:
    """A graph in words, as it is written in Python."""
    if isinstance(graph, str):
        return graph
    return f"{graph[0]}({', '.join(map(graph_text, graph[1:]))})"


# -- the loop on which all of it runs, so that whoever calls may have one or none


async def _result(call: Call, timeout_s: float | None) -> Result:
    return await _gate(call.target, call.workspace).wait(call.id, timeout_s)


@cache
def _loop() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="pyfi calls", daemon=True).start()
    return loop


_gates: dict[tuple[str, Path | None], Gate] = {}


def _gate(target: str, workspace: Path | None) -> Gate:
    found = _gates.get((target, workspace))
    if found is None:
        found = _gates[target, workspace] = open_gate(target, workspace)
    return found


def let_go() -> None:
    """Let go of all engines and servers that calls went to; calls that are under way go on, and the next one connects anew."""
    _wait(_close())


async def _close() -> None:
    gates = [*_gates.values()]
    _gates.clear()
    await asyncio.gather(*(gate.aclose() for gate in gates))


def _start_anew() -> None:
    """A forked process has no threads: it needs a loop of its own."""
    _loop.cache_clear()
    _gates.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_start_anew)


def _begin(work: Coroutine[Any, Any, _T]) -> Future[_T]:
    return asyncio.run_coroutine_threadsafe(work, _loop())


def _wait(work: Coroutine[Any, Any, _T]) -> _T:
    begun = _begin(work)
    try:
        return begun.result()
    except BaseException:
        begun.cancel()
        raise


__all__ = ["Call", "Called", "EngineGone", "HostError", "Socket", "funnel", "parallel", "pipeline"]
