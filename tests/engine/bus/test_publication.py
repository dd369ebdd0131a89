"""What a publisher issues, and the picture that a listener makes of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.bus.base import Event
from engine.bus.picture import Gap, Picture, news_of, standing
from engine.bus.publication import Publication

PARTS = [f"p{number}" for number in range(12)]
told = st.dictionaries(
    st.sampled_from(PARTS), st.fixed_dictionaries({"in": st.integers(0, 9)}, optional={"trouble": st.just("x")})
)
steps = st.lists(st.one_of(st.tuples(st.just("stats"), told), st.tuples(st.just("snapshot"), told), st.just(("renew", {}))))


def plain(picture: Picture) -> dict:
    return {name: dict(row) for name, row in standing([picture]).get("processors", {}).items()}


@given(steps, st.integers(0, 30))
def test_listeners_know_what_was_said_whenever_they_came(said, comes):
    publication, early, late = Publication("a"), Picture(), Picture()
    kept: list[bytes] = []
    truth: dict[str, dict] = {}
    for turn, (kind, parts) in enumerate([*said, ("stats", {"p0": {"in": 1}})]):
        if kind == "renew":
            publication.renew()
        else:
            truth = {**({} if kind == "snapshot" else truth), **parts}
            publication.note(Event(kind, "flow", turn, {"processors": parts}))
        if not publication.has_news:
            continue
        issue = publication.take()
        kept = [issue.base] if issue.base is not None else [*kept, issue.message]
        early.take(news_of(issue.message))
        if turn == comes:
            for message in kept:
                late.take(news_of(message))
        elif turn > comes and late.number:
            late.take(news_of(issue.message))
        assert plain(early) == truth
        assert not late.number or plain(late) == truth
    restored = Picture()
    for message in kept:
        restored.take(news_of(message))
    assert plain(restored) == truth


def test_only_what_changed_is_told_and_names_only_once():
    publication, picture = Publication("a"), Picture()
    publication.note(Event("stats", "flow", 1, {"processors": {name: {"in": 0, "state": "running"} for name in PARTS}}))
    picture.take(news_of(publication.take().message))
    publication.note(Event("stats", "flow", 2, {"processors": {"p5": {"in": 1, "state": "running"}, "new": {"in": 2}}}))
    news = news_of(publication.take().message)
    assert not news.whole
    assert (news.tables["processors"].names, news.tables["processors"].rows) == (["new"], [5, 12])
    assert picture.take(news) == {"processors": {"p5": {"in": 1, "state": "running"}, "new": {"in": 2}}}
    assert not publication.has_news


def test_of_several_changes_that_nobody_took_only_the_newest_is_told():
    publication, picture = Publication("a"), Picture()
    publication.note(Event("stats", "flow", 1, {"processors": {"a": {"in": 0}, "b": {"in": 0}}}))
    picture.take(news_of(publication.take().message))
    for number in range(1, 9):
        publication.note(Event("stats", "flow", number, {"processors": {"a": {"in": number}}}))
    assert picture.take(news_of(publication.take().message)) == {"processors": {"a": {"in": 8}}}


def test_a_message_that_never_came_is_noticed_and_one_that_comes_twice_is_not_taken():
    publication, picture = Publication("a"), Picture()

    def say(number: int) -> bytes:
        publication.note(Event("stats", "flow", number, {"processors": {"a": {"in": number}}}))
        return publication.take().message

    first, second, third = say(1), say(2), say(3)
    picture.take(news_of(first))
    with pytest.raises(Gap):
        picture.take(news_of(third))
    assert picture.take(news_of(second)) is not None
    assert picture.take(news_of(second)) is None
    assert picture.take(news_of(third)) is not None


def test_what_was_handed_out_stays_as_it_was():
    publication, picture = Publication("a"), Picture()
    publication.note(Event("stats", "flow", 1, {"processors": {"a": {"in": 1}, "b": {"in": 1}}}))
    first = picture.take(news_of(publication.take().message))
    whole = standing([picture])
    publication.note(Event("stats", "flow", 2, {"processors": {"b": {"in": 2}, "c": {"in": 2}}}))
    picture.take(news_of(publication.take().message))
    assert first == whole == {"processors": {"a": {"in": 1}, "b": {"in": 1}}}


def test_messages_that_are_kept_take_no_more_room_than_a_whole_one():
    publication = Publication("a")
    publication.note(Event("snapshot", "flow", 0, {"processors": {f"p{number}": {"in": 0} for number in range(500)}}))
    first = publication.take()
    assert first.base == first.message
    kept = 0
    for number in range(1000):
        publication.note(Event("stats", "flow", number, {"processors": {f"p{number % 500}": {"in": number}}}))
        issue = publication.take()
        kept = 0 if issue.base is not None else kept + len(issue.message)
        assert kept <= len(first.message) * 2


def test_who_spoke_last_is_right():
    pictures = []
    for at_ms, parts in ((2, {"a": {"in": 2}, "b": {"in": 2}}), (1, {"b": {"in": 1}, "c": {"in": 1}})):
        publication, picture = Publication(str(at_ms)), Picture()
        publication.note(Event("snapshot", "flow", at_ms, {"state": f"state {at_ms}", "processors": parts}))
        picture.take(news_of(publication.take().message))
        pictures.append(picture)
    assert standing(pictures) == {"state": "state 2", "processors": {"a": {"in": 2}, "b": {"in": 2}, "c": {"in": 1}}}


def test_of_states_the_last_is_right_whoever_said_it():
    spoke_first, spoke_last = Picture(), Picture()
    for picture, at_ms in ((spoke_first, 1), (spoke_last, 2)):
        publication = Publication(str(at_ms))
        publication.note(
            Event("snapshot", "flow", at_ms, {"state": "running", "since_ms": at_ms, "processors": {"a": {"in": at_ms}}})
        )
        picture.take(news_of(publication.take().message))
    spoke_first.take_state({"state": "paused"}, 3)
    assert standing([spoke_first, spoke_last]) == {"state": "paused", "since_ms": 1, "processors": {"a": {"in": 2}}}
