"""Targets, for the desktop and the command line."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import SplitResult, urlsplit, urlunsplit

from msgspec import structs

from engine.errors import PyfiError, UsageError
from engine.model.problem import listed
from engine.targets import LOCAL, Target, Targets, name_problem, url_problem, without_password

__all__ = [
    "LOCAL",
    "Target",
    "Targets",
    "changed",
    "made",
    "name_problem",
    "probe_all",
    "probed",
    "url_problem",
    "with_password",
    "without_password",
]


def made(name: str, servers: Mapping[str, Any]) -> Target:
    """A target of what was given; what was not is None or empty.

    Raises:
        UsageError: a server that every target has was not given.
    """
    given = {key: value for key, value in servers.items() if value}
    missing = [role for role in ("broker", "bus", "database") if role not in given]
    if missing:
        raise UsageError(f"a target needs its {listed(missing)}; give --{' --'.join(missing)}")
    return Target(name=name, **given)


def changed(target: Target, servers: Mapping[str, Any]) -> Target:
    """The target, with what was given in place of its own."""
    return structs.replace(target, **{key: value for key, value in servers.items() if value})


def with_password(url: str, known: str) -> str:
    """A URL as somebody typed it who was shown `known` without its password: that stays, unless user or server is another."""
    try:
        typed, before = urlsplit(url), urlsplit(known)
        is_same = _server(typed) == _server(before)
    except ValueError:
        return url
    if not is_same or typed.password is not None:
        return url
    query = typed.query or before.query  # it may hold secrets, too, and was not shown
    return urlunsplit((typed.scheme, before.netloc, typed.path, query, typed.fragment))


def _server(url: SplitResult) -> tuple[str, str, str, int | None]:
    """A user at a server."""
    return url.scheme, url.username or "", url.hostname or "", url.port


def probe_all(target: Target) -> dict[str, str | None]:
    """By server (broker, bus, database, results): None if it answers, else a sentence that says why not."""
    return {role: _said(lambda probe=probe: probe(target)) for role, probe in _PROBES.items()}


def probed(target: Target) -> None:
    """See whether all servers answer.

    Raises:
        UsageError: one does not; says which, and why.
    """
    for role, reason in probe_all(target).items():
        if reason is not None:
            raise UsageError(f"the {role}: {reason}")


def _said(probe: Callable[[], None]) -> str | None:
    try:
        probe()
    except PyfiError as error:
        return str(error)
    return None


def _broker(target: Target) -> None:
    from engine.dispatch.celery import probe

    probe(target.broker)


def _bus(target: Target) -> None:
    from engine.bus.redis_link import probe

    asyncio.run(probe(target.bus))


def _database(target: Target) -> None:
    from engine.client.cluster import Cluster

    with Cluster(target) as cluster:
        cluster.situation()


def _results(target: Target) -> None:
    if target.results:
        from engine.results.url import probe

        asyncio.run(probe(target.results))


_PROBES: dict[str, Callable[[Target], None]] = {
    "broker": _broker,
    "bus": _bus,
    "database": _database,
    "results": _results,
}
