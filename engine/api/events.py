"""The WebSocket `/events`: a client says what it wants, and from then on hears of it."""

from __future__ import annotations

import asyncio
import contextlib
import secrets

import msgspec
from starlette.websockets import WebSocket, WebSocketDisconnect

from engine.bus.websocket import UNWELCOME, Subscription, WebSocketBus

_FIRST_S = 10.0
_MALFORMED = 4400


class Events:
    """Connections to the bus. The token is in the header `Authorization`, or (in browsers) in the first message."""

    def __init__(self, bus: WebSocketBus, token: str) -> None:
        self._bus = bus
        self._token = token

    async def serve(self, socket: WebSocket) -> None:
        """One client, until it leaves."""
        await socket.accept()
        try:
            async with asyncio.timeout(_FIRST_S):
                first = await _receive(socket)
            if not (socket.scope["state"]["knows"] or secrets.compare_digest(first.token.encode(), self._token.encode())):
                await socket.close(UNWELCOME, "the token is not right")
                return
            await self._bus.serve(socket.send_text, lambda: _receive(socket), first)
        except msgspec.DecodeError as error:
            await socket.close(_MALFORMED, f"not a subscription: {error}"[:120])
        except (WebSocketDisconnect, TimeoutError):
            pass
        with contextlib.suppress(RuntimeError, WebSocketDisconnect):  # closed already, or left meanwhile
            await socket.close()


async def _receive(socket: WebSocket) -> Subscription:
    return msgspec.json.decode(await socket.receive_text(), type=Subscription)
