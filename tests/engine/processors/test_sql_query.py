import datetime as dt
import sqlite3
from decimal import Decimal

import pytest
import sqlalchemy

from tests.drive import attributes, contents
from tests.engine.processors.declared import driver, problems

URL = "sqlite:///data.db"


@pytest.fixture
def database(tmp_path):
    connection = sqlite3.connect(tmp_path / "data.db", isolation_level=None)
    connection.execute("CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT, data BLOB)")
    connection.executemany("INSERT INTO item VALUES (?, ?, ?)", [(n, f"n{n}", bytes([n])) for n in range(1, 6)])
    yield connection
    connection.close()


def rows(results):
    return [content for result in results for content in contents(result, 1)]


def test_a_query_for_every_message(database, tmp_path):
    config = {
        "url": URL,
        "query": "SELECT id, name FROM item WHERE id >= :least AND id < :most ORDER BY id",
        "values": {"most": "4"},
    }
    with driver("sql_query", config, tmp_path) as host:
        result = host.task([{"least": 2}, {"least": 9}, {"other": 1}, {"least": 3}], attributes=[{"a": "1"}, None, None, None])
        assert contents(result, 1) == [{"id": 2, "name": "n2"}, {"id": 3, "name": "n3"}, {"id": 3, "name": "n3"}]
        assert attributes(result, 1) == [{"a": "1"}, {"a": "1"}, {}]
        assert "there is no value for :least" in attributes(result, -2)[0]["error.message"]


def test_the_rows_of_a_message_as_one_list(database, tmp_path):
    config = {"url": URL, "query": "SELECT data FROM item WHERE id <= :content ORDER BY id", "result": "list"}
    with driver("sql_query", config, tmp_path) as host:
        assert contents(host.task([2, 0]), 1) == [[{"data": b"\x01"}, {"data": b"\x02"}], []]


def test_a_statement_that_is_wrong_fails_its_message(database, tmp_path):
    with driver("sql_query", {"url": URL, "query": "SELECT * FROM absent"}, tmp_path) as host:
        [found] = attributes(host.task([1]), -2)
        assert (found["error.type"], found["error.message"]) == ("OperationalError", "no such table: absent")


def test_changes_are_not_kept(database, tmp_path):
    with driver("sql_query", {"url": URL, "query": "DELETE FROM item RETURNING id"}, tmp_path) as host:
        assert len(contents(host.task([1]), 1)) == 5
    assert database.execute("SELECT count(*) FROM item").fetchone() == (5,)


def test_as_a_source_it_sends_every_row_and_ends(database, tmp_path):
    database.executemany("INSERT INTO item VALUES (?, '', '')", [(n,) for n in range(6, 3001)])
    with driver("sql_query", {"url": URL, "query": "SELECT id FROM item ORDER BY id", "once": True}, tmp_path) as host:
        assert [row["id"] for row in rows(host.drain())] == list(range(1, 3001))


def test_a_restart_goes_on_where_the_last_commit_left_it(database, tmp_path):
    database.executemany("INSERT INTO item VALUES (?, '', '')", [(n,) for n in range(6, 3001)])
    config = {"url": URL, "query": "SELECT id FROM item ORDER BY id", "once": True}
    with driver("sql_query", config, tmp_path) as host:
        host.source(credit=2)
        # Given the first piece is committed, the second made but lost
        first = host.commit(host.receive())
        host.receive()
        host.process.kill()
        with driver("sql_query", config, tmp_path) as new:
            new.state = host.state
            again = new.drain(yielded=first["source"][2])
            assert [row["id"] for row in rows([first, *again])] == list(range(1, 3001))
            # When a schedule runs it once more, it begins anew
            assert len(rows(new.drain(yielded=0))) == 3000


def test_by_a_cursor_only_new_rows_come(database, tmp_path):
    config = {
        "url": URL,
        "query": "SELECT id FROM item WHERE id > :cursor ORDER BY id",
        "cursor": "id",
        "start": 2,
        "once": True,
    }
    with driver("sql_query", config, tmp_path) as host:
        assert [row["id"] for row in rows(host.drain())] == [3, 4, 5]
        assert rows(host.drain(yielded=3)) == []
        database.execute("INSERT INTO item VALUES (7, '', '')")
        assert [row["id"] for row in rows(host.drain(yielded=3))] == [7]


def test_rows_with_the_same_cursor_are_not_lost_at_a_restart(database, tmp_path):
    database.execute("CREATE TABLE event (at INTEGER, n INTEGER)")
    database.executemany("INSERT INTO event VALUES (?, ?)", [(n // 700, n) for n in range(3000)])
    query = "SELECT at, n FROM event WHERE at > :cursor ORDER BY at, n"
    config = {"url": URL, "query": query, "cursor": "at", "start": -1, "once": True}
    for kept in range(1, 3):
        with driver("sql_query", config, tmp_path) as host:
            host.source(credit=kept)
            results = [host.commit(host.receive()) for _ in range(kept)]
            host.process.kill()
            with driver("sql_query", config, tmp_path) as new:
                new.state = host.state
                assert [row["n"] for row in rows([*results, *new.drain(yielded=kept * 1000)])] == list(range(3000))


def test_every_so_often_it_asks_again(database, tmp_path):
    config = {
        "url": URL,
        "query": "SELECT id FROM item WHERE id > :cursor ORDER BY id",
        "cursor": "id",
        "start": 0,
        "every": "10ms",
    }
    with driver("sql_query", config, tmp_path) as host:
        host.source(credit=100)
        assert len(contents(host.commit(host.receive()), 1)) == 5
        database.execute("INSERT INTO item VALUES (9, '', '')")
        assert contents(host.commit(host.receive()), 1) == [{"id": 9}]


def test_a_database_that_is_busy_is_asked_again(database, tmp_path):
    (tmp_path / "gone").mkdir()
    config = {"url": "sqlite:///gone/data.db", "query": "SELECT 1 AS one"}
    with driver("sql_query", config, tmp_path) as host:
        (tmp_path / "gone").rmdir()
        refused = host.task([1])
        assert refused["k"] == "refused"
        assert "the database cannot be asked: unable to open database file" in refused["reason"]
        (tmp_path / "gone").mkdir()
        assert contents(host.task([1]), 1) == [{"one": 1}]


def test_rows_out_of_order_and_wrong_columns_are_told(database, tmp_path):
    for query, told in (
        ("SELECT id FROM item WHERE id > :cursor ORDER BY id DESC", "add ORDER BY id"),
        ("SELECT name FROM item WHERE id > :cursor", "no column 'id'"),
        ("SELECT * FROM absent WHERE id > :cursor", "no such table: absent"),
    ):
        with driver("sql_query", {"url": URL, "query": query, "cursor": "id", "start": 0, "once": True}, tmp_path) as host:
            [failed] = host.drain()
            assert failed["k"] == "source_failed"
            assert told in failed["message"]


def test_a_url_may_be_a_secret(database, tmp_path):
    config = {"url_secret": "db", "query": "SELECT count(*) AS n FROM item", "once": True}
    with driver("sql_query", config, tmp_path, secrets={"db": URL}) as host:
        assert rows(host.drain()) == [{"n": 5}]
    with driver("sql_query", config, tmp_path) as host:
        assert (host.ready["k"], host.ready["message"]) == (
            "broken",
            "there is no secret 'db'; list it under the processor's `secrets`, and set it",
        )


def test_postgresql(postgresql_url, tmp_path):
    engine = sqlalchemy.create_engine(postgresql_url)
    with engine.begin() as connection:
        connection.execute(sqlalchemy.text("CREATE TABLE t (id int, at timestamptz, amount numeric, data bytea, more jsonb)"))
        values = "n, '2024-02-29T12:00Z', n / 4.0, '\\x00ff', '{\"a\": [1]}'"
        connection.execute(sqlalchemy.text(f"INSERT INTO t SELECT {values} FROM generate_series(1, 2500) n"))
    engine.dispose()
    config = {
        "url": postgresql_url,
        "query": "SELECT * FROM t WHERE id > :cursor ORDER BY id",
        "cursor": "id",
        "start": 0,
        "once": True,
    }
    with driver("sql_query", config, tmp_path) as host:
        found = rows(host.drain())
        assert [row["id"] for row in found] == list(range(1, 2501))
        assert found[0]["amount"] == Decimal("0.25")
        assert found[0]["at"] == dt.datetime(2024, 2, 29, 12, tzinfo=dt.UTC)
        assert (found[0]["data"], found[0]["more"]) == (b"\x00\xff", {"a": [1]})
    config = {"url": postgresql_url, "query": "SELECT 1 / CAST(:content AS int) AS n"}
    with driver("sql_query", config, tmp_path) as host:
        result = host.task([1, 0, 1])
        assert contents(result, 1) == [{"n": 1}, {"n": 1}]
        assert attributes(result, -2)[0]["error.type"] == "DivisionByZero"


def test_config_errors():
    base = {"url": URL, "query": "SELECT 1"}
    assert problems("sql_query", base) == []
    assert "give either `url`" in problems("sql_query", {"query": "x"})[0]
    assert "must be a database's URL" in problems("sql_query", {**base, "url": "data.db"})[0]
    assert "exclude each other" in problems("sql_query", {**base, "once": True, "every": "1s"})[0]
    assert "belong together" in problems("sql_query", {**base, "once": True, "cursor": "id", "start": 0})[0]
    query = "SELECT * FROM t WHERE id > :cursor"
    assert "needs `start`" in problems("sql_query", {**base, "query": query, "once": True, "cursor": "id"})[0]
    assert "is for a source" in problems("sql_query", {**base, "query": query, "cursor": "id", "start": 0})[0]
