"""LocalGate, the way to this machine's engine for calls."""

# ruff: noqa: D102 - the abstract class says what each method means

from __future__ import annotations

import asyncio
import base64
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

from engine.api.calls import unknown_call
from engine.client.engine import Engine
from engine.client.flow import open_file
from engine.client.gate import Gate
from engine.client.reference import is_file
from engine.errors import EngineGone, HostError, NotFound
from engine.ledger.base import Ledger
from engine.ledger.url import open_ledger
from engine.model.codec import dump_flow
from engine.results.base import ResultStore
from engine.results.result import Result, unpack
from engine.results.standing import Ask, CallState, state_of, states
from engine.results.url import open_results
from engine.runtime.hosts import values
from engine.runtime.hosts.builtin import call_graph
from engine.runtime.workspace import Workspace

_T = TypeVar("_T")
_A = TypeVar("_A")
_WAIT_S = 20.0
_AGAIN_S = 0.2


class LocalGate(Gate):
    """To the engine of a workspace, which is started when it does not run, and waited for when it is restarted."""

    def __init__(self, workspace: Path | None) -> None:
        self._engine = Engine(workspace)

    async def call(self, id: str, flow: str, graph: call_graph.Graph, content: Any, attributes: dict[str, str]) -> None:
        order: dict[str, Any] = {
            "id": id,
            "flow": flow,
            "graph": graph,
            "packed": base64.b64encode(values.pack(content)).decode(),
            "attributes": attributes,
        }
        if is_file(flow):
            order |= await asyncio.to_thread(_flow_in, Path(flow))
        while True:
            if not self._engine.is_serving:
                await self._engine.launch()
            try:
                await self._engine.call(order)
            except EngineGone:
                await asyncio.sleep(
                    _AGAIN_S
                )  # it has ended just now; under the same id it is one call, however often asked for
            else:
                return

    async def wait(self, id: str, timeout_s: float | None = None) -> Result:
        until_s = None if timeout_s is None else time.monotonic() + timeout_s
        while True:
            left_s = _WAIT_S if until_s is None else min(_WAIT_S, until_s - time.monotonic())
            state = await self._state(id, max(0.0, left_s))
            if state.packed is not None:
                return unpack(state.packed)
            if state.trouble:
                raise HostError(f"{state.trouble}; the call {id} waits until that is cured, and its result can be fetched then")
            if until_s is not None and time.monotonic() >= until_s:
                raise TimeoutError(f"the call {id} has no result after {timeout_s:g} s; it goes on")

    async def peek(self, id: str) -> Result | None:
        packed = (await self._state(id, 0.0)).packed
        return None if packed is None else unpack(packed)

    async def show(self, id: str) -> CallState:
        if self._engine.is_serving:
            return await self._state(id, 0.0)
        found = await self._read(lambda ask, results: state_of(id, ask, results))
        if found is None:
            raise NotFound(unknown_call(id))
        return found

    async def list_calls(self, limit: int = 100) -> list[CallState]:
        if self._engine.is_serving:
            return await self._engine.calls(limit)
        return await self._read(lambda ask, results: states(ask, results, limit))

    async def _read(self, look: Callable[[Ask, ResultStore], Awaitable[_T]]) -> _T:
        """Look into the files of a workspace that no engine serves."""
        workspace = Workspace(self._engine.folder)
        is_new = not (workspace.folder / "ledger.db").exists()
        ledger = await asyncio.to_thread(open_ledger, "memory:" if is_new else workspace.ledger_url)
        results = open_results("memory:" if is_new else workspace.results_url)

        async def ask(question: Callable[[Ledger], _A]) -> _A:
            return await asyncio.to_thread(question, ledger)

        try:
            return await look(ask, results)
        finally:
            ledger.close()
            await results.close()

    async def aclose(self) -> None:
        await self._engine.close()

    async def _state(self, id: str, wait_s: float) -> CallState:
        while True:
            if not self._engine.is_serving:
                await self._engine.launch()
            try:
                return await self._engine.call_state(id, wait_s)
            except EngineGone:
                await asyncio.sleep(_AGAIN_S)


def _flow_in(path: Path) -> dict[str, str]:
    """A flow file as an order for a call has it."""
    opened = open_file(path)
    return {"flow": str(path.absolute()), "text": dump_flow(opened.flow), "folder": str(opened.folder)}
