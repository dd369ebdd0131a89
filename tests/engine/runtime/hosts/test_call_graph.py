"""A call's graph, walked step by step, gives what it gives when it is evaluated at once."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from engine.runtime.hosts.builtin.call_graph import PARALLEL, PIPELINE, Join, after, begin, steps

NAMES = st.sampled_from(["add", "double", "bad"])
GRAPHS = st.recursive(
    NAMES,
    lambda inner: st.builds(
        lambda kind, parts: [kind, *parts], st.sampled_from([PIPELINE, PARALLEL]), st.lists(inner, min_size=1, max_size=3)
    ),
    max_leaves=8,
)
BROKEN = object()


def work(step: str, value: Any) -> Any:
    return BROKEN if step == "bad" else [step, value]


def whole(graph: Any, value: Any) -> Any:
    """What a graph gives, by its meaning."""
    if value is BROKEN:
        return BROKEN
    if isinstance(graph, str):
        return work(graph, value)
    if graph[0] == PIPELINE:
        for part in graph[1:]:
            value = whole(part, value)
        return value
    found = [whole(part, value) for part in graph[1:]]
    return BROKEN if BROKEN in found else found


@given(GRAPHS, st.randoms())
def test_walking_gives_what_evaluating_gives_in_whatever_order_steps_come_back(graph, random):
    under_way = [(start, 0) for start in begin(graph)]
    joins: dict[tuple[int, ...], dict[int, Any]] = {}
    answers: list[Any] = []
    while under_way:
        start, given_value = under_way.pop(random.randrange(len(under_way)))
        place, value = start.place, work(start.step, given_value)
        while True:
            following = after(graph, place, failed=value is BROKEN)
            if following is None:
                answers.append(value)
                break
            if not isinstance(following, Join):
                under_way += [(each, value) for each in following]
                break
            parts = joins.setdefault(following.place, {})
            assert following.part not in parts
            parts[following.part] = value
            if len(parts) < following.parts:
                break
            ordered = [parts[number] for number in range(following.parts)]
            del joins[following.place]
            place, value = following.place, BROKEN if BROKEN in ordered else ordered
    assert answers == [whole(graph, 0)]
    assert joins == {}


def test_a_graph_tells_its_steps():
    assert list(steps([PIPELINE, "a", [PARALLEL, "b", [PIPELINE, "c", "a"]]])) == ["a", "b", "c", "a"]
