"""Cards and links of any kind, for property tests."""

from __future__ import annotations

from hypothesis import strategies as st

from app.canvas.card import Card, Kind
from app.canvas.link import Link
from tests.engine.model.strategies import texts

places = st.tuples(st.floats(-2000, 2000), st.floats(-2000, 2000))
words = texts.map(lambda text: text[:300])
port_names = st.lists(words, max_size=4, unique=True).map(tuple)
colors = st.sampled_from(["", "#ff0000", "red", "no colour", "#12", "text", "pen"])


def cards(key: str) -> st.SearchStrategy[Card]:
    """A card of a key, its words whatever a flow file may hold."""
    return st.builds(
        Card,
        key=st.just(key),
        kind=st.sampled_from(Kind),
        name=words,
        type=words,
        icon=st.sampled_from(["processor", "no such icon"]),
        inputs=port_names,
        outputs=port_names,
        badge=st.text(max_size=12),
        concurrency=st.integers(-1, 10**9),
        color=colors,
        hint=words,
    )


def links(key: str, ends: list[str]) -> st.SearchStrategy[Link]:
    """A link of a key between any of the cards, to ports that may not be there."""
    return st.builds(
        Link,
        key=st.just(key),
        source=st.sampled_from(ends),
        source_port=words,
        target=st.sampled_from(ends),
        target_port=words,
        name=words,
        bends=st.lists(places, max_size=3).map(tuple),
        marks=st.sampled_from([(), ("breakpoint",), ("timer", "reorder")]),
    )
