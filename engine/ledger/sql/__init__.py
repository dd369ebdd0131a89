"""The ledger in SQL, for SQLite and PostgreSQL."""

from engine.ledger.sql.ledger import SqlLedger

__all__ = ["SqlLedger"]
