"""Queries: what they say, and which parts they mean."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.panel.query import KEYWORDS, Query, Subject, matches, parse

WORDS = st.text(st.sampled_from("abcxyzß-_./'(é1:"), min_size=1, max_size=8)
NAMES = st.text(st.sampled_from("abc -x"), max_size=12)
PLACES = st.lists(st.sampled_from(["clean", "deep", "in"]), max_size=3).map(tuple)
SUBJECTS = st.builds(
    Subject,
    names=NAMES,
    properties=NAMES,
    traits=st.frozensets(st.sampled_from(sorted(KEYWORDS))),
    groups=st.lists(NAMES, max_size=3).map(tuple),
    place=PLACES,
)
QUERIES = st.text(st.sampled_from('abcx "-:'), max_size=20) | st.sampled_from(
    ["scope:here", "group:clean a", "properties:exclude b", *KEYWORDS]
)


def test_filters_stand_before_the_text():
    assert parse('scope:here group:Clean properties:exclude Parse "two words"') == Query(
        words=("parse", "two words"), here=True, group="clean", properties=False
    )
    assert parse('group:"my group" x') == Query(words=("x",), group="my group")
    assert parse("parse scope:here") == Query(words=("parse", "scope:here"))


@pytest.mark.parametrize("keyword", sorted(KEYWORDS))
def test_a_keyword_is_all_of_the_text(keyword):
    assert parse(f"  {keyword.upper()} ").keyword == keyword
    assert parse(f"scope:here {keyword}").keyword == keyword
    assert parse(f"{keyword} more").keyword == ""
    assert parse(f'"{keyword}"').keyword == ""


def test_expiration_is_another_word_for_expires():
    assert parse("expiration").keyword == "expires"


def test_a_filter_with_an_unknown_value_is_left_out_of_account():
    assert parse("scope:there properties:include x") == Query(words=("x",))


def test_of_equal_filters_the_first_counts():
    assert parse("group:a group:b").group == "a"


def test_what_only_looks_like_a_filter_is_text():
    assert parse("https://example.org/a label:1").words == ("https://example.org/a", "label:1")


def test_a_keyword_means_parts_that_are_so_and_parts_that_are_called_so():
    running = Subject(names="a", traits=frozenset({"running"}))
    called = Subject(names="the running man", traits=frozenset({"stopped"}))
    assert matches(parse("running"), running)
    assert matches(parse("running"), called)
    assert not matches(parse("running"), Subject(names="a", traits=frozenset({"stopped"})))


def test_settings_are_searched_unless_they_are_excluded():
    subject = Subject(names="read", properties="{'path': 'in.csv'}")
    assert matches(parse("in.csv"), subject)
    assert not matches(parse("properties:exclude in.csv"), subject)


def test_scope_and_group_hold_what_is_further_inside():
    inner = Subject(names="x", groups=("tidy\nclean", "deep\ndeeper"), place=("tidy", "deep"))
    assert matches(parse("group:clean x"), inner)
    assert matches(parse("group:DEEP"), inner)
    assert not matches(parse("group:other"), inner)
    assert matches(parse("scope:here"), inner, ("tidy",))
    assert not matches(parse("scope:here"), inner, ("deep",))


@given(st.text())
def test_every_text_means_something(text):
    query = parse(text)
    assert all(word == word.casefold() for word in query.words)
    assert query.keyword in KEYWORDS | {""}


@given(SUBJECTS, PLACES)
def test_nothing_typed_means_everything(subject, here):
    assert parse("").finds_all
    assert matches(parse(""), subject, here)


@given(st.lists(WORDS, max_size=4), SUBJECTS)
def test_the_order_and_the_case_of_words_are_all_the_same(words, subject):
    forwards = (
        matches(parse(" ".join(words).upper()), subject) if all(word.upper().casefold() == word for word in words) else None
    )
    assert matches(parse(" ".join(reversed(words))), subject) == matches(parse(" ".join(words)), subject)
    assert forwards in (None, matches(parse(" ".join(words)), subject))


@given(QUERIES, WORDS, SUBJECTS, PLACES)
def test_another_word_never_means_more(text, word, subject, here):
    query = parse(text)
    narrower = Query(
        words=(*query.words, word), here=query.here, group=query.group, properties=query.properties, keyword=query.keyword
    )
    if not query.keyword:
        assert matches(query, subject, here) or not matches(narrower, subject, here)


@given(QUERIES, SUBJECTS, PLACES)
def test_filters_never_mean_more(text, subject, here):
    without = matches(parse(text), subject, here)
    for given_filter in ("scope:here", "group:a", "properties:exclude"):
        name = given_filter.partition(":")[0]
        if name not in text:
            assert without or not matches(parse(f"{given_filter} {text}"), subject, here)


@given(QUERIES, SUBJECTS)
def test_on_the_top_level_here_is_everywhere(text, subject):
    if "scope" not in text:
        assert matches(parse(f"scope:here {text}"), subject, ()) == matches(parse(text), subject, ())
