"""What processors have logged in a workspace. Read from its files: no engine is needed, none is disturbed."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from engine.client.place import workspace_folder
from engine.errors import NotFound
from engine.ledger.url import open_ledger
from engine.model.problem import did_you_mean, shown
from engine.runtime.journal import KEPT, LEVELS, MAX_BYTES, Entry, Tail, Wanted, journals, read
from engine.runtime.queues import deployments_called
from engine.runtime.workspace import Workspace

__all__ = ["KEPT_BYTES", "LEVELS", "Entry", "Logs", "Wanted"]
KEPT_BYTES = (KEPT + 1) * MAX_BYTES
"""So much of each flow's log is kept; the oldest lines go first."""
Line = tuple[str, Entry]


class Logs:
    """The logs of one flow (its name, its file or its deployment's name), or of all. Every line comes with the flow it is of.

    Raises:
        NotFound: the flow has no log, or several have its name.
    """

    def __init__(self, workspace: Path | None = None, flow: str = "") -> None:
        self._workspace = Workspace(workspace_folder(workspace))
        self._flow = self._name(flow) if flow else ""

    def last(self, wanted: Wanted, lines: int) -> list[Line]:
        """The last lines, the oldest first."""
        found = [(name, entry) for name, path in self._chosen().items() for entry in read(path, wanted, lines)]
        found.sort(key=lambda line: line[1].at_ms)
        return found[-lines:] if lines else []

    def follow(self, wanted: Wanted, lines: int) -> Iterator[list[Line]]:
        """The last lines, then, whenever asked for more, what has come since."""
        tails: dict[str, Tail] = {}
        try:
            yield self._begin(tails, wanted, lines)
            while True:
                for name, path in self._chosen().items():
                    if name not in tails:
                        tails[name] = Tail(path, whole=True)
                came = [(name, entry) for name, tail in tails.items() for entry in tail.read(wanted)]
                yield sorted(came, key=lambda line: line[1].at_ms)
        finally:
            for tail in tails.values():
                tail.close()

    def _begin(self, tails: dict[str, Tail], wanted: Wanted, lines: int) -> list[Line]:
        """Open the files; each is read once, so that no line is missed or shown twice."""
        found: list[Line] = []
        for name, path in self._chosen().items():
            tails[name] = Tail(path, whole=True)
            entries = tails[name].read(wanted)
            entries = [*read(path, wanted, max(0, lines - len(entries)), older=True), *entries]
            found.extend((name, entry) for entry in entries)
        found.sort(key=lambda line: line[1].at_ms)
        return found[-lines:] if lines else []

    def _chosen(self) -> dict[str, Path]:
        """The files of what is wanted, by the deployments' names."""
        known = journals(self._workspace.logs)
        return {name: path for name, path in known.items() if self._flow in ("", name)}

    def _name(self, flow: str) -> str:
        """The name of the deployment that a user means, as `find_deployment` takes it; the log may be older than the ledger."""
        known = journals(self._workspace.logs)
        for name in (flow, str(Path(flow).expanduser().absolute())):
            if name in known:
                return name
        called = [name for name in self._called(flow) if name in known]
        if len(called) == 1:
            return called[0]
        if called:
            raise NotFound(f"{len(called)} flows are called {shown(flow)}; give the path of one: {', '.join(sorted(called))}")
        hint = did_you_mean(flow, known) or "; `pyfi logs` without a flow shows those of all"
        raise NotFound(f"the flow {shown(flow)} has logged nothing in this workspace{hint}")

    def _called(self, flow: str) -> list[str]:
        """Deployments whose flow has a name."""
        if not (self._workspace.folder / "ledger.db").exists():
            return []
        with contextlib.closing(open_ledger(self._workspace.ledger_url)) as ledger:
            return deployments_called(ledger, flow)
