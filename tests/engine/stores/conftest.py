"""Databases for tests of the stores."""

from tests.databases import database, new_url, prepared_file

__all__ = ["database", "new_url", "prepared_file"]
