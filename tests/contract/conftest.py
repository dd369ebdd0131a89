"""Every implementation of the ledger, for the tests that all of them must pass."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.ledger.base import Ledger
from engine.ledger.url import open_ledger
from tests.contract.ledger_case import Case
from tests.servers import PostgreSQL

SERVERS = pytest.mark.servers


@pytest.fixture(scope="session")
def shared_database(postgresql: PostgreSQL) -> str:
    """One PostgreSQL database for all ledger tests: making one for each would take longer than the tests."""
    return postgresql.create()


@pytest.fixture
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty ledger of the kind that the test's parameter names."""
    if request.param != "postgresql":
        yield "memory:" if request.param == "memory" else f"sqlite:///{tmp_path / 'ledger.db'}"
        return
    shared = request.getfixturevalue("shared_database")
    yield shared
    ledger = open_ledger(shared)
    for name in ledger.deployments():
        ledger.forget(name)
    ledger.close()


@pytest.fixture
def ledger(url: str) -> Iterator[Ledger]:
    opened = open_ledger(url)
    yield opened
    opened.close()


@pytest.fixture
def sql_url(url: str) -> str:
    """The URL of a ledger that outlives its object."""
    return url


@pytest.fixture
def case(ledger: Ledger) -> Case:
    return Case(ledger)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "url" in metafunc.fixturenames:
        kinds = ["sqlite", pytest.param("postgresql", marks=SERVERS)]
        if "sql_url" not in metafunc.fixturenames:
            kinds.insert(0, "memory")
        metafunc.parametrize("url", kinds, indirect=True)
