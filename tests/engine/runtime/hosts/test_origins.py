"""Spans: where messages that wait came from."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from engine.runtime.hosts.origins import Origins, each, flat, joined, places

PLACES = st.lists(st.tuples(st.sampled_from([b"a" * 16, b"b" * 16, "source"]), st.integers(0, 9)), max_size=30)


@given(PLACES)
def test_spans_keep_every_place_in_order(wanted: list[tuple[bytes | str, int]]) -> None:
    assert list(places(joined([id, index, index + 1] for id, index in wanted))) == wanted


def test_a_run_of_messages_is_one_span() -> None:
    assert joined([[b"a", index, index + 1] for index in (3, 4, 5, 8, 9)] + [["s", 0, 2]]) == [[b"a", 3, 6, 8, 10], ["s", 0, 2]]


def test_rows_are_found_in_the_batches_a_task_was_given() -> None:
    origins = Origins()
    origins.begin([(0, b"a", 5), (3, b"b", 0), (4, b"a", 8)])
    assert origins.spans(range(6)) == [[b"a", 5, 8], [b"b", 0, 1], [b"a", 8, 10]]


@given(st.data())
def test_messages_that_wait_together_are_told_apart_again(data: st.DataObject) -> None:
    # Given a task whose rows are of two batches, and messages made of several of them,
    origins = Origins()
    origins.begin([(0, b"a", 5), (10, b"b", 0)])
    for _ in range(3):
        origins.together(origins.spans(data.draw(st.lists(st.integers(0, 19), max_size=4))))
    members = data.draw(st.lists(st.integers(-3, 19)))
    # when some wait together, then each still has the places that it has alone, and all have those of each.
    kept = origins.kept(members)
    alone = [list(places(origins.spans([member]))) for member in members]
    assert [list(places(spans)) for spans in each(kept, len(members))] == alone
    assert list(places(flat(kept))) == [place for found in alone for place in found]


def test_what_an_older_version_kept_has_no_places() -> None:
    assert (each(None, 2), flat(None)) == ([[], []], [])


def test_a_new_task_has_no_sets_of_the_last() -> None:
    origins = Origins()
    assert origins.together([]) == -1
    origins.begin([(0, "step", 0)])
    assert (origins.sets, origins.spans([0])) == ([], [["step", 0, 1]])
