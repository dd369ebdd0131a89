"""A cluster on this machine: a target on private servers, agents as processes of their own, and the client."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import psutil

from engine.client.cluster import Cluster
from engine.client.cluster_link import ClusterLink
from engine.client.flow import open_file
from engine.runtime.hosts import wire
from engine.stores.cluster import Slot, Wanted
from engine.targets import Target, Targets

_WAIT_S = 60.0
_STOP_S = 30.0
_HOSTS = str(Path(wire.__file__).parent)


def until(holds: Callable[[], object], *, wait_s: float = _WAIT_S, what: str = "") -> None:
    """Wait for something that will come; how long it takes decides nothing."""
    deadline_s = time.monotonic() + wait_s
    while not holds():
        assert time.monotonic() < deadline_s, f"it did not come to be: {what or holds}"
        time.sleep(0.02)


class Agent:
    """An agent's process."""

    def __init__(self, process: subprocess.Popen[bytes], name: str, log: Path) -> None:
        self.process = process
        self.name = name
        self.log = log

    def kill(self) -> None:
        """End it as a power cut would, with all that it runs."""
        family = [*psutil.Process(self.process.pid).children(recursive=True), psutil.Process(self.process.pid)]
        for each in family:
            with contextlib.suppress(psutil.NoSuchProcess):
                each.kill()
        self.process.wait(_STOP_S)
        psutil.wait_procs(family, _STOP_S)

    def kill_alone(self) -> None:
        """End nothing but the agent, at once: its workers notice by themselves."""
        family = psutil.Process(self.process.pid).children(recursive=True)
        self.process.kill()
        self.process.wait(_STOP_S)
        _, left = psutil.wait_procs(family, _STOP_S)
        assert not left, f"these outlived their agent: {left}"

    def stop(self) -> None:
        """End it in good order."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(_STOP_S)

    def family(self) -> list[psutil.Process]:
        """Its process and all that descend from it, itself first; none if it is gone."""
        try:
            process = psutil.Process(self.process.pid)
            return [process, *process.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []

    def fork_servers(self) -> list[psutil.Process]:
        """The process that its workers are forked from."""
        return [
            each
            for each in self.family()
            if "multiprocessing.forkserver" in _command(each) and _parent(each) == self.process.pid
        ]

    def workers(self) -> list[psutil.Process]:
        """Its workers."""
        servers = {server.pid for server in self.fork_servers()}
        return [each for each in self.family() if _parent(each) in servers]

    def hosts(self) -> list[psutil.Process]:
        """Processes that run users' code, and built-in steps."""
        return [each for each in self.family() if _HOSTS in _command(each)]


def _command(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


def _parent(process: psutil.Process) -> int | None:
    try:
        return process.ppid()
    except psutil.Error:
        return None


class Site:
    """A cluster; use as a context manager. Agents that still live at the end are stopped."""

    def __init__(self, folder: Path, target: Target, *, labels: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self.target = target
        self.targets = Targets(folder / "targets.toml")
        self.targets.add(target, replace=True)
        self.agents: dict[str, Agent] = {}

    def environment(self) -> dict[str, str]:
        """For commands that are to know the target."""
        return {**os.environ, "PYFI_TARGETS": str(self.targets.path)}

    def agent(
        self,
        name: str,
        *options: str,
        prefix: Sequence[str] = (),
        module: str = "engine.cli.main",
        program: Sequence[str] | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> Agent:
        """Start an agent and wait until it lives. `prefix` are words before the command; `module` may stand for the program, or
        `program`, another installation's command."""
        log = self.folder / f"agent-{name}.log"
        program = program or [sys.executable, "-m", module]
        command = [*prefix, *program, "agent", "start", "--target", self.target.name, "--node", name]
        command += ["--folder", str(self.folder / name), *options]
        with log.open("ab") as file:
            process = subprocess.Popen(
                command, env={**self.environment(), **(environment or {})}, stdout=file, stderr=file, start_new_session=True
            )
        found = self.agents[name] = Agent(process, name, log)
        with self.cluster() as cluster:
            until(
                lambda: (
                    process.poll() is not None
                    or any(
                        each.name == name and each.is_alive and each.pid == process.pid for each in cluster.situation().agents
                    )
                ),
                what=f"agent {name}",
            )
        assert process.poll() is None, log.read_text()
        return found

    @contextlib.contextmanager
    def cluster(self) -> Iterator[Cluster]:
        """The client."""
        with Cluster(self.target) as cluster:
            yield cluster

    def deploy(self, text: str, name: str = "flow", **options: object) -> Wanted:
        """Deploy a flow of this text."""
        path = self.folder / f"{name}.flow.yaml"
        path.write_text(text, encoding="utf-8")
        with self.cluster() as cluster:
            return cluster.deploy(open_file(path), **options)  # type: ignore[arg-type]

    def clear(self) -> None:
        """Take every deployment away, and what they have written."""
        with self.cluster() as cluster:
            for wanted in cluster.situation().deployments:
                cluster.undeploy(wanted.name)
        for path in self.folder.glob("*.jsonl"):
            path.unlink()

    def linked(self, work: Callable[[ClusterLink], Coroutine[Any, Any, Any]]) -> Any:
        """What some work comes to that is done as the desktop does it."""

        async def run() -> Any:
            link = ClusterLink(self.target)
            try:
                return await work(link)
            finally:
                await link.close()

        return asyncio.run(run())

    def waiting(self, name: str, key: str) -> int:
        """How many messages wait in a queue of a deployment."""
        with self.cluster() as cluster:
            return next(queue.messages for queue in cluster.queues(name) if queue.key == key)

    def slots(self, stage: str | None = None) -> list[Slot]:
        """Slots that somebody holds, of a stage or of all."""
        with self.cluster() as cluster:
            return [slot for slot in cluster.situation().slots if slot.is_held and stage in (None, slot.stage)]

    def logs(self) -> str:
        """What the agents printed and the deployments logged."""
        printed = [f"--- {agent.name}\n{agent.log.read_text()}" for agent in self.agents.values()]
        with self.cluster() as cluster:
            logged = [f"{line.at} {line.node} {line.step} {line.level}: {line.text}" for line in cluster.log()]
        return "\n".join([*printed, *logged])

    def close(self) -> None:
        """Stop all agents."""
        for agent in self.agents.values():
            if agent.process.poll() is None:
                agent.process.send_signal(signal.SIGTERM)
        for agent in self.agents.values():
            try:
                agent.process.wait(_STOP_S)
            except subprocess.TimeoutExpired:
                agent.kill()
