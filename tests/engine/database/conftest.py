"""Databases for tests of the database."""

from tests.databases import database, empty_url, new_url, prepared_file

__all__ = ["database", "empty_url", "new_url", "prepared_file"]
