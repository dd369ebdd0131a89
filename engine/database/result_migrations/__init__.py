"""Migrations of the tables of results, run from the program itself when a store is opened that an older PYFI wrote."""

from __future__ import annotations

from pathlib import Path

from alembic.command import upgrade as run_upgrade
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection


def upgrade(connection: Connection, to: str = "head") -> None:
    """Bring the tables to version `to`, in the transaction that `connection` is in."""
    config = _config()
    config.attributes["connection"] = connection
    run_upgrade(config, to)


def head() -> str | None:
    """The newest version that the scripts lead to."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    return config
