"""The door: nobody comes in who does not know the token."""

from __future__ import annotations

import secrets

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from engine.api.fault import error_json
from engine.errors import PyfiError


class Guarded:
    """Lets nobody in who does not know the token."""

    def __init__(self, app: ASGIApp, token: str) -> None:
        self._app = app
        self._expected = f"Bearer {token}".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] == "http" and not self._knows(scope):
            error = error_json(PyfiError("this engine wants a token: send `Authorization: Bearer TOKEN` as engine.json has it"))
            await Response(error, 401, {"WWW-Authenticate": "Bearer"}, "application/json")(scope, receive, send)
            return
        if scope["type"] == "websocket":
            scope["state"] = {**scope.get("state", {}), "knows": self._knows(scope)}
        await self._app(scope, receive, send)

    def _knows(self, scope: Scope) -> bool:
        given = next((value for name, value in scope["headers"] if name == b"authorization"), b"")
        return secrets.compare_digest(given, self._expected)
