"""Every implementation of the ledger, for the tests that all of them must pass."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engine.ledger.base import Ledger, open_ledger
from tests.contract.ledger_case import Case

# The fixture's name, only asked for when PostgreSQL's turn comes, so that other tests start no server.
_NEW_DATABASE = "new_postgresql_url"


def create_tables(url: str) -> None:
    open_ledger(url).close()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.servers)])
def sql_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a ledger that outlives its object."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'ledger.db'}"
    template = request.getfixturevalue("postgresql").template("ledger", create_tables)
    create: Callable[..., str] = request.getfixturevalue(_NEW_DATABASE)
    return create(template)


@pytest.fixture(params=["memory", "sqlite", pytest.param("postgresql", marks=pytest.mark.servers)])
def ledger(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ledger]:
    """An empty ledger of each kind."""
    url = "memory:"
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'ledger.db'}"
    elif request.param == "postgresql":
        template = request.getfixturevalue("postgresql").template("ledger", create_tables)
        url = request.getfixturevalue(_NEW_DATABASE)(template)
    opened = open_ledger(url)
    yield opened
    opened.close()


@pytest.fixture
def case(ledger: Ledger) -> Case:
    return Case(ledger)
