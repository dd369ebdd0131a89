"""A cluster without agents, for tests in which no node is to do anything."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from engine.client.cluster import Cluster
from engine.database.session import open_database
from engine.ledger.url import open_ledger
from engine.targets import Target
from tests.servers import PostgreSQL


def _prepare(url: str) -> None:
    open_database(url, create=True).close()
    open_ledger(url).close()


@pytest.fixture
def lone_cluster(postgresql: PostgreSQL, new_postgresql_url: Callable[..., str]) -> Iterator[Cluster]:
    url = new_postgresql_url(postgresql.template("cluster", _prepare))
    with Cluster(Target(name="t", broker="", bus="", database=url)) as cluster:
        yield cluster
