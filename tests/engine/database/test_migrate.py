from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, make_url, text

from engine.database import version
from engine.database.connect import Database, connect
from engine.database.migrate import current, head, migrate
from engine.database.session import open_database
from engine.database.tables import Base
from engine.errors import NewerDatabase, StorageError
from engine.model import edits
from engine.model.apply import apply
from engine.stores.flows import FlowStore
from tests.engine.stores.samples import exactly, nested

ROOT = Path(__file__).resolve().parents[3]


def opened(url: str) -> Database:
    """A database whatever its tables."""
    return connect(make_url(url).set(drivername="sqlite" if url.startswith("sqlite") else "postgresql+psycopg"))


def schema(database: Database) -> dict[str, Any]:
    """Everything that the database itself says of its tables."""
    with database.read() as connection:
        found = inspect(connection)
        return {
            name: {
                "columns": [_plain(column) for column in found.get_columns(name)],
                "key": _plain(found.get_pk_constraint(name)),
                "foreign": sorted(map(_plain, found.get_foreign_keys(name))),
                "unique": sorted(map(_plain, found.get_unique_constraints(name))),
                "checks": sorted(map(_plain, found.get_check_constraints(name))),
                "indexes": sorted(map(_plain, found.get_indexes(name))),
            }
            for name in found.get_table_names()
            if name != version.TABLE
        }


def _plain(facts: Any) -> str:
    """Facts of a column or constraint as text, types and SQL expressions included."""
    if isinstance(facts, dict):
        return repr({key: _plain(value) for key, value in sorted(facts.items())})
    return str(facts)


def sqlite_words(database: Database) -> list[list[str]]:
    """The words in which SQLite keeps how tables were made: also WITHOUT ROWID and deferral, which no inspection shows."""
    query = text("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND tbl_name <> :table ORDER BY name")
    with database.read() as connection:
        return [sorted(sql.replace(",", " ").split()) for (sql,) in connection.execute(query, {"table": version.TABLE})]


def test_the_migrations_add_up_to_the_tables(database: Database) -> None:
    migrated = schema(database)
    words = sqlite_words(database) if database.is_sqlite else []
    with database.write() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": version.TABLE})
        assert compare_metadata(context, Base.metadata) == []

    migrate(database, "base")
    with database.write() as connection:
        Base.metadata.create_all(connection)

    assert migrated == schema(database)
    assert len(migrated) == len(Base.metadata.tables) == 23
    assert words == (sqlite_words(database) if database.is_sqlite else [])


def test_the_version_known_to_the_program_is_that_of_the_scripts(database: Database) -> None:
    assert head() == version.HEAD
    assert current(database) == version.HEAD


def test_down_and_up_again(database: Database) -> None:
    before = schema(database)

    assert migrate(database, "base") is None
    assert schema(database) == {}
    assert migrate(database) == version.HEAD

    assert schema(database) == before
    assert migrate(database) == version.HEAD


def test_subflows_of_an_older_database_are_not_expanded(database: Database) -> None:
    flows = FlowStore(database)
    flows.create(nested(), "ann")
    migrate(database, "0001")
    with database.read() as connection:
        assert "expanded" not in {column["name"] for column in inspect(connection).get_columns("subflows")}

    assert migrate(database) == version.HEAD

    assert exactly(flows.export("nested")) == exactly(nested())
    changes = edits.configure(nested(), "tidy", expanded=True)
    flows.apply("nested", 1, changes, "ann")
    assert exactly(flows.export("nested")) == exactly(apply(nested(), changes))


def test_parts_of_an_older_database_lie_in_one_layer(database: Database) -> None:
    flows = FlowStore(database)
    flows.create(nested(), "ann")
    migrate(database, "0002")
    for table in ("steps", "connections"):
        with database.read() as connection:
            assert "layer" not in {column["name"] for column in inspect(connection).get_columns(table)}

    assert migrate(database) == version.HEAD

    assert exactly(flows.export("nested")) == exactly(nested())
    key = next(iter(nested().connections))
    changes = [*edits.bring_to_front(nested(), ["tidy"]), *edits.configure(nested(), key, layer=-1)]
    flows.apply("nested", 1, changes, "ann")
    assert exactly(flows.export("nested")) == exactly(apply(nested(), changes))


def test_connections_of_an_older_database_have_no_looks_of_their_own(database: Database) -> None:
    flows = FlowStore(database)
    flows.create(nested(), "ann")
    migrate(database, "0008")

    assert migrate(database) == version.HEAD

    assert exactly(flows.export("nested")) == exactly(nested())
    changes = edits.configure(nested(), next(iter(nested().connections)), color="#123456", label_at=0.25)
    flows.apply("nested", 1, changes, "ann")
    assert exactly(flows.export("nested")) == exactly(apply(nested(), changes))


def test_a_newer_database_is_refused_with_the_cure(new_url: Callable[[], str]) -> None:
    url = new_url()
    database = open_database(url)
    with database.write() as connection:
        connection.execute(text(f"UPDATE {version.TABLE} SET version_num = '9999'"))

    said = "was written by a newer PYFI .its tables are at version 9999, this one knows 0009.: install the newer PYFI"
    for attempt in (lambda: open_database(url), lambda: open_database(url, create=True), lambda: migrate(database)):
        with pytest.raises(NewerDatabase, match=re.compile(said)):
            attempt()
    assert current(database) == "9999"
    database.close()


def test_a_failed_migration_leaves_the_database_as_it_was(empty_url: str) -> None:
    database = opened(empty_url)
    with database.write() as connection:
        connection.execute(text("CREATE TABLE users (anything INTEGER)"))

    with pytest.raises(StorageError, match="users"):
        migrate(database)

    with database.read() as connection:
        assert inspect(connection).get_table_names() == ["users"]
    database.close()


def test_programs_that_open_a_new_database_at_once_all_succeed(empty_url: str) -> None:
    script = (
        "import sys; from engine.database.session import open_database; from engine.stores.flows import FlowStore;"
        "print(len(FlowStore(open_database(sys.argv[1], create=True)).list()))"
    )
    programs = [
        subprocess.Popen([sys.executable, "-c", script, empty_url], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(3)
    ]
    said = [program.communicate() for program in programs]
    assert [out.strip() for out, _ in said] == [b"0"] * 3, said


def test_the_scripts_are_found_from_anywhere(tmp_path: Path) -> None:
    """The scripts are found by where the module lies, percent signs and all."""
    folder = tmp_path / "100%"
    folder.mkdir()
    (folder / "engine").symlink_to(ROOT / "engine")
    script = "from engine.database.migrate import head; print(head())"
    said = subprocess.run([sys.executable, "-c", script], cwd=folder, capture_output=True, text=True, check=True)
    assert said.stdout.strip() == version.HEAD
