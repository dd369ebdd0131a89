from __future__ import annotations

import pytest
from hypothesis import given, settings

from engine.errors import IntegrityError
from engine.model.apply import diff
from engine.model.change import Change, invert
from engine.model.flow import Flow, Header
from engine.stores.edit import Place, added, kept, net, removed
from tests.engine.stores.samples import processor
from tests.engine.stores.strategies import flows

A, B = processor("a"), processor("a", name="b")


def test_changes_of_one_part_come_to_first_before_and_last_after() -> None:
    edit = net([Change("d/a", None, A), Change("d/a", A, B)])
    assert added(edit.steps) == {Place(("d",), "a"): B}
    edit = net([Change("a", A, B), Change("a", B, None)])
    assert removed(edit.steps) == {Place((), "a"): A}
    edit = net([Change("a", A, None), Change("a", None, B)])
    assert kept(edit.steps)[Place((), "a")].last


def test_an_id_that_is_not_the_parts_own_is_refused() -> None:
    with pytest.raises(IntegrityError, match="the change of 'z' holds 'a'"):
        net([Change("z", None, A)])


@settings(max_examples=25)
@given(flows(), flows())
def test_an_edit_and_its_inverse_come_to_nothing_new(before: Flow, after: Flow) -> None:
    before = Flow(
        header=Header(name="f"), **{name: getattr(before, name) for name in Flow.__struct_fields__ if name != "header"}
    )
    there = diff(before, after)
    edit = net([*there, *invert(there)])
    for nets in (edit.headers, edit.steps, edit.connections, edit.labels, edit.parameters):
        assert all(each.before == each.after for each in nets.values())
