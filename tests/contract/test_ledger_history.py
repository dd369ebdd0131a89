"""What parts did, minute by minute: every ledger keeps it in order, by deployment and piece, and drops what is old."""

from __future__ import annotations

from engine.ledger.base import HistoryEntry, Ledger
from engine.ledger.url import open_ledger
from tests.contract.ledger_case import NOW, Case

MINUTE = 60_000
LATE = NOW + 1_000_000_000


def entry(case: Case, minute: int, packed: bytes, piece: int = 0) -> HistoryEntry:
    return HistoryEntry(case.deployment, piece, NOW + minute * MINUTE, packed)


def test_entries_are_read_in_their_order_by_range(case: Case) -> None:
    # Given entries that come in any order, two of them of one time,
    case.ledger.add_history([entry(case, 2, b"c"), entry(case, 0, b"a")])
    case.ledger.add_history([entry(case, 1, b"b"), entry(case, 2, b"d")])
    # then a range has those from its beginning to before its end, the oldest first, and of one time the first that came.
    assert case.ledger.history(case.deployment, 0, 0, LATE) == [
        (NOW, b"a"),
        (NOW + MINUTE, b"b"),
        (NOW + 2 * MINUTE, b"c"),
        (NOW + 2 * MINUTE, b"d"),
    ]
    assert case.ledger.history(case.deployment, 0, NOW + 1, NOW + 2 * MINUTE) == [(NOW + MINUTE, b"b")]
    assert case.ledger.history(case.deployment, 0, NOW + 2 * MINUTE + 1, LATE) == []


def test_the_last_entry_before_a_time(case: Case) -> None:
    case.ledger.add_history([entry(case, minute, b"%d" % minute) for minute in (0, 1, 3)])
    assert case.ledger.history_before(case.deployment, 0, NOW) is None
    assert case.ledger.history_before(case.deployment, 0, NOW + 3 * MINUTE) == (NOW + MINUTE, b"1")
    assert case.ledger.history_before(case.deployment, 0, LATE) == (NOW + 3 * MINUTE, b"3")
    assert case.ledger.history_before(case.deployment, 1, LATE) is None


def test_pieces_and_deployments_are_apart(ledger: Ledger) -> None:
    case, other = Case(ledger), Case(ledger, "other")
    ledger.add_history([entry(case, 0, b"first", 7), entry(case, 0, b"second", 8), entry(other, 0, b"other", 7)])
    assert ledger.history(case.deployment, 7, 0, LATE) == [(NOW, b"first")]
    assert ledger.history(case.deployment, 8, 0, LATE) == [(NOW, b"second")]
    assert ledger.history(other.deployment, 7, 0, LATE) == [(NOW, b"other")]


def test_history_goes_with_its_deployment(ledger: Ledger) -> None:
    case, other = Case(ledger), Case(ledger, "other")
    ledger.add_history([entry(case, 0, b"gone"), entry(other, 0, b"stays")])
    ledger.forget("flow")
    assert ledger.history(case.deployment, 0, 0, LATE) == []
    # What was on its way when it went is left out, and takes nothing along.
    ledger.add_history([entry(case, 1, b"late"), entry(other, 1, b"too")])
    assert ledger.history(case.deployment, 0, 0, LATE) == []
    assert [packed for _, packed in ledger.history(other.deployment, 0, 0, LATE)] == [b"stays", b"too"]


def test_a_new_plan_and_a_fresh_start_keep_history(case: Case) -> None:
    case.ledger.add_history([entry(case, 0, b"kept")])
    case.ledger.register(case.name, [], [], "revision 2")
    assert case.ledger.history(case.deployment, 0, 0, LATE) == [(NOW, b"kept")]


def test_what_is_old_is_dropped(ledger: Ledger) -> None:
    case, other = Case(ledger), Case(ledger, "other")
    ledger.add_history([entry(each, minute, b"x", minute) for each in (case, other) for minute in range(4)])
    assert ledger.prune_history(NOW + 2 * MINUTE) == 4
    assert ledger.prune_history(NOW + 2 * MINUTE) == 0
    assert [len(ledger.history(case.deployment, piece, 0, LATE)) for piece in range(4)] == [0, 0, 1, 1]


def test_history_outlives_the_ledger_object(sql_url: str) -> None:
    ledger = open_ledger(sql_url)
    case = Case(ledger)
    ledger.add_history([entry(case, 0, bytes(range(256)))])
    ledger.close()
    again = open_ledger(sql_url)
    assert again.history(case.deployment, 0, 0, LATE) == [(NOW, bytes(range(256)))]
    again.close()
