"""The WebSocket `/events`: a client says what it wants, and from then on hears of it."""

from __future__ import annotations

import asyncio
import contextlib
import secrets

import msgspec
from msgspec import structs
from starlette.websockets import WebSocket, WebSocketDisconnect

from engine.bus.websocket import KINDS, UNWELCOME, Subscription, WebSocketBus

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
            first = await self._first(socket)
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

    async def _first(self, socket: WebSocket) -> Subscription:
        """What the URL says is wanted; where it says nothing, or a token is to come, the first message."""
        asked = _asked(socket)
        if asked is not None and socket.scope["state"]["knows"]:
            return asked
        async with asyncio.timeout(_FIRST_S):
            said = await _receive(socket)
        return said if asked is None else structs.replace(asked, token=said.token)


def _asked(socket: WebSocket) -> Subscription | None:
    """`?flow=triage&kind=log&kind=bulletin`; what is not named is all of it."""
    flows, kinds = socket.query_params.getlist("flow"), socket.query_params.getlist("kind")
    if not flows and not kinds:
        return None
    if unknown := sorted(set(kinds) - KINDS):
        raise msgspec.ValidationError(f"there is no kind '{unknown[0]}'; it can be {', '.join(sorted(KINDS))}")
    return Subscription(flows or None, kinds or sorted(KINDS))


async def _receive(socket: WebSocket) -> Subscription:
    return msgspec.json.decode(await socket.receive_text(), type=Subscription)
