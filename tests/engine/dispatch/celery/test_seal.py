"""Only who has the target's key can make a ticket."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.dispatch.base import Ticket
from engine.dispatch.celery.seal import BrokenSeal, Seal


@given(st.text(), st.text(), st.text(min_size=1))
def test_a_ticket_comes_out_as_it_went_in(deployment: str, stage: str, key: str) -> None:
    ticket = Ticket(deployment, stage)
    assert Seal(key).open(Seal(key).close(ticket)) == ticket


@given(st.integers(min_value=0), st.characters())
def test_a_changed_ticket_is_refused(where: int, letter: str) -> None:
    text = Seal("key").close(Ticket("flow", "a"))
    where %= len(text)
    changed = text[:where] + letter + text[where + 1 :]
    if changed != text:
        with pytest.raises(BrokenSeal):
            Seal("key").open(changed)


@pytest.mark.parametrize(
    "text",
    [
        None,
        7,
        b"x",
        "",
        ".",
        "no seal",
        Seal("another key").close(Ticket("flow", "a")),
        Seal("key")._signer.sign(b'["flow"]').decode(),
        Seal("key")._signer.sign(b"no JSON").decode(),
        Seal("key").close(Ticket("flow", "a" * 20_000)),
    ],
)
def test_what_is_no_ticket_of_the_target_is_refused(text: object) -> None:
    with pytest.raises(BrokenSeal):
        Seal("key").open(text)
