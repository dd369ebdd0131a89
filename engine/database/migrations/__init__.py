"""Alembic's scripts, run by `engine.database.migrate`."""
