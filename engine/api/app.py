"""The HTTP API: what can be asked of an engine, as routes. The manual's page on the API is this file in prose."""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import time
import traceback
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import Meta, Struct, structs
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from engine.api.deployed import Order
from engine.api.events import Events
from engine.api.fault import error_json, status_of
from engine.api.hosted import HostedRun
from engine.api.prometheus import CONTENT_TYPE, exposition
from engine.api.service import Service
from engine.bus.websocket import WebSocketBus
from engine.errors import NotFound, PyfiError, UsageError
from engine.model.codec import dump_flow, read_flow
from engine.runtime.engine import Engine
from engine.runtime.history import SECONDS
from engine.runtime.journal import LEVELS, Wanted, journal_path, journals, read
from engine.runtime.queues import LONGEST_PAGE
from engine.runtime.run import RunOptions
from engine.runtime.span import DAY_MS, Question

MAX_BODY = 64 << 20
_PATIENCE_S = 30.0
_KINDS = ("processor", "connection")
_T = TypeVar("_T")


class DeployOrder(Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /deployments: a flow file on this machine (`path`), or a flow's text and the folder its paths start from."""

    path: str = ""
    text: str = ""
    folder: str = ""
    name: str = ""
    overrides: dict[str, Any] = {}
    start: bool = True
    force: bool = False


class RunOrder(Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /runs."""

    path: str
    overrides: dict[str, Any] = {}
    fresh: bool = False
    timeout_s: float = 0.0
    fuse: bool = True
    secrets: dict[str, str] = {}


class Steps(Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /deployments/NAME/processors/start and stop."""

    steps: list[str]


class Once(Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /deployments/NAME/processors/run."""

    steps: list[str]
    messages: Annotated[int, Meta(ge=1)] | None = None
    timeout_s: float = 60.0


class Release(Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /deployments/NAME/connections/release."""

    connection: str
    messages: Annotated[int, Meta(ge=1)] | None = None


class Start(Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /deployments/NAME/start."""

    fresh: bool = False


class Stop(Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /deployments/NAME/stop."""

    patience_s: float = _PATIENCE_S


class Purge(Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /queues/purge."""

    queue: str
    flow: str = ""


class Replay(Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /queues/replay."""

    step: str
    flow: str = ""
    to: str = ""
    limit: int | None = None


class Api:
    """The routes over a service."""

    def __init__(self, engine: Engine, service: Service, about: dict[str, Any], secret_values: dict[str, str]) -> None:
        self._engine = engine
        self._service = service
        self._about = about
        self._secrets = secret_values

    def routes(self) -> list[Route]:
        """Every route."""
        return [
            _get("/health", self.health),
            _get("/metrics", self.metrics),
            _get("/deployments", self.list_deployments),
            _post("/deployments", self.deploy),
            _post("/deployments/{name:path}/processors/start", self.start_steps),
            _post("/deployments/{name:path}/processors/stop", self.stop_steps),
            _post("/deployments/{name:path}/processors/run", self.run_steps_once),
            _post("/deployments/{name:path}/connections/release", self.release),
            _post("/deployments/{name:path}/start", self.start),
            _post("/deployments/{name:path}/stop", self.stop),
            _post("/deployments/{name:path}/pause", self.pause),
            _post("/deployments/{name:path}/resume", self.resume),
            _get("/deployments/{name:path}/flow", self.flow_text),
            _get("/deployments/{name:path}", self.show_deployment),
            Route("/deployments/{name:path}", _answering(self.remove), methods=["DELETE"]),
            _get("/runs", self.list_runs),
            _post("/runs", self.run),
            _get("/runs/{id}", self.show_run),
            Route("/runs/{id}", _answering(self.stop_run), methods=["DELETE"]),
            _get("/queues", self.list_queues),
            _get("/queues/messages", self.peek),
            _get("/queues/content", self.content),
            _post("/queues/purge", self.purge),
            _post("/queues/replay", self.replay),
            _get("/logs", self.logs),
            _get("/history", self.history),
            _get("/history/series", self.history_of_several),
            _get("/history/parts", self.history_of_parts),
        ]

    # -- the engine

    async def health(self, request: Request) -> Any:
        """That it is there, and whether its storage works."""
        return {**self._about, "trouble": self._engine.trouble}

    async def metrics(self, request: Request) -> Any:
        """Everything that is counted, for Prometheus."""
        service = self._service
        known = service.describe()
        found = {each["name"]: deployment for each in known if (deployment := service.deployment(each["name"])) is not None}
        return PlainTextResponse(exposition(found, known), media_type=CONTENT_TYPE)

    # -- deployments

    async def list_deployments(self, request: Request) -> Any:
        """Deployed flows and runs."""
        return self._service.describe()

    async def show_deployment(self, request: Request) -> Any:
        """One of them with all its numbers."""
        name = _name(request)
        return {**self._service.about(name), **self._service.snapshot(name)}

    async def flow_text(self, request: Request) -> Any:
        """The flow as it was deployed, as a flow file."""
        return PlainTextResponse(self._service.flow(_name(request)).order.text, media_type="application/yaml")

    async def deploy(self, request: Request) -> Any:
        """Deploy a flow, or change a deployed one while it runs."""
        body = await _body(request, DeployOrder)
        if bool(body.path) == bool(body.text):
            raise UsageError("give either `path`, a flow file, or `text`, a flow")
        order = await asyncio.to_thread(_order, body, self._engine.workspace.folder)
        flow = await self._service.deploy(order, body.name, start=body.start, force=body.force)
        return self._service.about(flow.name)

    async def start(self, request: Request) -> Any:
        """Start a deployed flow."""
        body = await _body(request, Start)
        flow = self._service.flow(_name(request))
        await flow.start(fresh=body.fresh)
        return self._service.about(flow.name)

    async def stop(self, request: Request) -> Any:
        """Stop it."""
        body = await _body(request, Stop)
        flow = self._service.flow(_name(request))
        await flow.stop(max(0.0, body.patience_s))
        return self._service.about(flow.name)

    async def pause(self, request: Request) -> Any:
        """Pause it."""
        flow = self._service.flow(_name(request))
        await flow.pause()
        return self._service.about(flow.name)

    async def resume(self, request: Request) -> Any:
        """Go on after a pause."""
        flow = self._service.flow(_name(request))
        await flow.resume()
        return self._service.about(flow.name)

    async def start_steps(self, request: Request) -> Any:
        """Start some of its processors."""
        return await self._set_steps(request, running=True)

    async def stop_steps(self, request: Request) -> Any:
        """Stop some of its processors."""
        return await self._set_steps(request, running=False)

    async def _set_steps(self, request: Request, *, running: bool) -> Any:
        body = await _body(request, Steps)
        flow = self._service.flow(_name(request))
        await flow.set_steps(body.steps, running=running)
        return self._service.about(flow.name)

    async def run_steps_once(self, request: Request) -> Any:
        """One task of each of some stopped processors."""
        body = await _body(request, Once)
        return await self._service.run_once(_name(request), body.steps, body.messages, max(0.0, body.timeout_s))

    async def release(self, request: Request) -> Any:
        """Let messages go that are held at a breakpoint."""
        body = await _body(request, Release)
        return {"messages": await self._service.release(_name(request), body.connection, body.messages)}

    async def remove(self, request: Request) -> Any:
        """Take it away with everything it holds."""
        await self._service.remove(_name(request))
        return {"removed": _name(request)}

    # -- runs

    async def run(self, request: Request) -> Any:
        """Begin to run a flow file; it goes on in the engine."""
        body = await _body(request, RunOrder)
        path = Path(body.path)
        if not path.is_absolute():
            raise UsageError("`path` must be absolute: the engine runs in another folder")
        options = RunOptions(
            overrides=body.overrides,
            fresh=body.fresh,
            timeout_s=body.timeout_s,
            fuse=body.fuse,
            secrets={**self._secrets, **body.secrets},
        )
        return _run_json(await self._service.run(path, options))

    async def list_runs(self, request: Request) -> Any:
        """Runs that last, and the last that have ended."""
        return [_run_json(run) for run in self._service.runs.values()]

    async def show_run(self, request: Request) -> Any:
        """How a run stands, or how it ended."""
        return _run_json(self._service.run_of(request.path_params["id"]))

    async def stop_run(self, request: Request) -> Any:
        """End a run gracefully."""
        run = self._service.run_of(request.path_params["id"])
        run.stop()
        return _run_json(run)

    # -- queues

    async def list_queues(self, request: Request) -> Any:
        """The queues of a flow, or of all."""
        return await self._service.list_queues(_query(request, "flow"))

    async def peek(self, request: Request) -> Any:
        """Messages of a queue."""
        limit = _number(request, "limit", 20, LONGEST_PAGE)
        return await self._service.peek(_query(request, "flow"), _query(request, "queue"), limit, _query(request, "at"))

    async def content(self, request: Request) -> Any:
        """The whole content of a message: bytes and text as they are, anything else as JSON."""
        query = (_query(request, name) for name in ("flow", "queue", "id", "at"))
        content = await self._service.content(*query)
        return await asyncio.to_thread(_content_response, content)

    async def purge(self, request: Request) -> Any:
        """Delete the messages of a queue."""
        body = await _body(request, Purge)
        return {"messages": await self._service.purge(body.flow, body.queue)}

    async def replay(self, request: Request) -> Any:
        """Give dead letters another try."""
        body = await _body(request, Replay)
        return await self._service.replay(body.flow, body.step, body.to, body.limit)

    # -- what was

    async def logs(self, request: Request) -> Any:
        """The last lines of a flow's log."""
        level = _query(request, "level") or "debug"
        if level not in LEVELS:
            raise UsageError(f"there is no level '{level}'; it can be {', '.join(LEVELS)}")
        flow, wanted = _query(request, "flow"), Wanted(_query(request, "processor"), level)
        limit = _number(request, "limit", 200, 10_000)
        return await asyncio.to_thread(_lines, self._engine.workspace.logs, flow, wanted, limit)

    async def history(self, request: Request) -> Any:
        """What a processor, a connection, a subflow or the whole flow did."""
        question = structs.replace(_span(request), **{kind: _query(request, kind) for kind in _KINDS})
        return await self._service.history(_query(request, "flow"), question)

    async def history_of_several(self, request: Request) -> Any:
        """What several of them did, in rows of the same times."""
        span = _span(request)
        named = [{kind: name} for kind, name in request.query_params.multi_items() if kind in _KINDS]
        if not named:
            raise UsageError("give `processor` or `connection`, once or several times; an empty one is the whole flow")
        tables = await self._service.histories(_query(request, "flow"), [structs.replace(span, **each) for each in named])
        series = [{**each, "columns": table.columns, "rows": table.rows} for each, table in zip(named, tables, strict=True)]
        return {"every_s": tables[0].every_s, "until_ms": tables[0].until_ms, "series": series}

    async def history_of_parts(self, request: Request) -> Any:
        """What all processors or connections of a flow did in the last five minutes, a page of them."""
        kind = _query(request, "kind") or "processor"
        if kind not in _KINDS:
            raise UsageError(f"there is no kind '{kind}' of parts; it can be {' or '.join(_KINDS)}")
        every_s, most = _number(request, "every_s", 5, SECONDS), _number(request, "limit", 1000, 10_000)
        lately = await self._service.lately(_query(request, "flow"), of_steps=kind == "processor")
        return await asyncio.to_thread(lately.page, every_s=every_s, after=_query(request, "after"), most=most)


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


def build_app(
    engine: Engine, service: Service, bus: WebSocketBus, about: dict[str, Any], token: str, values: dict[str, str]
) -> ASGIApp:
    """The whole application. `about` is what /health tells, `values` are the secrets that flows may name."""
    routes = [*Api(engine, service, about, values).routes(), WebSocketRoute("/events", Events(bus, token).serve)]
    return Guarded(Starlette(routes=routes), token)


# -- from requests, to responses


def _get(path: str, handler: Callable[[Request], Awaitable[Any]]) -> Route:
    return Route(path, _answering(handler), methods=["GET"])


def _post(path: str, handler: Callable[[Request], Awaitable[Any]]) -> Route:
    return Route(path, _answering(handler), methods=["POST"])


def _answering(handler: Callable[[Request], Awaitable[Any]]) -> Callable[[Request], Awaitable[Response]]:
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


async def _body(request: Request, kind: type[_T]) -> _T:
    data = bytearray()
    async for piece in request.stream():
        data += piece
        if len(data) > MAX_BODY:
            raise UsageError(f"the request is larger than {MAX_BODY >> 20} MiB; send less at once")
    try:
        return msgspec.json.decode(bytes(data or b"{}"), type=kind)
    except msgspec.DecodeError as error:
        raise UsageError(f"the request's body is not right: {str(error)[:1].lower()}{str(error)[1:]}") from None


def _name(request: Request) -> str:
    return request.path_params["name"]


def _query(request: Request, name: str) -> str:
    return request.query_params.get(name, "")


def _number(request: Request, name: str, default: int, most: int) -> int:
    text = _query(request, name)
    if not text:
        return default
    if not text.isascii() or not text.isdecimal() or not 0 < int(text[:20]) <= most:
        raise UsageError(f"`{name}` must be a number from 1 to {most}")
    return int(text)


def _span(request: Request) -> Question:
    """What a request for history says of the time."""
    span = _query(request, "span") or "seconds"
    if span not in ("seconds", "minutes"):
        raise UsageError(f"there is no span '{span}'; it can be seconds or minutes")
    every_s = _number(request, "every_s", 0, DAY_MS // 1000)
    since_ms, until_ms = _time(request, "since"), _time(request, "until") or 0
    if since_ms is None and span == "minutes":
        since_ms, every_s = int(time.time() * 1000) - DAY_MS, every_s or 60
    return Question(since_ms=since_ms, until_ms=until_ms, every_s=every_s)


def _time(request: Request, name: str) -> int | None:
    """Milliseconds since the epoch; None where nothing is given."""
    text = _query(request, name)
    if text and not (text.isascii() and text.isdecimal() and len(text) <= 15):
        raise UsageError(f"`{name}` must be a time in milliseconds since 1970")
    return int(text) if text else None


def _order(body: DeployOrder, workspace: Path) -> Order:
    if body.text:
        return Order(body.text, str(Path(body.folder or workspace).absolute()), overrides=body.overrides)
    path = Path(body.path)
    if not path.is_absolute():
        raise UsageError("`path` must be absolute: the engine runs in another folder")
    return Order(dump_flow(read_flow(path)), str(path.parent), str(path), body.overrides)


def _run_json(run: HostedRun) -> dict[str, Any]:
    return {
        "id": run.id,
        "flow": run.prepared.flow.name,
        "path": run.name,
        "state": run.state,
        "progress": run.progress,
        "outcome": run.outcome,
        "error": msgspec.Raw(error_json(run.error)) if run.error is not None else None,
    }


def _content_response(content: Any) -> Response:
    if isinstance(content, bytes):
        return Response(content, media_type="application/octet-stream")
    if isinstance(content, str):
        return PlainTextResponse(content)
    from engine.runtime.readable import as_json

    return Response(json.dumps(as_json(content, 1 << 40), ensure_ascii=False).encode(), media_type="application/json")


def _lines(logs: Path, flow: str, wanted: Wanted, limit: int) -> list[dict[str, Any]]:
    chosen = {flow: journal_path(logs, flow)} if flow else journals(logs)
    if flow and not chosen[flow].exists():
        raise NotFound(f"the flow '{flow}' has logged nothing in this workspace")
    found = [
        {"flow": name, "at_ms": entry.at_ms, "step": entry.step, "level": entry.level, "text": entry.text}
        for name, path in chosen.items()
        for entry in read(path, wanted, limit)
    ]
    return sorted(found, key=lambda line: line["at_ms"])[-limit:]
