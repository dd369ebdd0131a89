"""The databases that store tests run on: SQLite and PostgreSQL, each test with a new one that has its tables."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engine.database.connect import Database
from engine.database.session import open_database

BACKENDS = ("sqlite", pytest.param("postgresql", marks=pytest.mark.servers))


def _prepare(url: str) -> None:
    open_database(url, create=True).close()


@pytest.fixture(scope="session")
def prepared_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with tables, to copy: migrating takes longer than most tests."""
    path = tmp_path_factory.mktemp("prepared") / "pyfi.db"
    _prepare(f"sqlite:///{path}")
    return path


@pytest.fixture(params=BACKENDS)
def new_url(request: pytest.FixtureRequest, tmp_path: Path, prepared_file: Path) -> Callable[[], str]:
    """Makes databases that have their tables and nothing else."""
    if request.param == "postgresql":
        template = request.getfixturevalue("postgresql").template("store", _prepare)
        create = request.getfixturevalue("new_postgresql_url")
        return lambda: create(template)
    numbers = iter(range(100))

    def copy() -> str:
        path = tmp_path / f"pyfi-{next(numbers)}.db"
        shutil.copy(prepared_file, path)
        return f"sqlite:///{path}"

    return copy


@pytest.fixture(params=BACKENDS)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database without tables."""
    if request.param == "postgresql":
        return request.getfixturevalue("postgresql_url")
    return f"sqlite:///{tmp_path / 'empty.db'}"


@pytest.fixture
def database(new_url: Callable[[], str]) -> Iterator[Database]:
    """A database that has its tables and nothing else."""
    opened = open_database(new_url())
    yield opened
    opened.close()
