from __future__ import annotations

from engine.ledger.base import Claimed
from engine.runtime.hosts import values, wire
from engine.runtime.recent import Recent
from engine.runtime.replay import copies


def taken(*contents: object, lo: int = 0, kind: int = 0, id: bytes = bytes(16)) -> Claimed:
    body = wire.batch(values.pack(list(contents)), len(contents), [{"n": str(row)} for row in range(len(contents))])
    return Claimed(1, 1, 5, id, lo, len(contents), len(body), 77, 0, 0, kind, body)


def test_the_last_that_was_taken_is_kept_by_connection():
    recent = Recent()
    first, second, third = taken(1), taken(2), taken(3)
    recent.note("a", [first])
    recent.note("b", [second])
    recent.note("a", [third])
    assert recent.last(["a", "b"]) == ("a", [third])
    assert recent.last(["b"]) == ("b", [second])
    assert recent.last(["c"]) is None
    recent.clear()
    assert recent.last(["a", "b"]) is None


def test_what_was_put_back_half_done_is_no_input():
    recent = Recent()
    recent.note("a", [taken(1)])
    recent.note("a", [taken(2, kind=1)])
    found = recent.last(["a"])
    assert found is not None
    assert wire.messages(found[1][0].body)[0] == [1]


def test_no_more_is_kept_than_may_be_and_the_oldest_goes_first():
    recent = Recent(most_bytes=3000)
    for number in range(10):
        recent.note(f"{number}", [taken(bytes(900))])
    assert [number for number in range(10) if recent.last([f"{number}"])] == [7, 8, 9]
    recent.note("large", [taken(bytes(5000))])
    assert recent.last([*map(str, range(10)), "large"]) is None
    recent.note("small", [taken(1)])
    assert recent.last(["small"]) is not None


def test_copies_are_the_last_messages_with_ids_of_their_own():
    first, second = taken(0, 1, 2, id=b"1" * 16), taken(9, 9, 3, 4, lo=2, id=b"2" * 16)
    made = copies("step", "a.success->step.in", 5, [first, second], 3, b"seed")
    assert [wire.messages(batch.body) for batch in made.batches] == [
        ([2], [{"n": "2"}]),
        ([3, 4], [{"n": "2"}, {"n": "3"}]),
    ]
    assert [(batch.queue, batch.n, batch.born_ms) for batch in made.batches] == [(5, 1, 77), (5, 2, 77)]
    step, _, parents, children = values.unpack(made.lineage)
    assert (step, parents) == ("step", [(b"1" * 16, 2, 3), (b"2" * 16, 2, 4)])
    assert [(id, origins) for _, id, origins in children] == [
        (made.batches[0].id, [0, 1]),
        (made.batches[1].id, [1, 2]),
    ]
    again = copies("step", "a.success->step.in", 5, [first, second], 99, b"other")
    assert [batch.n for batch in again.batches] == [3, 2]
    assert {batch.id for batch in again.batches}.isdisjoint({batch.id for batch in made.batches})
