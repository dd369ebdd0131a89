"""Clusters for tests: one with two agents that tests of a broker share, and new ones for those who break something."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from engine.database.session import open_database
from engine.ledger.url import open_ledger
from engine.targets import Target
from tests.cluster.brokers import KINDS, TestBroker, open_broker
from tests.cluster.site import Site
from tests.servers import PostgreSQL

BROKERS = ("redis", "rabbitmq")


def _prepare(url: str) -> None:
    open_database(url, create=True).close()
    open_ledger(url).close()


@contextmanager
def _site(request: pytest.FixtureRequest, broker: str, folder: Path, results: str = "") -> Iterator[Site]:
    postgresql: PostgreSQL = request.getfixturevalue("postgresql")
    bus = request.getfixturevalue("redis_server").url
    database = postgresql.create(postgresql.template("cluster", _prepare))
    carrier = bus if broker == "redis" else request.getfixturevalue("rabbitmq_server").url
    name = f"test-{database.rpartition('_')[2]}"
    target = Target(name=name, broker=carrier, bus=bus, database=database, results=results, shared=(str(folder),))
    site = Site(folder, target)
    try:
        yield site
    finally:
        site.close()
        postgresql.drop(database)


@pytest.fixture(scope="module", params=BROKERS)
def shared_site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A cluster with the agents a and b, on each broker: for tests that leave it as it was."""
    with _site(request, request.param, tmp_path_factory.mktemp("site")) as site:
        site.agent("a")
        site.agent("b")
        yield site


@pytest.fixture(scope="module")
def redis_site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A cluster with one agent, on Redis: for tests that leave it as it was and have nothing to do with the broker."""
    with _site(request, "redis", tmp_path_factory.mktemp("site")) as site:
        site.agent("a")
        yield site


@pytest.fixture
def site(shared_site: Site) -> Iterator[Site]:
    """The same, with no deployments when a test begins."""
    yield shared_site
    shared_site.clear()


@pytest.fixture
def new_site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[..., Site]]:
    """Makes the cluster of one test, without agents: `new_site("redis")`."""
    open_: list[object] = []

    def make(broker: str, results: str = "") -> Site:
        manager = _site(request, broker, tmp_path, results)
        open_.append(manager)
        return manager.__enter__()

    # Asked for before the test's own clusters, so that these end first.
    for name in ("postgresql", "redis_server"):
        request.getfixturevalue(name)
    yield make
    for manager in open_:
        manager.__exit__(None, None, None)  # type: ignore[attr-defined]


@pytest.fixture(params=KINDS)
def broker(request: pytest.FixtureRequest) -> TestBroker:
    """Every kind of broker, one after the other, for tests of tickets alone."""
    return open_broker(request.param, request)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Gives brokers a second to answer: for tests of one that never does, which need not be as patient as users are."""
    for name in ("broker._ANSWER_S", "app._CONNECT_S"):
        monkeypatch.setattr(f"engine.dispatch.celery.{name}", 1)
