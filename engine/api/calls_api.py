"""Calls, as routes."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.routing import Route

from engine.api.calls import LONGEST_WAIT_S, CallOrder, Calls
from engine.api.request import body_of, get, number, post


class CallsApi:
    """The routes over calls."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def routes(self) -> list[Route]:
        """Every route."""
        return [
            get("/calls", self.list_calls),
            post("/calls", self.call),
            get("/calls/{id:path}", self.state),
        ]

    async def list_calls(self, request: Request) -> Any:
        """Open calls, and those that were answered last."""
        return await self._calls.list_calls(number(request, "limit", 100, 10_000))

    async def call(self, request: Request) -> Any:
        """Begin a call."""
        return await self._calls.call(await body_of(request, CallOrder))

    async def state(self, request: Request) -> Any:
        """How a call stands; `wait_ms` waits for its end."""
        wait_ms = number(request, "wait_ms", 0, int(LONGEST_WAIT_S * 1000))
        return await self._calls.state(request.path_params["id"], wait_ms / 1000)
