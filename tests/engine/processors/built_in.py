"""Runs built-in types in real hosts: configs decoded by their declarations, as the engine does."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import msgspec

from engine.processors.base import ProcessorType
from tests.drive import HostDriver, contents, into, out, step


def declaration(type: str) -> ProcessorType:
    """What a type declares."""
    return importlib.import_module(f"engine.processors.{type}").TYPE


def settings(type: str, **config: Any) -> dict[str, Any]:
    """The config as it reaches a body: checked, complete, plain."""
    return msgspec.to_builtins(msgspec.convert(config, declaration(type).config), builtin_types=(bytes,))


def reasons(type: str, folder: Path, **config: Any) -> list[str]:
    """Why the type, so configured, cannot run."""
    declared = declaration(type)
    return declared.check(msgspec.convert(config, declared.config), folder)


def source(type: str, folder: Path, **config: Any) -> HostDriver:
    """A host that runs a source; its outputs leave over links 0 (success) and 1 (failure)."""
    routes = {"success": [0], "failure": [1]}
    spec = step("it", kind="builtin", body=type, config=settings(type, **config), inputs=[], outputs=[*routes], routes=routes)
    return _ready(HostDriver([spec], [out(), out()], folder))


def target(type: str, folder: Path, *, retry: tuple[int, float] = (0, 0.0), **config: Any) -> HostDriver:
    """A host that runs a transform or sink: link 0 leads in, the others out, one for each output; failures are dead letters."""
    declared = declaration(type)
    outputs = [port for port in declared.outputs(msgspec.convert(config, declared.config)) if port != "failure"]
    spec = step(
        "it",
        kind="builtin",
        body=type,
        config=settings(type, **config),
        outputs=[*outputs, "failure"],
        routes={port: [link + 1] for link, port in enumerate(outputs)},
        dead=["failure"],
        retry=list(retry),
    )
    return _ready(HostDriver([spec], [into(0), *(out() for _ in outputs)], folder))


def _ready(host: HostDriver) -> HostDriver:
    if host.ready["k"] != "ready":
        host.close()
        raise AssertionError(host.ready)
    return host


def everything(results: list[dict[str, Any]], link: int = 0) -> list[Any]:
    """All contents that left over a link."""
    return [content for result in results if result["k"] == "result" for content in contents(result, link)]
