"""Hosts for one test: started with a line, stopped with the test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.drive import HostDriver, into, out, step


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Callable[..., HostDriver]]:
    """`host(code, kind, ...)`: a stage of one step. Links: its inputs, then its outputs; `failure` is kept as dead letters."""
    started: list[HostDriver] = []

    def start(code: str | None = None, kind: str = "python", *, memory: int = 0, **settings: Any) -> HostDriver:
        settings.setdefault("inputs", ["in"])
        settings.setdefault("outputs", ["success", "failure"])
        inputs = settings["inputs"]
        leaving = [port for port in settings["outputs"] if port != "failure"]
        settings.setdefault("routes", {port: [len(inputs) + number] for number, port in enumerate(leaving)})
        settings.setdefault("dead", ["failure"])
        links = [into(0, port) for port in inputs] + [out() for _ in leaving]
        started.append(HostDriver([step("it", kind, code=code, **settings)], links, tmp_path, memory=memory))
        return started[-1]

    yield start
    for driver in started:
        driver.close()
