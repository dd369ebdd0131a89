"""Databases and stores for tests of the stores."""

from __future__ import annotations

import pytest

from engine.database.connect import Database
from engine.stores.flows import FlowStore
from tests.databases import database, new_url, prepared_file

__all__ = ["database", "new_url", "prepared_file", "store"]


@pytest.fixture
def store(database: Database) -> FlowStore:
    """The store of flows in an empty database."""
    return FlowStore(database)
