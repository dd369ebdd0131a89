"""Names of queues are fit for every broker, and no two stages share one."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from engine.dispatch.base import Ticket
from engine.dispatch.celery.names import Names

ANY = st.text(max_size=200) | st.sampled_from(["a", "a-b", "a--b", "sub/a", "", "-", "_", "x" * 22, "x" * 23])
PART = st.tuples(ANY, ANY, ANY)


def name(part: tuple[str, str, str]) -> str:
    return Names(part[0]).queue(Ticket(*part[1:]))


@given(PART)
def test_a_name_is_fit_for_sqs(part: tuple[str, str, str]) -> None:
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,80}", name(part))


@given(PART, PART)
def test_stages_of_different_names_have_different_queues(one: tuple[str, str, str], other: tuple[str, str, str]) -> None:
    assert (name(one) == name(other)) == (one == other)


@given(PART, PART)
def test_the_prefix_is_that_of_the_deployments_own_queues(one: tuple[str, str, str], other: tuple[str, str, str]) -> None:
    assert name(one).startswith(Names(other[0]).prefix(other[1])) == (one[:2] == other[:2])


def test_plain_names_can_be_read() -> None:
    assert name(("prod", "web_log_triage", "parse")) == "pyfi--prod--web_log_triage--parse"
    assert name(("prod", "web-log-triage", "clean/parse")).startswith("pyfi--prod--web_log_tri-")
    assert Names("prod", "pyfi_quorum").queue(Ticket("flow", "a")) == "pyfi_quorum--prod--flow--a"
