"""What every store of results must do, run on all of them."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import boto3.session
import pytest

from engine.errors import CallFailed, NewerDatabase, StorageError, UsageError
from engine.results.base import ResultStore, now_ms
from engine.results.result import Failed, Result, Sent, has_failed, pack, unpack
from engine.results.url import open_results, probe
from tests.servers import free_port

SERVERS = pytest.mark.servers
DONE = Result((Sent("success", {"n": 1}),))
OTHER = Result((Sent("success", {"n": 2}),))
BROKEN = Result(error=Failed("ValueError", "no number", "Traceback ...\nValueError: no number", "parse"))
SHARED = ["sqlite", *(pytest.param(kind, marks=SERVERS) for kind in ("postgresql", "redis", "s3"))]
ALL = ["memory", *SHARED]
SERVER_KINDS = [pytest.param(kind, marks=SERVERS) for kind in ("postgresql", "redis", "s3")]


@pytest.fixture
def results_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty store of the kind that the test's parameter names."""
    if request.param == "memory":
        return "memory:"
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'results.db'}"
    if request.param == "s3":
        return s3_url(request.getfixturevalue("moto_url"))
    return request.getfixturevalue(f"{request.param}_url")


def s3_url(endpoint: str, bucket: str = "calls") -> str:
    options: dict[str, Any] = {"aws_access_key_id": "key", "aws_secret_access_key": "secret", "region_name": "us-east-1"}
    client = boto3.session.Session().client("s3", endpoint_url=endpoint, **options)
    client.create_bucket(Bucket=bucket)
    client.close()
    return f"s3://key:secret@{bucket}/flows?endpoint={endpoint}"


def on_all(test: Callable[..., Awaitable[None]]) -> Any:
    return pytest.mark.parametrize("results_url", ALL, indirect=True)(in_a_loop(test))


def on_shared(test: Callable[..., Awaitable[None]]) -> Any:
    return pytest.mark.parametrize("results_url", SHARED, indirect=True)(in_a_loop(test))


def in_a_loop(test: Callable[..., Awaitable[None]]) -> Callable[[str], None]:
    """A test that is given a store, or a URL if it wants one."""

    def run(results_url: str) -> None:
        async def whole() -> None:
            if "url" in test.__annotations__:
                await test(results_url)
                return
            store = open_results(results_url)
            try:
                await test(store)
            finally:
                await store.close()

        asyncio.run(whole())

    run.__name__ = test.__name__
    return run


@on_all
async def test_a_result_comes_back_with_its_exact_values(store: ResultStore) -> None:
    value = {"at": dt.datetime(2026, 1, 2, tzinfo=dt.UTC), "pair": (1, Decimal("2.50")), "raw": b"\0\xff", "text": "naïve"}
    result = Result((Sent("success", value, {"key": "a"}), Sent("rest", None)))
    assert await store.put("c1", result)
    assert await store.get("c1") == result
    assert result.value == [value, None]


@on_all
async def test_the_first_result_of_a_call_is_kept(store: ResultStore) -> None:
    assert await store.put("c1", DONE) is True
    assert await store.put("c1", OTHER) is False
    assert await store.get("c1") == DONE


@on_all
async def test_of_many_who_put_at_once_one_is_the_first(store: ResultStore) -> None:
    mine = [Result((Sent("success", number),)) for number in range(8)]
    first = await asyncio.gather(*(store.put("c1", result) for result in mine))
    assert sum(first) == 1
    assert await store.get("c1") == mine[first.index(True)]


@on_all
async def test_several_are_put_together_and_each_is_judged_alone(store: ResultStore) -> None:
    await store.put("c2", DONE)
    assert await store.put_packed([("c1", pack(DONE)), ("c2", pack(OTHER)), ("c3", pack(BROKEN))]) == [True, False, True]
    assert [await store.get(id) for id in ("c1", "c2", "c3")] == [DONE, DONE, BROKEN]


@on_all
async def test_a_failure_is_a_result(store: ResultStore) -> None:
    await store.put("c1", BROKEN)
    found = await store.get("c1")
    assert found is not None
    assert found == BROKEN
    with pytest.raises(CallFailed, match="processor 'parse' failed: ValueError: no number") as caught:
        _ = found.value
    assert caught.value.traceback.startswith("Traceback")


@on_all
async def test_there_is_none_before_it_is_put(store: ResultStore) -> None:
    assert await store.get("c1") is None
    with pytest.raises(TimeoutError, match="c1"):
        await store.wait("c1", 0.01)


@on_all
async def test_who_waits_gets_it_as_soon_as_it_is_put(store: ResultStore) -> None:
    waiting = [asyncio.ensure_future(store.wait("c1")) for _ in range(3)]
    await asyncio.sleep(0)
    await store.put("other", OTHER)
    await store.put("c1", DONE)
    assert await asyncio.gather(*waiting) == [DONE, DONE, DONE]


@on_all
async def test_who_waits_for_what_is_there_gets_it_at_once(store: ResultStore) -> None:
    await store.put("c1", DONE)
    assert await store.wait("c1", 0.0) == DONE


@on_shared
async def test_who_waits_elsewhere_is_told(url: str) -> None:
    here, there = open_results(url), open_results(url)
    waiting = asyncio.ensure_future(here.wait("c1"))
    await here.put("before", OTHER)  # it waits by now
    await there.put("c1", DONE)
    assert await waiting == DONE
    await asyncio.gather(here.close(), there.close())


@on_shared
async def test_results_outlive_who_put_them(url: str) -> None:
    first = open_results(url)
    await first.put("c1", DONE)
    await first.close()
    second = open_results(url)
    assert await second.get("c1") == DONE
    await second.close()


@on_all
async def test_a_result_that_is_forgotten_is_gone_and_may_be_put_again(store: ResultStore) -> None:
    await store.put("c1", DONE)
    assert await store.forget("c1") is True
    assert await store.forget("c1") is False
    assert await store.get("c1") is None
    assert await store.put("c1", OTHER) is True


@on_all
async def test_old_results_expire_and_others_stay(store: ResultStore) -> None:
    await store.put("c1", DONE)
    await store.put("c2", OTHER)
    assert await store.expire(now_ms() - 60_000) == 0
    assert await store.get("c1") == DONE
    assert await store.expire(now_ms() + 60_000) == 2
    assert [await store.get(id) for id in ("c1", "c2")] == [None, None]
    assert await store.recent() == []


@on_all
async def test_recent_ones_are_listed_with_how_they_ended(store: ResultStore) -> None:
    await store.put("c1", DONE)
    await store.put("c2", BROKEN)
    found = {entry.id: entry for entry in await store.recent()}
    assert {id: entry.failed for id, entry in found.items()} == {"c1": False, "c2": True}
    assert found["c1"].size == len(pack(DONE))
    assert abs(found["c1"].at_ms - now_ms()) < 3_600_000
    assert len(await store.recent(1)) == 1


@on_all
async def test_any_text_is_an_id(store: ResultStore) -> None:
    ids = ["a/b c", "ä?#%", "x" * 200]
    for number, id in enumerate(ids):
        assert await store.put(id, Result((Sent("success", number),)))
    assert [(await store.wait(id)).value for id in ids] == [0, 1, 2]
    assert {entry.id for entry in await store.recent()} == set(ids)


@on_all
async def test_a_large_result_is_kept_whole(store: ResultStore) -> None:
    large = Result((Sent("success", os.urandom(3 << 20)),))
    await store.put("c1", large)
    assert await store.get("c1") == large


@on_all
async def test_a_store_that_can_be_used_passes_the_probe(store: ResultStore) -> None:
    await store.probe()


def test_bytes_tell_whether_a_call_failed() -> None:
    assert [has_failed(pack(each)[:2]) for each in (DONE, BROKEN, Result())] == [False, True, False]
    assert unpack(pack(Result())).value is None


@pytest.mark.parametrize("results_url", SHARED, indirect=True)
def test_a_process_that_is_killed_loses_nothing_it_had_put(results_url: str) -> None:
    code = (
        "import asyncio, sys\nfrom engine.results.url import open_results\nfrom engine.results.result import Result, Sent\n"
        "async def main():\n"
        "    store = open_results(sys.argv[1])\n"
        "    for n in range(100000):\n"
        "        await store.put(str(n), Result((Sent('success', n),)))\n"
        "        print(n, flush=True)\n"
        "asyncio.run(main())\n"
    )
    process = subprocess.Popen([sys.executable, "-c", code, results_url], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    for line in process.stdout:
        if int(line) >= 5:
            process.send_signal(signal.SIGKILL)
            break
    told = [int(line) for line in process.stdout.read().split()]
    process.wait()
    process.stdout.close()

    async def look() -> None:
        store = open_results(results_url)
        for n in range(max([5, *told]) + 1):
            assert (await store.wait(str(n), 0.0)).value == n
        await store.close()

    asyncio.run(look())


@pytest.mark.parametrize("kind", ["postgresql", "redis"])
def test_who_waits_outlasts_a_restart_of_the_server(kind: str, request: pytest.FixtureRequest) -> None:
    server = request.getfixturevalue("postgresql" if kind == "postgresql" else "redis_server")
    url = request.getfixturevalue(f"{kind}_url")

    async def wait() -> Result:
        here, there = open_results(url), open_results(url)
        with pytest.raises(TimeoutError):
            await here.wait("c1", 0.0)
        waiting = asyncio.ensure_future(here.wait("c1"))
        await asyncio.sleep(0)
        server.restart()  # not in a thread: the server would end with the thread that started it
        await there.put("c1", DONE)
        found = await waiting
        await asyncio.gather(here.close(), there.close())
        return found

    assert asyncio.run(wait()) == DONE


# -- what cannot be used


@pytest.mark.parametrize("kind", SERVER_KINDS)
def test_a_server_that_is_not_there_is_named_with_the_cure(kind: str) -> None:
    port = free_port()
    url = {
        "postgresql": f"postgresql://pyfi:hush-hush@127.0.0.1:{port}/calls",
        "redis": f"redis://:hush-hush@127.0.0.1:{port}/0",
        "s3": f"s3://key:hush-hush@calls?endpoint=http://127.0.0.1:{port}",
    }[kind]
    with pytest.raises(StorageError, match=rf"127\.0\.0\.1:{port} cannot be reached \(.+\): start it") as caught:
        asyncio.run(probe(url))
    assert "hush-hush" not in str(caught.value)


@pytest.mark.servers
def test_wrong_credentials_are_said_to_be_wrong(postgresql_url: str, redis_url: str) -> None:
    for url, place in ((postgresql_url, "PostgreSQL"), (redis_url, "Redis")):
        before, _, after = url.rpartition("@")
        wrong = f"{before.rpartition(':')[0]}:hush-hush@{after}"
        with pytest.raises(StorageError, match=rf"{place} at 127\.0\.0\.1:\d+ does not accept the user or password") as caught:
            asyncio.run(probe(wrong))
        assert "hush-hush" not in str(caught.value)


@pytest.mark.servers
def test_a_bucket_that_is_not_there_is_named(moto_url: str) -> None:
    with pytest.raises(StorageError, match=r"127\.0\.0\.1:\d+ has no bucket 'nowhere': create it"):
        asyncio.run(probe(f"s3://key:secret@nowhere?endpoint={moto_url}"))


@pytest.mark.servers
def test_a_database_that_is_not_there_is_named(postgresql_url: str) -> None:
    with pytest.raises(StorageError, match="has no such database or user: create it"):
        asyncio.run(probe(postgresql_url.rpartition("/")[0] + "/nowhere"))


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("mysql://root:hush-hush@db/x", "begins with 'mysql:', which PYFI does not know"),
        ("hush-hush", "cannot be read"),
        ("s3:///x", "names no bucket"),
        ("s3://b?endpont=http://h", "has a parameter 'endpont'"),
        ("sqlite://", "would be lost at once"),
        ("redis://:hush-hush@h:port/0", "cannot be read"),
        ("postgresql://u:hush-hush@h:port/0", "cannot be read"),
    ],
)
def test_a_url_that_names_no_store_is_refused(given: str, told: str) -> None:
    with pytest.raises(UsageError, match=told) as caught:
        open_results(given)
    assert "hush-hush" not in str(caught.value)


@pytest.mark.parametrize("results_url", ["sqlite", pytest.param("postgresql", marks=SERVERS)], indirect=True)
def test_tables_of_a_newer_version_are_refused(results_url: str) -> None:
    import sqlalchemy as sa

    asyncio.run(put_one(results_url))
    engine = sa.create_engine(results_url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE result_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(NewerDatabase, match="upgrade PYFI"):
        asyncio.run(put_one(results_url))


async def put_one(url: str) -> None:
    store = open_results(url)
    try:
        await store.put("c1", DONE)
    finally:
        await store.close()


def test_migrations_lead_to_the_tables_that_new_stores_get(tmp_path: Path) -> None:
    import sqlalchemy as sa

    from engine.database import result_migrations
    from engine.results.sql import HEAD

    asyncio.run(put_one(f"sqlite:///{tmp_path / 'new.db'}"))
    shapes = []
    for name in ("new", "old"):
        engine = sa.create_engine(f"sqlite:///{tmp_path / name}.db")
        with engine.begin() as connection:
            if name == "old":
                result_migrations.upgrade(connection)
            found = sa.inspect(connection)
            shapes.append(
                {
                    table: (
                        [(column["name"], str(column["type"]), column["nullable"]) for column in found.get_columns(table)],
                        found.get_pk_constraint(table),
                        found.get_indexes(table),
                    )
                    for table in sorted(found.get_table_names())
                }
            )
        engine.dispose()
    assert shapes[0] == shapes[1]
    assert result_migrations.head() == HEAD
