"""Targets as people change them, who are never shown a password."""

from __future__ import annotations

import pytest

from engine.client.targets import url_problem, with_password, without_password

KNOWN = "redis://:pass@cache:6380/1?ssl_ca_certs=/ca.pem"


def test_a_url_that_was_left_as_it_was_shown_keeps_its_password_and_options() -> None:
    assert with_password(without_password(KNOWN), KNOWN) == KNOWN


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("redis://cache:6380/2", "redis://:pass@cache:6380/2?ssl_ca_certs=/ca.pem"),
        ("redis://:other@cache:6380/1", "redis://:other@cache:6380/1"),
        ("redis://elsewhere:6380/1", "redis://elsewhere:6380/1"),
        ("redis://cache/1", "redis://cache/1"),
        ("redis://me@cache:6380/1", "redis://me@cache:6380/1"),
        ("rediss://cache:6380/1", "rediss://cache:6380/1"),
        ("redis://cache:no-port/1", "redis://cache:no-port/1"),
        ("", ""),
    ],
)
def test_the_password_goes_to_nobody_but_the_same_user_of_the_same_server(typed: str, kept: str) -> None:
    assert with_password(typed, KNOWN) == kept


def test_what_is_wrong_with_a_url_is_said_without_it() -> None:
    assert url_problem("broker", "amqps://me:secret@rabbit//") == ""
    assert url_problem("results", "") == ""
    assert url_problem("bus", "http://secret@x") == "must be a URL that begins with redis:// or rediss://"
    assert url_problem("broker", "") == "must be a URL that begins with amqp:// or amqps:// or redis:// or rediss:// or sqs://"
    assert "secret" not in url_problem("database", "postgresql://me:se/cret@db:x/y")
