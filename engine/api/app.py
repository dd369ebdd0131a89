"""The HTTP API: what can be asked of an engine, as routes. The manual's page on the API is this file in prose."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct, structs
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp

from engine.api.calls_api import CallsApi
from engine.api.deployed import Order
from engine.api.events import Events
from engine.api.fault import error_json
from engine.api.guard import Guarded
from engine.api.hosted import HostedRun
from engine.api.inspection_api import InspectionApi
from engine.api.prometheus import CONTENT_TYPE, exposition
from engine.api.request import answering, body_of, get, name_of, number, post, query
from engine.api.service import Service
from engine.bus.websocket import WebSocketBus
from engine.errors import NotFound, UsageError
from engine.model.codec import dump_flow, read_flow
from engine.runtime.engine import Engine
from engine.runtime.history import SECONDS
from engine.runtime.journal import LEVELS, Wanted, journal_path, journals, read
from engine.runtime.run import RunOptions
from engine.runtime.span import DAY_MS, Question

_PATIENCE_S = 30.0
_LONGEST_WAIT_MS = 25_000
_KINDS = ("processor", "connection")


class DeployOrder(Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /deployments: a flow file on this machine (`path`), or a flow's text and the folder its paths start from.

    One that is deployed with the same `key` is the same flow, whatever it was called: it is renamed.
    """

    path: str = ""
    text: str = ""
    folder: str = ""
    name: str = ""
    overrides: dict[str, Any] = {}
    start: bool = True
    force: bool = False
    key: str = ""


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


class ReplayLast(Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /deployments/NAME/processors/replay."""

    step: str
    messages: Annotated[int, Meta(ge=1)] = 1


class Debug(Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /deployments/NAME/processors/debug and debug/end."""

    step: str
    port: Annotated[int, Meta(ge=0, le=65_535)] = 0


class Rename(Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /deployments/NAME/rename."""

    name: str


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
            get("/health", self.health),
            get("/metrics", self.metrics),
            get("/deployments", self.list_deployments),
            post("/deployments", self.deploy),
            post("/deployments/{name:path}/processors/start", self.start_steps),
            post("/deployments/{name:path}/processors/stop", self.stop_steps),
            post("/deployments/{name:path}/processors/run", self.run_steps_once),
            post("/deployments/{name:path}/processors/terminate", self.terminate_steps),
            post("/deployments/{name:path}/processors/replay", self.replay_last),
            post("/deployments/{name:path}/processors/debug", self.debug),
            get("/deployments/{name:path}/processors/debug", self.debugging),
            post("/deployments/{name:path}/processors/debug/end", self.end_debugging),
            post("/deployments/{name:path}/connections/release", self.release),
            post("/deployments/{name:path}/rename", self.rename),
            post("/deployments/{name:path}/start", self.start),
            post("/deployments/{name:path}/stop", self.stop),
            post("/deployments/{name:path}/pause", self.pause),
            post("/deployments/{name:path}/resume", self.resume),
            get("/deployments/{name:path}/flow", self.flow_text),
            get("/deployments/{name:path}", self.show_deployment),
            Route("/deployments/{name:path}", answering(self.remove), methods=["DELETE"]),
            get("/runs", self.list_runs),
            post("/runs", self.run),
            get("/runs/{id}", self.show_run),
            Route("/runs/{id}", answering(self.stop_run), methods=["DELETE"]),
            get("/logs", self.logs),
            get("/history", self.history),
            get("/history/series", self.history_of_several),
            get("/history/parts", self.history_of_parts),
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
        name = name_of(request)
        return {**self._service.about(name), **self._service.snapshot(name)}

    async def flow_text(self, request: Request) -> Any:
        """The flow as it was deployed, as a flow file."""
        return PlainTextResponse(self._service.flow(name_of(request)).order.text, media_type="application/yaml")

    async def deploy(self, request: Request) -> Any:
        """Deploy a flow, or change a deployed one while it runs."""
        body = await body_of(request, DeployOrder)
        if bool(body.path) == bool(body.text):
            raise UsageError("give either `path`, a flow file, or `text`, a flow")
        order = await asyncio.to_thread(_order, body, self._engine.workspace.folder)
        flow = await self._service.deploy(order, body.name, start=body.start, force=body.force)
        return self._service.about(flow.name)

    async def start(self, request: Request) -> Any:
        """Start a deployed flow."""
        body = await body_of(request, Start)
        flow = self._service.flow(name_of(request))
        await flow.start(fresh=body.fresh)
        return self._service.about(flow.name)

    async def stop(self, request: Request) -> Any:
        """Stop it."""
        body = await body_of(request, Stop)
        flow = self._service.flow(name_of(request))
        await flow.stop(max(0.0, body.patience_s))
        return self._service.about(flow.name)

    async def pause(self, request: Request) -> Any:
        """Pause it."""
        flow = self._service.flow(name_of(request))
        await flow.pause()
        return self._service.about(flow.name)

    async def resume(self, request: Request) -> Any:
        """Go on after a pause."""
        flow = self._service.flow(name_of(request))
        await flow.resume()
        return self._service.about(flow.name)

    async def start_steps(self, request: Request) -> Any:
        """Start some of its processors."""
        return await self._set_steps(request, running=True)

    async def stop_steps(self, request: Request) -> Any:
        """Stop some of its processors."""
        return await self._set_steps(request, running=False)

    async def _set_steps(self, request: Request, *, running: bool) -> Any:
        body = await body_of(request, Steps)
        flow = self._service.flow(name_of(request))
        await flow.set_steps(body.steps, running=running)
        return self._service.about(flow.name)

    async def run_steps_once(self, request: Request) -> Any:
        """One task of each of some stopped processors."""
        body = await body_of(request, Once)
        return await self._service.run_once(name_of(request), body.steps, body.messages, max(0.0, body.timeout_s))

    async def terminate_steps(self, request: Request) -> Any:
        """Stop some of its processors and end what they are at, at once."""
        body = await body_of(request, Steps)
        flow = self._service.flow(name_of(request))
        await flow.terminate(body.steps)
        return self._service.about(flow.name)

    async def replay_last(self, request: Request) -> Any:
        """Have a processor work once more on what it took last."""
        body = await body_of(request, ReplayLast)
        return await self._service.flow(name_of(request)).replay_last(body.step, body.messages)

    async def debug(self, request: Request) -> Any:
        """Have one of its processors debugged while it runs."""
        body = await body_of(request, Debug)
        flow = self._service.flow(name_of(request))
        await flow.debug(body.step, body.port)
        return await flow.debuggings.state(body.step, 0, 0.0)

    async def debugging(self, request: Request) -> Any:
        """Where a debugger of a processor attaches; `wait_ms` waits for another state than number `after`."""
        after, wait_ms = number(request, "after", 0, 1 << 31), number(request, "wait_ms", 1, _LONGEST_WAIT_MS)
        return await self._service.flow(name_of(request)).debuggings.state(query(request, "step"), after, wait_ms / 1000)

    async def end_debugging(self, request: Request) -> Any:
        """Give a processor back that was debugged."""
        body = await body_of(request, Debug)
        flow = self._service.flow(name_of(request))
        await flow.end_debugging(body.step)
        return self._service.about(flow.name)

    async def rename(self, request: Request) -> Any:
        """Call it otherwise."""
        body = await body_of(request, Rename)
        flow = await self._service.rename(name_of(request), body.name)
        return self._service.about(flow.name)

    async def release(self, request: Request) -> Any:
        """Let messages go that are held at a breakpoint."""
        body = await body_of(request, Release)
        return {"messages": await self._service.release(name_of(request), body.connection, body.messages)}

    async def remove(self, request: Request) -> Any:
        """Take it away with everything it holds."""
        await self._service.remove(name_of(request))
        return {"removed": name_of(request)}

    # -- runs

    async def run(self, request: Request) -> Any:
        """Begin to run a flow file; it goes on in the engine."""
        body = await body_of(request, RunOrder)
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

    # -- what was

    async def logs(self, request: Request) -> Any:
        """The last lines of a flow's log."""
        level = query(request, "level") or "debug"
        if level not in LEVELS:
            raise UsageError(f"there is no level '{level}'; it can be {', '.join(LEVELS)}")
        flow, wanted = query(request, "flow"), Wanted(query(request, "processor"), level)
        limit = number(request, "limit", 200, 10_000)
        return await asyncio.to_thread(_lines, self._engine.workspace.logs, flow, wanted, limit)

    async def history(self, request: Request) -> Any:
        """What a processor, a connection, a subflow or the whole flow did."""
        question = structs.replace(_span(request), **{kind: query(request, kind) for kind in _KINDS})
        return await self._service.history(query(request, "flow"), question)

    async def history_of_several(self, request: Request) -> Any:
        """What several of them did, in rows of the same times."""
        span = _span(request)
        named = [{kind: name} for kind, name in request.query_params.multi_items() if kind in _KINDS]
        if not named:
            raise UsageError("give `processor` or `connection`, once or several times; an empty one is the whole flow")
        tables = await self._service.histories(query(request, "flow"), [structs.replace(span, **each) for each in named])
        series = [{**each, "columns": table.columns, "rows": table.rows} for each, table in zip(named, tables, strict=True)]
        return {"every_s": tables[0].every_s, "until_ms": tables[0].until_ms, "series": series}

    async def history_of_parts(self, request: Request) -> Any:
        """What all processors or connections of a flow did in the last five minutes, a page of them."""
        kind = query(request, "kind") or "processor"
        if kind not in _KINDS:
            raise UsageError(f"there is no kind '{kind}' of parts; it can be {' or '.join(_KINDS)}")
        every_s, most = number(request, "every_s", 5, SECONDS), number(request, "limit", 1000, 10_000)
        lately = await self._service.lately(query(request, "flow"), of_steps=kind == "processor")
        return await asyncio.to_thread(lately.page, every_s=every_s, after=query(request, "after"), most=most)


def build_app(
    engine: Engine, service: Service, bus: WebSocketBus, about: dict[str, Any], token: str, values: dict[str, str]
) -> ASGIApp:
    """The whole application. `about` is what /health tells, `values` are the secrets that flows may name."""
    asked = [
        *Api(engine, service, about, values).routes(),
        *InspectionApi(service.inspection).routes(),
        *CallsApi(service.calls).routes(),
    ]
    routes = [*asked, WebSocketRoute("/events", Events(bus, token).serve)]
    return Guarded(Starlette(routes=routes), token)


# -- from requests, to responses


def _span(request: Request) -> Question:
    """What a request for history says of the time."""
    span = query(request, "span") or "seconds"
    if span not in ("seconds", "minutes"):
        raise UsageError(f"there is no span '{span}'; it can be seconds or minutes")
    every_s = number(request, "every_s", 0, DAY_MS // 1000)
    since_ms, until_ms = _time(request, "since"), _time(request, "until") or 0
    if since_ms is None and span == "minutes":
        since_ms, every_s = int(time.time() * 1000) - DAY_MS, every_s or 60
    return Question(since_ms=since_ms, until_ms=until_ms, every_s=every_s)


def _time(request: Request, name: str) -> int | None:
    """Milliseconds since the epoch; None where nothing is given."""
    text = query(request, name)
    if text and not (text.isascii() and text.isdecimal() and len(text) <= 15):
        raise UsageError(f"`{name}` must be a time in milliseconds since 1970")
    return int(text) if text else None


def _order(body: DeployOrder, workspace: Path) -> Order:
    if body.text:
        folder = str(Path(body.folder or workspace).absolute())
        return Order(body.text, folder, overrides=body.overrides, key=body.key)
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
