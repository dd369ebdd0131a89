"""Scripts, the migrations of tables that the program brings up to date by itself when it meets older ones."""

from __future__ import annotations

from pathlib import Path

from alembic.command import upgrade
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection


class Scripts:
    """The migrations in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def upgrade(self, connection: Connection, to: str = "head") -> None:
        """Bring the tables to version `to`, in the transaction that `connection` is in."""
        config = self._config()
        config.attributes["connection"] = connection
        upgrade(config, to)

    def head(self) -> str | None:
        """The newest version that the scripts lead to."""
        return ScriptDirectory.from_config(self._config()).get_current_head()

    def _config(self) -> Config:
        config = Config()
        config.set_main_option("script_location", str(self._folder).replace("%", "%%"))
        return config
