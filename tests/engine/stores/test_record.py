from __future__ import annotations

from hypothesis import given, settings

from engine.database import exact
from engine.model.flow import Connection, Flow, Label
from engine.stores.record import read_flow, read_part, write_flow, write_part
from tests.engine.model.strategies import flows
from tests.engine.stores.samples import everything, processor


@settings(max_examples=40)
@given(flows())
def test_any_flow_comes_back_from_its_document(made: Flow) -> None:
    assert repr(read_flow(exact.decode(exact.encode(write_flow(made))))) == repr(made)


def test_every_kind_of_part_comes_back_from_its_document() -> None:
    made = everything()
    parts = [*made.steps.values(), *made.connections.values(), *made.labels.values(), made.header]
    assert {type(part).__name__ for part in parts} == {"Processor", "Subflow", "Connection", "Label", "Header"}
    for part in parts:
        assert repr(read_part(exact.decode(exact.encode(write_part(part))))) == repr(part)
    assert read_part(write_part(None)) is None


def test_a_document_says_only_what_was_chosen() -> None:
    assert write_part(processor("a", code=None)) == {"kind": "processor", "id": "a", "type": "python"}
    assert write_part(Label(id="l", position=(0.0, 1.0))) == {"kind": "label", "id": "l", "position": [0.0, 1.0]}
    assert write_part(Connection(source="a.x", target="b.y")) == {"kind": "connection", "source": "a.x", "target": "b.y"}
