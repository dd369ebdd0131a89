"""Orders to a flow that an engine or a cluster has, one at a time, for whoever has no event loop."""

from __future__ import annotations

import contextlib
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import Protocol

from engine.api.address import find_engine
from engine.api.remote import EngineClient, path_of
from engine.client.answer import Deployed, Ran
from engine.client.place import workspace_folder
from engine.errors import EngineGone, NotFound, UsageError
from engine.model.problem import did_you_mean, listed, shown
from engine.runtime.workspace import Workspace

__all__ = ["Ran", "Steering", "open_steering"]


class Steering(Protocol):
    """The orders. `name` is what the flow is called there."""

    name: str

    def run_once(self, steps: Sequence[str], *, messages: int | None = None, timeout_s: float = 60.0) -> list[Ran]:
        """One task of each of some processors that are stopped; of a source one batch.

        Raises:
            ConflictError: one of them is running.
        """
        ...

    def terminate(self, steps: Sequence[str]) -> None:
        """Stop processors and end what they are at, at once."""

    def replay_last(self, step: str, messages: int) -> dict[str, int]:
        """Have a processor work once more on what it took last; returns messages by connection."""
        ...

    def release(self, connection: str, messages: int | None) -> int:
        """Let messages go that a breakpoint holds (None: all); returns how many."""
        ...


class _EngineSteering:
    """To an engine. `name` is what it calls the flow."""

    def __init__(self, client: EngineClient, name: str) -> None:
        self._client = client
        self.name = name

    def run_once(self, steps: Sequence[str], *, messages: int | None = None, timeout_s: float = 60.0) -> list[Ran]:
        # One by one, so that each has the client's whole patience.
        path = self._path("processors/run")
        return [
            ran
            for step in steps
            for ran in self._client.post(path, list[Ran], steps=[step], messages=messages, timeout_s=timeout_s)
        ]

    def terminate(self, steps: Sequence[str]) -> None:
        self._client.post(self._path("processors/terminate"), Deployed, steps=list(steps))

    def replay_last(self, step: str, messages: int) -> dict[str, int]:
        return self._client.post(self._path("processors/replay"), dict[str, int], step=step, messages=messages)

    def release(self, connection: str, messages: int | None) -> int:
        path = self._path("connections/release")
        return self._client.post(path, dict[str, int], connection=connection, messages=messages)["messages"]

    def _path(self, rest: str) -> str:
        return f"{path_of('deployments', self.name)}/{rest}"


@contextlib.contextmanager
def open_steering(flow: str, workspace: Path | None = None, *, target: str = "") -> Generator[Steering]:
    """Orders to a flow, by its name or its file; "" means the only one there is. `target` is a cluster's name.

    Raises:
        EngineGone: no engine serves the workspace.
        NotFound: it, or the cluster, has no such flow.
    """
    if target:
        from engine.client.cluster_steering import open_cluster_steering

        with open_cluster_steering(flow, target) as steering:
            yield steering
        return
    folder = Workspace(workspace_folder(workspace)).folder
    address = find_engine(folder)
    if address is None:
        raise EngineGone(f"no engine serves the workspace {folder}; start it with `pyfi serve`, or run the flow in the desktop")
    with EngineClient(address) as client:
        yield _EngineSteering(client, _find(client.get("/deployments", list[Deployed]), flow))


def _find(deployed: list[Deployed], flow: str) -> str:
    names = [each.name for each in deployed]
    if not flow and names:
        if len(names) > 1:
            raise UsageError(f"the engine has {len(names)} flows; say which: {listed(sorted(names))}")
        return names[0]
    if flow in names:
        return flow
    path = str(Path(flow).expanduser().absolute())
    found = [each.name for each in deployed if path in (each.name, each.path) or each.flow == flow]
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(f"{len(found)} flows are called {shown(flow)}; say which: {listed(sorted(found))}")
    raise NotFound(f"the engine runs no flow {shown(flow)}{did_you_mean(flow, names) or '; `pyfi ls deployments` lists them'}")
