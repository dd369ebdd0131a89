"""From requests to what they ask, from results and errors to responses."""

from __future__ import annotations

import os
import traceback
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import msgspec
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from engine.api.fault import error_json, status_of
from engine.errors import PyfiError, UsageError

MAX_BODY = 64 << 20
_T = TypeVar("_T")


def get(path: str, handler: Callable[[Request], Awaitable[Any]]) -> Route:
    """A route that reads."""
    return Route(path, answering(handler), methods=["GET"])


def post(path: str, handler: Callable[[Request], Awaitable[Any]]) -> Route:
    """A route that does something."""
    return Route(path, answering(handler), methods=["POST"])


def answering(handler: Callable[[Request], Awaitable[Any]]) -> Callable[[Request], Awaitable[Response]]:
    """A handler whose result, or whose error, becomes the response."""

    async def answer(request: Request) -> Response:
        try:
            result = await handler(request)
        except PyfiError as error:
            return Response(error_json(error), status_of(error), media_type="application/json")
        except ClientDisconnect:
            return Response(status_code=400)
        except Exception as error:  # noqa: BLE001 - a fault of ours: for us to see, and for the client to be told
            traceback.print_exception(error)
            told = PyfiError(f"internal error ({type(error).__name__}); please report it with what `pyfi serve` printed")
            return Response(error_json(told), status_of(told), media_type="application/json")
        if isinstance(result, Response):
            return result
        return Response(_encoded(result), media_type="application/json")

    return answer


def _encoded(value: Any) -> bytes:
    return msgspec.json.encode(value, enc_hook=os.fspath)


async def body_of(request: Request, kind: type[_T]) -> _T:
    """A request's body."""
    data = bytearray()
    async for piece in request.stream():
        data += piece
        if len(data) > MAX_BODY:
            raise UsageError(f"the request is larger than {MAX_BODY >> 20} MiB; send less at once")
    try:
        return msgspec.json.decode(bytes(data or b"{}"), type=kind)
    except msgspec.DecodeError as error:
        raise UsageError(f"the request's body is not right: {str(error)[:1].lower()}{str(error)[1:]}") from None


def name_of(request: Request) -> str:
    """The deployment that a request's path names."""
    return request.path_params["name"]


def query(request: Request, name: str) -> str:
    """A parameter; empty if it is not given."""
    return request.query_params.get(name, "")


def number(request: Request, name: str, default: int, most: int) -> int:
    """A parameter that is a number."""
    text = query(request, name)
    if not text:
        return default
    if not text.isascii() or not text.isdecimal() or not 0 < int(text[:20]) <= most:
        raise UsageError(f"`{name}` must be a number from 1 to {most}")
    return int(text)


def content_response(content: Any) -> Response:
    """A message's content: bytes and text as they are, anything else as JSON."""
    from engine.runtime.readable import as_file

    media, data = as_file(content)
    return Response(data, media_type=media)
