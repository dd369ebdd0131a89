"""Claim, run, commit: what every ledger must do."""

from __future__ import annotations

import random
import time
from typing import Any

import pytest

from engine.errors import IntegrityError
from engine.ledger.base import (
    Commit,
    Ledger,
    Order,
    Outcome,
    QueueSpec,
    Source,
    SourceWrite,
    StateWrite,
    TimerWrite,
)
from tests.contract.ledger_case import LEASE_MS, NOW, QUEUES, STEPS, Case, ids, new_id, receipts

# Claiming


def test_a_claim_gives_the_batch_as_it_was_inserted(case: Case) -> None:
    made = case.batch(n=3, size=77, born_ms=NOW - 5, body=memoryview(b"three messages"), rank=2.5, attempt=2, kind=4)
    case.put(made)
    (got,) = case.claim(messages=3)
    assert (got.queue, got.id, got.lo, got.hi, got.size) == (case.queue(), made.id, 0, 3, 77)
    assert (got.born_ms, got.attempt, got.crashes, got.kind, got.body) == (NOW - 5, 2, 0, 4, b"three messages")
    assert got.lease > 0


def test_a_leased_batch_is_not_claimed_again(case: Case) -> None:
    case.fill(1)
    assert len(case.claim()) == 1
    assert case.claim() == []
    assert case.waiting() == (1, 10, 1)


def test_a_lease_that_has_run_out_is_claimed_again_and_its_old_holder_has_lost_it(case: Case) -> None:
    case.fill(1)
    (first,) = case.claim(now_ms=NOW)
    assert case.claim(now_ms=NOW + LEASE_MS - 1) == []
    (second,) = case.claim(now_ms=NOW + LEASE_MS)
    assert ids([second]) == ids([first])
    assert second.lease != first.lease
    assert case.outcome(inputs=receipts([first])) is Outcome.LEASE_LOST
    assert case.outcome(inputs=receipts([second])) is Outcome.DONE
    assert case.waiting() == (0, 0, 0)


def test_a_lease_that_has_run_out_but_was_not_claimed_again_may_still_commit(case: Case) -> None:
    case.fill(1)
    held = case.claim()
    assert case.outcome(inputs=receipts(held), now_ms=NOW + 10 * LEASE_MS) is Outcome.DONE


def test_the_first_queue_with_work_wins(case: Case) -> None:
    (in_b,) = case.fill(1, "b")
    (in_dead,) = case.fill(1, "dead:s")
    assert [batch.id for batch in case.claim("a", "dead:s", "b", messages=9)] == [in_dead]
    (in_a,) = case.fill(1, "a")
    assert [batch.id for batch in case.claim("a", "b", messages=9)] == [in_a]
    assert [batch.id for batch in case.claim("a", "b", messages=9)] == [in_b]
    assert case.claim("a", "b", "dead:s", messages=9) == []


def test_a_claim_takes_as_many_batches_as_fit_and_at_least_one(case: Case) -> None:
    made = case.put(*(case.batch(n=n, size=size) for n, size in [(5, 50), (3, 30), (2, 20), (4, 40), (1, 10), (1, 10)]))
    assert [batch.id for batch in case.claim(messages=2, size=1)] == made[:1]
    assert [batch.id for batch in case.claim(messages=5)] == made[1:3]
    assert [batch.id for batch in case.claim(messages=100, size=50)] == made[3:5]
    assert [batch.id for batch in case.claim(messages=1)] == made[5:]


def test_a_claim_does_not_overtake_a_batch_that_does_not_fit(case: Case) -> None:
    made = case.put(case.batch(n=2), case.batch(n=9), case.batch(n=1))
    assert [batch.id for batch in case.claim(messages=3)] == made[:1]
    assert [batch.id for batch in case.claim(messages=3)] == made[1:2]


@pytest.mark.parametrize(
    ("first", "other"),
    [({"attempt": 1}, {"attempt": 2}), ({"kind": 0}, {"kind": 1}), ({"born_ms": NOW - 2000}, {"born_ms": NOW})],
)
def test_batches_of_one_claim_are_alike(case: Case, first: dict[str, Any], other: dict[str, Any]) -> None:
    made = case.put(case.batch(**first), case.batch(**first), case.batch(**other))
    assert [batch.id for batch in case.claim(messages=9)] == made[:2]
    assert [batch.id for batch in case.claim(messages=9)] == made[2:]


def test_batches_born_within_the_window_come_together(case: Case) -> None:
    case.put(case.batch(born_ms=NOW - 2000), case.batch(born_ms=NOW), case.batch(born_ms=NOW - 3000))
    assert len(case.claim(messages=9, born_window_ms=2000)) == 3


def test_a_batch_that_crashed_a_host_comes_alone(case: Case) -> None:
    made = case.fill(3)
    case.ledger.release(receipts(case.claim(messages=2)), crashed=True)
    claims = [case.claim(messages=9) for _ in range(3)]
    assert [[batch.id for batch in claim] for claim in claims] == [[identity] for identity in made]
    assert [claim[0].crashes for claim in claims] == [1, 1, 0]


@pytest.mark.parametrize(
    ("order", "expected"),
    [(Order.FIFO, [0, 1, 2, 3]), (Order.LIFO, [3, 2, 1, 0]), (Order.OLDEST, [2, 0, 1, 3]), (Order.RANK, [1, 3, 2, 0])],
)
def test_a_queue_is_claimed_in_its_order(ledger: Ledger, order: Order, expected: list[int]) -> None:
    case = Case(ledger, queues=[QueueSpec("a", order)])
    made = case.put(
        case.batch(born_ms=NOW - 1, rank=9.0),
        case.batch(born_ms=NOW, rank=-1.0),
        case.batch(born_ms=NOW - 2, rank=0.5),
        case.batch(born_ms=NOW, rank=0.0),
    )
    wanted = [made[index] for index in expected]
    assert case.peek() == wanted
    assert [batch.id for batch in case.claim(messages=4)] == wanted
    assert case.peek() == wanted
    case.ledger.void()
    assert [batch.id for batch in case.drain()] == wanted


def test_an_order_may_change_under_waiting_batches(ledger: Ledger) -> None:
    case = Case(ledger, queues=[QueueSpec("a", Order.RANK)])
    made = case.put(case.batch(rank=3.0), case.batch(rank=1.0), case.batch(rank=2.0))
    for order, expected in [(Order.FIFO, [0, 1, 2]), (Order.LIFO, [2, 1, 0]), (Order.RANK, [1, 2, 0])]:
        case.known = ledger.register(case.name, [QueueSpec("a", order)], STEPS, "2")
        assert case.peek() == [made[index] for index in expected]


def test_a_hidden_batch_appears_when_it_is_due(case: Case) -> None:
    later, sooner, now = case.put(case.batch(due_ms=NOW + 200), case.batch(due_ms=NOW + 100), case.batch())
    assert case.ledger.due_queues(case.deployment, NOW) == {case.queue()}
    assert [batch.id for batch in case.claim(messages=9)] == [now]
    assert case.ledger.due_queues(case.deployment, NOW) == set()
    assert case.ledger.next_due(case.deployment, NOW) == NOW + 100
    assert case.ledger.next_due(case.deployment, NOW + 100) == NOW + 200
    assert case.ledger.due_queues(case.deployment, NOW + 100) == {case.queue()}
    assert [batch.id for batch in case.claim(messages=9, now_ms=NOW + 100)] == [sooner]
    assert [batch.id for batch in case.claim(messages=9, now_ms=NOW + 200)] == [later]
    assert case.waiting() == (3, 30, 3)


def test_a_claim_under_an_old_plan_gets_nothing(case: Case) -> None:
    case.fill(1)
    old = case.request()
    case.known = case.ledger.register(case.name, QUEUES, STEPS, "2")
    assert case.ledger.exchange([], [old]).claimed == [[]]
    assert len(case.claim()) == 1


def test_a_claim_from_a_queue_of_another_deployment_or_none_gets_nothing(case: Case) -> None:
    other = Case(case.ledger, "other")
    other.fill(1)
    stranger = case.request()
    stranger.queues = [other.queue(), 987_654]
    assert case.ledger.exchange([], [stranger]).claimed == [[]]
    unknown = case.request()
    unknown.deployment = 987_654
    assert case.ledger.exchange([], [unknown]).claimed == [[]]


def test_one_exchange_answers_many_requests_one_after_the_other(case: Case) -> None:
    made = case.fill(3)
    found = case.ledger.exchange([], [case.request(messages=2), case.request(messages=2), case.request()]).claimed
    assert [[batch.id for batch in claim] for claim in found] == [made[:2], made[2:], []]


def test_claims_see_what_the_commits_of_the_same_exchange_inserted(case: Case) -> None:
    made = case.batch()
    done = case.ledger.exchange([case.commit(outputs=[made])], [case.request()])
    assert ids(done.claimed[0]) == [(made.id, 0, 1)]


def test_expired_batches_are_removed_when_claimed_and_counted(ledger: Ledger) -> None:
    case = Case(ledger, queues=[QueueSpec("a", expire_ms=100), QueueSpec("dead:s", expire_ms=100)])
    case.put(case.batch(n=4, born_ms=NOW - 101, claims=["gone"]), case.batch(n=2, born_ms=NOW - 101, due_ms=NOW + 5))
    (kept,) = case.put(case.batch(n=3, born_ms=NOW - 100))
    (dead,) = case.put(case.batch("dead:s", born_ms=NOW - 9999))
    done = ledger.exchange([], [case.request(messages=9)])
    assert [batch.id for batch in done.claimed[0]] == [kept]
    assert done.orphans == ["gone"]
    assert [batch.id for batch in case.claim("dead:s")] == [dead]
    assert case.waiting() == (3, 30, 1)
    _, passages = ledger.counters(case.deployment)
    assert {queue: passage.expired for queue, passage in passages.items()} == {case.queue(): 6}


def test_a_leased_batch_does_not_expire(ledger: Ledger) -> None:
    case = Case(ledger, queues=[QueueSpec("a", expire_ms=100)])
    case.fill(1)
    held = case.claim()
    assert case.claim(now_ms=NOW + 1000) == []
    assert case.outcome(inputs=receipts(held)) is Outcome.DONE


# Committing


def test_a_commit_takes_its_inputs_and_inserts_its_outputs(case: Case) -> None:
    case.fill(2)
    held = case.claim(messages=2)
    made = [case.batch("b", n=5), case.batch("dead:s")]
    assert case.outcome(inputs=receipts(held), outputs=made) is Outcome.DONE
    assert (case.waiting("a"), case.waiting("b"), case.waiting("dead:s")) == ((0, 0, 0), (5, 50, 1), (1, 10, 1))
    assert case.peek("b") == [made[0].id]


def test_a_lost_lease_drops_the_whole_commit_and_no_other(case: Case) -> None:
    case.fill(3)
    first, second, third = (case.claim()[0] for _ in range(3))
    case.ledger.release(receipts([second]))
    lost = case.commit(
        inputs=receipts([first, second]),
        outputs=[case.batch("b")],
        state=[StateWrite(case.step(), "k", b"lost", 0)],
        timers=[TimerWrite(case.step(), NOW)],
        lineage=b"lost",
    )
    kept = case.commit(inputs=receipts([third]), outputs=[case.batch("b")], lineage=b"kept")
    assert case.do(lost, kept).outcomes == [Outcome.LEASE_LOST, Outcome.DONE]
    assert (case.waiting("a")[2], case.waiting("b")[2]) == (2, 1)
    assert case.ledger.read_state(case.step()) == {}
    assert case.ledger.due_timers(case.deployment, NOW) == []
    assert case.ledger.lineage(case.deployment) == [(NOW, b"kept")]
    assert case.outcome(inputs=receipts([first])) is Outcome.DONE


@pytest.mark.parametrize("lease", [0, 1, -1])
def test_a_made_up_lease_is_lost(case: Case, lease: int) -> None:
    case.fill(1)
    (row,) = (batch.row for batch in case.ledger.peek(case.queue(), 1))
    assert case.outcome(inputs=[(row, lease)]) is Outcome.LEASE_LOST
    assert case.outcome(inputs=[(row + 1, lease)]) is Outcome.LEASE_LOST


def test_two_commits_of_one_batch_in_one_exchange_the_first_wins(case: Case) -> None:
    case.fill(1)
    held = receipts(case.claim())
    commits = [case.commit(inputs=held, outputs=[case.batch("b")]) for _ in range(2)]
    assert case.do(*commits).outcomes == [Outcome.DONE, Outcome.LEASE_LOST]
    assert case.waiting("b")[2] == 1


def test_a_commit_under_an_old_plan_or_of_no_deployment_is_stale(case: Case) -> None:
    case.fill(1)
    held = receipts(case.claim())
    old = case.commit(inputs=held, outputs=[case.batch("b")])
    case.known = case.ledger.register(case.name, QUEUES, STEPS, "2")
    assert case.do(old, Commit(987_654, 1)).outcomes == [Outcome.STALE_PLAN, Outcome.STALE_PLAN]
    assert case.waiting("b")[2] == 0
    assert case.outcome(inputs=held, outputs=[case.batch("b")]) is Outcome.DONE


def test_a_batch_made_twice_is_an_error_and_rolls_everything_back(case: Case) -> None:
    made = case.batch("b")
    case.put(made)
    case.fill(2)
    held = receipts(case.claim(messages=2))
    good = case.commit(inputs=held[:1], outputs=[case.batch("b")], lineage=b"x")
    bad = case.commit(inputs=held[1:], outputs=[case.batch("b"), case.batch("b", id=made.id)])
    with pytest.raises(IntegrityError, match=f"a batch was made twice: .*{made.id.hex()}"):
        case.ledger.exchange([good, bad], [case.request("b")])
    assert case.peek("b") == [made.id]
    assert case.ledger.lineage(case.deployment) == []
    assert case.do(good).outcomes == [Outcome.DONE]
    assert case.waiting("a")[2] == 1
    assert [batch.id for batch in case.claim("b")] == [made.id]


def test_a_batch_made_twice_within_an_exchange_is_an_error(case: Case) -> None:
    twin = new_id()
    with pytest.raises(IntegrityError, match="made twice"):
        case.do(case.commit(outputs=[case.batch(id=twin)]), case.commit(outputs=[case.batch(id=twin)]))
    assert case.waiting() == (0, 0, 0)
    case.put(case.batch("a", id=twin), case.batch("b", id=twin))


def test_outputs_go_only_to_queues_of_their_own_deployment(case: Case) -> None:
    other = Case(case.ledger, "other")
    with pytest.raises(IntegrityError, match="queue"):
        case.do(case.commit(outputs=[other.batch()]))
    assert other.waiting() == (0, 0, 0)


# State, sources, timers


def test_state_is_written_at_the_version_it_was_seen(case: Case) -> None:
    step = case.step()
    assert case.outcome(state=[StateWrite(step, "k", b"1", 0), StateWrite(step, "l", b"", 0)]) is Outcome.DONE
    (value, version) = case.ledger.read_state(step, ["k", "missing"])["k"]
    assert (value, version > 0) == (b"1", True)
    assert case.outcome(state=[StateWrite(step, "k", b"2", version)]) is Outcome.DONE
    (value, second) = case.ledger.read_state(step)["k"]
    assert (value, second > 0, second != version) == (b"2", True, True)
    assert case.ledger.read_state(step)["l"][0] == b""
    assert list(case.ledger.read_state(step, most=1)) == ["k"]
    assert list(case.ledger.read_state(step, most=5)) == ["k", "l"]
    assert case.ledger.read_state(case.step("t")) == {}


def test_state_changed_by_somebody_else_is_a_conflict(case: Case) -> None:
    step = case.step()
    case.do(case.commit(state=[StateWrite(step, "k", b"1", 0)]))
    version = case.ledger.read_state(step)["k"][1]
    case.fill(1)
    held = receipts(case.claim())
    for seen in (0, version - 1, version + 1):
        write = StateWrite(step, "k", b"mine", seen)
        assert case.outcome(inputs=held, state=[write, StateWrite(step, "new", b"", 0)]) is Outcome.CONFLICT
    assert case.ledger.read_state(step) == {"k": (b"1", version)}
    assert case.waiting()[2] == 1
    assert case.outcome(inputs=held, state=[StateWrite(step, "k", b"mine", version)]) is Outcome.DONE


def test_a_writer_that_chooses_versions_goes_on_before_it_hears_of_the_commit(case: Case) -> None:
    step = case.step()
    writes = [
        case.commit(state=[StateWrite(step, "k", b"1", 0, version=71)]),
        case.commit(state=[StateWrite(step, "k", b"2", 71, version=23)]),
        case.commit(state=[StateWrite(step, "k", b"3", 71, version=99)]),
        case.commit(state=[StateWrite(step, "k", b"4", 23, version=5)]),
    ]
    assert case.do(*writes).outcomes == [Outcome.DONE, Outcome.DONE, Outcome.CONFLICT, Outcome.DONE]
    assert case.ledger.read_state(step) == {"k": (b"4", 5)}


def test_of_two_writes_of_one_key_in_one_exchange_the_first_wins(case: Case) -> None:
    writes = [case.commit(state=[StateWrite(case.step(), "k", value, 0)]) for value in (b"1", b"2")]
    assert case.do(*writes).outcomes == [Outcome.DONE, Outcome.CONFLICT]
    assert case.ledger.read_state(case.step())["k"][0] == b"1"


def test_a_key_deleted_and_made_again_is_not_taken_for_the_old_one(case: Case) -> None:
    step = case.step()
    case.do(case.commit(state=[StateWrite(step, "k", b"1", 0)]))
    old = case.ledger.read_state(step)["k"][1]
    assert case.outcome(state=[StateWrite(step, "k", None, old)]) is Outcome.DONE
    assert case.ledger.read_state(step) == {}
    assert case.outcome(state=[StateWrite(step, "k", None, old)]) is Outcome.CONFLICT
    assert case.outcome(state=[StateWrite(step, "k", None, 0)]) is Outcome.DONE
    assert case.outcome(state=[StateWrite(step, "k", b"1", 0)]) is Outcome.DONE
    assert case.outcome(state=[StateWrite(step, "k", b"stale", old)]) is Outcome.CONFLICT
    assert case.ledger.read_state(step)["k"][0] == b"1"


def test_a_source_commits_only_in_turn_and_only_for_its_last_owner(case: Case) -> None:
    step = case.step()
    first = case.ledger.open_source(step)
    assert first == Source(1, 0, 0, done=False)
    assert case.outcome(source=SourceWrite(step, 1, 0, 10)) is Outcome.DONE
    assert case.outcome(source=SourceWrite(step, 1, 0, 10), outputs=[case.batch()]) is Outcome.CONFLICT
    assert case.ledger.open_source(step) == Source(2, 1, 10, done=False)
    assert case.outcome(source=SourceWrite(step, 1, 1, 10)) is Outcome.CONFLICT
    both = [case.commit(source=SourceWrite(step, 2, seq, 5, done=seq == 2)) for seq in (1, 2)]
    assert case.do(*both).outcomes == [Outcome.DONE, Outcome.DONE]
    assert case.ledger.sources(case.deployment) == {step: Source(2, 3, 20, done=True)}
    assert case.waiting() == (0, 0, 0)


def test_a_source_that_was_never_opened_cannot_commit(case: Case) -> None:
    assert case.outcome(source=SourceWrite(case.step(), 0, 0, 1)) is Outcome.CONFLICT
    assert case.ledger.sources(case.deployment) == {}


def test_a_source_that_is_rewound_starts_anew_and_keeps_its_state(case: Case) -> None:
    step = case.step()
    case.ledger.open_source(step)
    state = [StateWrite(step, "at", b"7", 0)]
    case.do(case.commit(source=SourceWrite(step, 1, 0, 7, done=True), state=state))
    case.ledger.rewind(step)
    case.ledger.rewind(case.step("t"))
    assert case.outcome(source=SourceWrite(step, 1, 1, 1)) is Outcome.CONFLICT
    again = case.ledger.open_source(step)
    assert (again.yielded, again.done, again.seq) == (0, False, 1)
    assert case.ledger.read_state(step)["at"][0] == b"7"
    assert set(case.ledger.sources(case.deployment)) == {step}


def test_cleared_state_is_gone_and_its_owner_can_no_longer_commit(case: Case) -> None:
    step, other = case.step(), case.step("t")
    case.ledger.open_source(step)
    writes = [StateWrite(step, "k", b"", 0, claims=["f", "g"]), StateWrite(other, "k", b"", 0, claims=["g"])]
    case.do(
        case.commit(source=SourceWrite(step, 1, 0, 3), state=writes, timers=[TimerWrite(step, NOW), TimerWrite(other, NOW)])
    )
    assert case.ledger.clear_state(step) == ["f"]
    assert (case.ledger.read_state(step), set(case.ledger.read_state(other))) == ({}, {"k"})
    assert case.ledger.due_timers(case.deployment, NOW) == [(other, NOW)]
    assert case.outcome(source=SourceWrite(step, 1, 1, 1)) is Outcome.CONFLICT
    assert case.outcome(source=SourceWrite(step, 1, 0, 1)) is Outcome.CONFLICT
    now = case.ledger.open_source(step)
    assert (now.seq, now.yielded, now.done) == (0, 0, False)


def test_timers_are_set_answered_once_and_withdrawn(case: Case) -> None:
    s, t = case.step(), case.step("t")
    case.do(case.commit(timers=[TimerWrite(s, NOW + 20), TimerWrite(t, NOW + 10)]))
    ledger, deployment = case.ledger, case.deployment
    assert (ledger.next_due(deployment, NOW), ledger.next_due(deployment, NOW + 10)) == (NOW + 10, NOW + 20)
    assert ledger.next_due(deployment, NOW + 20) is None
    assert ledger.due_timers(deployment, NOW) == []
    assert ledger.due_timers(deployment, NOW + 20) == [(t, NOW + 10), (s, NOW + 20)]
    answer = case.commit(timer=(t, NOW + 10), timers=[TimerWrite(t, NOW + 50)])
    assert case.do(answer, answer).outcomes == [Outcome.DONE, Outcome.CONFLICT]
    assert case.outcome(timer=(s, NOW + 21)) is Outcome.CONFLICT
    assert case.outcome(timers=[TimerWrite(s, None)]) is Outcome.DONE
    assert ledger.due_timers(deployment, NOW + 99) == [(t, NOW + 50)]
    assert case.outcome(timer=(s, NOW + 20)) is Outcome.CONFLICT


# Leases


def test_renewed_leases_last_longer(case: Case) -> None:
    case.fill(2)
    held = receipts(case.claim(messages=2))
    case.ledger.release(held[:1])
    assert case.ledger.renew(held, NOW + 9 * LEASE_MS) == 1
    assert len(case.claim(messages=9, now_ms=NOW + LEASE_MS)) == 1
    assert case.ledger.renew([], NOW) == 0
    assert case.outcome(inputs=held[1:]) is Outcome.DONE


def test_released_batches_are_claimed_again_when_due(case: Case) -> None:
    made = case.fill(3)
    held = receipts(case.claim(messages=3))
    case.ledger.release(held[:1])
    case.ledger.release(held[1:2], due_ms=NOW + 50)
    case.ledger.release([(row, lease + 1) for row, lease in held[2:]], crashed=True)
    assert [batch.id for batch in case.claim(messages=9)] == made[:1]
    assert [batch.id for batch in case.claim(messages=9, now_ms=NOW + 50)] == made[1:2]
    assert [case.outcome(inputs=[receipt]) for receipt in held] == [Outcome.LEASE_LOST, Outcome.LEASE_LOST, Outcome.DONE]


def test_a_void_ends_every_lease_of_a_deployment_or_of_all(case: Case) -> None:
    other = Case(case.ledger, "other")
    for each in (case, other):
        each.fill(3)
        each.put(each.batch("b", due_ms=NOW + 5))
    held = [case.claim(messages=2), other.claim(messages=2)]
    assert case.ledger.void(case.deployment) == 2
    assert case.outcome(inputs=receipts(held[0])) is Outcome.LEASE_LOST
    assert case.ledger.renew(receipts(held[1]), NOW + LEASE_MS) == 2
    assert case.ledger.void() == 2
    assert case.ledger.void() == 0
    assert len(other.claim(messages=9)) == 3
    assert case.claim("b") == []
    assert case.claim(messages=9)[0].crashes == 0


def test_what_a_dead_holder_leased_is_free_at_once_and_nothing_else(case: Case) -> None:
    case.fill(3)
    dead, living = case.claim(holder="node a"), case.claim(holder="node b")
    assert case.ledger.abandon("node a") == 1
    assert case.ledger.abandon("node a") == 0
    assert case.outcome(inputs=receipts(dead)) is Outcome.LEASE_LOST
    assert ids(case.claim(holder="node b")) == ids(dead)
    assert case.outcome(inputs=receipts(living)) is Outcome.DONE


def test_a_ledger_has_a_clock(case: Case) -> None:
    first = case.ledger.now_ms()
    assert abs(first - time.time() * 1000) < 60_000
    assert case.ledger.now_ms() >= first


def test_splitting_halves_a_batch_in_its_place(case: Case) -> None:
    whole, after = case.put(case.batch(n=5, size=101, claims=["f"]), case.batch(n=1))
    (held,) = case.claim(messages=5)
    case.ledger.split(held.row, held.lease)
    assert case.outcome(inputs=receipts([held])) is Outcome.LEASE_LOST
    assert case.waiting() == (6, 111, 3)
    first, second, third = (case.claim(messages=9) for _ in range(3))
    assert ids([*first, *second, *third]) == [(whole, 0, 2), (whole, 2, 5), (after, 0, 1)]
    assert [(batch.crashes, batch.body) for batch in (*first, *second)] == [(1, b"body"), (1, b"body")]
    assert first[0].size + second[0].size == 101
    assert case.do(case.commit(inputs=receipts(first))).orphans == []
    case.ledger.split(second[0].row, second[0].lease)
    assert [batch.hi - batch.lo for batch in case.drain()] == [1, 2]


@pytest.mark.parametrize("order", [Order.FIFO, Order.LIFO])
def test_parts_of_a_batch_stay_in_their_order_however_often_it_is_split(ledger: Ledger, order: Order) -> None:
    case = Case(ledger, queues=[QueueSpec("a", order)])
    before, whole, after = case.put(case.batch(), case.batch(n=16), case.batch())
    chance = random.Random(5)
    for _ in range(10):
        held = case.drain()
        larger = [part for part in held if part.hi - part.lo > 1]
        chosen = chance.choice(larger)
        case.ledger.release(receipts([part for part in held if part is not chosen]))
        case.ledger.split(chosen.row, chosen.lease)
    found = ids(case.drain())
    assert [id for id, _, _ in found][:: len(found) - 1] == ([before, after] if order is Order.FIFO else [after, before])
    parts = [(lo, hi) for id, lo, hi in found if id == whole]
    assert len(parts) == 11
    assert parts == sorted(parts)


def test_splitting_down_to_one_message_ends_there(case: Case) -> None:
    case.put(case.batch(n=2))
    (held,) = case.claim(messages=2)
    case.ledger.split(held.row, held.lease + 1)
    case.ledger.split(held.row, held.lease)
    case.ledger.split(held.row, held.lease)
    one, other = case.drain()
    with pytest.raises(IntegrityError, match="cannot be halved"):
        case.ledger.split(one.row, one.lease)
    assert case.outcome(inputs=receipts([one, other])) is Outcome.DONE
    assert case.waiting() == (0, 0, 0)
