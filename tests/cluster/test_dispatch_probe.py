"""A broker that cannot be used is named, with the reason and the cure, before anything relies on it."""

from __future__ import annotations

import socket

import pytest

from engine.dispatch.celery import CeleryDispatcher, probe
from engine.errors import ServerUnreachable, UsageError
from tests.cluster.brokers import TestBroker
from tests.servers import RabbitMQ, Redis, free_port


def reason(url: str) -> str:
    with pytest.raises(ServerUnreachable) as refused:
        probe(url)
    return str(refused.value)


def test_a_good_broker_passes(broker: TestBroker) -> None:
    probe(broker.url)


def test_a_broker_that_does_not_run(broker: TestBroker) -> None:
    port = free_port()
    said = reason(broker.url.replace(f":{broker.server.port}", f":{port}"))
    assert said.endswith(f" at 127.0.0.1:{port} refuses the connection: start it, or correct host and port in the URL")
    assert broker.server.password not in said


@pytest.mark.usefixtures("impatient")
def test_a_broker_that_does_not_answer(broker: TestBroker) -> None:
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen()
        port = deaf.getsockname()[1]
        said = reason(broker.url.replace(f":{broker.server.port}", f":{port}"))
    assert said.endswith(f" at 127.0.0.1:{port} does not answer: see that it runs, and that no firewall is between")


def test_a_wrong_password_of_rabbitmq(rabbitmq_server: RabbitMQ) -> None:
    said = reason(f"amqp://pyfi:wrong-one@127.0.0.1:{rabbitmq_server.port}//")
    assert said == (
        f"RabbitMQ at 127.0.0.1:{rabbitmq_server.port} does not accept user 'pyfi' with the password in the URL: correct them"
    )


def test_a_virtual_host_that_is_not_there(rabbitmq_server: RabbitMQ) -> None:
    said = reason(rabbitmq_server.url.removesuffix("//") + "/nowhere")
    assert said == (
        f"RabbitMQ at 127.0.0.1:{rabbitmq_server.port} has no virtual host 'nowhere': "
        "add it with `rabbitmqctl add_vhost`, or correct the URL"
    )


def test_a_virtual_host_that_is_not_the_users(rabbitmq_server: RabbitMQ) -> None:
    rabbitmq_server.control("add_vhost", "others")
    said = reason(rabbitmq_server.url.removesuffix("//") + "/others")
    assert said == (
        f"RabbitMQ at 127.0.0.1:{rabbitmq_server.port} does not let user 'pyfi' use the virtual host 'others': "
        "give the rights with `rabbitmqctl set_permissions`"
    )


@pytest.mark.parametrize("login", [":wrong-one@", ""])
def test_a_wrong_password_of_redis(redis_server: Redis, login: str) -> None:
    said = reason(f"redis://{login}127.0.0.1:{redis_server.port}/0")
    assert said == f"Redis at 127.0.0.1:{redis_server.port} does not accept the password in the URL: correct it"


def test_a_database_that_redis_has_not(redis_server: Redis) -> None:
    said = reason(redis_server.url.removesuffix("/0") + "/9999")
    assert said == f"Redis at 127.0.0.1:{redis_server.port} has no database 9999: correct the number in the URL"


def test_a_wrong_url_is_the_users_mistake() -> None:
    for attempt in (probe, lambda url: CeleryDispatcher("t", url, "key")):
        with pytest.raises(UsageError, match="begins with amqp"):
            attempt("kafka://h")
