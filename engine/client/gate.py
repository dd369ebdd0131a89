"""The way to a target for calls."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from engine.results.result import Result
from engine.results.standing import CallState
from engine.runtime.hosts.builtin import call_graph


class Gate(ABC):
    """Takes calls in and gives results out. Used from one event loop."""

    @abstractmethod
    async def call(self, id: str, flow: str, graph: call_graph.Graph, content: Any, attributes: dict[str, str]) -> None:
        """Begin a call under an id of the caller's choice; under one that was begun before, nothing happens."""

    @abstractmethod
    async def wait(self, id: str, timeout_s: float | None = None) -> Result:
        """The result of a call, as soon as there is one.

        Raises:
            TimeoutError: there is none after `timeout_s`.
            NotFound: there is no such call.
            HostError: one of its steps cannot run now, and the call waits for that.
        """

    @abstractmethod
    async def peek(self, id: str) -> Result | None:
        """The result of a call, if there is one; raises NotFound if there is no such call."""

    @abstractmethod
    async def show(self, id: str) -> CallState:
        """How a call stands; raises NotFound if there is no such call."""

    @abstractmethod
    async def list_calls(self, limit: int = 100) -> list[CallState]:
        """Open calls, and those that were answered last."""

    @abstractmethod
    async def aclose(self) -> None:
        """Let go of the target."""
