"""One cluster for all tests of targets: private servers and two agents, started when the first test wants them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.database.session import open_database
from engine.ledger.url import open_ledger
from engine.targets import Target
from tests.cluster.site import Site
from tests.servers import PostgreSQL, Redis


@pytest.fixture(scope="package")
def site(postgresql: PostgreSQL, redis_server: Redis, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A target `prod` with the agents `east` and `west`."""
    folder: Path = tmp_path_factory.mktemp("prod")
    database = postgresql.create()
    open_database(database, create=True).close()
    open_ledger(database).close()
    target = Target(name="prod", broker=redis_server.url, bus=redis_server.url, database=database, shared=(str(folder),))
    made = Site(folder, target)
    try:
        for name in ("east", "west"):
            made.agent(name)
        yield made
    finally:
        made.close()
