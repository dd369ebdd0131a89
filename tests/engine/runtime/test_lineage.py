"""From a message back to what it was made of."""

from __future__ import annotations

from typing import Any

from engine.runtime.hosts import values
from engine.runtime.lineage import Ancestor, Lineage

A, B, C, D, E = (letter * 16 for letter in (b"a", b"b", b"c", b"d", b"e"))


def log(*entries: list[Any]) -> Lineage:
    return Lineage(values.pack(entry) for entry in entries)


# A source's batches A and B; C was made of some of their messages, and joined with a message of the source's that waited.
SOURCE = ["read", "read", [(b"", 10, 14)], [["q", A, [0, 3]], ["q", B, {"rows": [3, 3]}]]]
JOINED = ["pair", "", [(A, 1, 3), (B, 0, 2)], [["r", C, {"rows": [0, 3, -1]}]], [[["read", 2, 3], [A, 0, 1, 2, 3]]]]
AFTER = ["last", "", [(C, 0, 3)], [["s", D, [0, 3]]]]


def test_a_message_of_one_has_one_parent() -> None:
    lineage = log(SOURCE, JOINED)
    assert lineage.parents(A, 2) == [Ancestor("read", b"", 12)]
    assert lineage.parents(B, 1) == [Ancestor("read", b"", 13)]
    assert lineage.parents(C, 1) == [Ancestor("pair", B, 1)]
    assert lineage.parents(b"?" * 16, 0) == []


def test_a_message_of_several_has_them_all_as_parents() -> None:
    assert log(SOURCE, JOINED).parents(C, 2) == [Ancestor("read", b"", 2), Ancestor("pair", A, 0), Ancestor("pair", A, 2)]


def test_ancestors_are_every_place_once_none_before_what_was_made_of_it() -> None:
    lineage = log(SOURCE, JOINED, AFTER)
    found = lineage.ancestors(D, 2)
    assert found[0] == Ancestor("last", C, 2)
    assert sorted(found[1:], key=str) == sorted(
        [
            Ancestor("pair", A, 0),
            Ancestor("pair", A, 2),
            Ancestor("read", b"", 2),
            Ancestor("read", b"", 10),
            Ancestor("read", b"", 12),
        ],
        key=str,
    )
    for place in found:
        parents = [] if place.is_source else lineage.parents(place.batch, place.index)
        assert all(found.index(place) < found.index(parent) for parent in parents)
    assert {each.index for each in lineage.beginnings(D, 2)} == {2, 10, 12}


def test_a_place_reached_by_two_ways_is_named_once() -> None:
    both = ["pair", "", [(A, 0, 1)], [["r", E, [-1, 1]]], [[[C, 0, 1], [A, 1, 2]]]]
    assert log(SOURCE, JOINED, both).ancestors(E, 0).count(Ancestor("pair", A, 1)) == 1
    assert log(SOURCE, JOINED, both).beginnings(E, 0) == [Ancestor("read", b"", 11)]


def test_where_the_log_was_pruned_the_oldest_place_is_the_beginning() -> None:
    lineage = log(AFTER)
    assert lineage.path(D, 0) == lineage.ancestors(D, 0) == lineage.beginnings(D, 0) == [Ancestor("last", C, 0)]


def test_a_path_follows_the_message_that_completed_a_set() -> None:
    assert log(SOURCE, JOINED, AFTER).path(D, 2) == [
        Ancestor("last", C, 2),
        Ancestor("pair", A, 2),
        Ancestor("read", b"", 12),
    ]


def test_what_a_step_made_of_nothing_begins_there() -> None:
    counts = ["stage", "count", [], [["q", A, [0, 1]]]]
    assert log(counts).path(A, 0) == [Ancestor("count", b"", 0)]
