"""The servers that tests rely on must be what they claim: private, real, restartable and gone afterwards."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import boto3
import psutil
import psycopg
import pytest

from tests.servers import Moto, PostgreSQL, RabbitMQ, Redis, Server, ServerUnavailable, find_program


def test_each_test_gets_an_empty_database(new_postgresql_url: Callable[..., str]) -> None:
    first, second = new_postgresql_url(), new_postgresql_url()
    with psycopg.connect(first) as connection:
        connection.execute("CREATE TABLE only_here (n int)")
    with psycopg.connect(second) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    assert tables == []


def test_a_template_is_prepared_once_and_copied(postgresql: PostgreSQL, new_postgresql_url: Callable[..., str]) -> None:
    prepared: list[str] = []

    def prepare(url: str) -> None:
        prepared.append(url)
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE n AS SELECT generate_series(1, 100) AS n")

    for _ in range(3):
        url = new_postgresql_url(postgresql.template("numbers", prepare))
        with psycopg.connect(url) as connection:
            deleted = connection.execute("DELETE FROM n").rowcount
        assert deleted == 100
    assert len(prepared) == 1


def test_a_database_is_dropped_while_somebody_is_connected(postgresql: PostgreSQL) -> None:
    url = postgresql.create()
    connection = psycopg.connect(url)
    postgresql.drop(url)
    with pytest.raises(psycopg.OperationalError):
        connection.execute("SELECT 1")
    connection.close()


def test_postgresql_survives_a_kill_with_its_data() -> None:
    server = PostgreSQL(fsync=True)
    try:
        server.start()
        url = server.create()
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 42 AS n")
        server.kill()
        server.start()
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT n FROM kept").fetchall() == [(42,)]
    finally:
        server.stop()
    assert not server.folder.exists()


def test_redis_answers_and_survives_a_kill(redis_url: str, redis_server: Redis) -> None:
    assert redis_url == redis_server.url
    assert redis_server.ask("PING") == "+PONG"
    assert redis_server.ask("SET kept 42") == "+OK"
    redis_server.restart()
    assert redis_server.ask("STRLEN kept") == ":2"


def test_redis_is_empty_for_the_next_test(redis_url: str, redis_server: Redis) -> None:
    assert redis_url.startswith("redis://")
    assert redis_server.ask("DBSIZE") == ":0"


def test_rabbitmq_reports_a_running_node(rabbitmq_server: RabbitMQ) -> None:
    status = json.loads(rabbitmq_server.control("status", "--formatter", "json"))
    assert status["pid"] == rabbitmq_server.pid
    assert status["alarms"] == []
    assert rabbitmq_server.port in [listener["port"] for listener in status["listeners"]]
    assert rabbitmq_server.control("authenticate_user", "pyfi", rabbitmq_server.password)


def test_rabbitmq_starts_again_after_a_kill(rabbitmq_server: RabbitMQ, rabbitmq_url: str) -> None:
    killed, port = rabbitmq_server.pid, rabbitmq_server.port
    rabbitmq_server.kill()
    assert not psutil.pid_exists(killed)
    rabbitmq_server.start()
    assert rabbitmq_server.answers()
    assert (rabbitmq_server.port, rabbitmq_server.url) == (port, rabbitmq_url)


def test_moto_has_queues_and_buckets_and_forgets_them(moto_url: str, moto_server: Moto) -> None:
    def client(service: str) -> Any:
        keys = {"aws_access_key_id": "test", "aws_secret_access_key": moto_server.password}
        return boto3.client(service, endpoint_url=moto_url, region_name=moto_server.region, **keys)

    queues, buckets = client("sqs"), client("s3")
    queue = queues.create_queue(QueueName="tickets")["QueueUrl"]
    queues.send_message(QueueUrl=queue, MessageBody="one")
    assert [message["Body"] for message in queues.receive_message(QueueUrl=queue)["Messages"]] == ["one"]
    buckets.create_bucket(Bucket="results")
    buckets.put_object(Bucket="results", Key="a", Body=b"1")
    assert buckets.get_object(Bucket="results", Key="a")["Body"].read() == b"1"
    moto_server.reset()
    assert "QueueUrls" not in queues.list_queues()
    assert buckets.list_buckets()["Buckets"] == []
    for each in (queues, buckets):
        each.close()


@pytest.mark.parametrize("fixture", ["postgresql", "redis_server", "rabbitmq_server", "moto_server"])
def test_servers_listen_on_loopback_only(fixture: str, request: pytest.FixtureRequest) -> None:
    server: Server = request.getfixturevalue(fixture)
    process = psutil.Process(server.pid)
    listening = [
        connection.laddr.ip
        for each in [process, *process.children(recursive=True)]
        for connection in each.net_connections("inet")
        if connection.status == psutil.CONN_LISTEN
    ]
    assert listening
    assert set(listening) == {"127.0.0.1"}


def test_a_server_ends_with_a_killed_test_run() -> None:
    program = "from tests.servers import Redis; s = Redis(); s.start(); print(s.pid, s.port, s.folder, flush=True); input()"
    with subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        pid, port, folder = run.stdout.readline().split()
        redis = psutil.Process(int(pid))
        run.send_signal(signal.SIGKILL)
    psutil.wait_procs([redis], timeout=30)
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", int(port)), timeout=5)
    subprocess.run(["rm", "-r", folder], check=True)


def test_a_missing_program_is_named_with_its_cure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", os.defpath)
    with pytest.raises(ServerUnavailable, match=r"no-such-server is not installed: run `python3 packaging/dev.py setup test`"):
        find_program("no-such-server", "no-such-package")
