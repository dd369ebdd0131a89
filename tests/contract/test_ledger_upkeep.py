"""What every ledger must do apart from the work itself: registering, looking, emptying, moving, counting."""

from __future__ import annotations

import threading
from copy import copy

import pytest

from engine.errors import ConflictError, IntegrityError, NotFound
from engine.ledger.base import (
    Counter,
    Depth,
    Ledger,
    Order,
    Outcome,
    Passage,
    QueueSpec,
    StateWrite,
    TimerWrite,
)
from engine.ledger.url import open_ledger
from tests.contract.ledger_case import NOW, QUEUES, STEPS, Case, ids, receipts

# Deployments


def test_a_registration_is_found_again(ledger: Ledger) -> None:
    assert ledger.registration("flow") is None
    case = Case(ledger)
    assert ledger.registration("flow") == (case.known, "revision 1")
    assert set(case.known.queues) == {spec.key for spec in QUEUES}
    assert set(case.known.steps) == set(STEPS)
    assert ledger.deployments() == {"flow": case.deployment}


def test_registering_again_keeps_numbers_and_hides_what_is_no_longer_named(ledger: Ledger) -> None:
    case = Case(ledger)
    case.fill(2, "b")
    before = case.known
    after = ledger.register("flow", [QueueSpec("a"), QueueSpec("new")], ["t", "u"], "revision 2")
    assert after.deployment == before.deployment
    assert after.plan > before.plan
    assert (after.queues["a"], after.steps["t"]) == (before.queues["a"], before.steps["t"])
    assert (set(after.queues), set(after.steps)) == ({"a", "new"}, {"t", "u"})
    assert ledger.registration("flow") == (after, "revision 2")
    assert ledger.depths(case.deployment)[before.queues["b"]].batches == 2
    again = ledger.register("flow", QUEUES, STEPS, "revision 3")
    assert again.queues["b"] == before.queues["b"]
    case.known = again
    assert len(case.claim("b", messages=9)) == 2


def test_a_forgotten_deployment_is_gone_and_no_other(ledger: Ledger) -> None:
    case, other = Case(ledger), Case(ledger, "other")
    for each in (case, other):
        state = [StateWrite(each.step(), "k", b"", 0, claims=["state of both", f"state of {each.name}"])]
        counters = {each.step(): Counter(received=1, out={"success": 1})}
        made = each.batch(claims=["batch of both", f"batch of {each.name}"])
        timers = [TimerWrite(each.step(), NOW)]
        passages = {each.queue(): Passage(1, 1)}
        each.do(each.commit(outputs=[made], state=state, counters=counters, passages=passages, timers=timers, lineage=b"l"))
        ledger.open_source(each.step())
        ledger.set_facts(each.deployment, {"fact": each.name})
    assert ledger.forget("flow") == ["batch of flow", "state of flow"]
    assert ledger.forget("flow") == []
    assert ledger.deployments() == {"other": other.deployment}
    assert ledger.registration("flow") is None
    assert case.outcome(outputs=[other.batch()]) is Outcome.STALE_PLAN
    assert ledger.claims() == {"batch of both", "batch of other", "state of both", "state of other"}
    assert (ledger.facts(case.deployment), ledger.lineage(case.deployment), ledger.counters(case.deployment)) == (
        {},
        [],
        ({}, {}),
    )
    assert (ledger.facts(other.deployment), len(ledger.lineage(other.deployment))) == ({"fact": "other"}, 1)
    assert other.waiting() == (1, 10, 1)
    anew = Case(ledger)
    assert anew.deployment not in (case.deployment, other.deployment)
    assert anew.waiting() == (0, 0, 0)


def test_a_renamed_deployment_keeps_all_it_holds(ledger: Ledger) -> None:
    case, other = Case(ledger), Case(ledger, "other")
    case.put(case.batch(n=3))
    case.do(case.commit(state=[StateWrite(case.step(), "k", b"v", 0)], lineage=b"l"))
    ledger.set_facts(case.deployment, {"fact": 1})
    (held,) = case.claim(messages=1)
    ledger.rename("flow", "stream")
    assert ledger.deployments() == {"stream": case.deployment, "other": other.deployment}
    assert ledger.registration("flow") is None
    assert ledger.registration("stream") == (case.known, "revision 1")
    assert (ledger.facts(case.deployment), len(ledger.lineage(case.deployment))) == ({"fact": 1}, 1)
    assert list(ledger.read_state(case.step())) == ["k"]
    # What is under way goes on: its plan and its lease are as they were.
    assert case.outcome(inputs=receipts([held])) is Outcome.DONE
    assert case.waiting() == (0, 0, 0)


def test_a_name_that_another_has_or_nobody_has_is_refused(ledger: Ledger) -> None:
    case, other = Case(ledger), Case(ledger, "other")
    with pytest.raises(ConflictError, match="another deployment called 'other'"):
        ledger.rename("flow", "other")
    with pytest.raises(NotFound, match="no deployment 'stream'"):
        ledger.rename("stream", "river")
    assert ledger.deployments() == {"flow": case.deployment, "other": other.deployment}


def test_facts_are_kept_replaced_and_removed(case: Case) -> None:
    ledger = case.ledger
    ledger.set_facts(case.deployment, {"file": "/a/b.yaml", "started": 5, "nested": {"list": [1, 2.5, None, "ü"]}})
    ledger.set_facts(case.deployment, {"started": 6, "file": None, "missing": None})
    assert ledger.facts(case.deployment) == {"started": 6, "nested": {"list": [1, 2.5, None, "ü"]}}
    assert ledger.facts(987_654) == {}
    with pytest.raises(NotFound, match="987654"):
        ledger.set_facts(987_654, {"x": 1})


# Queues


def test_the_parts_of_a_batch_are_found_by_its_id(case: Case) -> None:
    made = case.batch(n=5)
    case.put(made)
    queue = case.queue()
    assert case.ledger.parts(queue, made.id) == [(0, 5)]
    assert case.ledger.parts(case.queue("b"), made.id) == []
    (held,) = case.claim(messages=1)
    case.ledger.split(held.row, held.lease)
    assert case.ledger.parts(queue, made.id) == [(0, 2), (2, 5)]
    (first,) = case.claim(messages=1)
    case.do(case.commit(inputs=receipts([first])))
    assert case.ledger.parts(queue, made.id) == [(2, 5)]


def test_depths_count_what_waits_and_what_is_leased(case: Case) -> None:
    case.put(case.batch(n=3, size=31, born_ms=NOW), case.batch(n=4, size=41, born_ms=NOW - 9, due_ms=NOW + 9))
    case.put(case.batch("b", n=1, size=5))
    held = case.claim(messages=9)
    assert case.ledger.depths(case.deployment) == {
        case.queue("a"): Depth(7, 72, 2, NOW - 9),
        case.queue("b"): Depth(1, 5, 1, NOW),
        case.queue("dead:s"): Depth(0, 0, 0, 0),
    }
    case.do(case.commit(inputs=receipts(held)))
    assert case.ledger.depths(case.deployment)[case.queue("a")] == Depth(4, 41, 1, NOW - 9)
    assert case.ledger.depths(987_654) == {}


def test_peeking_shows_batches_in_claiming_order_and_leases_nothing(ledger: Ledger) -> None:
    case = Case(ledger, queues=[QueueSpec("a", Order.LIFO)])
    made = case.fill(5, n=2, due_ms=NOW + 5)
    (top,) = case.fill(1)
    case.claim()
    found = ledger.peek(case.queue(), 3, 1)
    assert [batch.id for batch in found] == [made[4], made[3], made[2]]
    assert [(batch.lease, batch.lo, batch.hi, batch.body, batch.queue) for batch in found] == [
        (0, 0, 2, b"body", case.queue())
    ] * 3
    (leased,) = ledger.peek(case.queue(), 1)
    assert (leased.id, leased.lease) == (top, 0)
    assert ledger.peek(case.queue(), 0) == []
    assert ledger.peek(987_654, 9) == []


def test_purging_deletes_all_but_leased_batches(case: Case) -> None:
    case.put(
        case.batch(n=3, claims=["shared", "leased"]),
        case.batch(n=4, claims=["shared", "mine"]),
        case.batch(n=5, due_ms=NOW + 5),
    )
    case.fill(1, "b")
    held = case.claim(messages=3)
    assert case.ledger.purge(case.queue()) == (9, ["mine"])
    assert case.waiting() == (3, 30, 1)
    assert case.ledger.purge(case.queue()) == (0, [])
    done = case.do(case.commit(inputs=receipts(held)))
    assert (done.outcomes, done.orphans) == ([Outcome.DONE], ["leased", "shared"])
    assert case.waiting("b")[2] == 1


def test_moved_batches_go_to_the_end_with_fresh_attempts(case: Case) -> None:
    dead = case.put(*(case.batch("dead:s", n=n, attempt=3, due_ms=due) for n, due in [(1, 0), (2, NOW + 5), (3, 0), (4, 0)]))
    leased = case.claim("dead:s")
    (crashed,) = case.claim("dead:s", messages=3)
    case.ledger.release(receipts([crashed]), crashed=True)
    (there,) = case.fill(1)
    assert case.ledger.move(case.queue("dead:s"), case.queue("a"), limit=2) == 5
    assert case.ledger.move(case.queue("dead:s"), case.queue("a")) == 4
    assert case.ledger.move(case.queue("dead:s"), case.queue("a")) == 0
    assert case.peek("a") == [there, *dead[1:]]
    assert case.peek("dead:s") == [leased[0].id]
    assert (case.waiting("a"), case.waiting("dead:s")) == ((10, 100, 4), (1, 10, 1))
    assert [(batch.attempt, batch.crashes, batch.id) for batch in case.claim(messages=99)] == [
        (0, 0, batch) for batch in [there, *dead[1:]]
    ]


def test_moving_follows_the_order_of_both_queues_and_crosses_deployments(ledger: Ledger) -> None:
    case = Case(ledger, queues=[QueueSpec("a", Order.LIFO)])
    other = Case(ledger, "other", queues=[QueueSpec("b", Order.RANK)])
    first, second, third = case.put(case.batch(rank=2.0), case.batch(rank=1.0), case.batch(rank=3.0))
    assert ledger.move(case.queue("a"), other.queue("b"), limit=2) == 2
    assert (case.peek(), other.peek("b")) == ([first], [second, third])
    assert ledger.due_queues(other.deployment, NOW) == {other.queue("b")}
    assert ledger.due_queues(case.deployment, NOW) == {case.queue("a")}
    assert len(other.drain("b")) == 2
    assert ledger.void(case.deployment) == 0
    assert ledger.void(other.deployment) == 2


def test_moving_a_batch_to_where_it_is_already_is_an_error_and_moves_nothing(case: Case) -> None:
    twin = case.batch("b")
    case.put(twin)
    case.put(case.batch("a"), case.batch("a", id=twin.id))
    with pytest.raises(IntegrityError, match="made twice"):
        case.ledger.move(case.queue("a"), case.queue("b"))
    assert (case.waiting("a")[2], case.waiting("b")[2]) == (2, 1)
    with pytest.raises(NotFound, match="queue 987654"):
        case.ledger.move(case.queue("a"), 987_654)
    with pytest.raises(NotFound, match="queue 987654"):
        case.ledger.move(987_654, case.queue("a"))


def test_moving_a_half_keeps_its_range(case: Case) -> None:
    (whole,) = case.put(case.batch(n=4))
    (held,) = case.claim(messages=4)
    case.ledger.split(held.row, held.lease)
    assert case.ledger.move(case.queue("a"), case.queue("b")) == 4
    assert ids(case.drain("b")) == [(whole, 0, 2), (whole, 2, 4)]


# Files


def test_a_file_is_an_orphan_when_the_last_reference_goes(case: Case) -> None:
    step = case.step()
    case.put(case.batch(claims=["passed on", "dropped", "kept in state"]), case.batch(claims=["twice", "twice"]))
    assert case.ledger.claims() == {"passed on", "dropped", "kept in state", "twice"}
    held = receipts(case.claim())
    done = case.do(
        case.commit(
            inputs=held,
            outputs=[case.batch("b", claims=["passed on"])],
            state=[StateWrite(step, "k", b"v", 0, version=1, claims=["kept in state"])],
        )
    )
    assert done.orphans == ["dropped"]
    assert case.do(case.commit(inputs=receipts(case.claim()))).orphans == ["twice"]
    overwrite = StateWrite(step, "k", b"w", 1, version=2, claims=["new"])
    assert case.do(case.commit(state=[overwrite])).orphans == ["kept in state"]
    assert case.do(case.commit(state=[StateWrite(step, "k", None, 2)])).orphans == ["new"]
    assert case.ledger.claims() == {"passed on"}
    assert case.ledger.purge(case.queue("b")) == (1, ["passed on"])


def test_a_file_that_came_and_went_in_one_exchange_is_an_orphan_too(case: Case) -> None:
    step = case.step()
    made = case.commit(state=[StateWrite(step, "k", b"v", 0, version=1, claims=["replaced"])])
    replaced = case.commit(state=[StateWrite(step, "k", b"w", 1, version=2, claims=["deleted", "moved"])])
    deleted = case.commit(state=[StateWrite(step, "k", None, 2)], outputs=[case.batch(claims=["moved"])])
    assert case.do(made, replaced, deleted).orphans == ["deleted", "replaced"]
    assert case.ledger.claims() == {"moved"}


def test_a_refused_commit_makes_no_orphans(case: Case) -> None:
    case.put(case.batch(claims=["f"]))
    ((row, lease),) = receipts(case.claim())
    assert case.do(case.commit(inputs=[(row, lease + 1)])).orphans == []
    assert case.ledger.claims() == {"f"}


# Sums and lineage


def test_counters_and_passages_add_up(case: Case) -> None:
    s, t = case.step(), case.step("t")
    a, b = case.queue("a"), case.queue("b")
    first = Counter(received=3, failed=1, tasks=1, time_ns=100, out={"success": 2, "failure": 1})
    more = Counter(received=2, tasks=1, time_ns=2**40, out={"success": 2, "other": 1})
    case.do(
        case.commit(counters={s: first}, passages={a: Passage(3, 30)}),
        case.commit(counters={s: more, t: first}, passages={a: Passage(2, 20), b: Passage(1, 1)}),
    )
    case.do(case.commit(counters={s: more}, passages={b: Passage(1, 2**33)}), case.commit(plan=99, counters={s: more}))
    steps, passages = case.ledger.counters(case.deployment)
    assert steps == {s: Counter(7, 1, 3, 100 + 2**41, {"success": 6, "failure": 1, "other": 2}), t: first}
    assert passages == {a: Passage(5, 50), b: Passage(2, 1 + 2**33)}
    case.known = case.ledger.register(case.name, QUEUES, STEPS, "2")
    assert case.ledger.counters(case.deployment) == (steps, passages)
    case.do(case.commit(counters={t: first}, passages={b: Passage(1, 1)}))
    assert case.ledger.counters(case.deployment)[0][t].tasks == 2
    assert case.ledger.counters(case.deployment)[1][b].messages == 3


def test_counters_of_unknown_steps_are_an_error(case: Case) -> None:
    for values in ({"counters": {987_654: Counter(tasks=1)}}, {"passages": {987_654: Passage(1)}}):
        with pytest.raises(IntegrityError):
            case.do(case.commit(outputs=[case.batch()], **values))
    assert case.waiting() == (0, 0, 0)


def test_lineage_is_read_in_order_and_pruned_by_age(case: Case) -> None:
    other = Case(case.ledger, "other")
    for time_ms, packed in [(NOW + 2, b"c"), (NOW, b"a"), (NOW, b"b"), (NOW + 9, b"")]:
        case.do(case.commit(now_ms=time_ms, lineage=packed))
    other.do(other.commit(now_ms=NOW, lineage=b"other"))
    assert case.ledger.lineage(case.deployment) == [(NOW, b"a"), (NOW, b"b"), (NOW + 2, b"c")]
    assert case.ledger.lineage(case.deployment, since_ms=NOW + 1) == [(NOW + 2, b"c")]
    assert case.ledger.lineage(case.deployment, limit=1) == [(NOW, b"a")]
    assert case.ledger.lineage(case.deployment, limit=2, newest=True) == [(NOW, b"b"), (NOW + 2, b"c")]
    assert len(case.ledger.lineage(case.deployment, newest=True)) == 3
    assert case.ledger.prune_lineage(NOW + 1) == 3
    assert case.ledger.lineage(case.deployment) == [(NOW + 2, b"c")]
    assert case.ledger.prune_lineage(NOW) == 0


# Objects and threads


def test_a_ledger_made_in_one_thread_is_used_in_another(case: Case) -> None:
    found: list[object] = []
    thread = threading.Thread(target=lambda: found.extend([case.fill(2), case.claim(messages=9), case.waiting()]))
    thread.start()
    thread.join()
    assert found[-1] == (2, 20, 2)
    assert case.waiting() == (2, 20, 2)


def test_a_ledger_is_found_as_it_was_left(sql_url: str) -> None:
    ledger = open_ledger(sql_url)
    case = Case(ledger)
    made = case.fill(3)
    ledger.close()
    ledger.close()
    case.ledger = open_ledger(sql_url)
    assert case.ledger.registration("flow") == (case.known, "revision 1")
    assert [batch.id for batch in case.claim(messages=9)] == made
    case.ledger.close()
    assert case.waiting() == (3, 30, 3)  # a closed ledger opens again when it is used
    case.ledger.close()


def test_two_objects_on_one_ledger_see_each_other(sql_url: str) -> None:
    one, two = open_ledger(sql_url), open_ledger(sql_url)
    here = Case(one)
    there = copy(here)
    there.ledger = two
    made = here.fill(4)
    assert [batch.id for batch in there.claim(messages=2)] == made[:2]
    held = here.claim(messages=9)
    assert [batch.id for batch in held] == made[2:]
    counters = {here.step(): Counter(tasks=1, out={"success": 1})}
    assert there.outcome(inputs=receipts(held), counters=counters, passages={here.queue(): Passage(2, 20)}) is Outcome.DONE
    assert here.outcome(inputs=receipts(held), counters=counters) is Outcome.LEASE_LOST
    here.outcome(counters=counters)
    assert two.counters(here.deployment)[0] == {here.step(): Counter(tasks=2, out={"success": 2})}
    assert (here.waiting(), there.waiting()) == ((2, 20, 2), (2, 20, 2))
    one.close()
    two.close()
