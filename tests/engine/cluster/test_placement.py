"""Which agent takes which slot: the same answer for everybody, spread, and never in circles."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from engine.cluster.placement import Key, Room, assign, nowhere, surplus

NONE: frozenset[str] = frozenset()
LABELS = st.frozensets(st.sampled_from(["gpu", "disk", "edge"]), max_size=2)
KEYS = st.tuples(st.sampled_from("de"), st.sampled_from("abc"), st.integers(0, 4))


@st.composite
def places(draw: st.DrawFn) -> tuple[dict[Key, frozenset[str]], list[Room]]:
    """Slots, some of them held, and the nodes that there are."""
    asked = draw(st.dictionaries(KEYS, LABELS, max_size=20))
    names = draw(st.lists(st.sampled_from(["n1", "n2", "n3", "n4"]), unique=True, min_size=1))
    nodes = {name: (draw(st.integers(1, 8)), draw(LABELS), draw(st.booleans())) for name in names}
    held: dict[str, set[Key]] = {name: set() for name in names}
    for key, labels in asked.items():
        fits = [name for name in names if Room(name, *nodes[name][:2], dedicated=nodes[name][2]).suits(labels)]
        if fits and draw(st.booleans()):
            held[draw(st.sampled_from(fits))].add(key)
    return asked, [
        Room(name, cpus, labels, frozenset(held[name]), dedicated=dedicated)
        for name, (cpus, labels, dedicated) in nodes.items()
    ]


def free_of(asked: dict[Key, frozenset[str]], rooms: list[Room]) -> dict[Key, frozenset[str]]:
    held = {key for room in rooms for key in room.held}
    return {key: labels for key, labels in asked.items() if key not in held}


@given(places(), st.randoms())
def test_every_slot_goes_to_one_node_that_suits_it_whoever_decides(place, random) -> None:
    asked, rooms = place
    free = free_of(asked, rooms)
    found = assign(free, rooms)
    others = list(rooms)
    random.shuffle(others)
    assert assign(dict(random.sample(list(free.items()), len(free))), others) == found
    by_name = {room.agent: room for room in rooms}
    assert all(by_name[agent].suits(free[key]) for key, agent in found.items())
    assert set(free) - set(found) == set(nowhere(free, rooms))


@given(places())
def test_giving_up_slots_comes_to_an_end(place) -> None:
    asked, rooms = place
    moves = 0
    while True:
        given_up = next((key for room in rooms if (key := surplus(room.agent, asked, rooms)) is not None), None)
        if given_up is None:
            return
        moves += 1
        assert moves <= 200, "slots wander for ever"
        rooms = [structs.replace(room, held=room.held - {given_up}) for room in rooms]
        to = assign({given_up: asked[given_up]}, rooms)[given_up]
        rooms = [structs.replace(room, held=room.held | {given_up}) if room.agent == to else room for room in rooms]


def test_replicas_of_a_stage_are_spread_before_loads_are_evened() -> None:
    rooms = [Room("busy", 2, NONE, frozenset({("d", "other", 0), ("d", "other", 1)})), Room("idle", 2, NONE)]
    found = assign({("d", "a", 0): NONE, ("d", "a", 1): NONE}, rooms)
    assert sorted(found.values()) == ["busy", "idle"]


def test_a_node_takes_as_many_as_its_processors_allow_for() -> None:
    rooms = [Room("small", 1, NONE), Room("large", 3, NONE)]
    found = assign({("d", stage, 0): NONE for stage in "abcdefgh"}, rooms)
    assert list(found.values()).count("large") == 6


def test_a_node_that_is_full_takes_nothing_more() -> None:
    rooms = [Room("full", 8, NONE, frozenset({("d", "x", 0)}), most=1), Room("open", 1, NONE)]
    assert set(assign({("d", "a", 0): NONE, ("d", "b", 0): NONE}, rooms).values()) == {"open"}
    assert assign({("d", "a", 0): NONE}, rooms[:1]) == {}


def test_a_keeper_needs_no_worker_and_so_fits_where_no_more_workers_do() -> None:
    full = Room("full", 8, NONE, frozenset({("d", "x", 0)}), most=1)
    assert assign({("d", "", 0): NONE}, [full]) == {("d", "", 0): "full"}
    keeping = Room("keeping", 8, NONE, frozenset({("d", "", 0)}), most=1)
    assert assign({("d", "a", 0): NONE, ("d", "b", 0): NONE}, [keeping]) == {("d", "a", 0): "keeping"}


def test_a_dedicated_node_takes_only_what_asks_for_it() -> None:
    rooms = [Room("apart", 8, frozenset({"gpu"}), dedicated=True), Room("busy", 1, NONE, frozenset({("d", "x", 0)}))]
    free: dict[Key, frozenset[str]] = {("d", "a", 0): NONE, ("d", "b", 0): frozenset({"gpu"}), ("d", "", 0): NONE}
    assert assign(free, rooms) == {("d", "a", 0): "busy", ("d", "b", 0): "apart", ("d", "", 0): "busy"}
    assert "without --dedicated" in nowhere(free, rooms[:1])["d", "a", 0]


def test_a_new_node_gets_its_share_and_lasting_slots_stay() -> None:
    held = frozenset(("d", stage, 0) for stage in "abcd")
    asked = dict.fromkeys(held, NONE)
    rooms = [Room("old", 2, NONE, held), Room("new", 2, NONE)]
    assert surplus("old", asked, rooms, lasting={("d", "a", 0), ("d", "b", 0)}) == ("d", "c", 0)
    assert surplus("new", asked, rooms) is None
    even = [Room("old", 2, NONE, frozenset(list(held)[:2])), Room("new", 2, NONE, frozenset(list(held)[2:]))]
    assert surplus("old", asked, even) is None


def test_two_replicas_on_one_node_part_when_another_has_none() -> None:
    held = frozenset({("d", "a", 0), ("d", "a", 1), ("d", "b", 0)})
    rooms = [Room("old", 1, NONE, held), Room("new", 1, NONE)]
    given_up = surplus("old", dict.fromkeys(held, NONE), rooms)
    assert given_up is not None
    assert given_up[1] == "a"


def test_who_waits_for_a_node_is_told_for_which() -> None:
    free: dict[Key, frozenset[str]] = {("d", "a", 0): frozenset({"gpu"}), ("d", "b", 0): NONE}
    assert "the labels gpu" in nowhere(free, [Room("n", 2, NONE)])["d", "a", 0]
    assert "no agent lives" in nowhere(free, [])["d", "b", 0]
