"""What processors have logged in a workspace. Read from its files: no engine is needed, none is disturbed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from engine.client.place import workspace_folder
from engine.errors import NotFound
from engine.model.problem import did_you_mean, shown
from engine.runtime.journal import KEPT, LEVELS, MAX_BYTES, Entry, Tail, Wanted, journals, read
from engine.runtime.workspace import Workspace

__all__ = ["KEPT_BYTES", "LEVELS", "Entry", "Logs", "Wanted"]
KEPT_BYTES = (KEPT + 1) * MAX_BYTES
"""So much of each flow's log is kept; the oldest lines go first."""
Line = tuple[str, Entry]


class Logs:
    """The logs of one flow (its file or deployment's name), or of all. Every line comes with the flow it is of.

    Raises:
        NotFound: the flow has no log.
    """

    def __init__(self, workspace: Path | None = None, flow: str = "") -> None:
        self._folder = Workspace(workspace_folder(workspace)).logs
        self._flow = flow
        if flow:
            self._chosen(required=True)

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

    def _chosen(self, *, required: bool = False) -> dict[str, Path]:
        known = journals(self._folder)
        if not self._flow:
            return known
        for name in (self._flow, str(Path(self._flow).expanduser().absolute())):
            if name in known:
                return {name: known[name]}
        if required:
            hint = did_you_mean(self._flow, known) or "; `pyfi logs` without a flow shows those of all"
            raise NotFound(f"the flow {shown(self._flow)} has logged nothing in this workspace{hint}")
        return {}
