"""What can happen to a cluster: processes die, servers are restarted, a node is cut off and comes back."""

from __future__ import annotations

import contextlib
import random
import signal
import time
from collections.abc import Callable, Sequence

import psutil

from tests.cluster.site import Agent, Site, until
from tests.servers import Server

CUT_OFF_S = 12.0
"""Longer than a slot's lease."""


class Mischief:
    """Harms a site, each time in another way; all that it draws comes from `rng`.

    Args:
        site: What is harmed; its agents are started again when they are killed.
        stage: Whose node is stopped, when one is.
        servers: Servers that are restarted, by what they are called here.
        rng: The luck.
    """

    def __init__(self, site: Site, stage: str, servers: dict[str, Server], rng: random.Random) -> None:
        self.done: list[str] = []
        self.was_cut_off: set[int] = set()
        """Process ids of all that once was stopped and went on."""
        self.seen: set[psutil.Process] = set()
        """Every process of the site that was ever looked at."""
        self._site = site
        self._stage = stage
        self._servers = servers
        self._rng = rng
        self._cut_off: tuple[str, list[psutil.Process], float] | None = None

    def kinds(self) -> dict[str, Callable[[], str | None]]:
        """All that can happen, each as what does it and says to whom; None where there was nobody."""
        found: dict[str, Callable[[], str | None]] = {
            "worker": lambda: self._kill_one(Agent.workers),
            "host": lambda: self._kill_one(Agent.hosts),
            "fork server": lambda: self._kill_one(Agent.fork_servers),
            "agent": self._kill_agent,
            "node": self._kill_node,
            "cut off": lambda: self._stop(Agent.family),
            # Its workers have to notice by themselves that nobody renews their leases.
            "hang": lambda: self._stop(lambda agent: agent.family()[:1]),
        }
        for name in self._servers:
            found[f"restart {name}"] = lambda name=name: self._restart(name)
            found[f"crash {name}"] = lambda name=name: self._crash(name)
        return found

    def do(self, kind: str) -> None:
        """Have something happen, now."""
        self._note_processes()
        whom = self.kinds()[kind]()
        if whom is not None:
            self.done.append(f"{kind}: {whom}")
        self._note_processes()

    def rest(self, seconds: float) -> None:
        """Let it be for a while; who was cut off for long enough comes back."""
        end_s = time.monotonic() + seconds
        while (now_s := time.monotonic()) < end_s:
            if self._cut_off is not None and now_s >= self._cut_off[2]:
                self.come_back()
            time.sleep(min(0.05, end_s - now_s))

    def calm_down(self) -> None:
        """Nothing more happens; who is cut off comes back in due time."""
        while self._cut_off is not None:
            self.rest(0.1)
        self._note_processes()

    # -- processes

    def _kill_one(self, which: Callable[[Agent], Sequence[psutil.Process]]) -> str | None:
        found = [(agent, process) for agent in self._reachable() for process in which(agent)]
        if not found:
            return None
        agent, process = self._rng.choice(found)
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
        return f"{process.pid} of {agent.name}"

    def _kill_agent(self) -> str:
        agent = self._rng.choice(self._reachable())
        agent.kill_alone()
        self._site.agent(agent.name)
        return agent.name

    def _kill_node(self) -> str:
        agent = self._rng.choice(self._reachable())
        agent.kill()
        self._site.agent(agent.name)
        return agent.name

    def _stop(self, which: Callable[[Agent], Sequence[psutil.Process]]) -> str:
        """Stop processes of a node as they stand for longer than a lease lasts; they do not know, later, that they were."""
        while self._cut_off is not None:
            self.rest(0.1)
        until(lambda: self._site.slots(self._stage), what=f"somebody who runs {self._stage}")
        agent = self._site.agents[self._site.slots(self._stage)[0].agent or ""]
        stopped: list[psutil.Process] = []
        while True:  # the agent first; what it was just starting comes after
            new = [each for each in which(agent) if each not in stopped]
            if not new:
                break
            for process in new:
                with contextlib.suppress(psutil.NoSuchProcess):
                    process.send_signal(signal.SIGSTOP)
            stopped += new
        self._cut_off = (agent.name, stopped, time.monotonic() + CUT_OFF_S)
        return agent.name

    def come_back(self) -> None:
        """The node that is cut off goes on."""
        if self._cut_off is None:
            return
        name, stopped, _ = self._cut_off
        self._cut_off = None
        self.was_cut_off |= {process.pid for process in stopped}
        for process in reversed(stopped):
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGCONT)
        self.done.append(f"back: {name}")

    def _reachable(self) -> list[Agent]:
        away = self._cut_off[0] if self._cut_off is not None else None
        return [agent for name, agent in sorted(self._site.agents.items()) if name != away]

    def _note_processes(self) -> None:
        for agent in self._site.agents.values():
            self.seen |= set(agent.family())

    # -- servers

    def _restart(self, name: str) -> str:
        self._servers[name].restart()
        return "in order"

    def _crash(self, name: str) -> str:
        server = self._servers[name]
        server.kill()
        time.sleep(self._rng.uniform(0, 1))
        server.start()
        return "kill -9"
