"""What a broker's URL says, and what is wrong with one."""

from __future__ import annotations

import ssl
from typing import Any

import pytest

from engine.dispatch.celery.broker import Broker
from engine.errors import UsageError


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("amqp://u:p@h", "RabbitMQ at h:5672"),
        ("amqps://u:p@h/x", "RabbitMQ at h:5671"),
        ("amqp://u:p@[::1]:9//?queues=quorum", "RabbitMQ at ::1:9"),
        ("redis://:p@h:1/3", "Redis at h:1"),
        ("rediss://:p@h", "Redis at h:6379"),
        ("sqs://k:s@?region=eu-west-1", "SQS at Amazon (eu-west-1)"),
        ("sqs://k:s@127.0.0.1:99//", "SQS at 127.0.0.1:99"),
    ],
)
def test_a_broker_is_named_by_its_server(url: str, text: str) -> None:
    assert str(Broker(url)) == text


@pytest.mark.parametrize(
    ("url", "cure"),
    [
        ("http://h", "begins with amqp, amqps, redis, rediss or sqs, not with 'http'"),
        ("h:5672", "begins with amqp"),
        ("amqp://", "names no host"),
        ("redis://h:port", "is no number"),
        ("redis://h?queues=quorum", "has a parameter 'queues': it knows ca only"),
        ("amqp://h?queues=lazy", "'lazy': write classic or quorum"),
        ("sqs://?zone=x", "has a parameter 'zone': it knows region only"),
    ],
)
def test_a_wrong_url_is_refused_with_the_cure(url: str, cure: str) -> None:
    with pytest.raises(UsageError) as refused:
        Broker(url)
    assert cure in str(refused.value)


def test_secrets_are_not_for_eyes() -> None:
    broker = Broker("amqp://user:se%40cret@h/x?queues=quorum")
    assert "cret" not in repr(broker) + str(broker)
    assert broker.without_secrets("why se@cret?") == "why …?"


def test_an_encrypted_broker_must_show_a_certificate_that_fits() -> None:
    assert Broker("amqp://h").encryption() is None
    assert Broker("amqps://h").encryption() == {"cert_reqs": ssl.CERT_REQUIRED, "server_hostname": "h"}
    assert Broker("rediss://h?ca=/ca.pem").encryption() == {
        "ssl_cert_reqs": ssl.CERT_REQUIRED,
        "ssl_check_hostname": True,
        "ssl_ca_certs": "/ca.pem",
    }
    assert Broker("sqs://k:s@").transport_options()["is_secure"]
    assert not Broker("sqs://k:s@localhost:99").transport_options()["is_secure"]


def test_queues_are_of_the_kind_that_the_url_asks_for() -> None:
    def arguments(url: str) -> Any:
        queue: Any = Broker(url).queue("a")
        return queue.queue_arguments

    assert "x-queue-type" not in arguments("amqp://h")
    assert arguments("amqp://h?queues=quorum")["x-queue-type"] == "quorum"
    assert arguments("redis://h") is None
