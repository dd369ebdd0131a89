from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from engine.model.apply import apply, located
from engine.model.change import Change, invert
from engine.model.codec import dump_flow, load_flow
from engine.model.edits import delete, reconnect
from engine.model.flow import Flow
from engine.model.order import Order

FLOW = load_flow("""
pyfi: 1
name: row
parameters: {p: 1, q: 2}
processors:
  - {id: a, type: generate, config: {count: 3}}
  - {id: b, type: log}
  - {id: c, type: log}
  - {id: d, type: log}
connections:
  - {from: a.success, to: b.in}
  - {from: a.success, to: c.in}
  - {from: a.success, to: d.in}
labels: [{id: one}, {id: two}]
""")
_keys = st.lists(st.sampled_from("abcdefgh"), unique=True)


@given(_keys, st.lists(st.tuples(st.sampled_from("abcdefgh"), st.sampled_from(["", *"abcdefgh"]))))
def test_it_is_what_a_list_would_be(keys, acts):
    order, row = Order(keys), list(keys)
    for key, ahead_of in acts:
        if key in row:
            at = row.index(key)
            assert order.remove(key) == (row[at + 1] if at + 1 < len(row) else "")
            row.remove(key)
        else:
            order.insert(key, ahead_of)
            row.insert(row.index(ahead_of) if ahead_of in row else len(row), key)
        assert list(order) == row
        assert all((each in order) is (each in row) for each in "abcdefgh")


def _undone(flow: Flow, changes: list[Change]) -> Flow:
    made = located(flow, changes)
    return apply(apply(flow, made), invert(made))


@given(st.permutations([*FLOW.steps, "label:one", "parameter:p"]), st.integers(0, 6), st.booleans())
def test_what_is_deleted_in_any_order_comes_back_to_its_place(keys, count, heal):
    assert dump_flow(_undone(FLOW, delete(FLOW, keys[:count], heal=heal))) == dump_flow(FLOW)


def test_a_connection_that_led_elsewhere_comes_back_to_its_place():
    changes = reconnect(FLOW, "a.success->b.in", target="d.other")
    assert list(apply(FLOW, changes).connections)[-1] == "a.success->d.other"
    assert dump_flow(_undone(FLOW, changes)) == dump_flow(FLOW)


def test_a_part_whose_neighbour_is_gone_meanwhile_comes_last():
    gone = located(FLOW, delete(FLOW, ["b"]))
    flow = apply(apply(FLOW, gone), delete(apply(FLOW, gone), ["c"]))
    assert list(apply(flow, [each for each in invert(gone) if each.id == "b"]).steps) == ["a", "d", "b"]
