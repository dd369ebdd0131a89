import datetime as dt
import sqlite3
from decimal import Decimal

import pytest
import sqlalchemy

from engine.runtime.hosts import values, wire
from tests.drive import attributes, contents
from tests.engine.processors.declared import driver, problems

URL = "sqlite:///data.db"


@pytest.fixture
def database(tmp_path):
    connection = sqlite3.connect(tmp_path / "data.db", isolation_level=None)
    connection.execute("CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT NOT NULL, more TEXT)")
    yield connection
    connection.close()


def items(database):
    return database.execute("SELECT id, name, more FROM item ORDER BY rowid").fetchall()


def give(host, segments):
    """One task of several batches, each (id, lo, hi, all contents of the batch)."""
    bodies = [wire.batch(values.pack(contents_), len(contents_)) for _, _, _, contents_ in segments]
    marks = [[len(body), lo, hi, 0, 0, name * 16] for (name, lo, hi, _), body in zip(segments, bodies, strict=True)]
    host.send({"k": "task", "id": 99, "mode": "batch", "link": 0, "step": 0, "segments": marks}, b"".join(bodies))
    return host.commit(host.receive())


def test_fields_become_columns(database, tmp_path):
    with driver("sql_write", {"url": URL, "table": "item"}, tmp_path) as host:
        messages = [
            {"id": 1, "name": "a"},
            {"id": 2, "name": "b", "more": {"x": [1]}},
            {"name": "c", "id": 3, "more": Decimal("1.50")},
        ]
        result = host.task(messages, attributes=[{"k": "v"}, None, None])
        assert contents(result, 1) == messages
        assert attributes(result, 1)[0] == {"k": "v"}
    assert items(database) == [(1, "a", None), (2, "b", '{"x": [1]}'), (3, "c", "1.50")]


def test_columns_and_values_choose_what_is_written(database, tmp_path):
    with driver("sql_write", {"url": URL, "table": "item", "columns": ["id", "name"]}, tmp_path) as host:
        host.task([{"id": 1, "name": "a", "other": 5}])
    config = {"url": URL, "table": "main.item", "values": {"id": "content + 1", "name": "attributes['n']"}}
    with driver("sql_write", config, tmp_path, id="other") as host:
        host.task([1], attributes=[{"n": "b"}])
    assert items(database) == [(1, "a", None), (2, "b", None)]


def test_by_key_a_row_that_is_there_is_changed(database, tmp_path):
    with driver("sql_write", {"url": URL, "table": "item", "key": ["id"]}, tmp_path) as host:
        host.task([{"id": 1, "name": "a"}, {"id": 2, "name": "b", "more": "x"}, {"id": 1, "name": "c"}])
        host.task([{"id": 2, "name": "d"}])
    assert items(database) == [(1, "c", None), (2, "d", "x")]


def test_a_statement_of_one_s_own(database, tmp_path):
    database.execute("INSERT INTO item VALUES (1, 'a', '0')")
    config = {
        "url": URL,
        "statement": "UPDATE item SET more = more + :add WHERE id = :id",
        "values": {"add": "content['n'] * 10"},
    }
    with driver("sql_write", config, tmp_path) as host:
        host.task([{"id": 1, "n": 1}, {"id": 1, "n": 2}])
    assert items(database) == [(1, "a", "30")]


def test_a_message_the_database_refuses_fails_alone(database, tmp_path):
    with driver("sql_write", {"url": URL, "table": "item"}, tmp_path) as host:
        messages = [
            {"id": 1, "name": "a"},
            {"id": 1, "name": "b"},
            {"id": 3, "name": None},
            "text",
            {"id": 10**30, "name": "e"},
        ]
        result = host.task([*messages, {"id": 4, "name": "f"}, {"id": 5, "nome": "g"}])
        assert contents(result, 1) == [{"id": 1, "name": "a"}, {"id": 4, "name": "f"}]
        assert contents(result, -2) == [*messages[1:], {"id": 5, "nome": "g"}]
        told = [found["error.message"] for found in attributes(result, -2)]
        assert "UNIQUE constraint failed" in told[0]
        assert "only mappings" in told[2]
        assert "no column named nome" in told[4]
    assert [row[0] for row in items(database)] == [1, 4]


def test_a_batch_that_comes_again_is_not_written_again(database, tmp_path):
    config = {"url": URL, "table": "item"}
    messages = [{"id": n, "name": str(n)} for n in range(4)]
    with driver("sql_write", config, tmp_path) as host:
        give(host, [(b"a", 0, 4, messages)])
        host.process.kill()
    # Given the host died before its task was committed, the batch comes again, to a new host
    with driver("sql_write", config, tmp_path) as host:
        assert contents(give(host, [(b"a", 0, 4, messages)]), 1) == messages
        # And halved, and together with others
        assert contents(give(host, [(b"a", 0, 2, messages)]), 1) == messages[:2]
        more = [{"id": 10, "name": "x"}]
        result = give(host, [(b"a", 1, 3, messages), (b"b", 0, 1, more)])
        assert contents(result, 1) == [*messages[1:3], *more]
    assert [row[0] for row in items(database)] == [0, 1, 2, 3, 10]


def test_a_half_that_was_written_is_left_out_of_the_whole(database, tmp_path):
    messages = [{"id": n, "name": str(n)} for n in range(6)]
    with driver("sql_write", {"url": URL, "table": "item"}, tmp_path) as host:
        give(host, [(b"a", 2, 4, messages)])
        assert contents(give(host, [(b"a", 0, 6, messages)]), 1) == messages
        assert sorted(row[0] for row in items(database)) == [0, 1, 2, 3, 4, 5]
        ranges = database.execute("SELECT lo, hi FROM pyfi_applied ORDER BY lo").fetchall()
        assert sorted(number for lo, hi in ranges for number in range(lo, hi)) == [0, 1, 2, 3, 4, 5]


def test_a_message_that_failed_is_not_noted_as_written(database, tmp_path):
    messages = [{"id": 1, "name": "a"}, {"id": 2, "name": None}, {"id": 3, "name": "c"}]
    with driver("sql_write", {"url": URL, "table": "item"}, tmp_path) as host:
        give(host, [(b"a", 0, 3, messages)])
        assert database.execute("SELECT lo, hi FROM pyfi_applied ORDER BY lo").fetchall() == [(0, 1), (2, 3)]
        # Then it fails again when the batch comes again, and only it
        assert contents(give(host, [(b"a", 0, 3, messages)]), -2) == [messages[1]]


def test_two_steps_note_for_themselves(database, tmp_path):
    database.execute("CREATE TABLE copy (id INTEGER, name TEXT)")
    for table in ("item", "copy"):
        with driver("sql_write", {"url": URL, "table": table}, tmp_path, id=table) as host:
            give(host, [(b"a", 0, 1, [{"id": 1, "name": "a"}])])
    assert database.execute("SELECT count(*) FROM copy").fetchone() == (1,)


def test_without_notes_a_repeat_is_written_again(database, tmp_path):
    with driver(
        "sql_write", {"url": URL, "statement": "INSERT INTO item (name) VALUES (:content)", "exactly_once": False}, tmp_path
    ) as host:
        for _ in range(2):
            give(host, [(b"a", 0, 1, ["x"])])
    assert len(items(database)) == 2
    assert database.execute("SELECT count(*) FROM sqlite_master WHERE name = 'pyfi_applied'").fetchone() == (0,)


def test_old_notes_are_dropped(database, tmp_path):
    with driver("sql_write", {"url": URL, "table": "item", "remember": "1h"}, tmp_path) as host:
        give(host, [(b"a", 0, 1, [{"id": 1, "name": "a"}])])
    database.execute("UPDATE pyfi_applied SET at = at - 3700")
    with driver("sql_write", {"url": URL, "table": "item", "remember": "1h"}, tmp_path) as host:
        give(host, [(b"b", 0, 1, [{"id": 2, "name": "b"}])])
    assert database.execute("SELECT batch FROM pyfi_applied").fetchall() == [((b"b" * 16).hex(),)]


def test_a_database_that_is_not_there_has_the_task_put_back(tmp_path):
    with driver("sql_write", {"url": "sqlite:///none/data.db", "table": "item"}, tmp_path) as host:
        refused = host.task([{"id": 1}])
        assert refused["k"] == "refused"
        assert "unable to open database file" in refused["reason"]
        (tmp_path / "none").mkdir()
        with sqlite3.connect(tmp_path / "none" / "data.db") as made:
            made.execute("CREATE TABLE item (id INTEGER)")
        made.close()
        assert contents(host.task([{"id": 1}]), 1) == [{"id": 1}]


def test_postgresql(postgresql_url, tmp_path):
    engine = sqlalchemy.create_engine(postgresql_url)
    with engine.begin() as connection:
        connection.execute(
            sqlalchemy.text(
                "CREATE TABLE t (id int PRIMARY KEY, at timestamptz, amount numeric, data bytea, more jsonb NOT NULL)"
            )
        )
    messages = [
        {
            "id": 1,
            "at": dt.datetime(2024, 2, 29, tzinfo=dt.UTC),
            "amount": Decimal("1.5"),
            "data": b"\x00",
            "more": {"a": 1},
        },
        {"id": 2, "at": "2024-03-01T00:00Z", "amount": 2, "data": None, "more": [1, 2]},
        {"id": 3, "more": None},
    ]
    with driver("sql_write", {"url": postgresql_url, "table": "public.t", "key": ["id"]}, tmp_path) as host:
        result = give(host, [(b"a", 0, 3, messages)])
        assert contents(result, 1) == messages[:2]
        assert attributes(result, -2)[0]["error.type"] == "NotNullViolation"
        assert contents(give(host, [(b"a", 0, 3, messages)]), 1) == messages[:2]
        assert contents(give(host, [(b"b", 0, 1, [{"id": 2, "more": {"new": True}}])]), 1) != []
    with engine.connect() as connection:
        found = connection.execute(sqlalchemy.text("SELECT id, amount, more FROM t ORDER BY id")).fetchall()
    engine.dispose()
    assert found == [(1, Decimal("1.5"), {"a": 1}), (2, Decimal(2), {"new": True})]


def test_config_errors():
    base = {"url": URL, "table": "item"}
    assert problems("sql_write", base) == []
    assert "give either `table` or `statement`" in problems("sql_write", {"url": URL})[0]
    assert "are for a `table`" in problems("sql_write", {"url": URL, "statement": "x", "key": ["id"]})[0]
    assert "leave out `columns`" in problems("sql_write", {**base, "columns": ["a"], "values": {"a": "1"}})[0]
    assert problems("sql_write", {**base, "columns": ["a"], "key": ["id"]}) == ["`key` names 'id', which is not written"]
