from __future__ import annotations

import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import insert, make_url, select, text

from engine.database.connect import Database
from engine.database.session import open_database
from engine.database.tables import UserRow
from engine.errors import StorageError, StorageFull, StorageReadOnly, UsageError
from engine.stores.users import UserStore
from tests.servers import PostgreSQL, free_port


def test_the_default_is_a_file_in_a_private_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "deep" / "data"))

    database = open_database()

    path = tmp_path / "deep" / "data" / "pyfi" / "pyfi.db"
    assert path.exists()
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert database.where == f"the database {path}"
    database.close()


def test_the_environment_goes_before_the_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = tmp_path / "settings.toml"
    settings.write_text(f'database_url = "sqlite:///{tmp_path}/set.db"')
    monkeypatch.setenv("PYFI_SETTINGS", str(settings))
    open_database().close()
    assert (tmp_path / "set.db").exists()
    monkeypatch.setenv("PYFI_DATABASE_URL", f"sqlite:///{tmp_path}/env.db")
    open_database().close()
    assert (tmp_path / "env.db").exists()


def test_sqlite_is_durable_and_checks_foreign_keys(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'f.db'}")
    with database.read() as connection:
        asked = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("foreign_keys", "journal_mode", "synchronous")
        }
    assert asked == {"foreign_keys": 1, "journal_mode": "wal", "synchronous": 2}
    database.close()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("no url at all: secret", "the database's URL cannot be read; use sqlite:///PATH or postgresql://"),
        ("postgresql://u:secret@host:port/x", "the database's URL cannot be read"),
        ("mysql://u:secret@h/x", "the database's URL begins with 'mysql:', which PYFI does not know; use sqlite:///PATH"),
        ("sqlite://", "a database in memory would be lost at once"),
    ],
)
def test_a_url_that_is_none_is_told_without_the_password(url: str, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        open_database(url)
    assert str(caught.value).startswith(said)
    assert "secret" not in str(caught.value)


def test_a_damaged_file_is_told_with_the_cure(tmp_path: Path) -> None:
    path = tmp_path / "f.db"
    path.write_bytes(b"no database" * 1000)
    with pytest.raises(StorageError, match=r"f\.db is damaged or no PYFI database: restore a backup, or move the file away"):
        open_database(f"sqlite:///{path}")


def test_a_file_damaged_inside_is_told_with_the_cure(tmp_path: Path) -> None:
    path = tmp_path / "f.db"
    open_database(f"sqlite:///{path}").close()
    content = bytearray(path.read_bytes())
    content[100:] = b"\xff" * (len(content) - 100)
    path.write_bytes(content)
    with pytest.raises(StorageError, match=r"f\.db is damaged or no PYFI database"):
        open_database(f"sqlite:///{path}")


def test_a_file_that_cannot_be_is_told(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="cannot be opened: check that its folder exists"):
        open_database(f"sqlite:///{tmp_path}/no/such/folder/f.db")


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "file"))
    with pytest.raises(StorageError, match=r"cannot be made .Not a directory.: make it, or name a database"):
        open_database()


def test_a_full_disk_is_told_and_nothing_is_kept(tmp_path: Path) -> None:
    """SQLite's own limit on pages gives the very error that a full disk does."""
    database = open_database(f"sqlite:///{tmp_path / 'f.db'}")

    def fill() -> None:
        with database.write() as connection:
            pages = connection.execute(text("PRAGMA page_count")).scalar_one()
            connection.execute(text(f"PRAGMA max_page_count = {pages}"))
            connection.execute(insert(UserRow), [_user(f"user{number}" * 100) for number in range(500)])

    with pytest.raises(StorageFull, match="cannot grow: the disk is full; free some space and try again"):
        fill()
    database.close()
    reopened = open_database(f"sqlite:///{tmp_path / 'f.db'}")
    assert UserStore(reopened).list() == []
    UserStore(reopened).put("ann")
    reopened.close()


def test_a_read_only_database_is_told(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'f.db'}")

    def write() -> None:
        with database.write() as connection:
            connection.execute(text("PRAGMA query_only = ON"))
            connection.execute(insert(UserRow), [_user("ann")])

    with pytest.raises(StorageReadOnly, match="is read-only: give this user the right to write it"):
        write()
    database.close()


def test_a_locked_database_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.database.connect._BUSY_S", 0)
    url = f"sqlite:///{tmp_path / 'f.db'}"
    one, other = open_database(url), open_database(url)
    with one.write(), pytest.raises(StorageError, match="is locked by another program"), other.write():
        pass
    with other.write():
        pass
    one.close()
    other.close()


def test_an_error_rolls_back(database: Database) -> None:
    def fail() -> None:
        with database.write() as connection:
            connection.execute(insert(UserRow), [_user("ann")])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with database.read() as connection:
        assert connection.execute(select(UserRow.name)).all() == []


def test_an_unreachable_server_is_named_without_the_password() -> None:
    port = free_port()
    with pytest.raises(StorageError) as caught:
        open_database(f"postgresql://ann:secret@127.0.0.1:{port}/flows")
    assert str(caught.value) == (
        f"the database 'flows' at 127.0.0.1:{port} cannot be reached:"
        " start the server, or correct the address in its URL (PYFI_DATABASE_URL, the settings, the target)"
    )


def test_a_host_that_does_not_exist_is_told() -> None:
    with pytest.raises(StorageError, match=r"the database 'flows' at no-such-host\.invalid:5432 cannot be reached"):
        open_database("postgresql://no-such-host.invalid/flows")


def test_a_wrong_password_or_database_is_told(postgresql: PostgreSQL) -> None:
    address = make_url(postgresql.url)
    with pytest.raises(StorageError, match="does not accept the user or password") as caught:
        open_database(address.set(password="secret").render_as_string(hide_password=False))
    assert "secret" not in str(caught.value)
    with pytest.raises(StorageError, match="has no such database or user: create it"):
        open_database(address.set(database="nowhere").render_as_string(hide_password=False))


def test_a_server_without_tables_asks_for_them(postgresql_url: str) -> None:
    with pytest.raises(StorageError, match="has no tables of PYFI yet: make them with `pyfi db init`"):
        open_database(postgresql_url)
    open_database(postgresql_url, create=True).close()
    open_database(postgresql_url).close()


def test_a_connection_that_the_server_ends_is_told_and_replaced(postgresql_url: str) -> None:
    database = open_database(postgresql_url, create=True)

    def lose() -> None:
        with database.write() as connection:
            pid = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
            with database.read() as other:
                other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
            connection.execute(text("SELECT 1"))

    with pytest.raises(StorageError, match="ended the connection"):
        lose()
    UserStore(database).put("ann")
    database.close()


def test_a_relative_path_means_where_the_program_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    database = open_database("sqlite:///here.db")
    os.chdir("/")
    UserStore(database).put("ann")
    assert (tmp_path / "here.db").exists()
    database.close()


def _user(name: str) -> dict:
    return {"name": name, "email": "", "enabled": True, "created_at": datetime.now(UTC)}
