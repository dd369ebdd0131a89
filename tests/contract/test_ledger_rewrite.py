"""A batch that waits gets another body, because somebody edited a message of it."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from engine.ledger.base import Claimed, Ledger, Order, Outcome, QueueSpec, Rewrite
from tests.contract.ledger_case import LEASE_MS, NOW, Case, ids, receipts


def seen(case: Case, queue: str = "a") -> list[Claimed]:
    return case.ledger.peek(case.queue(queue), 100)


def test_a_rewritten_batch_has_another_body_and_is_otherwise_what_it_was(case: Case) -> None:
    # Given three batches, of which the second was tried before,
    case.put(case.batch(n=2), case.batch(n=3, attempt=2, body=b"was"), case.batch())
    before = seen(case)
    # when its body is written anew,
    change = Rewrite(before[1], b"is", 44, lineage=b"edited", now_ms=NOW + 5)
    assert case.ledger.rewrite(change) == (Outcome.DONE, [])
    # then nothing else about it differs, nor is anything else different,
    assert seen(case) == [before[0], replace(before[1], body=b"is", size=44), before[2]]
    assert case.waiting() == (6, 20 + 44 + 10, 3)
    assert case.ledger.lineage(case.deployment) == [(NOW + 5, b"edited")]
    # and that is what whoever claims it gets.
    assert [(batch.body, batch.attempt) for batch in case.drain()] == [(b"body", 0), (b"is", 2), (b"body", 0)]


@pytest.mark.parametrize("order", list(Order))
def test_a_rewritten_batch_keeps_its_place_in_every_order(ledger: Ledger, order: Order) -> None:
    case = Case(ledger, queues=[QueueSpec("a", order)])
    case.put(*(case.batch(rank=rank, born_ms=NOW + born) for rank, born in ((1.0, 5), (1.0, 5), (0.0, 9), (1.0, 5))))
    before = seen(case)
    for batch in before:
        assert case.ledger.rewrite(Rewrite(batch, b"other", batch.size))[0] is Outcome.DONE
    assert ids(seen(case)) == ids(before)
    assert ids(case.drain(born_window_ms=0)) == ids(before)


def test_a_batch_that_somebody_works_on_is_not_rewritten(case: Case) -> None:
    case.fill(1)
    (before,) = seen(case)
    held = case.claim()
    assert case.ledger.rewrite(Rewrite(before, b"other", 10)) == (Outcome.TAKEN, [])
    case.ledger.release(receipts(held))
    assert seen(case) == [before]
    assert case.ledger.rewrite(Rewrite(before, b"other", 10))[0] is Outcome.DONE


def test_a_batch_that_is_gone_or_different_is_not_rewritten(case: Case) -> None:
    case.fill(2, n=4)
    first, second = seen(case)
    # One is done, of the other two messages are; then a third edit is based on what was before the second.
    assert case.outcome(inputs=receipts(case.claim())) is Outcome.DONE
    (held,) = case.claim()
    assert case.outcome(rest=(held.row, held.lease, 2)) is Outcome.DONE
    for batch in (first, second):
        assert case.ledger.rewrite(Rewrite(batch, b"other", 10, lineage=b"edited")) == (Outcome.CONFLICT, [])
    (rest,) = seen(case)
    assert case.ledger.rewrite(Rewrite(rest, b"other", 10))[0] is Outcome.DONE
    assert case.ledger.rewrite(Rewrite(rest, b"third", 10)) == (Outcome.CONFLICT, [])
    assert [batch.body for batch in seen(case)] == [b"other"]
    assert case.waiting() == (2, 10, 1)
    assert case.ledger.lineage(case.deployment) == []


def test_a_lease_given_before_the_edit_does_not_outlive_it(case: Case) -> None:
    case.fill(1)
    (before,) = seen(case)
    (held,) = case.claim()
    case.ledger.release([(held.row, held.lease)])
    assert case.ledger.rewrite(Rewrite(before, b"other", 10))[0] is Outcome.DONE
    assert case.outcome(inputs=[(held.row, held.lease)]) is Outcome.LEASE_LOST
    assert case.claim()[0].body == b"other"


def test_a_hidden_batch_is_rewritten_and_stays_hidden(case: Case) -> None:
    case.put(case.batch(due_ms=NOW + LEASE_MS))
    (before,) = seen(case)
    assert case.ledger.rewrite(Rewrite(before, b"other", 10))[0] is Outcome.DONE
    assert case.claim() == []
    assert case.claim(now_ms=NOW + LEASE_MS)[0].body == b"other"


def test_files_that_nothing_refers_to_after_a_rewrite_are_told(case: Case) -> None:
    case.put(case.batch(n=2, claims=["shared", "own"]), case.batch("b", claims=["shared"]))
    (before,) = seen(case)
    change = Rewrite(before, b"other", 10, claims=["new"])
    assert case.ledger.rewrite(change) == (Outcome.DONE, ["own"])
    assert case.ledger.claims() == {"new", "shared"}
    # The files that the batch has from now on go with it.
    assert case.do(case.commit(inputs=receipts(case.claim()))).orphans == ["new"]


def test_a_part_of_a_halved_batch_is_rewritten_alone(case: Case) -> None:
    case.put(case.batch(n=4, claims=["f"]))
    (held,) = case.claim()
    case.ledger.split(held.row, held.lease)
    first, second = seen(case)
    assert case.ledger.rewrite(Rewrite(second, b"other", second.size)) == (Outcome.DONE, [])
    assert seen(case) == [first, replace(second, body=b"other")]
    assert case.ledger.claims() == {"f"}
