from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from engine.model.flow import Connection, Flow, Header, Label, Position, Processor, Subflow
from engine.model.layout import CARD_HEIGHT, CARD_WIDTH, arranged, laid_out, placed


def flow_of(count: int, edges: list[tuple[int, int]]) -> Flow:
    joined = [Connection(source=f"p{source}.success", target=f"p{target}.in") for source, target in edges]
    return Flow(
        header=Header(name="x"),
        steps={f"p{n}": Processor(id=f"p{n}", type="python") for n in range(count)},
        connections={connection.id: connection for connection in joined},
    )


def overlaps(positions: dict[str, Position]) -> list[tuple[str, str]]:
    cells: dict[tuple[float, float], list[str]] = {}
    for key, (x, y) in positions.items():
        cells.setdefault((x // CARD_WIDTH, y // CARD_HEIGHT), []).append(key)
    found: list[tuple[str, str]] = []
    for (column, row), keys in cells.items():
        near = [key for dx in (0, 1) for dy in (-1, 0, 1) for key in cells.get((column + dx, row + dy), ())]
        for key in keys:
            x, y = positions[key]
            found += [
                (key, other)
                for other in near
                if other != key and abs(positions[other][0] - x) < CARD_WIDTH and abs(positions[other][1] - y) < CARD_HEIGHT
            ]
    return found


def positions_of(flow: Flow) -> dict[str, Position]:
    assert all(step.position is not None for step in flow.steps.values())
    return {key: step.position for key, step in flow.steps.items() if step.position is not None}


def test_a_chain_goes_from_left_to_right_in_one_row():
    positions = arranged(flow_of(4, [(0, 1), (1, 2), (2, 3)]))
    assert [x for x, _ in positions.values()] == sorted({x for x, _ in positions.values()})
    assert len({y for _, y in positions.values()}) == 1


def test_a_step_stands_right_of_everything_that_feeds_it():
    edges = [(0, 2), (1, 2), (2, 3), (0, 3), (3, 4), (1, 4)]
    positions = arranged(flow_of(5, edges))
    assert all(positions[f"p{source}"][0] + CARD_WIDTH < positions[f"p{target}"][0] for source, target in edges)


def test_connections_do_not_cross_needlessly():
    # Both sides in the order that would cross all lines.
    positions = arranged(flow_of(8, [(0, 7), (1, 6), (2, 5), (3, 4)] + [(n, n + 1) for n in range(3)]))
    assert not overlaps(positions)
    ladder = arranged(flow_of(7, [(0, 1), (0, 2), (0, 3), (1, 6), (2, 5), (3, 4)]))
    lines = sorted((ladder[f"p{source}"][1], ladder[f"p{target}"][1]) for source, target in ((1, 6), (2, 5), (3, 4)))
    assert [end for _, end in lines] == sorted(end for _, end in lines)


def test_a_cycle_is_entered_where_it_is_fed():
    positions = arranged(flow_of(4, [(0, 2), (2, 3), (3, 1), (1, 2)]))
    assert positions["p0"][0] < positions["p2"][0] < positions["p3"][0] < positions["p1"][0]


def test_parts_that_are_not_joined_are_packed_about_square():
    positions = arranged(flow_of(100, []))
    assert not overlaps(positions)
    width = max(x for x, _ in positions.values())
    height = max(y for _, y in positions.values())
    assert 0.3 < width / height < 3.5


def test_a_chain_of_thousands_is_folded():
    positions = arranged(flow_of(2000, [(n, n + 1) for n in range(1999)]))
    assert not overlaps(positions)
    assert max(x for x, _ in positions.values()) < 50 * (CARD_WIDTH + 200)


def test_an_empty_flow_has_no_positions():
    assert arranged(flow_of(0, [])) == {}
    assert placed(flow_of(0, [])) == flow_of(0, [])


def test_given_positions_stay_and_new_steps_stand_beside_what_feeds_them():
    flow = flow_of(5, [(0, 1), (1, 2), (3, 1)])
    flow = structs.replace(
        flow,
        steps={
            **flow.steps,
            "p0": structs.replace(flow.steps["p0"], position=(1000.0, 500.0)),
            "p4": structs.replace(flow.steps["p4"], position=(1480.0, 500.0)),
        },
    )
    positions = positions_of(placed(flow))
    assert positions["p0"] == (1000.0, 500.0)
    assert positions["p4"] == (1480.0, 500.0)
    assert positions["p1"][0] > 1000.0 + CARD_WIDTH
    assert positions["p2"][0] > positions["p1"][0]
    assert not overlaps(positions)


def test_labels_and_definitions_are_placed_too():
    flow = structs.replace(
        flow_of(2, [(0, 1)]),
        labels={"a": Label(id="a"), "b": Label(id="b", position=(1.0, 2.0))},
        definitions={"d": structs.replace(flow_of(2, [(0, 1)]), header=Header(name="d"))},
    )
    result = placed(flow)
    assert result.labels["b"].position == (1.0, 2.0)
    assert result.labels["a"].position is not None
    assert not overlaps(positions_of(result.definitions["d"]))


def test_expanded_subflows_have_room():
    deep = structs.replace(flow_of(3, [(0, 1), (0, 2)]), header=Header(name="deep", inputs=("in",)))
    wide = structs.replace(flow_of(2, [(0, 1)]), header=Header(name="wide"))
    wide.steps["use"] = Subflow(id="use", flow="deep", expanded=True)
    wide.steps["self"] = Subflow(id="self", flow="wide", expanded=True)
    flow = structs.replace(flow_of(4, [(0, 1), (1, 2), (3, 2)]), definitions={"deep": deep, "wide": wide})
    flow.steps["p1"] = Subflow(id="p1", flow="wide")
    before = positions_of(placed(flow))
    flow.steps["p1"] = Subflow(id="p1", flow="wide", expanded=True)
    for found in (placed(flow), laid_out(flow)):
        after = positions_of(found)
        inside = positions_of(found.definitions["wide"])
        across = max(x for x, _ in inside.values()) - min(x for x, _ in inside.values())
        assert after["p0"] == before["p0"]
        assert after["p2"][0] > after["p1"][0] + across + 2 * CARD_WIDTH
        assert not overlaps(after)
        assert not overlaps(inside)


def test_frames_in_frames_are_measured_once():
    names = [f"d{number}" for number in range(60)]
    definitions = {
        name: Flow(
            header=Header(name=name),
            steps={
                key: Subflow(id=key, flow=following, expanded=True)
                for key in "ab"
                for following in names[number + 1 : number + 2]
            },
        )
        for number, name in enumerate(names)
    }
    flow = Flow(header=Header(name="x"), steps={"s": Subflow(id="s", flow="d0", expanded=True)}, definitions=definitions)
    assert placed(flow).steps["s"].position == (0.0, 0.0)


def test_the_layout_is_always_the_same():
    flow = flow_of(50, [(n, n * 7 % 50) for n in range(50)])
    assert arranged(flow) == arranged(flow)


edges = st.lists(st.tuples(st.integers(0, 29), st.integers(0, 29)), max_size=60)


@settings(max_examples=60, deadline=None)
@given(edges)
def test_no_two_cards_overlap(pairs):
    positions = arranged(flow_of(30, pairs))
    assert len(positions) == 30
    assert not overlaps(positions)


@settings(max_examples=60, deadline=None)
@given(edges, st.sets(st.integers(0, 29)))
def test_no_new_card_overlaps_a_given_one(pairs, given_ones):
    flow = flow_of(30, pairs)
    old = arranged(flow)
    kept = {f"p{n}": structs.replace(flow.steps[f"p{n}"], position=old[f"p{n}"]) for n in given_ones}
    positions = positions_of(placed(structs.replace(flow, steps={**flow.steps, **kept})))
    assert {key: positions[key] for key in kept} == {key: old[key] for key in kept}
    assert not overlaps(positions)


@pytest.mark.parametrize(
    "pairs",
    [
        [(n, n + 1) for n in range(9999)],
        [(0, n) for n in range(1, 10_000)],
        [((n - 1) // 2, n) for n in range(1, 10_000)],
        [(n, (n + 1) % 10_000) for n in range(10_000)],
        [],
    ],
    ids=["chain", "fan", "tree", "ring", "none"],
)
def test_ten_thousand_steps(pairs):
    assert not overlaps(arranged(flow_of(10_000, pairs)))
