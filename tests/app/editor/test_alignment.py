"""Which lines of two texts stand beside each other."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.editor.alignment import aligned, changed_span, counts

TEXTS = st.lists(st.sampled_from("abcd"), max_size=12)


def test_what_came_went_and_changed_is_told():
    pairs = aligned(["a", "b", "c", "d"], ["a", "B", "c", "new", "d"])
    assert [(pair.left, pair.right) for pair in pairs] == [(0, 0), (1, 1), (2, 2), (None, 3), (3, 4)]
    assert [pair.is_equal for pair in pairs] == [True, False, True, False, True]
    assert counts(pairs) == (2, 1)


@given(TEXTS, TEXTS)
def test_every_line_is_there_once_in_its_order_and_equal_ones_are_equal(before: list[str], after: list[str]):
    pairs = aligned(before, after)
    assert [pair.left for pair in pairs if pair.left is not None] == list(range(len(before)))
    assert [pair.right for pair in pairs if pair.right is not None] == list(range(len(after)))
    for pair in pairs:
        if pair.is_equal:
            assert pair.left is not None
            assert pair.right is not None
            assert before[pair.left] == after[pair.right]


@given(TEXTS)
def test_a_text_differs_nowhere_from_itself(text: list[str]):
    assert all(pair.is_equal for pair in aligned(text, text))


def test_the_characters_that_differ_are_told():
    assert changed_span("return x", "return x + 1") == (8, 8)
    assert changed_span("return x + 1", "return x") == (8, 12)
    assert changed_span("one two three", "one 2 three") == (4, 7)
    assert changed_span("aa", "aaa") == (2, 2)
