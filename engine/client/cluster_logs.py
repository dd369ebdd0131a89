"""What the processors of a cluster's deployments have logged, and what agents and workers say of them."""

from __future__ import annotations

import time
from collections.abc import Iterator

from engine.client.cluster import LogLine, open_cluster
from engine.client.logs import LEVELS, Entry, Line, Wanted

_EVERY_S = 0.5


class ClusterLogs:
    """The logs of one deployment, or of all; as `Logs`, which has those of this machine."""

    def __init__(self, target: str, flow: str = "") -> None:
        self._target = target
        self._flow = flow

    def last(self, wanted: Wanted, lines: int) -> list[Line]:
        """The last lines, the oldest first."""
        with open_cluster(self._target) as cluster:
            found = cluster.log(self._flow, within=wanted.processor, levels=_levels(wanted.level), limit=lines)
        return [_line(each) for each in found]

    def follow(self, wanted: Wanted, lines: int) -> Iterator[list[Line]]:
        """The last lines, then what comes."""
        with open_cluster(self._target) as cluster:
            levels = _levels(wanted.level)
            found = cluster.log(self._flow, within=wanted.processor, levels=levels, limit=max(1, lines))
            after = found[-1].id if found else 0
            yield [_line(each) for each in found] if lines else []
            while True:
                time.sleep(_EVERY_S)
                found = cluster.log(self._flow, within=wanted.processor, levels=levels, limit=10_000, after=after)
                after = max([after, *(each.id for each in found)])
                yield [_line(each) for each in found]


def _levels(least: str) -> list[str]:
    levels: list[str] = list(LEVELS)
    return levels[levels.index(least) :]


def _line(found: LogLine) -> Line:
    return found.flow, Entry(int(found.at.timestamp() * 1000), found.step, found.level, found.text)
