"""A batch of which only the first messages were worked on goes back to its place, shortened by those."""

from __future__ import annotations

import pytest

from engine.errors import IntegrityError
from engine.ledger.base import Outcome
from tests.contract.ledger_case import LEASE_MS, NOW, Case, ids, receipts


def test_the_rest_of_a_batch_keeps_its_place_and_its_id(case: Case) -> None:
    # Given two batches of ten messages in a queue,
    first, second = case.fill(2, n=10)
    (held,) = case.claim(messages=10)
    # when four messages of the first are done,
    assert case.outcome(rest=(held.row, held.lease, 4), outputs=[case.batch("b", 4)]) is Outcome.DONE
    # then its other six come next, before the second.
    assert case.waiting() == (16, 160, 2)
    assert ids(case.claim(messages=6)) == [(first, 4, 10)]
    assert ids(case.claim(messages=10)) == [(second, 0, 10)]


def test_the_rest_may_go_back_again_and_again(case: Case) -> None:
    (made,) = case.fill(1, n=10)
    for lo in (3, 6, 9):
        (held,) = case.claim(messages=10)
        assert case.outcome(rest=(held.row, held.lease, 3)) is Outcome.DONE
        assert [(batch.id, batch.lo, batch.hi) for batch in case.ledger.peek(case.queue(), 10)] == [(made, lo, 10)]
    assert case.waiting() == (1, 10, 1)


def test_a_rest_whose_lease_was_lost_drops_the_commit(case: Case) -> None:
    case.fill(1, n=10)
    (held,) = case.claim(messages=10, now_ms=NOW)
    case.claim(messages=10, now_ms=NOW + LEASE_MS)
    assert case.outcome(rest=(held.row, held.lease, 4), outputs=[case.batch("b", 4)]) is Outcome.LEASE_LOST
    assert case.waiting("b") == (0, 0, 0)
    assert case.waiting() == (10, 100, 1)


@pytest.mark.parametrize("done", [0, 10, 11])
def test_a_rest_must_leave_something_and_take_something(case: Case, done: int) -> None:
    case.fill(1, n=10)
    held = case.claim(messages=10)
    with pytest.raises(IntegrityError, match="cannot go back"):
        case.outcome(rest=(*receipts(held)[0], done))
    assert case.waiting() == (10, 100, 1)
