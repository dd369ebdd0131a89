from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.bus.columns import Columns, pack, rows_of
from engine.client.answer import ConnectionFigures, ProcessorFigures

scalars = st.one_of(st.booleans(), st.integers(-(2**63), 2**64 - 1), st.floats(allow_nan=False), st.text(max_size=5))
found = st.one_of(
    scalars,
    st.lists(scalars, max_size=3),
    st.dictionaries(st.text(max_size=3), scalars, max_size=3),
)
tables = st.dictionaries(
    st.text(max_size=5),
    st.dictionaries(st.sampled_from(["in", "out", "state", "nodes", "rate"]), found, max_size=5),
    max_size=8,
)


def sent(rows: dict) -> Columns:
    """As it comes out at the other end."""
    packed = msgspec.msgpack.decode(msgspec.msgpack.encode(pack(list(rows.values()))))
    return Columns.unpacked(list(rows), packed)


@given(tables)
def test_parts_are_the_same_at_the_other_end(rows):
    columns = sent(rows)
    assert rows_of(columns) == rows
    assert {name: columns[name] for name in columns} == rows
    assert columns == rows
    assert len(columns) == len(rows)


def test_what_all_parts_say_alike_is_sent_once():
    rows = {f"p{number}": {"state": "running", "in": number, "out": {"success": number, "failure": 0}} for number in range(9)}
    assert pack(list(rows.values())) == {
        "state": ["running"],
        "in": list(range(9)),
        "out": {"success": list(range(9)), "failure": [0]},
    }
    assert sent(rows)["p3"] == rows["p3"]
    assert sent(rows).columns["state"] == ["running"] * 9


def test_what_is_none_is_not_there():
    columns = sent({"a": {"trouble": None, "in": 1}, "b": {"trouble": "no git", "in": 2}})
    assert columns["a"] == {"in": 1}
    assert columns["b"] == {"trouble": "no git", "in": 2}


def test_a_part_that_is_not_there_is_missed():
    with pytest.raises(KeyError):
        sent({"a": {"in": 1}})["b"]
    assert "b" not in sent({"a": {"in": 1}})


def test_parts_become_structs_as_by_conversion():
    rows = {
        "a": {"state": "running", "in": 4, "out": {"success": 3}, "failed": 1, "seconds": 0.5, "rate": 2.0},
        "b": {"state": "broken", "in": 0, "out": {}, "failed": 0, "trouble": "no git"},
        "c": {"in": 7},
    }
    assert sent(rows).structs(ProcessorFigures) == msgspec.convert(rows, dict[str, ProcessorFigures])
    links = {"a->b": {"messages": 3, "full": True}, "b->c": {"passed": 9}}
    assert sent(links).structs(ConnectionFigures) == msgspec.convert(links, dict[str, ConnectionFigures])
    assert sent({}).structs(ConnectionFigures) == {}
    one, other = sent({"a": {"in": 1}, "b": {"in": 1}}).structs(ProcessorFigures).values()
    assert one.out is not other.out
