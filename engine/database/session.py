"""Opens the database that is asked for, or set, or the user's own."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import URL, exc, make_url

from engine.database import version
from engine.database.connect import Database, connect
from engine.errors import StorageError, UsageError
from engine.settings import data_folder, read_settings

_CURE = "use sqlite:///PATH or postgresql://USER:PASSWORD@HOST/NAME"


def open_database(url: str | None = None, *, create: bool | None = None) -> Database:
    """The database at `url`; None means the settings', and where they say nothing a SQLite file in the user's data folder.

    `create` makes missing or outdated tables. By default that is done for SQLite only: a server's tables are its
    administrator's matter (`pyfi db init`, `pyfi db migrate`).

    Raises:
        UsageError: the URL is not one.
        NewerDatabase: it was written by a newer PYFI.
        StorageError: it cannot be reached or used, or lacks its tables.
    """
    address = _address(url)
    database = connect(address)
    try:
        _settle(database, create=database.is_sqlite if create is None else create)
    except BaseException:
        database.close()
        raise
    return database


def _settle(database: Database, *, create: bool) -> None:
    """See to it that the tables are those this PYFI knows."""
    with database.read() as connection:
        found = version.current(connection)
    version.refuse_newer(found, database.where)
    if found == version.HEAD:
        return
    if not create:
        state = (
            "has no tables of PYFI yet: make them with `pyfi db init`" if found is None else "is older: run `pyfi db migrate`"
        )
        raise StorageError(f"{database.where} {state}")
    from engine.database.migrate import migrate

    migrate(database)


def _address(url: str | None) -> URL:
    url = url or read_settings().database_url
    if not url:
        return URL.create("sqlite", database=str(_private_folder() / "pyfi.db"))
    try:
        address = make_url(url)
    except (exc.ArgumentError, ValueError):
        # Not shown: whatever it is, it may hold a password.
        raise UsageError(f"the database's URL cannot be read; {_CURE}") from None
    backend = address.get_backend_name()
    if backend == "sqlite":
        if not address.database or address.database == ":memory:":
            raise UsageError(f"a database in memory would be lost at once; {_CURE}")
        return address.set(drivername="sqlite", database=str(Path(address.database).absolute()))
    if backend in ("postgresql", "postgres"):
        return address.set(drivername="postgresql+psycopg")
    raise UsageError(f"the database's URL begins with '{address.drivername}:', which PYFI does not know; {_CURE}")


def _private_folder() -> Path:
    """The user's data folder, made for the user alone."""
    folder = data_folder()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(
            f"the folder {folder} cannot be made ({error.strerror}): make it, or name a database by PYFI_DATABASE_URL"
        ) from None
    return folder
